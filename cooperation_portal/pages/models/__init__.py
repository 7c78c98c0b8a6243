"""Texts and consent, inquiries, how the office is reached."""

from cooperation_portal.pages.models.inquiries import Inquiry, InquiryState
from cooperation_portal.pages.models.office import Office
from cooperation_portal.pages.models.texts import (
    DATED,
    Category,
    Consent,
    Kind,
    Page,
    PageLanguage,
    PageQuerySet,
    PageVersion,
    VersionState,
)

__all__ = [
    "DATED",
    "Category",
    "Consent",
    "Inquiry",
    "InquiryState",
    "Kind",
    "Office",
    "Page",
    "PageLanguage",
    "PageQuerySet",
    "PageVersion",
    "VersionState",
]
