from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResultsConfig(AppConfig):
    name = "projects.results"
    label = "results"
    verbose_name = _("성과")

    def ready(self) -> None:
        from cooperation_portal.exchange.sheets import register
        from projects.results.sheets import ProjectSheet

        register(ProjectSheet())
