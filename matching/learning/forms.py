from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cooperation_portal.shared.languages import TextLanguage
from cooperation_portal.shared.text import PlainCharField
from matching.engine.glossary import Concept
from matching.learning.queries.glossary import SHORTEST, concept_named
from matching.learning.services import TermFault, faults_of
from matching.learning.vocabulary import GLOSSARY_FIELDS

_MOST_TERMS, _LONGEST_TERM = 20, 120


def fault_in_words(fault: TermFault) -> str:
    texts = {
        "wrong_script": _now("‘%(term)s’: 이 언어의 글자가 아닌 것이 들어 있습니다. 해당 언어의 칸에 적어 주십시오."),
        "too_short": _now("‘%(term)s’: 너무 짧아 다른 말과 섞입니다. 더 긴 용어를 적어 주십시오."),
        "never_matched": _now("‘%(term)s’: 글에서 알아볼 수 없는 꼴입니다. 사전에 나오는 기본형으로 적어 주십시오."),
        "in_two_concepts": _now("‘%(term)s’: 이미 개념 ‘%(concept)s’의 용어입니다. 다른 용어를 적어 주십시오."),
        "too_long": _now("‘%(term)s’: 너무 길어 글에서 찾을 수 없습니다. 더 짧은 용어를 적어 주십시오."),
        "concept_gone": _now("개념 ‘%(concept)s’은(는) 그사이 사용을 멈추었습니다. 이 제안을 반려해 주십시오."),
        "already_there": _now("‘%(term)s’: 이미 이 개념에 있는 용어입니다. 빼고 보내 주십시오."),
    }
    return texts[fault.code] % {"term": fault.term, "concept": fault.concept}


class ProposalForm(forms.Form):
    """Terms of a known concept, or of a new one, in up to five languages."""

    field = forms.ChoiceField(
        label=_("분야"),
        choices=[("", _("분야를 골라 주십시오.")), *GLOSSARY_FIELDS.items()],
        error_messages={"required": _("새 개념의 분야를 골라 주십시오.")},
    )
    broader = PlainCharField(
        label=_("상위 개념"),
        required=False,
        max_length=_LONGEST_TERM,
        help_text=_("더 넓은 뜻의 개념이 용어집에 있으면 그 우리말 용어를 적어 주십시오."),
    )
    note = PlainCharField(
        label=_("제안 이유"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "어느 글에서 어떤 뜻으로 쓰였는지 적어 주시면 운영자가 확인하기 쉽습니다. 기업의 이름은 적지 마십시오."
        ),
    )
    submission = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)

    def __init__(self, *args: Any, concept: Concept | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.concept = concept
        if concept is not None:
            del self.fields["field"], self.fields["broader"]
        for language in TextLanguage:
            self.fields[language.value] = PlainCharField(
                label=_("%(language)s 용어") % {"language": language.label},
                required=False,
                max_length=1000,
                help_text=_("여러 개는 쌍반점(;)으로 나누고, 가장 많이 쓰는 말을 먼저 적어 주십시오."),
                widget=forms.TextInput(attrs={"lang": "zh-Hans" if language == "zh" else language.value}),
            )
        self.order_fields([*TextLanguage.values, "field", "broader", "note"])

    def clean_broader(self) -> str:
        written: str = self.cleaned_data["broader"]
        if not written:
            return ""
        found = concept_named(written)
        if found is None:
            raise forms.ValidationError(_("용어집에 없는 개념입니다. 개념 찾기에서 확인하거나 비워 두십시오."))
        return found.key

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        terms = {language: _split(cleaned.get(language, "")) for language in TextLanguage.values}
        for language, words in terms.items():
            if len(words) > _MOST_TERMS or any(len(word) > _LONGEST_TERM for word in words):
                self.add_error(language, _("용어는 언어마다 20개까지, 하나에 120자까지 적을 수 있습니다."))
        filled = [language for language, words in terms.items() if words]
        if self.concept is None and ("ko" not in filled or len(filled) < 2):
            self.add_error(None, _("새 개념에는 한국어와 다른 한 언어의 용어를 적어 주십시오."))
        elif not filled:
            self.add_error(None, _("더할 용어를 한 언어 이상 적어 주십시오."))
        sound = {language: words for language, words in terms.items() if language not in self.errors}
        for fault in faults_of(sound, concept=self.concept.key if self.concept else ""):
            self.add_error(fault.language, fault_in_words(fault))
        cleaned["terms"] = terms
        return cleaned

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        return {
            "concept": self.concept.key if self.concept else "",
            "field": self.cleaned_data.get("field", ""),
            "broader": self.cleaned_data.get("broader", ""),
            "terms": self.cleaned_data["terms"],
            "note": self.cleaned_data["note"],
            "submission": self.cleaned_data["submission"],
        }


def _split(written: str) -> list[str]:
    return list(dict.fromkeys(part.strip() for part in written.split(";") if part.strip()))


class ReasonForm(forms.Form):
    """Every change of what the engine works with says why."""

    reason = PlainCharField(
        label=_("사유"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("사유를 적어 주십시오. 이력에 남습니다.")},
    )
    edit_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    @property
    def values(self) -> dict[str, Any]:
        return {"reason": self.cleaned_data["reason"], "edit_version": self.cleaned_data["edit_version"]}


class AnswerForm(ReasonForm):
    action = forms.ChoiceField(
        choices=[("accept", _("받아들임")), ("refuse", _("반려"))],
        widget=forms.HiddenInput,
        error_messages={"required": _("‘받아들이기’나 ‘반려’를 눌러 주십시오.")},
    )


class ConceptForm(forms.Form):
    q = PlainCharField(
        label=_("찾는 말"),
        required=False,
        max_length=100,
        help_text=_("다섯 언어의 용어에서 찾습니다. 두 글자부터 찾을 수 있습니다."),
    )

    def clean_q(self) -> str:
        words: str = self.cleaned_data["q"]
        if words and len(words.strip()) < SHORTEST:
            raise forms.ValidationError(_("두 글자 이상 적어 주십시오."))
        return words
