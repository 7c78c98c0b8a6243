from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    name = "cooperation_portal.pages"
    label = "pages"
    verbose_name = _("안내 글")

    def ready(self) -> None:
        from cooperation_portal.pages import receivers  # noqa: F401
