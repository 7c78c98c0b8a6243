from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from cooperation_portal.network.models import AliasKind, Institution, InstitutionAlias
from cooperation_portal.network.services.bulk import put
from cooperation_portal.network.services.records import lock_to_change, write
from cooperation_portal.network.services.refusals import one_number_each
from cooperation_portal.network.signals import institution_changed
from cooperation_portal.shared.updates import update_many

Alias = Mapping[str, Any]
"""kind, name and language of an InstitutionAlias."""
NAMES = ("name_ko", "name_original", "name_en")
AT_ONCE = 1000


@transaction.atomic
def add_institution(*, by: Any, aliases: Iterable[Alias] = (), **values: Any) -> Institution:
    """Raises NumberTaken."""
    with one_number_each():
        institution = Institution.objects.create(**values)
    _write_aliases(institution, aliases)
    _tell([institution.pk], by)
    return institution


@transaction.atomic
def change_institution(
    institution: Institution,
    *,
    by: Any,
    edit_version: int,
    aliases: Iterable[Alias],
    keep_former: bool = False,
    **values: Any,
) -> Institution:
    """With `keep_former` the names that change stay as former names.

    Raises EditedMeanwhile when `edit_version` is not the one that stands, Refusal for what was merged.
    """
    locked = lock_to_change(institution, edit_version)
    before = _names(locked)
    former = _names_by_language(locked)
    write(locked, values)
    wanted = list(aliases)
    if keep_former:
        kept = set(_names_by_language(locked)) | {(alias["name"], alias["language"]) for alias in wanted}
        wanted += [_alias(AliasKind.FORMER, *pair) for pair in former if pair not in kept]
    _write_aliases(locked, wanted)
    if _names(locked) != before:
        _tell([locked.pk], by)
    return locked


def _names(institution: Institution) -> set[str]:
    return {getattr(institution, name) for name in NAMES} | {alias.name for alias in institution.aliases.all()}


def _names_by_language(institution: Institution) -> list[tuple[str, str]]:
    """The Korean name first: where the original is Korean too, it is there once."""
    pairs = [
        (institution.name_ko, "ko"),
        (institution.name_original, institution.original_language),
        (institution.name_en, "en"),
    ]
    return list(dict.fromkeys(pair for pair in pairs if pair[0]))


def _alias(kind: str, name: str, language: str) -> dict[str, Any]:
    return {"kind": kind, "name": name, "language": language}


def _write_aliases(institution: Institution, aliases: Iterable[Alias]) -> None:
    """Only what differs is written, else every save would leave a history of nothing."""
    wanted = {(alias["name"], alias["language"]): alias["kind"] for alias in aliases}
    standing = InstitutionAlias.objects.filter(institution=institution)
    present = {(alias.name, alias.language): alias for alias in standing}
    gone = [alias.pk for pair, alias in present.items() if pair not in wanted]
    InstitutionAlias.objects.filter(pk__in=gone).delete()
    for pair, kind in wanted.items():
        if pair not in present:
            InstitutionAlias.objects.create(institution=institution, kind=kind, name=pair[0], language=pair[1])
        elif present[pair].kind != kind:
            present[pair].kind = kind
            present[pair].save(update_fields=["kind"])
    getattr(institution, "_prefetched_objects_cache", {}).pop("aliases", None)


# --- merging ----------------------------------------------------------------------------------------------------------


def keep_names(institution: Institution, names: Iterable[tuple[str, str]]) -> None:
    """Names, each with its language, that the institution goes by from now on besides its own."""
    present = set(institution.aliases.values_list("name", "language")) | set(_names_by_language(institution))
    for name, language in dict.fromkeys(names):
        if name and (name, language) not in present:
            InstitutionAlias.objects.create(institution=institution, kind=AliasKind.OTHER, name=name, language=language)


def names_of(institution: Institution) -> list[tuple[str, str]]:
    return _names_by_language(institution)


# --- many at once -----------------------------------------------------------------------------------------------------


@dataclass
class Arrival:
    """An institution that a file brings: `aliases` None leaves the aliases of these kinds as they are."""

    fields: dict[str, Any]
    aliases: dict[str, list[tuple[str, str]]] = field(default_factory=dict)  # by kind: names with their languages


@transaction.atomic
def add_institutions(arrivals: Sequence[Arrival], *, by: Any) -> list[Institution]:
    """Raises NumberTaken."""
    with one_number_each():
        made = Institution.objects.bulk_create([Institution(**one.fields) for one in arrivals], AT_ONCE)
    InstitutionAlias.objects.bulk_create(
        [
            InstitutionAlias(institution=institution, **_alias(kind, *pair))
            for institution, one in zip(made, arrivals, strict=True)
            for kind, pairs in one.aliases.items()
            for pair in pairs
        ],
        AT_ONCE,
    )
    _tell([institution.pk for institution in made], by)
    return made


@transaction.atomic
def change_institutions(arrivals: Mapping[int, Arrival], *, by: Any) -> None:
    """By primary key. What was merged is left alone. Raises NumberTaken."""
    renamed = []
    keys = sorted(arrivals)
    for start in range(0, len(keys), AT_ONCE):
        locked = Institution.objects.select_for_update().filter(merged_into__isnull=True)
        batch = list(locked.filter(pk__in=keys[start : start + AT_ONCE]).order_by("pk").prefetch_related("aliases"))
        written: set[str] = set()
        for institution in batch:
            changed = put(institution, arrivals[institution.pk].fields)
            if changed.intersection(NAMES) or arrivals[institution.pk].aliases:
                renamed.append(institution.pk)
            written |= changed
        with one_number_each():
            update_many(batch, sorted(written | {"edit_version"}))
        _write_many_aliases({institution: arrivals[institution.pk].aliases for institution in batch})
    _tell(renamed, by)


def _write_many_aliases(wanted: Mapping[Institution, Mapping[str, list[tuple[str, str]]]]) -> None:
    gone: list[int] = []
    new: list[InstitutionAlias] = []
    moved: list[InstitutionAlias] = []
    for institution, by_kind in wanted.items():
        kinds = {pair: kind for kind, pairs in by_kind.items() for pair in pairs}
        present = {(alias.name, alias.language): alias for alias in institution.aliases.all()}
        gone += [alias.pk for pair, alias in present.items() if alias.kind in by_kind and pair not in kinds]
        for pair, kind in kinds.items():
            if pair not in present:
                new.append(InstitutionAlias(institution=institution, **_alias(kind, *pair)))
            elif present[pair].kind != kind:
                present[pair].kind = kind
                moved.append(present[pair])
    InstitutionAlias.objects.filter(pk__in=gone).delete()
    InstitutionAlias.objects.bulk_create(new, AT_ONCE)
    InstitutionAlias.objects.bulk_update(moved, ["kind"], AT_ONCE)


def _tell(institutions: list[int], by: Any) -> None:
    if institutions:
        institution_changed.send(sender=Institution, institutions=institutions, by=by)
