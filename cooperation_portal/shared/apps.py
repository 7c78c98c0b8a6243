from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.utils.translation import gettext_lazy as _


class SharedConfig(AppConfig):
    name = "cooperation_portal.shared"
    label = "shared"
    verbose_name = _("공통")


class PortalStaticFilesConfig(StaticFilesConfig):
    # One sheet of the design system points at pictures that its package does not hold; the portal does not use it.
    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "component.css*"]
