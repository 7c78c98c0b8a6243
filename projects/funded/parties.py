"""Companies and institutions as people pick them by typing: a line of a list, a name, or a name without a record."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from cooperation_portal.network.models import Company, Institution

_MARK = re.compile(r"\[(?P<code>[^\[\]]+)\]\s*$")


class NotAParty(ValueError):
    """The text says to people what to do."""


class PartyBook:
    """What may be picked. A line of the list ends with its code, since names are not keys."""

    def __init__(self, companies: Iterable[Company], institutions: Iterable[Institution]) -> None:
        self._companies, self._institutions = companies, institutions

    @cached_property
    def lines(self) -> dict[str, dict[str, int]]:
        """Lines of the list and what each stands for."""
        companies = {company_line(company): {"company_id": company.pk} for company in self._companies}
        return companies | {line_of(one): {"institution_id": one.pk} for one in self._institutions}

    @cached_property
    def _by_mark(self) -> dict[str, dict[str, int]]:
        return {_MARK.search(line)["code"]: party for line, party in self.lines.items()}  # type: ignore[index]

    @cached_property
    def _by_name(self) -> dict[str, list[dict[str, int]]]:
        found: dict[str, list[dict[str, int]]] = {}
        for line, party in self.lines.items():
            found.setdefault(_MARK.sub("", line).strip(), []).append(party)
        return found

    def find(self, text: str) -> dict[str, Any]:
        """As the services take it; a name that stands nowhere comes back as `other_name`. Raises NotAParty."""
        mark = _MARK.search(text)
        if mark is not None:
            if mark["code"] not in self._by_mark:
                raise NotAParty(
                    _("‘%(code)s’ 번호의 기업이나 기관이 없습니다. 목록에서 골라 주십시오.") % mark.groupdict()
                )
            return self._by_mark[mark["code"]]
        named = self._by_name.get(text.strip(), [])
        if len(named) > 1:
            raise NotAParty(_("이름이 같은 기업이나 기관이 여럿입니다. 목록에서 번호가 붙은 줄을 골라 주십시오."))
        return named[0] if named else {"other_name": text.strip()}


def company_line(company: Company) -> str:
    return f"{company.name} [{company.code}]"


def line_of(institution: Institution) -> str:
    return f"{institution.name_ko} [{institution.number}]"
