from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cooperation_portal.exchange.sheets import Arriving, Column, Kind, Row, RowState, Sheet, Values
from cooperation_portal.network.models import AliasKind, Institution, InstitutionKind
from cooperation_portal.network.names import NameKey, language_of, name_key
from cooperation_portal.network.permissions import keeps_directory
from cooperation_portal.network.services.institution import Arrival, add_institutions, change_institutions
from cooperation_portal.network.sheets.columns import NamesColumn, WebsiteColumn, countries
from cooperation_portal.shared.languages import TextLanguage
from cooperation_portal.taxonomy.models import Country

READ_AT_ONCE = 2000
_PLAIN = ("source_reference", "kind", "name_ko", "name_original", "original_language", "name_en", "city_ko",
          "city_original", "website")  # fmt: skip
_ALIASES = {
    "former_names": AliasKind.FORMER,
    "abbreviations": AliasKind.ABBREVIATION,
    "other_names": AliasKind.OTHER,
}
_SEPARATED = gettext_lazy("여럿이면 쌍반점(;)으로 나눕니다.")


class InstitutionSheet(Sheet):
    name = "institutions"
    label = gettext_lazy("기관")
    order = 10
    about = gettext_lazy("기술을 내놓거나 찾는 해외·국내 기관입니다.")
    url_name = "institution_list"
    key_help = gettext_lazy("출처 번호가 같으면 같은 기관입니다. 번호가 없으면 국가와 기관명(원어)으로 알아봅니다.")
    columns = (
        Column("source_reference", gettext_lazy("출처 번호"), Kind.CODE, max_length=80, example="RU-0042",
               help=gettext_lazy("협력망에서 쓰는 번호. 앞의 0도 그대로 적습니다."), aliases=("기관 번호", "관리번호")),
        Column("kind", gettext_lazy("기관 유형"), Kind.CHOICE, required=True, choices=InstitutionKind,
               example="연구기관", aliases=("유형", "기관구분")),
        Column("country", gettext_lazy("국가"), Kind.CHOICE, required=True, choices=countries, example="러시아",
               aliases=("국가명", "국가코드")),
        Column("name_ko", gettext_lazy("기관명"), required=True, max_length=200, example="예니세이 야금공정연구소",
               aliases=("기관명(국문)", "국문명", "기관명(한글)")),
        Column("name_original", gettext_lazy("기관명(원어)"), required=True, max_length=200,
               example="Енисейский НИИ металлургических процессов", aliases=("원어명", "현지어명")),
        Column("original_language", gettext_lazy("원어"), Kind.CHOICE, required=True, choices=TextLanguage,
               example="러시아어", aliases=("언어",)),
        Column("name_en", gettext_lazy("영문 기관명"), max_length=200, aliases=("영문명", "기관명(영문)")),
        Column("city_ko", gettext_lazy("도시"), max_length=80, example="크라스노야르스크",
               aliases=("소재지", "도시(국문)")),
        Column("city_original", gettext_lazy("도시(현지어)"), max_length=80, example="Красноярск"),
        WebsiteColumn("website", gettext_lazy("누리집"), max_length=200, aliases=("홈페이지", "웹사이트", "URL")),
        NamesColumn("former_names", gettext_lazy("옛 이름"), help=_SEPARATED,
                    aliases=("이전 명칭", "구 명칭", "옛 명칭")),
        NamesColumn("abbreviations", gettext_lazy("약칭"), help=_SEPARATED, example="ЕНИИМП", aliases=("약어",)),
        NamesColumn("other_names", gettext_lazy("다른 이름"), help=_SEPARATED, aliases=("별칭", "이명")),
    )  # fmt: skip

    def may_add(self, user: Any) -> bool:
        return keeps_directory(user)

    def may_change(self, user: Any) -> bool:
        return keeps_directory(user)

    def key(self, values: Values) -> str:
        reference = str(values.get("source_reference") or "")
        if reference:
            return f"#{reference}"
        name = name_key(str(values.get("name_original") or ""))
        return f"{values.get('country') or ''} {name}" if name else ""

    def called(self, values: Values) -> set[str]:
        """An institution with a number may be named by its name, too."""
        return {self.key(values | {"source_reference": ""})}

    def likeness(self, values: Values) -> str:
        return self.key(values | {"source_reference": ""})

    def known_alike(self, likenesses: set[str]) -> dict[str, str]:
        alike = Institution.objects.alias(key=NameKey("name_original")).filter(
            key__in={likeness.partition(" ")[2] for likeness in likenesses}, merged_into__isnull=True
        )
        found = {}
        for one in alike.select_related("country").order_by("-pk"):
            number = one.source_reference or _("번호 없음")
            found[self.likeness(_identity(one))] = f"{one.name_original} ({number})"
        return found

    def present(self, keys: set[str]) -> dict[str, Values]:
        """What was merged is there with its own numbers, as it was."""
        return {self.key(values): values for values in self.rows_of(self._known(keys))}

    def _known(self, keys: Iterable[str]) -> QuerySet[Institution]:
        """Of several of one name the oldest that is open comes last, and so stands."""
        references, names = [], []
        for key in keys:
            if key.startswith("#"):
                references.append(key[1:])
            else:
                names.append(key.partition(" ")[2])
        by_reference = Institution.objects.filter(source_reference__in=references)
        by_name = Institution.objects.alias(key=NameKey("name_original")).filter(key__in=names, source_reference="")
        both = by_reference.values("pk").union(by_name.values("pk"))
        return Institution.objects.filter(pk__in=[row["pk"] for row in both]).order_by("merged_into", "-pk")

    def rows_of(self, records: QuerySet[Any]) -> Iterator[Values]:
        institutions = records.select_related("country").prefetch_related("aliases")
        for institution in institutions.iterator(READ_AT_ONCE):
            yield _values(institution)

    # --- checking -----------------------------------------------------------------------------------------------------

    def check(self, rows: Sequence[Row], arriving: Arriving, user: Any) -> None:
        known = {row.key for row in rows if row.state != RowState.NEW}
        merged = self._known(known).filter(merged_into__isnull=False).select_related("merged_into", "country")
        into = {self.key(_identity(one)): (one, one.merged_into) for one in merged}
        standing = {key: self.as_read(values) for key, values in self.present(set(into)).items()} if into else {}
        for row in rows:
            if row.key in into and any(standing[row.key].get(name) != value for name, value in row.values.items()):
                row.wrong(
                    "source_reference" if row.values.get("source_reference") else "name_original",
                    "merged",
                    _("이 기관은 ‘%(into)s’(으)로 합쳐졌습니다. 바뀐 내용은 그 기관에 적고 이 줄은 지워 주십시오.")
                    % {"into": into[row.key][1]},
                )

    def lock(self, keys: set[str]) -> None:
        list(self._known(keys).order_by("pk").select_for_update())

    # --- storing ------------------------------------------------------------------------------------------------------

    def store(self, rows: Sequence[Row], *, by: Any) -> None:
        country_keys = dict(Country.objects.values_list("code", "pk"))
        standing_now = self._known({row.key for row in rows}).select_related("country")
        known = {self.key(_identity(institution)): institution for institution in standing_now}
        new: list[Arrival] = []
        changed: dict[int, Arrival] = {}
        for row in rows:
            standing = known.get(row.key) if row.key else None
            arrival = _arrival(row.values, country_keys, standing.original_language if standing else "")
            if standing is None:
                new.append(arrival)
            else:
                changed[standing.pk] = arrival
        add_institutions(new, by=by)
        change_institutions(changed, by=by)


def _identity(institution: Institution) -> Values:
    return {
        "source_reference": institution.source_reference,
        "country": institution.country.code,
        "name_original": institution.name_original,
    }


def _arrival(values: Values, country_keys: dict[str, int], language: str) -> Arrival:
    fields: dict[str, Any] = {name: values[name] for name in _PLAIN if name in values}
    if values.get("country"):
        fields["country_id"] = country_keys[values["country"]]
    language = values.get("original_language") or language
    aliases = {
        kind.value: [(name, language_of(name, language)) for name in values[column].split("; ") if name]
        for column, kind in _ALIASES.items()
        if column in values
    }
    return Arrival(fields, aliases)


def _values(institution: Institution) -> Values:
    """Aliases of one spelling in two languages are one name here."""
    names: dict[str, set[str]] = {kind.value: set() for kind in AliasKind}
    for alias in institution.aliases.all():
        names[alias.kind].add(alias.name)
    return {
        **{name: getattr(institution, name) for name in _PLAIN},
        "country": institution.country.code,
        **{column: "; ".join(sorted(names[kind])) for column, kind in _ALIASES.items()},
    }
