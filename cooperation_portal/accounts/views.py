from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from cooperation_portal.accounts import kept_forms

CONTRAST_COOKIE = "contrast"


def _back(request: HttpRequest) -> str:
    """Where the person was; an address of another site leads home."""
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if safe else "/"


def _remember(response: HttpResponse, name: str, value: str) -> HttpResponse:
    response.set_cookie(
        name, value, max_age=365 * 86400, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )
    return response


@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    response = HttpResponseRedirect(_back(request))
    language = request.POST.get("language", "")
    if language not in settings.PORTAL_LANGUAGES:
        return response
    if request.user.is_authenticated and request.user.language != language:
        request.user.language = language
        request.user.save(update_fields=["language"])
    return _remember(response, settings.LANGUAGE_COOKIE_NAME, language)


@login_not_required
@require_POST
def set_contrast(request: HttpRequest) -> HttpResponse:
    contrast = "high" if request.POST.get("contrast") == "high" else "normal"
    return _remember(HttpResponseRedirect(_back(request)), CONTRAST_COOKIE, contrast)


@require_POST
def autosave(request: HttpRequest) -> HttpResponse:
    """Keeps what is being typed into the form of a page, or throws it away and opens the page without it."""
    address = request.POST.get("path", "")
    if "forget" in request.POST:
        path = kept_forms.own_path(address)
        kept_forms.forget_path(request.user, path)
        return HttpResponseRedirect(address if path else "/")
    try:
        saved_at = kept_forms.save(request.user, path=address, body=request.POST.get("body", ""))
    except kept_forms.NotKept as refusal:
        return JsonResponse({"error": str(refusal)}, status=422)
    return JsonResponse({"saved_at": timezone.localtime(saved_at).strftime("%H:%M")})
