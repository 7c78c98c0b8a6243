"""The main menu of each kind of reader: a few places side by side, what belongs together under one heading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cooperation_portal.accounts.permissions import is_content_admin, is_officer, is_system_admin

Text = str | Promise


@dataclass(frozen=True)
class Place:
    """A link by the name of its address, or a heading over further places."""

    label: Text
    name: str = ""
    places: tuple[Place, ...] = field(default_factory=tuple)


_PUBLIC = (
    Place(_("원천기술"), "technology_list"),
    Place(_("공지사항"), "announcement_list"),
    Place(_("자주 묻는 질문"), "faq"),
    Place(_("문의"), "inquiry"),
)
_MEMBER = (
    Place(_("첫 화면"), "home"),
    Place(_("원천기술"), "technology_list"),
    Place(_("관심기술"), "bookmark_list"),
    Place(_("우리 회사 수요"), "my_demands"),
    Place(_("우리 회사 과제"), "my_projects"),
    Place(_("우리 회사"), "company_home"),
    Place(
        _("알림·문의"),
        places=(
            Place(_("공지사항"), "announcement_list"),
            Place(_("자주 묻는 질문"), "faq"),
            Place(_("문의"), "inquiry"),
        ),
    ),
)
_RECORDS = Place(
    _("자료"),
    places=(
        Place(_("기관"), "institution_list"),
        Place(_("기업"), "company_list"),
        Place(_("전문가"), "expert_list"),
        Place(_("과제"), "project_list"),
    ),
)
_IMPORTS = Place(_("가져오기"), "import_list")
_OFFICER = (
    Place(_("내 업무"), "my_queue"),
    Place(_("업무 현황"), "whole_queue"),
    Place(_("원천기술"), "technology_list"),
)
_CONTENT_ADMIN = (Place(_("원천기술 관리"), "technology_upkeep"),)
_LEARNING = Place(
    _("매칭 품질"),
    places=(
        Place(_("품질 지표"), "matching_quality"),
        Place(_("점수 비중"), "weight_sets"),
        Place(_("용어 제안"), "glossary"),
        Place(_("개념 찾기"), "glossary_concepts"),
    ),
)
_TEXTS = Place(_("안내 글"), "page_upkeep")
_SYSTEM_ADMIN = (
    Place(_("실패 작업"), "failed_work"),
    Place(_("계정·기준 정보"), "admin:index"),
)


def places(user: Any) -> Sequence[Place]:
    if not user.is_authenticated:
        return _PUBLIC
    officer, admin = is_officer(user), is_content_admin(user)
    if not user.roles:
        return _MEMBER
    found: list[Place] = [Place(_("첫 화면"), "home")]
    found += _OFFICER if officer else ()
    found += _CONTENT_ADMIN if admin else ()
    if officer or admin:
        people = (Place(_("가입 확인"), "join_request_list"),) if officer else ()
        found += [_RECORDS, _IMPORTS, _LEARNING]
        found.append(Place(_("문의·가입"), places=(*people, Place(_("문의"), "inquiry_list"))))
    found += [_TEXTS] if admin else []
    found += _SYSTEM_ADMIN if is_system_admin(user) else ()
    return found


def menu(request: HttpRequest) -> list[dict[str, Any]]:
    """For `components/header.html`: label, url, current, and places for a heading."""
    return [_shown(place, request.path) for place in places(request.user)]


def _shown(place: Place, path: str) -> dict[str, Any]:
    inner = [_shown(one, path) for one in place.places]
    url = reverse(place.name) if place.name else ""
    current = path == url or any(one["current"] for one in inner)
    return {"label": place.label, "url": url, "current": current, "places": inner}
