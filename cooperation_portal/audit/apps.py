from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "cooperation_portal.audit"
    label = "audit"
    verbose_name = _("이력")

    def ready(self) -> None:
        from cooperation_portal.audit.privileges import grant_after_migrate

        post_migrate.connect(grant_after_migrate, sender=self)
