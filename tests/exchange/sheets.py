"""Two kinds of record that exist for tests only, one of which refers to the other; kept in tables of the network."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet

from cooperation_portal.accounts.models import Role
from cooperation_portal.accounts.permissions import holds
from cooperation_portal.exchange.sheets import Arriving, Column, Kind, Row, RowState, Sheet, Values
from cooperation_portal.network.models import AliasKind, Institution, InstitutionAlias, InstitutionKind
from cooperation_portal.taxonomy.models import Country

_EXTRA = ("founded", "staff", "budget", "fields", "active", "business_number", "note")


def _countries() -> list[tuple[str, str]]:
    return list(Country.objects.values_list("code", "name_ko"))


class InstitutionSheet(Sheet):
    """Columns without a field of their own are kept as JSON in one that has room."""

    name, label, order, url_name = "places", "시험 기관", 10, "home"
    about = "시험에서 쓰는 기관입니다."
    key_help = "번호가 같으면 같은 기관입니다."
    columns = (
        Column("code", "번호", Kind.CODE, required=True, max_length=10, example="00012"),
        Column("name", "기관명", required=True, max_length=40, aliases=("기관 이름(국문)",), example="금속연구소"),
        Column("original", "원어 이름", max_length=60),
        Column("country", "국가", Kind.CHOICE, required=True, choices=_countries, example="러시아"),
        Column("kind", "유형", Kind.CHOICE, choices=InstitutionKind),
        Column("language", "언어", Kind.CHOICE, choices=lambda: [("ru", "러시아어"), ("en", "영어")]),
        Column("city", "도시", max_length=30),
        Column("founded", "설립일", Kind.DATE),
        Column("staff", "인원", Kind.INTEGER, minimum=0, maximum=100_000),
        Column("budget", "예산", Kind.DECIMAL, minimum=0),
        Column("fields", "분야", Kind.CHOICES, choices=lambda: [("01", "금속"), ("02", "기계"), ("03", "화학")]),
        Column("active", "협력 중", Kind.FLAG),
        Column("business_number", "사업자등록번호", Kind.BUSINESS_NUMBER),
        Column("website", "누리집", max_length=100),
        Column("note", "메모", max_length=60, has_lines=True, help="남길 말을 적습니다."),
    )

    def may_add(self, user: Any) -> bool:
        return holds(user, Role.OFFICER, Role.CONTENT_ADMIN)

    def may_change(self, user: Any) -> bool:
        return holds(user, Role.CONTENT_ADMIN)

    def key(self, values: Values) -> str:
        return values["code"]

    def present(self, keys: set[str]) -> dict[str, Values]:
        found = self.rows_of(Institution.objects.filter(source_reference__in=keys))
        return {values["code"]: values for values in found}

    def lock(self, keys: set[str]) -> None:
        list(Institution.objects.select_for_update().filter(source_reference__in=keys).order_by("pk").values("pk"))

    def check(self, rows: Sequence[Row], arriving: Arriving, user: Any) -> None:
        for row in rows:
            if row.values.get("founded") and row.values["founded"] > "2026-12-31":
                row.wrong("founded", "future", "설립일이 앞날입니다. 다시 확인해 주십시오.")

    def store(self, rows: Sequence[Row], *, by: Any) -> None:
        new = [Institution(source_reference=row.key) for row in rows if row.state == RowState.NEW]
        changed = [row.key for row in rows if row.state == RowState.CHANGED]
        known = {one.source_reference: one for one in Institution.objects.filter(source_reference__in=changed)}
        by_key = known | {one.source_reference: one for one in new}
        countries = {country.code: country for country in Country.objects.all()}
        for row in rows:
            _write(by_key[row.key], row.values, countries)
        Institution.objects.bulk_create(new)
        Institution.objects.bulk_update(
            list(known.values()),
            ["name_ko", "name_original", "country", "kind", "original_language", "city_ko", "website", "merge_reason"],
            batch_size=200,
        )

    def rows_of(self, records: QuerySet[Any]) -> Iterator[Values]:
        for one in records.select_related("country").order_by("pk").iterator(2000):
            yield {
                "code": one.source_reference,
                "name": one.name_ko,
                "original": one.name_original,
                "country": one.country.code,
                "kind": one.kind,
                "language": one.original_language,
                "city": one.city_ko,
                "website": one.website,
                **dict.fromkeys(_EXTRA),
                **(json.loads(one.merge_reason) if one.merge_reason else {}),
            }


def _write(one: Institution, values: Values, countries: dict[str, Country]) -> None:
    one.name_ko = values["name"]
    one.country = countries[values["country"]]
    one.name_original = values.get("original", one.name_original)
    one.kind = values.get("kind") or one.kind or "research_institute"
    one.original_language = values.get("language") or one.original_language or "ru"
    one.city_ko = values.get("city", one.city_ko)
    one.website = values.get("website", one.website)
    extra = json.loads(one.merge_reason) if one.merge_reason else {}
    extra |= {name: values[name] for name in _EXTRA if name in values}
    one.merge_reason = json.dumps(extra, ensure_ascii=False)


class NameSheet(Sheet):
    """Other names of institutions, which may arrive with the same import."""

    name, label, order = "names", "시험 이름", 20
    columns = (
        Column("place", "기관 번호", Kind.CODE, required=True),
        Column("name", "이름", required=True, max_length=100),
        Column("kind", "종류", Kind.CHOICE, choices=AliasKind),
    )

    def may_add(self, user: Any) -> bool:
        return holds(user, Role.CONTENT_ADMIN)

    may_change = may_add

    def key(self, values: Values) -> str:
        return f"{values['place']}|{values['name']}"

    def present(self, keys: set[str]) -> dict[str, Values]:
        places = {key.partition("|")[0] for key in keys}
        found = self.rows_of(InstitutionAlias.objects.filter(institution__source_reference__in=places))
        return {self.key(values): values for values in found if self.key(values) in keys}

    def check(self, rows: Sequence[Row], arriving: Arriving, user: Any) -> None:
        places = {row.values["place"] for row in rows}
        known = set(Institution.objects.filter(source_reference__in=places).values_list("source_reference", flat=True))
        for row in rows:
            if row.values["place"] not in known and not arriving.has("places", row.values["place"]):
                row.wrong("place", "unknown_place", "이 번호의 기관이 없습니다. 기관 파일을 함께 올려 주십시오.")

    def store(self, rows: Sequence[Row], *, by: Any) -> None:
        places = {
            one.source_reference: one
            for one in Institution.objects.filter(source_reference__in={row.values["place"] for row in rows})
        }
        for row in rows:
            InstitutionAlias.objects.update_or_create(
                institution=places[row.values["place"]],
                name=row.values["name"],
                language="ru",
                defaults={"kind": row.values.get("kind") or "other"},
            )

    def rows_of(self, records: QuerySet[Any]) -> Iterator[Values]:
        for one in records.select_related("institution").order_by("pk").iterator(2000):
            yield {"place": one.institution.source_reference, "name": one.name, "kind": one.kind}
