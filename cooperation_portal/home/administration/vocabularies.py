"""Terms that people choose from, and how the office is reached."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from cooperation_portal.home.administration.site import PortalModelAdmin, site
from cooperation_portal.pages.models import Office
from cooperation_portal.taxonomy.models import Country, Industry, Programme, Region, TechnologyField


class TermAdmin(PortalModelAdmin):
    """A code stays as it is, since records and spreadsheets name it; what is not used any more is retired."""

    list_display = ["code", "name_ko", "name_en", "position", "retired_on"]
    search_fields = ["code", "name_ko", "name_en"]
    ordering = ["position", "code"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("code",) if obj else ()


@admin.register(TechnologyField, site=site)
class TechnologyFieldAdmin(TermAdmin):
    list_display = ["code", "name_ko", "name_en", "parent", "position", "retired_on"]
    list_select_related = ["parent"]
    ordering = ["code"]


@admin.register(Country, site=site)
class CountryAdmin(TermAdmin):
    list_display = ["code", "name_ko", "name_en", "short_ko", "region", "is_partner", "retired_on"]
    list_filter = ["region", "is_partner"]
    list_select_related = ["region"]


@admin.register(Programme, site=site)
class ProgrammeAdmin(TermAdmin):
    exclude = ["countries"]  # shown only: the table between the two has no history

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("code", "partner_countries") if obj else ()

    @admin.display(description=gettext_lazy("협력 대상국"))
    def partner_countries(self, programme: Programme) -> str:
        return ", ".join(country.name for country in programme.countries.all()) or "–"


site.register([Industry, Region], TermAdmin)


@admin.register(Office, site=site)
class OfficeAdmin(PortalModelAdmin):
    """One row, which comes with the portal."""

    may_add = False
    list_display = ["__str__", "phone", "email", "address"]
