from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class NetworkConfig(AppConfig):
    name = "cooperation_portal.network"
    label = "network"
    verbose_name = _("기관·기업")

    def ready(self) -> None:
        from cooperation_portal.exchange.sheets import register
        from cooperation_portal.network.following import follow_after_migrate
        from cooperation_portal.network.sheets.company import CompanySheet
        from cooperation_portal.network.sheets.institution import InstitutionSheet

        register(InstitutionSheet())
        register(CompanySheet())
        post_migrate.connect(follow_after_migrate, sender=self)

        from cooperation_portal.network.joining import receivers  # noqa: F401  (connects them)
