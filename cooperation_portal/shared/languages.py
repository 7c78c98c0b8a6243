"""Languages that texts of the catalogue are written in (not the languages of the portal's own pages)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TextLanguage(models.TextChoices):
    KOREAN = "ko", _("한국어")
    RUSSIAN = "ru", _("러시아어")
    JAPANESE = "ja", _("일본어")
    CHINESE = "zh", _("중국어")
    ENGLISH = "en", _("영어")
