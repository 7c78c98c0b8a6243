"""Text that people type: what cannot be stored or would not be seen is said at once."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_KEPT = {"\n", "\r", "\t"}


def validate_plain(value: str) -> None:
    """Refuses NUL and other control characters, which come with text pasted from damaged files."""
    if any(unicodedata.category(character) in {"Cc", "Cs"} and character not in _KEPT for character in value):
        raise ValidationError(
            _("읽을 수 없는 제어 문자가 들어 있습니다. 그 부분을 지우고 다시 적어 주십시오."), code="control"
        )


class PlainCharField(forms.CharField):
    """A CharField that stores text in one form of Unicode (NFC): names typed on a Mac are found from a PC."""

    # Django's own check of NUL speaks of a "null character"; ours says what to do.
    default_validators = [validate_plain]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validators = [v for v in self.validators if type(v).__name__ != "ProhibitNullCharactersValidator"]

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return unicodedata.normalize("NFC", text) if isinstance(text, str) else text
