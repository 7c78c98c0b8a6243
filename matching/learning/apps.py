from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LearningConfig(AppConfig):
    name = "matching.learning"
    label = "learning"
    verbose_name = _("매칭 품질")

    def ready(self) -> None:
        from matching.learning.queries.inforce import accepted_concepts, in_force
        from matching.scoring.inforce import Source, provide

        provide(Source(in_force, accepted_concepts))
