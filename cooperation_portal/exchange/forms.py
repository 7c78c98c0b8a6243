from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cooperation_portal.exchange import sentences
from cooperation_portal.exchange.limits import LARGEST_UPLOAD, MEGABYTE
from cooperation_portal.exchange.reading.signatures import FIRST_BYTES, OLE, TEXT, ZIP, kind_of
from cooperation_portal.exchange.sheets import Sheet


class SpreadsheetField(forms.FileField):
    """A file that may be a spreadsheet. Its first bytes are looked at and no more: reading is for another process."""

    default_error_messages = {
        "empty": gettext_lazy("빈 파일입니다. 내용이 들어 있는 파일을 골라 주십시오."),
        "invalid": gettext_lazy("파일을 다시 골라 주십시오."),
    }

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if isinstance(upload, UploadedFile):
            kind = kind_of(upload.read(FIRST_BYTES))
            upload.seek(0)
            if kind not in (ZIP, OLE, TEXT):
                raise ValidationError(sentences.refusal(kind, {})["text"], code=kind)
        return upload


class UploadForm(forms.Form):
    """One field for each kind of file, in the order in which they are stored."""

    def __init__(self, *args: Any, sheets: list[Sheet], cut_off: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._cut_off = cut_off
        for sheet in sheets:
            self.fields[sheet.name] = SpreadsheetField(
                label=str(sheet.label),
                required=False,
                widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        size = sum(upload.size or 0 for upload in self.uploads().values())
        if self._cut_off or size > LARGEST_UPLOAD:
            raise ValidationError(
                _("한 번에 %(limit)s MB까지 올릴 수 있습니다. 파일을 나누어 여러 번 올려 주십시오.")
                % {"limit": LARGEST_UPLOAD // MEGABYTE},
                code="too_large",
            )
        if self.errors and self.uploads():
            text = _("브라우저는 고른 파일을 기억하지 못합니다. 다른 칸의 파일도 함께 다시 골라 주십시오.")
            raise ValidationError(text, code="choose_again")
        if not self.uploads() and not self.errors:
            raise ValidationError(_("올릴 파일을 하나 이상 골라 주십시오."), code="required")
        return cleaned

    def uploads(self) -> dict[str, UploadedFile]:
        return {name: upload for name, upload in self.cleaned_data.items() if upload}


class ConfirmForm(forms.Form):
    preview = forms.IntegerField(widget=forms.HiddenInput)
    rows = forms.ChoiceField(choices=[("all", "all"), ("right", "right")])
