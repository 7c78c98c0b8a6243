from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExpertsConfig(AppConfig):
    name = "experts"
    label = "experts"
    verbose_name = _("전문가")

    def ready(self) -> None:
        from cooperation_portal.exchange.sheets import register
        from experts import belonging
        from experts.sheets import ExpertSheet

        register(ExpertSheet())
        belonging.tell()
