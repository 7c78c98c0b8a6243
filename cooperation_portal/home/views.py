import sys

from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template import loader
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cooperation_portal.home import health, queries
from cooperation_portal.network import acting


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return render(request, "home/welcome.html", queries.public_home(request.user))
    context = queries.start_page(request.user)
    company = acting.company_of(request)
    if company is not None:
        context |= queries.company_part(company, request.user)
    return render(request, "home/home.html", context)


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    state = health.state()
    return JsonResponse(state, status=200 if state["status"] == "ok" else 503)


# --- pages for what went wrong ----------------------------------------------------------------------------------------


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", {"reason": str(exception)}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Without the request's context: what broke may be what the frame of a page needs.

    A database that does not answer is an outage and no fault of the page: people are told to wait.
    """
    outage = isinstance(sys.exception(), OperationalError | InterfaceError)
    status = 503 if outage else 500
    return HttpResponse(loader.get_template(f"{status}.html").render({}), status=status)
