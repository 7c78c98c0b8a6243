from django.conf import settings
from django.urls import include, path

from cooperation_portal.home import administration
from cooperation_portal.home import views as home
from cooperation_portal.notices import views as notices

urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", home.healthz, name="healthz"),
    path("accounts/", include("cooperation_portal.accounts.urls")),
    path("demands/", include("matching.demands.urls")),
    path("demands/", include("matching.triage.urls")),
    path("matching/", include("matching.learning.urls")),
    path("technologies/", include("matching.catalogue.urls")),
    path("company/", include("cooperation_portal.network.company_urls")),
    path("company/demands/", include("matching.triage.company_urls")),
    path("network/", include("cooperation_portal.network.urls")),
    path("experts/", include("experts.urls")),
    path("projects/", include("projects.urls")),
    path("imports/", include("cooperation_portal.exchange.urls")),
    path("pages/", include("cooperation_portal.pages.urls")),
    path("work/", include("cooperation_portal.work.urls")),
    path("django-admin/", administration.site.urls),
]

if settings.PORTAL_MODE != "production":
    urlpatterns += [
        path("dev/mail/", notices.kept_mail, name="kept_mail"),
        path("dev/mail/<int:pk>/", notices.kept_mail_text, name="kept_mail_text"),
    ]

handler400 = "cooperation_portal.home.views.bad_request"
handler403 = "cooperation_portal.home.views.forbidden"
handler404 = "cooperation_portal.home.views.not_found"
handler500 = "cooperation_portal.home.views.server_error"
