from projects.funded.models.participation import Participation
from projects.funded.models.project import Project, ProjectQuerySet, ProjectTitle, last_day, months_between
from projects.funded.models.vocabulary import (
    DEFAULT_MONTHS,
    FIRST_YEAR,
    LAST_YEAR,
    LONGEST_MONTHS,
    Case,
    PartyRole,
    ProjectOrigin,
    ProjectStatus,
    ProjectType,
)

__all__ = [
    "DEFAULT_MONTHS",
    "FIRST_YEAR",
    "LAST_YEAR",
    "LONGEST_MONTHS",
    "Case",
    "Participation",
    "PartyRole",
    "Project",
    "ProjectOrigin",
    "ProjectQuerySet",
    "ProjectStatus",
    "ProjectTitle",
    "ProjectType",
    "last_day",
    "months_between",
]
