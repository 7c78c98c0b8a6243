"""Experts as a spreadsheet, in and out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cooperation_portal.exchange.sheets import Arriving, Cell, Column, Kind, Row, RowState, Sheet, Values, sheet_of
from cooperation_portal.network.models import Institution
from cooperation_portal.shared.languages import TextLanguage
from cooperation_portal.shared.personal_numbers import RESIDENT_NUMBER_REFUSED, has_resident_number
from cooperation_portal.taxonomy.models import Country, TechnologyField
from experts import services
from experts.checks import faults
from experts.models import (
    CONTACTS,
    MOST_CAREER_YEARS,
    Availability,
    EmployerKind,
    Expert,
    ExpertDirection,
    GuidanceMode,
)
from experts.permissions import keeps_experts

_READ_AT_ONCE = 1000
_DAYS = ("available_from", "consented_on", "retired_on")
_REFERENCES = ("country", "institution", "fields")


def _countries() -> list[tuple[str, str]]:
    return list(Country.objects.values_list("code", "name_ko"))


def _fields() -> list[tuple[str, str]]:
    return list(TechnologyField.objects.filter(parent__isnull=False).order_by("code").values_list("code", "name_ko"))


@dataclass(frozen=True)
class SetColumn(Column):
    """Several choices whose order tells nothing: however they were written, they are compared in one order."""

    def read(self, cell: Cell) -> Any:
        chosen = set(super().read(cell))
        return [code for code, _label in self.pairs() if code in chosen]


def _column(name: str, label: Any, kind: Kind = Kind.TEXT, **more: Any) -> Column:
    return (SetColumn if kind == Kind.CHOICES else Column)(name=name, label=label, kind=kind, **more)


class ExpertSheet(Sheet):
    name = "experts"
    label = gettext_lazy("전문가")
    order = 40
    key_help = gettext_lazy("출처 번호가 같으면 같은 전문가입니다.")
    about = gettext_lazy("국내 기업을 지도할 해외 전문가와 해외로 보낼 국내 전문가의 명부입니다.")
    url_name = "expert_list"
    columns: tuple[Column, ...] = (
        _column("source_reference", gettext_lazy("출처 번호"), Kind.CODE, required=True, max_length=80,
                example="JP-EXP-0031", help=gettext_lazy("명부에서 쓰는 번호. 앞의 0도 그대로 적습니다.")),
        _column("direction", gettext_lazy("유치·파견"), Kind.CHOICE, required=True, choices=ExpertDirection,
                example="유치", help=gettext_lazy("해외 전문가를 부르면 유치, 국내 전문가를 보내면 파견입니다.")),
        _column("name_ko", gettext_lazy("이름(한글 표기)"), required=True, max_length=80, example="가와니시 마사토",
                aliases=("이름", "성명", "전문가명")),
        _column("name_original", gettext_lazy("이름(원어)"), max_length=120, example="川西 雅人"),
        _column("original_language", gettext_lazy("이름의 언어"), Kind.CHOICE, required=True, choices=TextLanguage,
                example="일본어"),
        _column("name_latin", gettext_lazy("이름(로마자)"), max_length=120, example="Kawanishi Masato",
                aliases=("영문명", "영문 이름")),
        _column("country", gettext_lazy("거주 국가"), Kind.CHOICE, required=True, choices=_countries, example="일본",
                aliases=("국가",)),
        _column("city", gettext_lazy("거주 도시"), max_length=80, example="사카이", aliases=("도시",)),
        _column("institution", gettext_lazy("현재 소속기관 출처 번호"), Kind.CODE, max_length=80,
                help=gettext_lazy("기관 파일의 ‘출처 번호’. 은퇴하여 소속이 없으면 비웁니다.")),
        _column("employer_name", gettext_lazy("마지막 근무처"), max_length=200, example="금형 제조업체",
                aliases=("근무처", "전 직장")),
        _column("employer_kind", gettext_lazy("근무처 유형"), Kind.CHOICE, choices=EmployerKind, example="기업"),
        _column("position", gettext_lazy("직위·담당"), max_length=120, example="생산기술부장"),
        _column("career_years", gettext_lazy("경력 연수"), Kind.INTEGER, minimum=0, maximum=MOST_CAREER_YEARS,
                example="41", aliases=("경력", "경력(년)")),
        _column("fields", gettext_lazy("기술분야"), Kind.CHOICES, choices=_fields, example="0201, 0103",
                help=gettext_lazy("다섯 개까지 쉼표로 나누어 적습니다.")),
        _column("specialities", gettext_lazy("해결할 수 있는 문제"), max_length=4000,
                example="사출 금형의 변형·수축 대책, 열처리 변형 예측"),
        _column("career_summary", gettext_lazy("경력 요약"), max_length=4000),
        _column("languages", gettext_lazy("사용 언어"), Kind.CHOICES, choices=TextLanguage, example="일본어, 영어"),
        _column("needs_interpreter", gettext_lazy("통역 필요"), Kind.FLAG, example="예"),
        _column("guidance_modes", gettext_lazy("지도 방식"), Kind.CHOICES, choices=GuidanceMode,
                example="현장 지도, 원격 지도"),
        _column("availability", gettext_lazy("활동 가능 여부"), Kind.CHOICE, required=True, choices=Availability,
                example="협의 후 가능"),
        _column("available_from", gettext_lazy("가능 시작일"), Kind.DATE, example="2027-03-02",
                help=gettext_lazy("‘바로 가능’이면 비웁니다.")),
        _column("availability_note", gettext_lazy("일정 참고 사항"), max_length=300),
        _column("email", gettext_lazy("이메일"), max_length=254, example="name@example.com"),
        _column("phone", gettext_lazy("전화번호"), Kind.CODE, max_length=40, example="+81-72-000-0000",
                help=gettext_lazy("국가 번호부터 적습니다. 셀 서식은 ‘텍스트’로 합니다.")),
        _column("consented_on", gettext_lazy("개인정보 동의일"), Kind.DATE, example="2026-04-01"),
        _column("source_network", gettext_lazy("알게 된 경로"), max_length=120),
        _column("retired_on", gettext_lazy("사용 중지일"), Kind.DATE,
                help=gettext_lazy("더는 연락하지 않는 전문가이면 그날을 적습니다.")),
    )  # fmt: skip

    def may_add(self, user: Any) -> bool:
        return keeps_experts(user)

    def may_change(self, user: Any) -> bool:
        return keeps_experts(user)

    def key(self, values: Values) -> str:
        return str(values.get("source_reference", ""))

    def present(self, keys: set[str]) -> dict[str, Values]:
        return {self.key(values): values for values in self.rows_of(Expert.objects.filter(source_reference__in=keys))}

    def rows_of(self, records: QuerySet[Any]) -> Iterator[Values]:
        names = [column.name for column in self.columns]
        experts: Any = records
        for expert in experts.with_details().iterator(_READ_AT_ONCE):
            values = _values(expert)
            yield {name: values[name] for name in names}

    # --- checking -----------------------------------------------------------------------------------------------------

    def check(self, rows: Sequence[Row], arriving: Arriving, user: Any) -> None:
        institutions = _institutions(rows)
        standing = self.present({row.key for row in rows if row.state == RowState.CHANGED})
        for row in rows:
            _refuse_resident_numbers(row)
            # What a file leaves out stays as it is, and must still go together with what it brings.
            whole = standing.get(row.key, {}) | row.values
            for fault in faults(whole, country=whole.get("country")):
                row.wrong(fault.field if fault.field in row.values else "", fault.code, fault.text)
            reference = row.values.get("institution")
            if reference and reference not in institutions and not arriving.has("institutions", _key_of(reference)):
                text = _("‘%(value)s’ 기관을 찾을 수 없습니다. 먼저 등록하거나 기관 파일을 함께 올려 주십시오.")
                row.wrong("institution", "unknown_reference", text % {"value": reference})

    def lock(self, keys: set[str]) -> None:
        list(Expert.objects.select_for_update(of=("self",)).filter(source_reference__in=keys).order_by("pk").only("pk"))

    # --- storing ------------------------------------------------------------------------------------------------------

    def store(self, rows: Sequence[Row], *, by: Any) -> None:
        institutions = _institutions(rows)
        countries = dict(Country.objects.values_list("code", "pk"))
        new = [_stored(row.values, countries, institutions) for row in rows if row.state == RowState.NEW]
        changed = {row.key: row.values for row in rows if row.state == RowState.CHANGED}
        changes = {}
        for expert in Expert.objects.filter(source_reference__in=changed).select_related("institution"):
            values = changed[expert.source_reference]
            changes[expert.pk] = _stored(values, countries, institutions)
            unnamed = expert.institution is not None and not expert.institution.source_reference
            if unnamed and not values.get("institution"):
                # It has no number that a file could give, so an empty cell says nothing of it.
                changes[expert.pk].pop("institution_id", None)
        services.add_experts(new, by=by)
        services.change_experts(changes, by=by)


class ExpertSheetWithoutContacts(ExpertSheet):
    """What officers take away. It is not registered: nothing comes in by it."""

    columns = tuple(column for column in ExpertSheet.columns if column.name not in CONTACTS)


def _refuse_resident_numbers(row: Row) -> None:
    for name, value in row.values.items():
        if isinstance(value, str) and has_resident_number(value):
            row.wrong(name, "resident_number", str(RESIDENT_NUMBER_REFUSED))


def _key_of(reference: str) -> str:
    return sheet_of("institutions").key({"source_reference": reference})


def _institutions(rows: Sequence[Row]) -> dict[str, int]:
    """Primary keys by reference; an institution that was merged stands for the one that it went into."""
    references = {row.values["institution"] for row in rows if row.values.get("institution")}
    found = Institution.objects.filter(source_reference__in=references)
    return {one.source_reference: one.merged_into_id or one.pk for one in found}


def _values(expert: Expert) -> Values:
    names = [column.name for column in ExpertSheet.columns if column.name not in _REFERENCES]
    values: Values = {name: getattr(expert, name) for name in names}
    values |= {name: values[name].isoformat() if values[name] else None for name in _DAYS}
    values["country"] = expert.country.code
    values["institution"] = expert.institution.source_reference if expert.institution else ""
    values["fields"] = [field.code for field in expert.fields.all()]
    return values


def _stored(values: Values, countries: Mapping[str, int], institutions: Mapping[str, int]) -> dict[str, Any]:
    """As the services take them."""
    taken = {name: value for name, value in values.items() if name not in ("country", "institution")}
    taken |= {name: date.fromisoformat(values[name]) if values[name] else None for name in _DAYS if name in values}
    if "country" in values:
        taken["country_id"] = countries[values["country"]]
    if "institution" in values:
        taken["institution_id"] = institutions.get(values["institution"])
    return taken
