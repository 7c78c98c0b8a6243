"""Demands as a spreadsheet, in and out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cooperation_portal.exchange.sheets import Arriving, Column, Kind, Row, RowState, Sheet, Values
from cooperation_portal.shared.languages import TextLanguage
from cooperation_portal.taxonomy.models import TechnologyField
from matching.catalogue.models import Cooperation, Stage
from matching.demands.bulk import Arrival, add_demands, change_demands
from matching.demands.metric_lines import read_lines
from matching.demands.models import PROBLEM_MAXIMUM, Confidentiality, Demand, DemandKind, DemandStatus, Purpose
from matching.demands.permissions import imports_demands
from matching.demands.sheets.checking import (
    check_metrics,
    check_new,
    check_party,
    check_text,
    leave_out_blanks,
    reference_of,
)
from matching.demands.sheets.records import PLAIN, Companies, known, state_of, values_of

READ_AT_ONCE = 2000


def _fields() -> list[tuple[str, str]]:
    return list(TechnologyField.objects.filter(parent__isnull=False).values_list("code", "name_ko"))


class DemandSheet(Sheet):
    name = "demands"
    label = gettext_lazy("수요기술")
    order = 50
    about = gettext_lazy(
        "기업이 찾는 수요기술과 애로기술입니다. 기업은 먼저 등록되어 있거나 같은 가져오기에 있어야 합니다."
    )
    url_name = "whole_queue"
    key_help = gettext_lazy("번호가 있으면 번호로, 없으면 출처 번호로 같은 수요를 알아봅니다.")
    columns = (
        Column("number", gettext_lazy("번호"), Kind.CODE, max_length=20,
               help=gettext_lazy("포털에서 내려받은 파일에만 있습니다. 새 수요이면 비웁니다."), aliases=("접수번호",)),
        Column("source_reference", gettext_lazy("출처 번호"), Kind.CODE, max_length=80, example="2026-0012",
               help=gettext_lazy("기관에서 쓰는 수요 번호. 앞의 0도 그대로 적습니다."), aliases=("관리번호",)),
        Column("business_number", gettext_lazy("기업 사업자등록번호"), Kind.BUSINESS_NUMBER, example="124-81-00998",
               aliases=("사업자등록번호", "사업자번호")),
        Column("company_code", gettext_lazy("기업 코드"), Kind.CODE, max_length=20,
               help=gettext_lazy("포털의 기업 코드. 사업자등록번호를 적었으면 비워 둘 수 있습니다.")),
        Column("kind", gettext_lazy("구분"), Kind.CHOICE, choices=DemandKind, example="수요기술",
               help=gettext_lazy("비우면 수요기술입니다.")),
        Column("purpose", gettext_lazy("목적"), Kind.CHOICE, choices=Purpose, example="기술활용",
               help=gettext_lazy("비우면 기술활용입니다.")),
        Column("language", gettext_lazy("작성 언어"), Kind.CHOICE, choices=TextLanguage,
               help=gettext_lazy("비우면 한국어입니다.")),
        Column("title", gettext_lazy("수요기술명"), required=True, max_length=200, example="저온 플라즈마 질화 기술",
               aliases=("기술명", "수요 기술명", "애로기술명")),
        Column("problem", gettext_lazy("해결하려는 문제"), required=True, max_length=PROBLEM_MAXIMUM,
               example="기어 표면의 경도를 높이려고 500 ℃ 이하에서 변형 없이 질화해야 합니다.",
               aliases=("기술 내용", "애로사항", "내용")),
        Column("target_product", gettext_lazy("적용 제품"), max_length=200, example="감속기"),
        Column("fields", gettext_lazy("기술분야"), Kind.CHOICES, choices=_fields, example="0103",
               help=gettext_lazy("코드나 이름을 둘까지 쉼표로 나누어 적습니다.")),
        Column("wanted_stage", gettext_lazy("희망 개발 단계"), Kind.CHOICE, choices=Stage),
        Column("wanted_cooperation", gettext_lazy("희망 협력 방식"), Kind.CHOICES, choices=Cooperation),
        Column("wanted_by", gettext_lazy("희망 시기"), Kind.DATE, example="2027-03-31"),
        Column("confidentiality", gettext_lazy("비밀 여부"), Kind.CHOICE, choices=Confidentiality,
               help=gettext_lazy("비우면 일반입니다.")),
        Column("submitted_on", gettext_lazy("접수일"), Kind.DATE, example="2026-03-02",
               help=gettext_lazy("비우면 가져온 날입니다.")),
        Column("status", gettext_lazy("상태"), Kind.CHOICE, example="접수",
               choices=lambda: [pair for pair in DemandStatus.choices if pair[0] != DemandStatus.DRAFT],
               help=gettext_lazy("비우면 접수입니다. 끝난 수요가 아니면 모두 접수된 것으로 가져옵니다.")),
        Column("metrics", gettext_lazy("희망 사양"), max_length=4000, example="두께 | 이하 | 0.05 | mm",
               help=gettext_lazy("한 줄에 하나씩 ‘항목 | 조건 | 값 | 단위’로 적습니다.")),
    )  # fmt: skip

    def may_add(self, user: Any) -> bool:
        return imports_demands(user)

    def may_change(self, user: Any) -> bool:
        return imports_demands(user)

    def key(self, values: Values) -> str:
        number = str(values.get("number") or "").upper()
        reference = str(values.get("source_reference") or "")
        return number or (f"#{reference}" if reference else "")

    def present(self, keys: set[str]) -> dict[str, Values]:
        return {key: values_of(demand) for key, demand in self._standing(keys).items()}

    def rows_of(self, records: QuerySet[Any]) -> Iterator[Values]:
        """Without drafts: what a company has not filed yet is neither given out nor taken in."""
        demands: Any = records.prefetch_related(None)  # as the import makes it, whatever the list has put on it
        for demand in demands.filed().with_details().iterator(READ_AT_ONCE):
            yield values_of(demand)

    def lock(self, keys: set[str]) -> None:
        list(known(keys).select_for_update(of=("self",)).order_by("pk").values_list("pk"))

    def _standing(self, keys: set[str]) -> dict[str, Demand]:
        """A demand that has a number of the office, too, is known by either."""
        found = {}
        for demand in known(keys).with_details():
            for key in (demand.number, f"#{demand.source_reference}"):
                if key in keys:
                    found[key] = demand
        return found

    # --- checking -----------------------------------------------------------------------------------------------------

    def check(self, rows: Sequence[Row], arriving: Arriving, user: Any) -> None:
        standing = self._standing({row.key for row in rows if row.key})
        references = self._standing({f"#{row.values['source_reference']}" for row in rows if reference_of(row)})
        companies, times = Companies(rows), Counter(reference_of(row) for row in rows)
        for row in rows:
            demand = standing.get(row.key)
            leave_out_blanks(row.values, demand)
            check_metrics(row)
            check_party(row, demand, companies, arriving)
            check_text(row, demand)
            other = references.get(f"#{reference_of(row)}")
            if demand is not None and other is not None and other.pk != demand.pk:
                row.wrong(
                    "source_reference",
                    "taken",
                    _("이 출처 번호는 %(number)s의 것입니다. 번호와 출처 번호를 다시 확인해 주십시오.")
                    % {"number": other.number},
                )
            if reference_of(row) and times[reference_of(row)] > 1:
                row.wrong("source_reference", "duplicate", _("같은 출처 번호가 또 있습니다. 한 줄만 남겨 주십시오."))
            if demand is None:
                check_new(row)
            elif not demand.is_open and self._differs(row.values, demand):
                row.wrong("", "ended", _("끝난 수요는 바꿀 수 없습니다. 이 줄을 빼 주십시오."))

    def _differs(self, values: Values, demand: Demand) -> bool:
        present = self.as_read(values_of(demand))
        return any((value or None) != (present[name] or None) for name, value in values.items())

    # --- storing ------------------------------------------------------------------------------------------------------

    def store(self, rows: Sequence[Row], *, by: Any) -> None:
        companies = Companies(rows)
        fields = {field.code: field for field in TechnologyField.objects.all()}
        standing = self._standing({row.key for row in rows if row.state == RowState.CHANGED})

        def arrival(row: Row) -> Arrival:
            values, demand = row.values, standing.get(row.key)
            taken: dict[str, Any] = {name: values[name] for name in PLAIN if name in values}
            if "wanted_by" in values:
                taken["wanted_by"] = date.fromisoformat(values["wanted_by"]) if values["wanted_by"] else None
            taken |= state_of(values, demand)
            if demand is None:
                taken["company_id"] = companies.of(values)
            wanted = [fields[code] for code in values["fields"]] if "fields" in values else None
            return Arrival(taken, wanted, read_lines(values["metrics"]) if "metrics" in values else None)

        add_demands([arrival(row) for row in rows if row.state == RowState.NEW], by=by)
        change_demands({standing[row.key].pk: arrival(row) for row in rows if row.state == RowState.CHANGED}, by=by)
