"""Every component on one page, rendered without database, session or server, for the tests of this folder.

Also a URLconf with the names that the frame of a page links to.
"""

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.test import RequestFactory, override_settings
from django.urls import path
from django.utils import translation
from django.utils.translation import gettext_lazy as _

PAGES = ("styleguide.html", "styleguide_split.html", "styleguide_form.html")


def _nothing(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse()


urlpatterns = [
    path("", _nothing, name="home"),
    path("language/", _nothing, name="set_language"),
    path("contrast/", _nothing, name="set_contrast"),
    path("accounts/login/", _nothing, name="account_login"),
    path("accounts/logout/", _nothing, name="account_logout"),
    path("accounts/signup/", _nothing, name="account_signup"),
    path("accounts/password/change/", _nothing, name="account_change_password"),
    path("accounts/password/set/", _nothing, name="account_set_password"),
    path("accounts/password/reset/", _nothing, name="account_reset_password"),
    path("accounts/email/", _nothing, name="account_email"),
    path("accounts/reauthenticate/", _nothing, name="account_reauthenticate"),
    path("accounts/confirm-email/<key>/", _nothing, name="account_confirm_email"),
    path("accounts/autosave/", _nothing, name="autosave"),
    path("pages/announcements/", _nothing, name="announcement_list"),
    path("pages/faq/", _nothing, name="faq"),
    path("pages/inquiry/", _nothing, name="inquiry"),
    path("pages/<slug>/", _nothing, name="page"),
]


class DemandForm(forms.Form):
    """One field of each kind."""

    title = forms.CharField(label=_("수요기술명"), max_length=200, help_text=_("한 줄로 알아볼 수 있게 적어 주십시오."))
    summary = forms.CharField(label=_("기술 개요"), max_length=2000, widget=forms.Textarea)
    field = forms.ChoiceField(
        label=_("기술 분야"), choices=[("", _("선택")), ("m", _("기계·소재")), ("e", _("전기·전자"))]
    )
    countries = forms.MultipleChoiceField(
        label=_("협력 희망 국가"),
        choices=[("ru", _("러시아")), ("jp", _("일본")), ("cn", _("중국"))],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("여러 나라를 고를 수 있습니다."),
    )
    kind = forms.ChoiceField(
        label=_("협력 형태"),
        choices=[("t", _("기술 이전")), ("j", _("공동 연구"))],
        widget=forms.RadioSelect,
        required=False,
    )
    due = forms.DateField(label=_("희망 시기"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    budget = forms.IntegerField(label=_("예산(백만원)"), required=False, min_value=0)
    document = forms.FileField(label=_("첨부 파일"), required=False)
    hidden_name = forms.BooleanField(label=_("기업명을 공개하지 않습니다."), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, initial=3)


class FilterForm(forms.Form):
    q = forms.CharField(label=_("검색어"), required=False)
    status = forms.ChoiceField(label=_("상태"), required=False, choices=[("", _("전체")), ("held", _("보류"))])
    country = forms.ChoiceField(label=_("국가"), required=False, choices=[("", _("전체")), ("jp", _("일본"))])


def context(*, contrast: str = "normal", masthead: bool = False) -> dict[str, Any]:
    request = RequestFactory().get("/demands/?status=held&page=3")
    when = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
    failed = DemandForm(data={"title": "", "countries": [], "version": 3})
    failed.is_valid()
    return {
        "request": request,
        "csrf_token": "token",
        "user": SimpleNamespace(is_authenticated=True, name="김하늘", email="officer@example.org"),
        "portal": {
            "name": _("국제기술협력 포털"),
            "office": _("기술협력혁신센터"),
            "official_masthead": masthead,
            "contrast": contrast,
            "role": _("사업담당자"),
            "languages": [("ko", ""), ("en", "")],
        },
        "navigation": [
            SimpleNamespace(label=_("내 업무"), url="/", current=False, count=None),
            SimpleNamespace(label=_("매칭 검토"), url="/triage/", current=True, count=12),
            SimpleNamespace(label=_("수요기술"), url="/demands/", current=False, count=None),
            SimpleNamespace(label=_("해외기술"), url="/catalogue/", current=False, count=None),
            SimpleNamespace(label=_("작업 현황"), url="/work/", current=False, count=None),
        ],
        "messages": [
            Message(constants.SUCCESS, str(_("검토 결과를 저장했습니다."))),
            Message(constants.ERROR, str(_("다른 담당자가 먼저 수정했습니다."))),
        ],
        "form": DemandForm(),
        "failed": failed,
        "filter_form": FilterForm(request.GET),
        "page_obj": Paginator(range(243), 20).get_page(3),
        "rows": [
            SimpleNamespace(
                number=f"D-2026-{index:04}",
                title=title,
                language=language,
                status=status,
                label=label,
                company=company,
                relevance=relevance,
                hidden=index % 3 == 0,
            )
            for index, (title, language, status, label, company, relevance) in enumerate(
                [
                    (
                        "자동차 부품용 고강도 알루미늄 합금의 열처리 균일도 개선 기술",
                        "ko",
                        "pending",
                        _("검토 대기"),
                        "㈜동***공",
                        "very_high",
                    ),
                    (
                        "Способ термической обработки алюминиевых сплавов",
                        "ru",
                        "running",
                        _("계산 중"),
                        "㈜한***텍",
                        "high",
                    ),
                    ("高強度アルミニウム合金の熱処理方法", "ja", "released", _("공개"), "㈜세***스", "medium"),
                    ("高强度铝合金的热处理工艺及其设备", "zh", "rejected", _("부적합"), "㈜가***람", "low"),
                    (
                        "Uniform heat treatment of high-strength alloys",
                        "en",
                        "failed",
                        _("계산 실패"),
                        "㈜미***이",
                        None,
                    ),
                ],
                start=1,
            )
        ],
        "tiles": [
            {
                "label": _("검토 대기"),
                "count": 12,
                "url": "?a",
                "tone": "warning",
                "note": _("오늘 마감 3건"),
                "current": True,
            },
            {"label": _("계산 중"), "count": 4, "url": "?b", "tone": "info"},
            {"label": _("공개"), "count": 128, "url": "?c", "tone": "success"},
            {"label": _("계산 실패"), "count": 1, "url": "?d", "tone": "danger"},
        ],
        "funnel_steps": [
            {"label": _("추천 후보"), "count": 320, "url": "?1"},
            {"label": _("담당자 검토"), "count": 142},
            {"label": _("기업 공개"), "count": 61},
            {"label": _("기술 소개"), "count": 17},
        ],
        "components": [
            {
                "label": _("의미 유사도"),
                "value": 0.82,
                "weight": 0.5,
                "raw": "0.713",
                "reason": _("두 글이 같은 공정을 설명합니다."),
            },
            {
                "label": _("용어 일치"),
                "value": 0.41,
                "weight": 0.3,
                "raw": "3.2",
                "reason": _("일치한 용어: 알루미늄, 열처리"),
            },
            {"label": _("기술 분야"), "value": 1.0, "weight": 0.2, "raw": "1"},
            {"label": _("인용 관계"), "value": None},
        ],
        "events": [
            {
                "what": _("공개"),
                "who": "김하늘",
                "when": when,
                "tone": "success",
                "note": _("기업에 알림을 보냈습니다."),
            },
            {"what": _("보류"), "who": "이도윤", "when": when, "tone": "warning"},
            {"what": _("점수 계산"), "who": "", "when": when},
        ],
        "facts": [
            {"label": _("국가"), "content": _("러시아")},
            {"label": _("기관명"), "content": "Институт лёгких сплавов", "lang": "ru"},
            {"label": _("매출액"), "content": 1200, "hidden": True},
            {"label": _("특허 번호"), "content": ""},
            {"label": _("예산"), "content": 350, "unit": _("백만원")},
        ],
        "tabs": [
            {"label": _("개요"), "url": "#a", "current": True, "count": None},
            {"label": _("추천 기술"), "url": "#b", "current": False, "count": 24},
            {"label": _("이력"), "url": "#c", "current": False, "count": None},
        ],
        "bulk_actions": [
            {"value": "release", "label": _("선택 공개"), "confirm": _("선택한 결과를 기업에 공개합니다.")},
            {"value": "hold", "label": _("보류"), "key": "h"},
            {"value": "reject", "label": _("부적합"), "danger": True},
        ],
    }


def render(
    template: str, *, language: str = "ko", contrast: str = "normal", masthead: bool = False, **extra: Any
) -> str:
    """The page as a browser would get it; context processors are left out on purpose (they need a database)."""
    with override_settings(ROOT_URLCONF=__name__), translation.override(language):
        data = context(contrast=contrast, masthead=masthead)
        engine = Engine.get_default()
        own = Path(__file__).parent / "templates" / template
        page = engine.from_string(own.read_text(encoding="utf-8")) if own.exists() else engine.get_template(template)
        return page.render(Context({**data, **extra}))
