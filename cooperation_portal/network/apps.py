from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NetworkConfig(AppConfig):
    name = "cooperation_portal.network"
    label = "network"
    verbose_name = _("기관·기업")
