from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "cooperation_portal.notices"
    label = "notices"
    verbose_name = _("알림")

    def ready(self) -> None:
        from cooperation_portal.notices.handlers import SEND
        from cooperation_portal.work.registry import register

        register(SEND)
