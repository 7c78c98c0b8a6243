from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScoringConfig(AppConfig):
    name = "matching.scoring"
    label = "scoring"
    verbose_name = _("점수")

    def ready(self) -> None:
        from cooperation_portal.work.registry import register
        from matching.catalogue import meaning as catalogue_meaning
        from matching.catalogue.signals import catalogue_changed, technology_changed
        from matching.demands.signals import demand_changed, demands_changed
        from matching.scoring import handlers, meaning, receivers

        catalogue_meaning.provide(meaning.closest)
        for kind in handlers.KINDS:
            register(kind)
        demand_changed.connect(receivers.score_changed_demand)
        demands_changed.connect(receivers.score_changed_demands)
        technology_changed.connect(receivers.score_changed_technology)
        catalogue_changed.connect(receivers.score_changed_catalogue)
