"""Technologies as a spreadsheet, in and out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, cast

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cooperation_portal.exchange.sheets import Arriving, Column, Kind, Row, RowState, Sheet, Values, sheet_of
from cooperation_portal.network.models import Company, Institution
from cooperation_portal.network.names import NameKey, name_key
from cooperation_portal.shared.languages import TextLanguage
from cooperation_portal.taxonomy.models import Country, TechnologyField
from matching.catalogue.bulk import Arrival, add_technologies, change_technologies
from matching.catalogue.models import (
    Cooperation,
    Direction,
    Disclosure,
    HideableField,
    IprStatus,
    Stage,
    Technology,
    TechnologyQuerySet,
    TechnologyStatus,
    TextOrigin,
)
from matching.catalogue.permissions import keeps_catalogue
from matching.catalogue.upkeep.forms import TEXT_PARTS

READ_AT_ONCE = 2000
_PLAIN = (
    "direction", "original_language", "stage", "ipr_status", "ipr_notes", "year", "cooperation", "partner_sought",
    "is_appropriate", "disclosure", "hidden", "status", "source_reference",
)  # fmt: skip
_INSTITUTION = ("owner_reference", "owner_name")
_COMPANY = ("owner_business_number", "owner_company_code")
_OWNER = _INSTITUTION + _COMPANY
_NO_INSTITUTION = gettext_lazy(
    "보유기관 ‘%(value)s’을(를) 찾을 수 없습니다. 먼저 등록하거나 같은 가져오기에 기관 파일을 함께 올려 주십시오."
)
_NO_COMPANY = gettext_lazy(
    "보유기업 ‘%(value)s’을(를) 찾을 수 없습니다. 먼저 등록하거나 같은 가져오기에 기업 파일을 함께 올려 주십시오."
)


def _countries() -> list[tuple[str, str]]:
    return list(Country.objects.values_list("code", "name_ko"))


def _fields() -> list[tuple[str, str]]:
    return list(TechnologyField.objects.filter(parent__isnull=False).values_list("code", "name_ko"))


def _column(name: str, label: Any, kind: Kind = Kind.TEXT, **more: Any) -> Column:
    return Column(name=name, label=label, kind=kind, **more)


class TechnologySheet(Sheet):
    name = "technologies"
    label = gettext_lazy("원천기술")
    order = 30
    key_help = gettext_lazy("출처 번호가 같으면 같은 기술입니다.")
    about = gettext_lazy("협력망에서 모은 원천기술. 보유기관이 먼저 있거나 함께 올라와야 합니다.")
    url_name = "technology_upkeep"
    columns = (
        _column("source_reference", gettext_lazy("출처 번호"), Kind.CODE, required=True, max_length=80,
                example="RU-2026-0012", help=gettext_lazy("협력망에서 쓰는 번호. 앞의 0도 그대로 적습니다.")),
        _column("owner_reference", gettext_lazy("보유기관 출처 번호"), Kind.CODE, max_length=80,
                help=gettext_lazy("기관 파일의 ‘출처 번호’. 없으면 보유기관명(원어)을 적습니다.")),
        _column("owner_name", gettext_lazy("보유기관명(원어)"), max_length=200, example="Институт металлов"),
        _column("owner_business_number", gettext_lazy("보유기업 사업자등록번호"), Kind.BUSINESS_NUMBER,
                help=gettext_lazy("국내 기업이 해외에 주는 기술일 때만 적습니다.")),
        _column("owner_company_code", gettext_lazy("보유기업 코드"), Kind.CODE, max_length=20,
                help=gettext_lazy("포털의 기업 코드. 사업자등록번호가 없는 기업일 때만 적습니다.")),
        _column("country", gettext_lazy("국가"), Kind.CHOICE, required=True, choices=_countries, example="러시아"),
        _column("direction", gettext_lazy("협력 방향"), Kind.CHOICE, choices=Direction, example="받는 협력"),
        _column("original_language", gettext_lazy("원문 언어"), Kind.CHOICE, required=True, choices=TextLanguage,
                example="러시아어"),
        _column("field", gettext_lazy("기술분야"), Kind.CHOICE, required=True, choices=_fields, example="0103"),
        _column("stage", gettext_lazy("개발 단계"), Kind.CHOICE, choices=Stage),
        _column("ipr_status", gettext_lazy("지식재산권"), Kind.CHOICE, choices=IprStatus),
        _column("ipr_notes", gettext_lazy("지식재산권 설명"), max_length=300),
        _column("year", gettext_lazy("개발 연도"), Kind.INTEGER, minimum=1900, maximum=2100, example="2021"),
        _column("cooperation", gettext_lazy("희망 협력 방식"), Kind.CHOICES, choices=Cooperation),
        _column("partner_sought", gettext_lazy("찾는 협력 상대"), max_length=500),
        _column("is_appropriate", gettext_lazy("적정기술"), Kind.FLAG),
        _column("valid_until", gettext_lazy("유효기간"), Kind.DATE, example="2027-12-31"),
        _column("disclosure", gettext_lazy("공개 범위"), Kind.CHOICE, choices=Disclosure, example="회원 공개"),
        _column("hidden", gettext_lazy("비공개 항목"), Kind.CHOICES, choices=HideableField),
        _column("status", gettext_lazy("상태"), Kind.CHOICE, choices=TechnologyStatus, example="등록",
                help=gettext_lazy("비우면 ‘작성 중’입니다.")),
        _column("title", gettext_lazy("기술명(원문)"), required=True, max_length=256),
        _column("body", gettext_lazy("내용(원문)"), required=True, max_length=20_000),
        _column("advantages", gettext_lazy("장점(원문)"), max_length=4000),
        _column("specification", gettext_lazy("사양(원문)"), max_length=4000),
        _column("title_ko", gettext_lazy("기술명(국문)"), max_length=256),
        _column("body_ko", gettext_lazy("내용(국문)"), max_length=20_000),
        _column("advantages_ko", gettext_lazy("장점(국문)"), max_length=4000),
        _column("specification_ko", gettext_lazy("사양(국문)"), max_length=4000),
        _column("origin_ko", gettext_lazy("국문을 쓴 쪽"), Kind.CHOICE,
                choices=lambda: [pair for pair in TextOrigin.choices if pair[0] != TextOrigin.SOURCE],
                help=gettext_lazy("비우면 ‘사람 번역’입니다.")),
    )  # fmt: skip

    def may_add(self, user: Any) -> bool:
        return keeps_catalogue(user)

    def may_change(self, user: Any) -> bool:
        return keeps_catalogue(user)

    def key(self, values: Values) -> str:
        return str(values.get("source_reference", ""))

    def present(self, keys: set[str]) -> dict[str, Values]:
        found = self.rows_of(Technology.objects.filter(source_reference__in=keys))
        return {self.key(values): values for values in found}

    def rows_of(self, records: QuerySet[Any]) -> Iterator[Values]:
        technologies = cast(TechnologyQuerySet, records)
        for technology in technologies.with_texts().iterator(READ_AT_ONCE):
            yield _values(technology)

    # --- checking -----------------------------------------------------------------------------------------------------

    def check(self, rows: Sequence[Row], arriving: Arriving, user: Any) -> None:
        owners = _Owners(rows)
        for row in rows:
            _leave_out_blanks(row.values)
            values = row.values
            self._check_owner(row, owners, arriving)
            year, until = values.get("year"), values.get("valid_until")
            if year and year > timezone.localdate().year:
                row.wrong("year", "future", _("개발 연도가 올해보다 뒤입니다. 다시 확인해 주십시오."))
            if year and until and date.fromisoformat(until).year < year:
                row.wrong("valid_until", "order", _("유효기간이 개발 연도보다 앞섭니다. 두 칸을 다시 확인해 주십시오."))
            korean = [name for name in ("body_ko", "advantages_ko", "specification_ko") if values.get(name)]
            if korean and not values.get("title_ko"):
                row.wrong("title_ko", "required", _("국문 내용이 있으면 국문 기술명도 적어 주십시오."))
            if values.get("title_ko") and values.get("original_language") == TextLanguage.KOREAN:
                row.wrong("title_ko", "twice", _("원문이 한국어이면 국문 칸은 비워 주십시오."))

    def _check_owner(self, row: Row, owners: _Owners, arriving: Arriving) -> None:
        if not any(name in row.values for name in _OWNER):
            if row.state == RowState.NEW:
                row.wrong(
                    "", "owner_missing", _("보유기관을 알 수 있는 칸이 없습니다. 보유기관 출처 번호를 적어 주십시오.")
                )
            return
        given = [name for name in _OWNER if row.values.get(name)]
        if not given:
            row.wrong("owner_reference", "required", _("보유기관의 출처 번호나 이름을 적어 주십시오."))
        elif given[-1] in _COMPANY and len(given) > 1:
            row.wrong(given[-1], "two_owners", _("보유기관과 보유기업 가운데 하나만 적어 주십시오."))
        elif owners.of(row.values) is None and not owners.arrives(row.values, arriving):
            row.wrong(
                given[0],
                "unknown_owner",
                _NO_COMPANY % {"value": row.values[given[0]]}
                if given[0] in _COMPANY
                else _NO_INSTITUTION % {"value": row.values[given[0]]},
            )

    def lock(self, keys: set[str]) -> None:
        known = Technology.objects.filter(source_reference__in=keys).order_by("pk")
        list(known.select_for_update().values_list("pk", flat=True))

    # --- storing ------------------------------------------------------------------------------------------------------

    def store(self, rows: Sequence[Row], *, by: Any) -> None:
        owners = _Owners(rows)
        countries = {country.code: country for country in Country.objects.all()}
        fields = {field.code: field for field in TechnologyField.objects.all()}
        keys = {row.key for row in rows if row.state == RowState.CHANGED}
        known = dict(Technology.objects.filter(source_reference__in=keys).values_list("source_reference", "pk"))
        languages = dict(
            Technology.objects.filter(pk__in=known.values()).values_list("source_reference", "original_language")
        )

        def arrival(row: Row) -> Arrival:
            taken: dict[str, Any] = {name: row.values[name] for name in _PLAIN if name in row.values}
            owner = owners.of(row.values)
            if owner is not None:
                taken |= {"owner": None, "owner_company": None} | owner
            if row.values.get("country"):
                taken["country"] = countries[row.values["country"]]
            if row.values.get("field"):
                taken["field"] = fields[row.values["field"]]
            if "valid_until" in row.values:
                until = row.values["valid_until"]
                taken["valid_until"] = date.fromisoformat(until) if until else None
            language = row.values.get("original_language") or languages.get(row.key, "")
            return Arrival(taken, _texts(row.values, language))

        add_technologies([arrival(row) for row in rows if row.state == RowState.NEW], by=by)
        change_technologies({known[row.key]: arrival(row) for row in rows if row.state == RowState.CHANGED}, by=by)


def _leave_out_blanks(values: Values) -> None:
    """An empty cell says nothing where a technology always has a value, nor beside one that names the owner."""
    for name in ("direction", "disclosure", "status", "origin_ko"):
        if values.get(name) == "":
            del values[name]
    if any(values.get(name) for name in _OWNER):
        for name in _OWNER:
            if values.get(name) == "":
                del values[name]


def _texts(values: Values, language: str) -> dict[str, dict[str, Any]]:
    texts: dict[str, dict[str, Any]] = {}
    original = {part: values[part] for part in TEXT_PARTS if part in values}
    if original:
        texts[language] = original | {"origin": TextOrigin.SOURCE}
    korean = {part: values[f"{part}_ko"] for part in TEXT_PARTS if f"{part}_ko" in values}
    if korean.get("title"):
        texts[TextLanguage.KOREAN] = korean | {"origin": values.get("origin_ko") or TextOrigin.HUMAN}
    return texts


def _values(technology: Technology) -> Values:
    original, korean = technology.original, technology.korean
    if korean is original:
        korean = None
    owner, company = technology.owner, technology.owner_company
    return {
        **{name: getattr(technology, name) for name in _PLAIN},
        "owner_reference": owner.source_reference if owner else "",
        "owner_name": owner.name_original if owner else "",
        "owner_business_number": company.business_number if company else "",
        "owner_company_code": company.code if company and not company.business_number else "",
        "country": technology.country.code,
        "field": technology.field.code,
        "valid_until": technology.valid_until.isoformat() if technology.valid_until else None,
        **{part: getattr(original, part, "") for part in TEXT_PARTS},
        **{f"{part}_ko": getattr(korean, part, "") for part in TEXT_PARTS},
        "origin_ko": korean.origin if korean else "",
    }


# In use, or merged into another that then stands for it.
_USABLE = Q(retired_on__isnull=True) | Q(merged_into__isnull=False)


def _standing(one: Any) -> Any:
    return one.merged_into or one


class _Owners:
    """Who the rows name, looked up together: by reference, by name and country, by business number."""

    def __init__(self, rows: Sequence[Row]) -> None:
        named = {name: {row.values[name] for row in rows if row.values.get(name)} for name in _OWNER}
        references = Q(source_reference__in=named["owner_reference"])
        names = Q(key__in={name_key(name) for name in named["owner_name"]} - {""})
        institutions = Institution.objects.filter(_USABLE).select_related("country", "merged_into")
        self._by_reference = {one.source_reference: _standing(one) for one in institutions.filter(references)}
        self._by_name = {
            (one.country.code, name_key(one.name_original)): _standing(one)
            for one in institutions.alias(key=NameKey("name_original")).filter(names).order_by("-pk")
        }
        numbers = Q(business_number__in=named["owner_business_number"]) | Q(code__in=named["owner_company_code"])
        companies = list(Company.objects.filter(_USABLE, numbers).select_related("merged_into"))
        self._by_number = {one.business_number: _standing(one) for one in companies}
        self._by_code = {one.code: _standing(one) for one in companies}

    def of(self, values: Values) -> dict[str, Any] | None:
        """The owner as a field of the model."""
        if values.get("owner_business_number"):
            company = self._by_number.get(values["owner_business_number"])
            return {"owner_company": company} if company else None
        if values.get("owner_company_code"):
            company = self._by_code.get(values["owner_company_code"])
            return {"owner_company": company} if company else None
        if values.get("owner_reference"):
            institution = self._by_reference.get(values["owner_reference"])
        else:
            institution = self._by_name.get((values.get("country", ""), name_key(values.get("owner_name") or "")))
        return {"owner": institution} if institution else None

    def arrives(self, values: Values, arriving: Arriving) -> bool:
        if values.get("owner_business_number"):
            return arriving.has("companies", values["owner_business_number"])
        if values.get("owner_company_code"):
            return False  # the portal gives it, so it cannot arrive
        named = {"source_reference": values.get("owner_reference", ""), "country": values.get("country", "")}
        return arriving.has(
            "institutions", sheet_of("institutions").key(named | {"name_original": values.get("owner_name", "")})
        )
