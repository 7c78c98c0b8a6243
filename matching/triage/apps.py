from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TriageConfig(AppConfig):
    name = "matching.triage"
    label = "triage"
    verbose_name = _("검토")

    def ready(self) -> None:
        from matching.triage import belonging

        belonging.tell()
