from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemandsConfig(AppConfig):
    name = "matching.demands"
    label = "demands"
    verbose_name = _("수요기술")

    def ready(self) -> None:
        from cooperation_portal.exchange.sheets import register
        from matching.demands import receivers  # noqa: F401  (connects them)
        from matching.demands.sheets.demand import DemandSheet

        register(DemandSheet())
