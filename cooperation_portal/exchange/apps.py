from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExchangeConfig(AppConfig):
    name = "cooperation_portal.exchange"
    label = "exchange"
    verbose_name = _("가져오기·내보내기")

    def ready(self) -> None:
        from cooperation_portal.exchange import handlers
        from cooperation_portal.work.registry import register

        for kind in handlers.KINDS:
            register(kind)
