"""Names made comparable: one organisation is written with and without its corporate form, in capitals, with quotes.

The database has the same rule as its function `name_key`, so that names are compared where they lie; a test holds the
two against each other.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django.db import models
from django.db.models import Func

from cooperation_portal.shared.languages import TextLanguage

# Written without a space beside the name, so they are taken out wherever they stand.
_ATTACHED = re.compile(
    r"\((주|유|재|사|학|의|株|有|財|社|财)\)"
    r"|주식회사|유한회사|합자회사|재단법인|사단법인|학교법인|의료법인"
    r"|株式会社|有限会社|合同会社|合資会社|一般財団法人|一般社団法人|国立研究開発法人|独立行政法人"
    r"|股份有限公司|有限责任公司|有限公司"
)
_WORDS = re.compile(
    r"\b(co|ltd|inc|corp|corporation|company|limited|llc|jsc|ojsc|pjsc|plc|gmbh"
    r"|ооо|ао|пао|оао|зао|нпп|нпо|фгуп|фгбу|фгбун|фгбоу во|фгаоу во|фгбоу|фгаоу)\b"
)
_BETWEEN = re.compile(r"[\W_]+")


def _without_forms(name: str) -> str:
    plain = unicodedata.normalize("NFKC", name).lower()
    return _WORDS.sub(" ", _ATTACHED.sub(" ", plain))


def name_key(name: str) -> str:
    """Equal for names that differ in corporate form, case, spaces and punctuation only; "" where nothing is left."""
    return _BETWEEN.sub("", _without_forms(name))


def search_words(text: str) -> list[str]:
    """What is worth looking for: `㈜동백` asks for 동백, whatever form the stored name has. At most eight words."""
    return (_without_forms(text).split() or text.split())[:8]


class NameKey(Func):
    function = "name_key"
    output_field: models.Field[Any, Any] = models.TextField()


_SCRIPTS = (
    (TextLanguage.KOREAN, re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")),
    (TextLanguage.JAPANESE, re.compile(r"[\u3041-\u30ff]")),
    (TextLanguage.RUSSIAN, re.compile(r"[\u0400-\u04ff]")),
    (TextLanguage.CHINESE, re.compile(r"[\u4e00-\u9fff]")),
)


def language_of(name: str, original: str) -> str:
    """By its letters; Han letters alone are of the institution's own language where that is written in them."""
    found = next((language for language, script in _SCRIPTS if script.search(name)), TextLanguage.ENGLISH)
    if found == TextLanguage.CHINESE and original == TextLanguage.JAPANESE:
        return TextLanguage.JAPANESE
    return found
