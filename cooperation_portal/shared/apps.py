from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SharedConfig(AppConfig):
    name = "cooperation_portal.shared"
    label = "shared"
    verbose_name = _("공통")
