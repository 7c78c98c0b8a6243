"""Which sentence of a demand says what is wanted.

The others tell of the company, the trouble and the plans; offers that share only those with a demand are the ones that
look right and solve something else.
"""

import re
from collections.abc import Sequence

_WISHES = {
    "ko": r"찾[고는아습]|필요|원합|원함|원한|원하[는며고]|희망|싶|(?<!연)구(?:[합함]|하[고는려])|바랍|바람\W*$|요구"
    r"|모색|요청|목표|[해여어아]야\s*(?:하|합|함|할|됩|되|만|$|\W)|돼야|되야",
    "ru": r"нужн|нужд|требу|необходим|ище[тм]|ищут|хот(?:им|ел|ят)|желат|долж[ен]|следует|цель",
    "ja": r"必要|求め|探し|希望|ほしい|欲しい|たい(?:です|と|。|$)|望まし|目標|ねばならない",
    "zh": r"需要|需求|寻求|寻找|希望|要求|求购|目标|必须|期望|欲",
    "en": r"\b(?:needs?|needed|looking for|seek\w*|requir\w+|wants?|wish\w*|must|should|would like|targets?|goals?"
    r"|aims?)\b",
}
_WISH = {language: re.compile(pattern, re.IGNORECASE) for language, pattern in _WISHES.items()}


def need_of(sentences: Sequence[str], language: str) -> int:
    """The place of the last sentence that voices a wish; else of the last one. The first is the title. -1 for none."""
    wish = _WISH.get(language)
    if wish is not None:
        for place in range(len(sentences) - 1, 0, -1):
            if wish.search(sentences[place]):
                return place
    return len(sentences) - 1
