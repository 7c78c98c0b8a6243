from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    name = "matching.catalogue"
    label = "catalogue"
    verbose_name = _("원천기술")

    def ready(self) -> None:
        from cooperation_portal.exchange.sheets import register
        from cooperation_portal.network.signals import institution_changed
        from matching.catalogue import belonging, receivers
        from matching.catalogue.sheets import TechnologySheet

        register(TechnologySheet())
        belonging.tell()
        institution_changed.connect(receivers.index_technologies_of_institutions)
