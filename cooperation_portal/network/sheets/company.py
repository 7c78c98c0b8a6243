from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cooperation_portal.exchange.sheets import Arriving, Column, Kind, Row, Sheet, Values
from cooperation_portal.network.models import Company, CompanyClass, CompanySize
from cooperation_portal.network.names import NameKey, name_key
from cooperation_portal.network.permissions import keeps_directory, reads_directory
from cooperation_portal.network.services.company import add_companies, change_companies
from cooperation_portal.network.sheets.columns import HOME, HomeColumn, WebsiteColumn, countries
from cooperation_portal.shared.identifiers import format_business_number
from cooperation_portal.taxonomy.models import Country, Industry

READ_AT_ONCE = 2000
_PLAIN = ("name", "name_en", "business_number", "local_registration_number", "company_class", "size", "products",
          "city", "established", "website")  # fmt: skip


def _industries() -> list[tuple[str, str]]:
    return list(Industry.objects.values_list("code", "name_ko"))


class CompanySheet(Sheet):
    name = "companies"
    label = gettext_lazy("기업")
    order = 20
    about = gettext_lazy("기술을 찾는 국내 중소기업과 해외에 진출한 우리 기업입니다.")
    url_name = "company_list"
    key_help = gettext_lazy("사업자등록번호가 같으면 같은 기업입니다. 없으면 소재 국가와 현지 등록번호로 알아봅니다.")
    columns = (
        Column("code", gettext_lazy("기업 코드"), Kind.CODE, max_length=20,
               help=gettext_lazy("포털이 정하는 코드입니다. 새 기업이면 비워 둡니다.")),
        Column("business_number", gettext_lazy("사업자등록번호"), Kind.BUSINESS_NUMBER, example="124-81-00998",
               aliases=("사업자번호", "사업자 등록번호")),
        Column("name", gettext_lazy("기업명"), required=True, max_length=120, example="㈜가람정밀",
               aliases=("회사명", "업체명", "상호", "기업명(국문)")),
        Column("name_en", gettext_lazy("영문 기업명"), max_length=160, aliases=("영문명", "기업명(영문)")),
        HomeColumn("site_country", gettext_lazy("소재 국가"), Kind.CHOICE, choices=countries, example="대한민국",
                   help=gettext_lazy("비우면 대한민국입니다."), aliases=("국가", "진출 국가")),
        Column("local_registration_number", gettext_lazy("현지 등록번호"), Kind.CODE, max_length=40,
               help=gettext_lazy("해외에 진출한 사업장이 그 나라에서 쓰는 번호입니다.")),
        Column("company_class", gettext_lazy("기업 구분"), Kind.CHOICE, required=True, choices=CompanyClass,
               example="중소기업", aliases=("구분",)),
        Column("size", gettext_lazy("기업 규모"), Kind.CHOICE, required=True, choices=CompanySize, example="소기업",
               aliases=("규모",)),
        Column("industry", gettext_lazy("업종"), Kind.CHOICE, choices=_industries),
        Column("products", gettext_lazy("주요 제품"), max_length=200, example="정밀 감속기",
               aliases=("생산제품", "주생산품")),
        Column("city", gettext_lazy("소재지"), max_length=80, example="창원", aliases=("도시", "지역")),
        Column("established", gettext_lazy("설립 연도"), Kind.INTEGER, minimum=1800, maximum=2100, example="2004",
               aliases=("설립년도", "설립연도")),
        WebsiteColumn("website", gettext_lazy("누리집"), max_length=200, aliases=("홈페이지", "웹사이트", "URL")),
    )  # fmt: skip

    def may_add(self, user: Any) -> bool:
        return reads_directory(user)

    def may_change(self, user: Any) -> bool:
        return keeps_directory(user)

    def key(self, values: Values) -> str:
        number = str(values.get("business_number") or "")
        local = str(values.get("local_registration_number") or "")
        return number or (f"{values.get('site_country') or HOME} {local}" if local else "")

    def likeness(self, values: Values) -> str:
        name = name_key(str(values.get("name") or ""))
        return f"{values.get('site_country') or HOME} {name}" if name else ""

    def known_alike(self, likenesses: set[str]) -> dict[str, str]:
        alike = Company.objects.alias(key=NameKey("name")).filter(
            key__in={likeness.partition(" ")[2] for likeness in likenesses}, merged_into__isnull=True
        )
        found = {}
        for one in alike.select_related("site_country").order_by("-pk"):
            number = format_business_number(one.business_number) or one.local_registration_number or one.code
            found[self.likeness({"name": one.name, "site_country": one.site_country.code})] = f"{one.name} ({number})"
        return found

    def present(self, keys: set[str]) -> dict[str, Values]:
        """A company that has both numbers is known by either. What was merged is there with its own, as it was."""
        found = {}
        for values in self.rows_of(self._known(keys)):
            for key in (self.key(values), _local_key(values)):
                if key in keys:
                    found[key] = values
        return found

    def _known(self, keys: Iterable[str]) -> QuerySet[Company]:
        """What is open comes after what was merged, and so stands where both have the number."""
        numbers = [key for key in keys if key and " " not in key]
        local = [key.partition(" ")[2] for key in keys if " " in key]
        either = Q(business_number__in=numbers) & ~Q(business_number="") | Q(local_registration_number__in=local)
        return Company.objects.filter(either).order_by("merged_into", "-pk")

    def rows_of(self, records: QuerySet[Any]) -> Iterator[Values]:
        for company in records.select_related("site_country", "industry").iterator(READ_AT_ONCE):
            yield _values(company)

    # --- checking -----------------------------------------------------------------------------------------------------

    def check(self, rows: Sequence[Row], arriving: Arriving, user: Any) -> None:
        standing = self._standing(rows)
        local_keys = Counter(_local_key(row.values) for row in rows)
        for row in rows:
            company = standing.get(row.key)
            if company is None:
                self._check_new(row)
            elif company.merged_into is not None:
                self._check_merged(row, company)
            else:
                self._check_known(row, company)
            self._check_local_number(row, company, standing.get(_local_key(row.values)), local_keys)
            if (row.values.get("established") or 0) > timezone.localdate().year:
                row.wrong("established", "future", _("설립 연도가 올해보다 뒤입니다. 다시 확인해 주십시오."))

    def _standing(self, rows: Iterable[Row]) -> dict[str, Company]:
        keys = {key for row in rows for key in (row.key, _local_key(row.values)) if key}
        found: dict[str, Company] = {}
        for company in self._known(keys).select_related("site_country", "industry", "merged_into"):
            values = _values(company)
            found |= {key: company for key in (self.key(values), _local_key(values)) if key}
        return found

    def _check_new(self, row: Row) -> None:
        values = row.values
        values.setdefault("site_country", HOME)
        if values.get("code"):
            row.wrong("code", "code_of_new", _("기업 코드는 포털이 정합니다. 새 기업이면 이 칸을 비워 주십시오."))
        if not row.key:
            row.wrong(
                "business_number",
                "required",
                _("사업자등록번호를 적어 주십시오. 해외 사업장이면 현지 등록번호를 적습니다."),
            )
        elif values["site_country"] == HOME and not values.get("business_number"):
            row.wrong("business_number", "required", _("국내 기업은 사업자등록번호를 적어 주십시오."))

    def _check_known(self, row: Row, company: Company) -> None:
        code, number = row.values.get("code"), row.values.get("business_number")
        if code and code != company.code:
            row.wrong(
                "code",
                "other_code",
                _("이 번호의 기업 코드는 %(code)s입니다. 두 칸을 다시 확인해 주십시오.") % {"code": company.code},
            )
        row.values.pop("code", None)
        if number == "" and company.business_number:
            row.wrong(
                "business_number",
                "number_is_known",
                _("이 기업은 사업자등록번호로 등록되어 있습니다. 그 번호도 함께 적어 주십시오."),
            )

    def _check_merged(self, row: Row, company: Company) -> None:
        standing = self.as_read(_values(company))
        if any(standing.get(name) != value for name, value in row.values.items()):
            row.wrong(
                "business_number" if row.values.get("business_number") else "local_registration_number",
                "merged",
                _("이 기업은 ‘%(into)s’(으)로 합쳐졌습니다. 바뀐 내용은 그 기업에 적고 이 줄은 지워 주십시오.")
                % {"into": company.merged_into},
            )

    def _check_local_number(
        self, row: Row, company: Company | None, holder: Company | None, seen: Counter[str]
    ) -> None:
        key = _local_key(row.values)
        if not key:
            return
        if seen[key] > 1:
            row.wrong(
                "local_registration_number",
                "twice",
                _("같은 현지 등록번호가 이 파일에 여러 번 있습니다. 한 줄만 남겨 주십시오."),
            )
        elif holder is not None and holder.merged_into is None and (company is None or holder.pk != company.pk):
            row.wrong(
                "local_registration_number",
                "taken",
                _("이 현지 등록번호는 ‘%(name)s’이(가) 쓰고 있습니다. 번호를 다시 확인해 주십시오.") % {"name": holder},
            )

    def lock(self, keys: set[str]) -> None:
        list(self._known(keys).order_by("pk").select_for_update())

    # --- storing ------------------------------------------------------------------------------------------------------

    def store(self, rows: Sequence[Row], *, by: Any) -> None:
        country_keys = dict(Country.objects.values_list("code", "pk"))
        industry_keys = dict(Industry.objects.values_list("code", "pk"))
        standing = self._standing(rows)
        new, changed = [], {}
        for row in rows:
            fields: dict[str, Any] = {name: row.values[name] for name in _PLAIN if name in row.values}
            if "site_country" in row.values:
                fields["site_country_id"] = country_keys[row.values["site_country"]]
            if "industry" in row.values:
                fields["industry_id"] = industry_keys.get(row.values["industry"])
            company = standing.get(row.key)
            if company is None:
                new.append(fields)
            else:
                changed[company.pk] = fields
        add_companies(new, by=by)
        change_companies(changed, by=by)


def _local_key(values: Values) -> str:
    local = values.get("local_registration_number")
    return f"{values.get('site_country') or HOME} {local}" if local else ""


def _values(company: Company) -> Values:
    return {
        "code": company.code,
        **{name: getattr(company, name) for name in _PLAIN},
        "site_country": company.site_country.code,
        "industry": company.industry.code if company.industry else "",
    }
