"""Of a long demand the passage that speaks of its matter is compared."""

from __future__ import annotations

from dataclasses import replace

from matching.engine.documents import Document
from matching.engine.encoders import UniversalSentenceEncoder
from matching.engine.passages import LONG, in_question
from matching.engine.prepared import prepare

MATTER = (
    "알루미늄 다이캐스팅으로 유압 밸브바디를 생산합니다. 기밀시험에서 내부 기공 때문에 8%가 새서 폐기됩니다. "
    "함침 없이 기공을 줄이는 주조 기술을 찾습니다."
)
TALK = (
    "당사는 1998년에 설립되어 경기도에 본사와 공장을 두고 있습니다. 품질경영 인증과 환경경영 인증을 갖추었습니다. "
    "고객의 신뢰를 가장 큰 자산으로 여기며 정직하게 일합니다. 임직원 복지와 지역사회 공헌에도 힘쓰고 있습니다. "
    "수출의 탑을 받았고 여러 나라에 대리점을 두고 있습니다. 매년 매출이 늘어 신규 채용도 이어 가고 있습니다. "
)
DEMAND = Document("밸브바디 다이캐스팅 기공 불량 저감", MATTER, "ko", key="d", is_demand=True)
LONG_DEMAND = replace(DEMAND, body=TALK * 8 + MATTER)


def test_introduction_is_left_out(encoder: UniversalSentenceEncoder) -> None:
    read = in_question(LONG_DEMAND, encoder)
    assert "함침 없이 기공을 줄이는 주조 기술을 찾습니다." in read.body
    assert "복지" not in read.body and len(read.body) <= LONG
    assert (read.title, read.key, read.is_demand) == (DEMAND.title, "d", True)


def test_likeness_is_that_of_the_matter(encoder: UniversalSentenceEncoder) -> None:
    short, long, drowned = prepare([DEMAND, LONG_DEMAND, replace(LONG_DEMAND, is_demand=False)], encoder)
    assert short.signals.whole @ long.signals.whole > 0.95 > short.signals.whole @ drowned.signals.whole


def test_short_demands_and_offers_stay_whole(encoder: UniversalSentenceEncoder) -> None:
    offer = replace(LONG_DEMAND, is_demand=False)
    assert in_question(DEMAND, encoder) is DEMAND
    assert in_question(offer, encoder) is offer


def test_without_a_title_the_need_stands_in(encoder: UniversalSentenceEncoder) -> None:
    assert "주조 기술" in in_question(replace(LONG_DEMAND, title=""), encoder).body
