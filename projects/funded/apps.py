from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FundedConfig(AppConfig):
    name = "projects.funded"
    label = "funded"
    verbose_name = _("과제")

    def ready(self) -> None:
        from projects.funded import belonging

        belonging.tell()
