from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any, cast

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from cooperation_portal.audit.timeline import Entry, entries
from cooperation_portal.taxonomy.models import Country, TechnologyField
from experts.models import Availability, Expert, ExpertDirection, ExpertField, ExpertQuerySet

_BETWEEN_LETTERS = re.compile(r"[\s·・‧.,'’`\-‐]+")


def containing(experts: ExpertQuerySet, words: str) -> ExpertQuerySet:
    """Experts whose names, employers, texts or number contain every word."""
    for word in unicodedata.normalize("NFC", words).split()[:8]:
        found = (
            Q(name_ko__icontains=word)
            | Q(name_original__icontains=word)
            | Q(name_latin__icontains=word)
            | Q(employer_name__icontains=word)
            | Q(institution__name_ko__icontains=word)
            | Q(institution__name_original__icontains=word)
            | Q(specialities__icontains=word)
            | Q(career_summary__icontains=word)
        )
        number = word.upper().removeprefix("E-")
        if re.fullmatch("[0-9]{1,9}", number):
            found |= Q(pk=int(number))
        experts = experts.filter(found)
    return experts


def in_field(experts: ExpertQuerySet, code: str) -> ExpertQuerySet:
    """`code` is that of a field or of a group of fields."""
    rows = ExpertField.objects.filter(Q(field__code=code) | Q(field__parent__code=code))
    return experts.filter(pk__in=rows.values("expert"))


def field_choices(chosen: Iterable[str] = (), *, groups: bool = True) -> list[tuple[str, list[tuple[str, str]]]]:
    """Fields under their groups, for a form; what is retired stays where it was `chosen` before.

    With `groups` a whole group can be chosen too.
    """
    usable = Q(retired_on__isnull=True) | Q(code__in=list(chosen))
    found: dict[TechnologyField, list[tuple[str, str]]] = {}
    for field in TechnologyField.objects.filter(usable, parent__isnull=False).select_related("parent").order_by("code"):
        group = cast(TechnologyField, field.parent)
        whole = [(group.code, _("%(group)s 전체") % {"group": group.name})] if groups else []
        found.setdefault(group, whole).append((field.code, field.name))
    return [(group.name, choices) for group, choices in found.items()]


def countries_of_experts(request: HttpRequest | None) -> QuerySet[Country]:
    seen = Expert.objects.visible_to(request.user) if request else Expert.objects.none()
    return Country.objects.filter(pk__in=seen.values("country"))


def counts(experts: ExpertQuerySet) -> dict[str, int]:
    """How many there are by direction and by availability, in one query."""
    asked = {code: Count("pk", filter=Q(direction=code)) for code in ExpertDirection.values}
    asked |= {code: Count("pk", filter=Q(availability=code)) for code in Availability.values}
    return experts.aggregate(all=Count("pk"), **asked)


def _folded(name: str) -> str:
    """A name as it is compared: how it is spaced, hyphenated or capitalised makes no other person of it."""
    return _BETWEEN_LETTERS.sub("", unicodedata.normalize("NFKC", name)).casefold()


def likely_doubles(experts: ExpertQuerySet, *, names: Iterable[str], country: Any, email: str = "") -> list[Expert]:
    """Those with one of these names in this country, or with this address."""
    wanted = {_folded(name) for name in names} - {""}
    known = experts.filter(country=country).values_list("pk", "name_ko", "name_original", "name_latin")
    same_name = [pk for pk, *spellings in known if wanted.intersection(map(_folded, spellings))]
    same = Q(pk__in=same_name) | (Q(email__iexact=email) if email else Q())
    return list(experts.filter(same).with_details())


def history(expert: Expert) -> list[Entry]:
    return entries((Expert, {"pgh_obj_id": expert.pk}), (ExpertField, {"expert_id": expert.pk}))
