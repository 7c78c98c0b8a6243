"""Invented announcements and the data of an invented office."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from cooperation_portal.pages.models import Kind, Office, Page, PageVersion, VersionState

# Days ago, pinned, and for each language title and text.
ANNOUNCEMENTS: tuple[tuple[int, bool, dict[str, tuple[str, str]]], ...] = (
    (
        3,
        True,
        {
            "ko": (
                "하반기 현지화형·원천형 과제 참여기업 모집",
                "해외 원천기술을 바탕으로 제품을 개발하거나 현지에 맞게 고치려는 기업을 찾습니다.\n\n"
                "## 모집 내용\n\n"
                "| 종류 | 기간 | 과제 수 |\n| --- | --: | --: |\n| 현지화형 | 12개월 | 5 |\n| 원천형 | 24개월 | 2 |\n\n"
                "## 신청 방법\n\n"
                "1. 회원으로 가입하여 기업을 등록합니다.\n"
                "2. 찾는 기술을 수요기술로 접수합니다.\n"
                "3. 사업담당자가 연락드려 신청을 안내합니다.\n\n"
                "궁금한 점은 [문의](/pages/inquiry/)해 주십시오.",
            ),
            "en": (
                "Call for companies: localisation and source technology projects",
                "We look for companies that want to develop or adapt a product with a technology from abroad.\n\n"
                "1. Sign up and register your company.\n2. File what you look for as a demand.\n"
                "3. An officer contacts you about the application.\n\n[Ask us](/pages/inquiry/) if you have questions.",
            ),
        },
    ),
    (
        12,
        False,
        {
            "ko": (
                "기술교류회 안내: 표면처리와 적층제조",
                "해외 연구소 네 곳이 표면처리와 적층제조 분야의 원천기술을 소개합니다.\n\n"
                "- **방식**: 온라인, 동시통역\n- **대상**: 회원 기업\n- **신청**: [문의](/pages/inquiry/)에서 분류를 "
                "‘사업·지원’으로 골라 주십시오.\n\n발표를 들은 뒤 개별 상담을 신청할 수 있습니다.",
            ),
        },
    ),
    (
        25,
        False,
        {
            "ko": (
                "일본 퇴직기술자 기술지도 신청을 받습니다",
                "금형, 사출, 열처리 분야에서 오래 일한 전문가가 생산 현장을 찾아가 애로기술을 함께 풉니다.\n\n"
                "애로기술을 수요기술로 접수해 주시면 사업담당자가 맞는 전문가를 찾아 연락드립니다.",
            ),
        },
    ),
    (
        40,
        False,
        {
            "ko": (
                "누리집이 새로워졌습니다",
                "기업이 직접 수요기술을 접수하고 진행 상황을 볼 수 있게 되었습니다.\n\n"
                "- 쓰는 동안 글이 저절로 저장됩니다.\n- 추천받은 기술에 관심이 있는지 화면에서 답할 수 있습니다.\n"
                "- 화면마다 **도움말**이 있습니다.\n\n처음이시면 [이용 안내](/pages/guide/)를 읽어 보십시오.",
            ),
            "en": (
                "A new site",
                "Companies can now file demands themselves and follow them.\n\nBegin with the [guide](/pages/guide/).",
            ),
        },
    ),
)
OFFICE = {
    "address": "경기도 견본시 협력로 12, 기술협력관 3층",
    "address_en": "3F, 12 Hyeomnyeok-ro, Gyeonbon-si, Gyeonggi-do, Korea",
    "phone": "02-0000-0000",
    "fax": "02-0000-0001",
    "email": "office@portal.example",
    "hours": "평일 09:00–18:00 (점심 12:00–13:00)",
    "hours_en": "Weekdays 09:00–18:00",
    "privacy_officer": "견본 책임자",
    "privacy_contact": "privacy@portal.example",
}


@transaction.atomic
def add_announcements(by: Any) -> None:
    """Also enters how the office is reached, for the foot of every page. `by` is said to have published them."""
    now = timezone.now()
    for days, is_pinned, texts in ANNOUNCEMENTS:
        page = Page.objects.create(kind=Kind.ANNOUNCEMENT, is_pinned=is_pinned)
        PageVersion.objects.bulk_create(
            PageVersion(
                page=page,
                language=language,
                number=1,
                title=title,
                body=body,
                state=VersionState.PUBLISHED,
                published_at=now - timedelta(days=days),
                published_by=by,
            )
            for language, (title, body) in texts.items()
        )
    Office.objects.update_or_create(pk=1, defaults=OFFICE)
