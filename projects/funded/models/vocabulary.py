from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

FIRST_YEAR, LAST_YEAR = 1980, 2100
LONGEST_MONTHS = 120


class ProjectType(models.TextChoices):
    """The codes sort as an office lists the types: short ones first."""

    FIELD_SUPPORT = "field_support", _("단기현장지원")
    LOCALISATION = "localisation", _("현지화형")
    SOURCE = "source", _("원천형")


# What a project of a type lasts where nothing else was agreed; the months of a project are its own.
DEFAULT_MONTHS: dict[str, int] = {ProjectType.FIELD_SUPPORT: 6, ProjectType.LOCALISATION: 12, ProjectType.SOURCE: 24}


class Case(models.TextChoices):
    """Which way technology goes, whatever the type: into Korea (1), or a Korean product made fit for abroad (2)."""

    ONE = "1", _("Case 1")
    TWO = "2", _("Case 2")


class ProjectOrigin(models.TextChoices):
    NEW = "new", _("신규")
    CONTINUED = "continued", _("계속")


class ProjectStatus(models.TextChoices):
    RUNNING = "running", _("진행 중")
    COMPLETED = "completed", _("완료")
    STOPPED = "stopped", _("중단")


class PartyRole(models.TextChoices):
    LEAD = "lead", _("주관")
    PARTICIPANT = "participant", _("참여")
    COMMISSIONED = "commissioned", _("위탁")
