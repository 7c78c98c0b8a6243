import json
from dataclasses import replace

import pytest

from matching.engine.documents import Document
from matching.engine.glossary import Concept, Glossary
from matching.engine.prepared import Prepared, prepare
from matching.engine.ranking import Engine
from matching.engine.reasons import Reasons, document_problems
from matching.engine.reference import Reference


def terms(reasons: Reasons) -> set[tuple[str, str, str]]:
    return {(term.channel, term.demand, term.offer) for term in reasons.terms}


@pytest.fixture(scope="module")
def by_sound(engine: Engine) -> Engine:
    """Without shared concepts, which otherwise stand before what is read or sounds alike."""
    words = Concept("words", "general", "", {"ja": ("熱処理", "固体"), "zh": ("热处理", "反渗透膜")})
    return Engine(engine.encoder, engine.reference, glossary=Glossary([words]))


@pytest.mark.parametrize(
    ("demand", "offer", "term"),
    [
        ("steel", "steel-ja", ("readings", "열처리", "熱処理")),
        ("steel", "steel-zh", ("readings", "열처리", "热处理")),
        ("plasma", "plasma-ru", ("loan_words", "플라즈마", "плазмой")),
        ("plasma", "plasma-ja", ("loan_words", "플라즈마", "プラズマ")),
        ("plasma", "plasma-en", ("loan_words", "플라즈마", "plasma")),
        ("membrane", "membrane-zh", ("readings", "삼투막", "渗透膜")),
        ("battery", "battery-ja", ("readings", "고체", "固体")),
    ],
)
def test_shared_terms_show_both_surfaces(
    demand: str, offer: str, term: tuple[str, str, str], by_sound: Engine, by_key: dict[str, Prepared]
) -> None:
    assert term in terms(by_sound.reasons(by_key[demand], by_key[offer]))


@pytest.mark.parametrize(
    ("demand", "offer", "term"),
    [
        ("plasma", "plasma-ru", ("concepts", "플라즈마 표면 처리", "плазмой атмосферного давления")),
        ("steel", "steel-zh", ("concepts", "침탄", "渗碳")),
        ("orchard", "orchard-en", ("concepts", "과수원", "orchards")),
    ],
)
def test_shared_concepts_lead(
    demand: str, offer: str, term: tuple[str, str, str], engine: Engine, by_key: dict[str, Prepared]
) -> None:
    reasons = engine.reasons(by_key[demand], by_key[offer])
    assert term in terms(reasons)
    assert reasons.terms[0].channel == "concepts"
    assert [term.worth for term in reasons.terms] == sorted((term.worth for term in reasons.terms), reverse=True)


def test_concept_is_not_told_a_second_time_by_its_sound(engine: Engine, by_key: dict[str, Prepared]) -> None:
    found = terms(engine.reasons(by_key["plasma"], by_key["plasma-ru"]))
    assert not any(channel == "loan_words" and "플라즈마" in surface for channel, surface, _ in found)


@pytest.mark.parametrize(("offer", "found"), [("采用粒度分析", {"粒度"}), ("水立涂膜机", set())])
def test_short_words_that_sound_alike_by_chance_are_not_told(engine: Engine, offer: str, found: set[str]) -> None:
    glossary = Glossary([Concept("size", "metals", "", {"zh": ("粒度",)})])
    own = Engine(engine.encoder, engine.reference, glossary=glossary)
    pair = own.prepare([Document("", "입도를 맞추는 일이 어렵습니다.", "ko"), Document("", offer, "zh")])
    assert {term.offer for term in own.reasons(*pair).terms} == found


def concept(key: str, broader: str = "", field: str = "metals", **names: str) -> Concept:
    return Concept(key, field, broader, {language: (name,) for language, name in names.items()})


def explained(engine: Engine, concepts: list[Concept], demand: str, offer: str) -> Reasons:
    own = Engine(engine.encoder, engine.reference, glossary=Glossary(concepts))
    return own.reasons(*own.prepare([Document("", demand, "ko"), Document("", offer, "ru")]))


def test_wider_concept_is_a_weaker_reason_and_is_marked(engine: Engine) -> None:
    furnace = concept("furnace", ko="가열 장치", ru="печь")
    vacuum = concept("vacuum_furnace", "furnace", ko="진공 가열로", ru="вакуумная печь")
    deep = concept("deep_vacuum", "vacuum_furnace", ko="초고진공 가열로", ru="сверхвысоковакуумная установка")
    same, wider, twice = (
        explained(engine, [furnace, vacuum, deep], demand, "Нужна новая печь для цеха.").terms
        for demand in ("가열 장치를 새로 들입니다.", "진공 가열로를 새로 들입니다.", "초고진공 가열로를 새로 들입니다.")
    )
    assert [(term.demand, term.offer, term.is_wider) for term in same] == [("가열 장치", "печь", False)]
    assert [(term.demand, term.offer, term.is_wider) for term in wider] == [("진공 가열로", "печь", True)]
    assert wider[0].worth < same[0].worth
    assert twice == ()


def test_general_concept_is_told_only_where_it_is_rare(engine: Engine, offers: list[Prepared]) -> None:
    russian = [offer for offer in offers if offer.document.language == "ru"]
    common = [replace(offer.document, body=offer.document.body + " Сделано надёжно.") for offer in russian]
    for field, told in (("metals", True), ("general", False)):
        glossary = Glossary([concept("reliable", field=field, ko="믿음직함", ru="надёжно")])
        half = prepare([*common[::3], *(offer.document for offer in russian[1::3])], engine.encoder, None, glossary)
        own = Engine(engine.encoder, Reference.build(half, [], engine.encoder), glossary=glossary)
        demand, offer = own.prepare([Document("", "믿음직함이 중요합니다.", "ko"), common[0]])
        assert bool(own.reasons(demand, offer).terms) is told


@pytest.mark.parametrize("known", [0, 1, 3])
def test_terms_are_shown_in_a_nearly_empty_catalogue(
    known: int, engine: Engine, offers: list[Prepared], by_key: dict[str, Prepared]
) -> None:
    small = Engine(engine.encoder, Reference.build(offers[:known], [], engine.encoder))
    found = terms(small.reasons(by_key["steel"], by_key["steel-zh"]))
    assert {("concepts", "열처리 변형", "热处理变形"), ("readings", "대형", "大型")} <= found


def test_terms_stand_in_the_texts(engine: Engine, demands: list[Prepared], offers: list[Prepared]) -> None:
    for demand in demands:
        for offer in offers:
            for term in engine.reasons(demand, offer).terms:
                assert term.demand in demand.document.text
                assert term.offer in offer.document.text


def test_unrelated_texts_share_hardly_a_term(engine: Engine, by_key: dict[str, Prepared]) -> None:
    assert terms(engine.reasons(by_key["steel"], by_key["membrane-ru"])) == set()


def test_sentence_pairs_repeat_nothing(engine: Engine, by_key: dict[str, Prepared]) -> None:
    pairs = engine.reasons(by_key["orchard"], by_key["orchard-en"]).sentence_pairs
    assert 1 <= len(pairs) <= 3
    assert len({p.demand for p in pairs}) == len({p.offer for p in pairs}) == len(pairs)
    assert (pairs[0].demand_language, pairs[0].offer_language) == ("ko", "en")
    assert "위성 신호" in pairs[0].demand
    assert "satellite signals" in pairs[0].offer


def with_text(engine: Engine, document: Document) -> Prepared:
    return engine.prepare([document])[0]


def test_shared_figures_and_fields(engine: Engine) -> None:
    demand = with_text(engine, Document("판재", "두께 0.05 mm 판재가 필요합니다.", "ko", fields=("metals", "process")))
    offer = with_text(engine, Document("Лист", "Лист толщиной 0,05 мм.", "ru", fields=("process", "energy")))
    reasons = engine.reasons(demand, offer)
    assert [(figure.demand, figure.offer) for figure in reasons.figures] == [("0.05 mm", "0,05 мм")]
    assert reasons.fields == ("process",)


def test_cautions_are_codes_with_data(engine: Engine, by_key: dict[str, Prepared]) -> None:
    demand = with_text(
        engine,
        Document("내열 코팅", "사용 온도 600 ℃ 이상이어야 합니다.", "ko", stage="trl8", ipr="licence"),
    )
    offer = with_text(
        engine,
        Document("Покрытие", "Рабочая температура до 450 °С.", "ru", stage="trl3", ipr="sale", machine_text=True),
    )
    found = {caution.code: caution.data for caution in engine.reasons(demand, offer).cautions}
    assert found["stage_far"] == {"demand": "trl8", "offer": "trl3"}
    assert found["ipr_differs"] == {"demand": "licence", "offer": "sale"}
    assert found["machine_text"] == {"side": "offer"}
    assert found["specification_conflict"]["quantity"] == "temperature"
    assert engine.reasons(by_key["steel"], by_key["steel-ru"]).cautions == ()


@pytest.mark.parametrize(
    ("document", "problems"),
    [
        (Document("짧다", "", "ko"), ["text_too_short"]),
        (Document("", "", "fr"), ["text_too_short", "language_unsupported"]),
        (Document("충분히 긴 제목입니다", "본문", "ko"), []),
        (Document("충분히 긴 제목입니다", "본문", "ko", machine_text=True), ["machine_text"]),
    ],
)
def test_problems_of_one_document(document: Document, problems: list[str]) -> None:
    assert document_problems(document) == problems


def test_reasons_become_json_without_loss_of_quotations(engine: Engine, by_key: dict[str, Prepared]) -> None:
    reasons = engine.reasons(by_key["steel"], by_key["steel-ja"])
    stored = json.loads(json.dumps(reasons.to_dict(), ensure_ascii=False))
    assert stored["sentence_pairs"][0]["demand"] == reasons.sentence_pairs[0].demand
    assert {term["channel"] for term in stored["terms"]} <= {"concepts", "readings", "loan_words", "neutral"}


def test_stages_that_are_near_draw_no_caution(engine: Engine, by_key: dict[str, Prepared]) -> None:
    near = replace(by_key["steel-ru"].document, stage="trl5")
    assert engine.reasons(by_key["steel"], with_text(engine, near)).cautions == ()
