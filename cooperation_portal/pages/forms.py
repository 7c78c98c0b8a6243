from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cooperation_portal.pages.models import Category, Kind, Page
from cooperation_portal.shared.text import PlainCharField

_BODY_HELP = _(
    "빈 줄로 문단을 나눕니다. ## 제목, **굵게**, - 목록, 1. 순서 목록, [보일 글](주소), 표를 쓸 수 있고 "
    "HTML은 쓸 수 없습니다."
)


def _body(**more: Any) -> PlainCharField:
    return PlainCharField(
        label=_("내용"),
        max_length=60000,
        widget=forms.Textarea(attrs={"rows": 18}),
        help_text=_BODY_HELP,
        error_messages={"required": _("내용을 적어 주십시오.")},
        **more,
    )


def _title() -> PlainCharField:
    return PlainCharField(label=_("제목"), max_length=200, error_messages={"required": _("제목을 적어 주십시오.")})


class TextForm(forms.Form):
    """The text of a page in one language. What belongs to the page itself is asked where it has such a thing."""

    title = _title()
    body = _body()
    category = forms.ChoiceField(label=_("분류"), choices=Category)
    is_pinned = forms.BooleanField(label=_("중요 공지로 맨 위에 보이기"), required=False)
    edit_version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind != Kind.QUESTION:
            del self.fields["category"]
        if kind != Kind.ANNOUNCEMENT:
            del self.fields["is_pinned"]

    @property
    def seen(self) -> int:
        return self.cleaned_data["edit_version"] or 0

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "edit_version"}


class PublishForm(forms.Form):
    note = PlainCharField(
        label=_("무엇이 바뀌었는지"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("이력에 남습니다. 약관과 개인정보처리방침에서는 이용자에게도 보입니다."),
        error_messages={"required": _("무엇이 바뀌었는지 한두 문장으로 적어 주십시오.")},
    )
    effective_on = forms.DateField(
        label=_("시행일"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_(
            "이날부터 새 글이 적용되고, 그 전까지는 지금 글과 함께 예고됩니다. 개정은 시행 7일 전까지 알려 주십시오."
        ),
        error_messages={"required": _("시행일을 적어 주십시오."), "invalid": _("2027-01-31과 같이 적어 주십시오.")},
    )
    edit_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, page: Page, is_first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_first:
            del self.fields["note"]
        if not page.is_dated:
            del self.fields["effective_on"]

    def clean_effective_on(self) -> date:
        day: date = self.cleaned_data["effective_on"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("지난 날을 시행일로 할 수 없습니다. 오늘이나 그 뒤의 날을 골라 주십시오."))
        return day

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "edit_version"}


class SearchForm(forms.Form):
    q = PlainCharField(label=_("찾는 말"), required=False, max_length=60)

    @property
    def words(self) -> str:
        return str(self.cleaned_data["q"]) if self.is_valid() else ""


class InquiryForm(forms.Form):
    """Anybody's question. `website` is hidden from people: only programs fill it in."""

    category = forms.ChoiceField(
        label=_("분류"),
        choices=[("", _("무엇에 관한 문의인지 골라 주십시오.")), *Category.choices],
        error_messages={"required": _("분류를 골라 주십시오.")},
    )
    subject = PlainCharField(
        label=_("제목"), max_length=120, error_messages={"required": _("제목을 한 줄로 적어 주십시오.")}
    )
    text = PlainCharField(
        label=_("문의 내용"),
        min_length=10,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("비밀번호나 주민등록번호는 적지 마십시오. 회사의 기술 비밀은 수요기술 접수로 알려 주십시오."),
        error_messages={
            "required": _("문의 내용을 적어 주십시오."),
            "min_length": _("무엇이 궁금하신지 알 수 있도록 10자 이상 적어 주십시오."),
        },
    )
    name = PlainCharField(
        label=_("이름"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("이름을 적어 주십시오.")},
    )
    email = forms.EmailField(
        label=_("이메일"),
        max_length=254,
        help_text=_("이 주소로 답변을 보내 드립니다."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("답변을 받을 이메일 주소를 적어 주십시오."),
            "invalid": _("name@company.co.kr과 같은 이메일 주소를 적어 주십시오."),
        },
    )
    company = PlainCharField(
        label=_("기업·기관명"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    consent = forms.BooleanField(
        label=_("문의에 답변하기 위한 개인정보 수집·이용에 동의합니다."),
        error_messages={"required": _("동의하지 않으시면 답변을 드릴 수 없습니다. 읽어 보시고 동의해 주십시오.")},
    )
    website = forms.CharField(
        required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}), max_length=200
    )

    @property
    def is_by_a_program(self) -> bool:
        return bool(self.data.get("website"))

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name not in ("consent", "website")}


class AnswerForm(forms.Form):
    text = PlainCharField(
        label=_("답변"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_(
            "문의하신 분께 메일로 보내고, 회원이면 그분의 문의 화면에도 보입니다. 보낸 뒤에는 고칠 수 없습니다."
        ),
        error_messages={"required": _("답변을 적어 주십시오.")},
    )
