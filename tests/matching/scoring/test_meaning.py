"""Finding technologies by meaning, over languages, on the browsing page."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from matching.catalogue.documents import document_of
from matching.catalogue.models import Technology, TechnologyTerms
from matching.catalogue.search import index_missing
from matching.engine.encoders import EncoderError, UniversalSentenceEncoder
from matching.engine.glossary import Glossary
from matching.scoring import encoders, meaning
from matching.scoring.engines import freshly_prepared
from tests.people import make_company, make_demand, make_institution, make_technology

pytestmark = pytest.mark.django_db


def _encoded() -> None:
    documents = [document_of(technology) for technology in Technology.objects.with_texts()]
    freshly_prepared(documents, encoders.encoder(), Glossary(()))


@pytest.fixture
def technologies(monkeypatch: Any) -> dict[str, Technology]:
    encoder = UniversalSentenceEncoder()
    monkeypatch.setattr(encoders, "encoder", lambda: encoder)
    monkeypatch.setattr(meaning, "encoder", lambda: encoder)
    owner = make_institution()
    texts = {
        "nitriding": ("Плазменное азотирование стали", "Упрочнение поверхности зубчатых колёс в плазме азота."),
        "milk": ("Сушка молока", "Получение сухого молока распылением."),
        "drone": ("Беспилотник для полей", "Опрыскивание полей с беспилотного аппарата."),
        "hidden": ("Азотирование поверхности шестерён", "Упрочнение стали азотом."),
    }
    made = {}
    for name, (title, body) in texts.items():
        fields = {"hidden": ["advantages"]} if name == "hidden" else {}
        made[name] = make_technology(title, body, korean=None, owner=owner, disclosure="public", **fields)
    _encoded()
    return made


def _found(client: Any, query: str) -> list[int]:
    response = client.get(reverse("technology_list"), {"q": query, "by": "meaning"})
    assert response.status_code == 200
    return [technology.pk for technology in response.context["page_obj"]]


def test_korean_words_find_russian_texts_closest_first(client: Any, technologies: dict[str, Technology]) -> None:
    asked = {"기어 표면 질화 경화": "nitriding", "우유 분말 건조": "milk", "농약 살포 무인기": "drone"}
    assert {query: _found(client, query)[0] for query in asked} == {
        query: technologies[name].pk for query, name in asked.items()
    }
    plain = client.get(reverse("technology_list"), {"q": "기어 표면 질화 경화"})
    assert list(plain.context["page_obj"]) == []
    assert "by=meaning" in plain.content.decode()


def test_hidden_part_takes_no_part(client: Any, technologies: dict[str, Technology]) -> None:
    assert technologies["hidden"].pk not in _found(client, "기어 표면 질화 경화")


def test_what_a_reader_may_not_see_is_not_found(client: Any, technologies: dict[str, Technology]) -> None:
    Technology.objects.filter(pk=technologies["nitriding"].pk).update(disclosure="members")
    assert technologies["nitriding"].pk not in _found(client, "기어 표면 질화 경화")


def test_other_conditions_still_hold(client: Any, technologies: dict[str, Technology]) -> None:
    response = client.get(reverse("technology_list"), {"q": "질화", "by": "meaning", "original_language": "ja"})
    assert list(response.context["page_obj"]) == []


def test_broken_encoder_falls_back_to_words(client: Any, technologies: dict[str, Technology], monkeypatch: Any) -> None:
    class Broken:
        key = encoders.encoder().key

        def encode(self, texts: Any, languages: Any) -> Any:
            raise EncoderError("no answer")

    monkeypatch.setattr(meaning, "encoder", Broken)
    response = client.get(reverse("technology_list"), {"q": "азотирование", "by": "meaning"})
    assert "지금은 뜻으로 찾을 수 없어 낱말로 찾았습니다" in response.content.decode()
    assert {technology.pk for technology in response.context["page_obj"]} == {
        technologies[name].pk for name in ("nitriding", "hidden")
    }


@pytest.mark.parametrize("words", ["", "...", "\0", "a" * 200, "' OR 1=1 --", "%s %(x)s"])
def test_anything_may_be_typed(client: Any, technologies: dict[str, Technology], words: str) -> None:
    assert client.get(reverse("technology_list"), {"q": words, "by": "meaning"}, follow=True).status_code == 200


def test_technologies_from_before_get_their_hash(client: Any, technologies: dict[str, Technology]) -> None:
    TechnologyTerms.objects.update(text_hash=None)
    assert _found(client, "기어 표면 질화 경화") == []
    index_missing()
    assert _found(client, "기어 표면 질화 경화")[0] == technologies["nitriding"].pk


def test_officer_finds_by_meaning_what_to_add(client: Any, technologies: dict[str, Technology], officer: Any) -> None:
    client.force_login(officer)
    demand = make_demand(make_company())
    address = reverse("find_technology", args=[demand.pk])
    response = client.get(address, {"q": "우유 분말 건조", "by_meaning": "on"})
    assert response.context["page_obj"][0].pk == technologies["milk"].pk
    assert client.get(address, {"q": "우유 분말 건조"}).context["page_obj"].paginator.count == 0
