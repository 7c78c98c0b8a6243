"""The sentence that says what is wanted, and that it counts more than the others."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from matching.engine.documents import Document
from matching.engine.needs import need_of
from matching.engine.ranking import Engine
from matching.engine.reference import Reference
from matching.engine.space import NEED_WEIGHT


@pytest.mark.parametrize(
    ("language", "wish", "other"),
    [
        ("ko", "함침 없이 2% 이하로 줄일 수 있는 주조 기술을 찾습니다.", "자사 설비에 탑재하여 납품할 예정입니다."),
        ("ko", "회수율은 90% 이상이어야 함.", "연 1만 톤의 분진이 나옵니다."),
        ("ko", "설계 단계부터 손볼 수 있는 기술 원함", "연구하고 있는 회사입니다."),
        ("ru", "Требуется технология снижения пористости.", "Предприятие выпускает насосы."),
        ("ja", "気孔を減らす鋳造技術を探しています。", "当社はポンプを製造しています。"),
        ("zh", "寻求降低气孔率的铸造技术。", "本公司生产水泵。"),
        ("en", "We are looking for a casting process with less porosity.", "Our plant makes pumps."),
    ],
)
def test_last_wish_is_the_need(language: str, wish: str, other: str) -> None:
    assert need_of(["제목", other, wish, other], language) == 2
    assert need_of(["제목", wish, other, wish], language) == 3


@pytest.mark.parametrize("language", ["ko", "en", "de"])
def test_last_sentence_stands_in_for_a_wish(language: str) -> None:
    assert need_of(["Title", "One thing.", "Another thing."], language) == 2
    assert need_of(["I want this"], language) == 0
    assert need_of([], language) == -1


def test_need_counts_more_than_the_other_sentences(letter_encoder: Any) -> None:
    """Each offer repeats one of the two sentences word for word."""
    background, need = "가나다라 마바사아 자차카타.", "하허호후 거너더러 고노도로 필요."
    demand = Document(title="", body=f"{background} {need}", language="ko")
    texts = {"answers": need, "shares": background}
    offers = [Document(title="", body=text, language="ko", key=key) for key, text in texts.items()]
    engine = Engine(letter_encoder, Reference.build([], [], letter_encoder))
    wanted = engine.prepare([demand])[0]
    answers, shares = engine.score(wanted, engine.prepare(offers)).sentences
    one, other = letter_encoder.encode([background, need], ["ko", "ko"]).astype(float)
    cosine = one @ other / np.linalg.norm(one) / np.linalg.norm(other)
    assert answers == pytest.approx((NEED_WEIGHT + cosine) / (NEED_WEIGHT + 1), abs=0.001)
    assert shares == pytest.approx((1 + NEED_WEIGHT * cosine) / (NEED_WEIGHT + 1), abs=0.001)
    assert cosine < 0.5
