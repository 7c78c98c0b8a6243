"""Terms: proposed by officers, held against the glossary's rules, accepted by administrators, known to the engine."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from cooperation_portal.shared.conflicts import EditedMeanwhile
from cooperation_portal.work.models import Work
from matching.engine.glossary import Glossary, shipped_concepts, shipped_version
from matching.learning.models import GlossaryProposal, GlossaryTerm
from matching.learning.queries.glossary import concept_named, concept_of, concepts_with
from matching.learning.queries.inforce import accepted_concepts, glossary_version
from matching.learning.services import (
    TermsClash,
    accept_proposal,
    faults_of,
    propose_terms,
    refuse_proposal,
    retire_proposal,
)
from matching.scoring.management.commands import evaluate_matching
from tests.matching.scoring.cheap_encoder import CheapEncoder
from tests.matching.triage.test_services import at_once
from tests.people import make_technology

pytestmark = pytest.mark.django_db

KNOWN = "acetic-acid"
NEW = {"ko": ["콰르젤리움"], "ru": ["кварзелиум"], "en": ["quarzelium"]}


def proposed(by: Any, terms: Any = None, concept: str = "") -> GlossaryProposal:
    return propose_terms(concept=concept, field="metals", broader="", terms=terms or NEW, note="", by=by)


def accepted(officer: Any, admin: Any, terms: Any = None, concept: str = "") -> GlossaryProposal:
    made = proposed(officer, terms, concept)
    return accept_proposal(made, reason="확인했습니다.", edit_version=1, by=admin)


def test_an_accepted_concept_is_recognised_in_texts(officer: Any, content_admin: Any) -> None:
    made = accepted(officer, content_admin)
    assert (made.concept, made.state) == ("quarzelium", "accepted")
    concept = next(one for one in accepted_concepts() if one.key == "quarzelium")
    glossary = Glossary([concept])
    assert [found.concept.key for found in glossary.mentions("콰르젤리움을 쓰는 공정", "ko")] == ["quarzelium"]
    assert [found.concept.key for found in glossary.mentions("Кварзелиум и сталь", "ru")] == ["quarzelium"]


def test_terms_are_added_to_a_known_concept(officer: Any, content_admin: Any) -> None:
    before = concept_of(KNOWN)
    assert before is not None
    accepted(officer, content_admin, {"ko": ["콰르젤초산"]}, KNOWN)
    after = concept_of(KNOWN)
    assert after is not None
    assert after.terms["ko"] == (*before.terms["ko"], "콰르젤초산")
    assert len(accepted_concepts()) == len(shipped_concepts())


def test_accepted_terms_change_the_version_of_the_glossary(officer: Any, content_admin: Any) -> None:
    before = glossary_version()
    made = proposed(officer)
    assert glossary_version() == before
    accept_proposal(made, reason="확인", edit_version=1, by=content_admin)
    after = glossary_version()
    assert after != before
    made.refresh_from_db()
    retire_proposal(made, reason="잘못", edit_version=made.edit_version, by=content_admin)
    assert glossary_version() == before


def test_accepting_asks_for_new_scores(officer: Any, content_admin: Any) -> None:
    make_technology()
    Work.objects.filter(kind="renew_reference").delete()
    accepted(officer, content_admin)
    assert Work.objects.filter(kind="renew_reference", subject="inbound").exists()


def test_a_new_concept_without_english_words_gets_a_key_of_its_own(officer: Any, content_admin: Any) -> None:
    made = accepted(officer, content_admin, {"ko": ["콰르젤리움"], "ru": ["кварзелиум"]})
    assert made.concept == f"proposed-{made.pk}"


def test_a_key_that_is_taken_is_not_given_again(officer: Any, content_admin: Any) -> None:
    accepted(officer, content_admin)
    made = accepted(officer, content_admin, {"ko": ["콰르젤리움 제이형"], "en": ["quarzelium β"]})
    assert made.concept == f"quarzelium-{made.pk}"


@pytest.mark.parametrize(
    ("terms", "concept", "code"),
    [
        ({"ko": ["빙초산"], "en": ["quarzelium"]}, "", "in_two_concepts"),
        ({"ko": ["빙초산"]}, KNOWN, "already_there"),
        ({"ko": ["кварзелиум"]}, KNOWN, "wrong_script"),
        ({"ko": ["돌"]}, KNOWN, "too_short"),
        ({"ko": ["콰르젤 리움", "콰르젤리움"]}, KNOWN, "already_there"),
    ],
)
def test_faults_are_found(terms: dict[str, list[str]], concept: str, code: str) -> None:
    assert code in {fault.code for fault in faults_of(terms, concept=concept)}


def test_a_fault_names_the_concept_that_has_the_term() -> None:
    (fault,) = faults_of({"ko": ["빙초산"]})
    assert (fault.concept, fault.language, fault.term) == (KNOWN, "ko", "빙초산")


def test_right_terms_have_no_fault() -> None:
    assert faults_of(NEW) == []


def test_of_two_proposals_of_one_term_the_second_cannot_be_accepted(officer: Any, content_admin: Any) -> None:
    first, second = proposed(officer), proposed(officer)
    accept_proposal(first, reason="확인", edit_version=1, by=content_admin)
    with pytest.raises(TermsClash) as clash:
        accept_proposal(second, reason="확인", edit_version=1, by=content_admin)
    assert {fault.concept for fault in clash.value.faults} == {"quarzelium"}
    second.refresh_from_db()
    assert second.state == "proposed"


def test_the_database_keeps_a_form_from_standing_twice(officer: Any, content_admin: Any) -> None:
    made = accepted(officer, content_admin)
    with pytest.raises(IntegrityError), transaction.atomic():
        GlossaryTerm.objects.create(proposal=made, concept="other", language="ko", term="콰르젤리움", form="콰르젤리움")


def test_what_was_answered_cannot_be_answered_again(officer: Any, content_admin: Any) -> None:
    made = proposed(officer)
    refuse_proposal(made, reason="뜻이 넓습니다.", edit_version=1, by=content_admin)
    with pytest.raises(EditedMeanwhile):
        accept_proposal(made, reason="확인", edit_version=1, by=content_admin)
    assert not GlossaryTerm.objects.exists()


def test_terms_added_to_a_new_concept_go_with_it(officer: Any, content_admin: Any) -> None:
    made = accepted(officer, content_admin)
    accepted(officer, content_admin, {"ja": ["クワルゼリウム"]}, "quarzelium")
    made.refresh_from_db()
    retire_proposal(made, reason="잘못", edit_version=made.edit_version, by=content_admin)
    assert concept_of("quarzelium") is None
    assert not GlossaryTerm.objects.filter(retired_on__isnull=True).exists()


def test_concepts_are_found_by_terms_of_every_language(officer: Any, content_admin: Any) -> None:
    assert concepts_with("빙초산")[0].key == concepts_with("уксусная кислота")[0].key == KNOWN
    assert concepts_with("x") == []
    named = concept_named("빙초산")
    assert named is not None
    assert named.key == KNOWN


# --- pages ------------------------------------------------------------------------------------------------------------


def test_an_officer_proposes_and_an_administrator_accepts(officer: Any, content_admin: Any) -> None:
    theirs, admins = Client(), Client()
    theirs.force_login(officer)
    admins.force_login(content_admin)
    sent = theirs.post(
        reverse("propose_terms"),
        {"ko": "콰르젤리움; 콰르젤합금", "en": "quarzelium", "field": "metals", "broader": "빙초산"},
    )
    made = GlossaryProposal.objects.get()
    url = reverse("glossary_proposal", kwargs={"pk": made.pk})
    assert sent.headers["Location"] == url
    assert (made.terms["ko"], made.broader, made.name) == (["콰르젤리움", "콰르젤합금"], KNOWN, "콰르젤리움")
    answer = reverse("answer_proposal", kwargs={"pk": made.pk})
    assert theirs.post(answer, {"action": "accept", "reason": "확인", "edit_version": 1}).status_code == 403
    assert admins.post(answer, {"action": "accept", "reason": "", "edit_version": 1}).status_code == 422
    assert admins.post(answer, {"action": "accept", "reason": "확인", "edit_version": 1}).status_code == 302
    assert admins.post(answer, {"action": "refuse", "reason": "확인", "edit_version": 1}).status_code == 409
    page = theirs.get(url).content.decode()
    assert "사용 중" in page
    assert "확인" in page


def test_faults_are_told_beside_the_field(officer: Any, client: Client) -> None:
    client.force_login(officer)
    answer = client.post(reverse("propose_terms"), {"ko": "빙초산", "ru": "acid", "field": "metals"})
    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert KNOWN in errors["ko"][0]
    assert not GlossaryProposal.objects.exists()


def test_a_new_concept_needs_korean_and_another_language(officer: Any, client: Client) -> None:
    client.force_login(officer)
    for data in ({"ko": "콰르젤리움"}, {"en": "quarzelium", "ru": "кварзелиум"}, {}):
        answer = client.post(reverse("propose_terms"), {"field": "metals", **data})
        assert (answer.status_code, GlossaryProposal.objects.count()) == (422, 0)


def test_one_form_sent_twice_makes_one_proposal(officer: Any, client: Client) -> None:
    client.force_login(officer)
    url = f"{reverse('propose_terms')}?concept={KNOWN}"
    data = {"ko": "콰르젤초산", "submission": client.get(url).context["form"]["submission"].value()}
    assert client.post(url, data).headers["Location"] == client.post(url, data).headers["Location"]
    assert GlossaryProposal.objects.get().concept == KNOWN


def test_a_term_of_a_text_is_filled_in(officer: Any, client: Client) -> None:
    client.force_login(officer)
    page = client.get(reverse("propose_terms"), {"term": "кварзелиум", "language": "ru"})
    assert page.context["form"]["ru"].value() == "кварзелиум"


def test_an_unknown_concept_is_not_found(officer: Any, client: Client) -> None:
    client.force_login(officer)
    assert client.get(reverse("propose_terms"), {"concept": "no-such-thing"}).status_code == 404


def test_the_start_page_tells_administrators_what_waits(officer: Any, content_admin: Any, client: Client) -> None:
    def waiting() -> int:
        tiles = client.get(reverse("home")).context["to_answer"]
        return next(tile["count"] for tile in tiles if tile["url"] == f"{reverse('glossary')}?state=proposed")

    client.force_login(content_admin)
    assert waiting() == 0
    proposed(officer)
    assert waiting() == 1


# --- at the edges -----------------------------------------------------------------------------------------------------


def test_terms_for_a_concept_that_is_gone_are_not_accepted(officer: Any, content_admin: Any) -> None:
    made = accepted(officer, content_admin)
    late = proposed(officer, {"ja": ["クワルゼリウム"]}, "quarzelium")
    made.refresh_from_db()
    retire_proposal(made, reason="잘못", edit_version=made.edit_version, by=content_admin)
    with pytest.raises(TermsClash) as clash:
        accept_proposal(late, reason="확인", edit_version=1, by=content_admin)
    assert [(fault.code, fault.concept) for fault in clash.value.faults] == [("concept_gone", "quarzelium")]
    assert concept_of("quarzelium") is None


def test_the_page_of_terms_for_a_concept_that_is_gone_says_so(officer: Any, content_admin: Any, client: Client) -> None:
    made = accepted(officer, content_admin)
    late = proposed(officer, {"ja": ["クワルゼリウム"]}, "quarzelium")
    made.refresh_from_db()
    retire_proposal(made, reason="잘못", edit_version=made.edit_version, by=content_admin)
    client.force_login(content_admin)
    assert "지금 용어집에 없습니다." in client.get(reverse("glossary_proposal", args=[late.pk])).content.decode()
    answer = {"action": "accept", "reason": "확인", "edit_version": 1}
    page = client.post(reverse("answer_proposal", args=[late.pk]), answer)
    assert (page.status_code, "사용을 멈추었습니다" in page.content.decode()) == (409, True)


def test_proposals_that_go_with_a_concept_say_that_they_are_out_of_use(officer: Any, content_admin: Any) -> None:
    made = accepted(officer, content_admin)
    added = accepted(officer, content_admin, {"ja": ["クワルゼリウム"]}, "quarzelium")
    made.refresh_from_db()
    retire_proposal(made, reason="뜻이 섞입니다.", edit_version=made.edit_version, by=content_admin)
    added.refresh_from_db()
    assert (added.state, added.reason) == ("retired", "뜻이 섞입니다.")


def test_the_key_of_a_concept_that_is_gone_is_not_given_again(officer: Any, content_admin: Any) -> None:
    made = accepted(officer, content_admin)
    made.refresh_from_db()
    retire_proposal(made, reason="잘못", edit_version=made.edit_version, by=content_admin)
    again = accepted(officer, content_admin)
    assert again.concept == f"quarzelium-{again.pk}"
    assert concept_of("quarzelium") is None


def test_a_term_that_grows_beyond_what_can_be_kept_is_refused(officer: Any, client: Client) -> None:
    client.force_login(officer)
    assert "too_long" in {fault.code for fault in faults_of({"en": ["a1" * 60]}, concept=KNOWN)}
    answer = client.post(f"{reverse('propose_terms')}?concept={KNOWN}", {"en": "a1" * 60})
    assert (answer.status_code, GlossaryProposal.objects.count()) == (422, 0)


@pytest.mark.parametrize("written", ["가" * 500, "<script>alert(1)</script>", "; ;;", "a\x00b", "🙂🙂🙂"])
def test_odd_input_is_refused_and_shown_again(officer: Any, client: Client, written: str) -> None:
    client.force_login(officer)
    answer = client.post(f"{reverse('propose_terms')}?concept={KNOWN}", {"ko": written})
    assert (answer.status_code, GlossaryProposal.objects.count()) == (422, 0)
    assert "<script>alert" not in answer.content.decode()


def test_the_evaluation_takes_the_shipped_glossary_and_tells_both_versions(
    officer: Any, content_admin: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setattr(evaluate_matching, "encoder", CheapEncoder)
    offer = {"lang": "ru", "title": "Печь", "body": "Печь для стали.", "grade": 2}
    topic = {"id": "1", "demand_ko": {"title": "강철 열처리로", "body": "강철을 달굴 노를 찾습니다."}}
    benchmark = tmp_path / "topics.jsonl"
    benchmark.write_text(json.dumps(topic | {"offers": [offer], "hard_negatives": []}), encoding="utf-8")
    accepted(officer, content_admin)
    call_command("evaluate_matching", str(benchmark), "--json")
    figures = json.loads(capsys.readouterr().out.strip())
    assert figures["glossary"] == shipped_version() == figures["engine"].rpartition("-")[2]
    assert figures["glossary in force"] == glossary_version() != shipped_version()


@pytest.mark.django_db(transaction=True)
def test_of_two_administrators_who_accept_one_term_at_once_one_is_told(officer: Any, content_admin: Any) -> None:
    proposals = [proposed(officer), proposed(officer)]
    results = at_once(
        *(partial(accept_proposal, one, reason="확인", edit_version=1, by=content_admin) for one in proposals)
    )
    assert sorted(type(result).__name__ for result in results) == ["GlossaryProposal", "TermsClash"]
    assert GlossaryTerm.objects.filter(language="ko").count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_twice_at_once_makes_one_proposal(officer: Any) -> None:
    send = partial(
        propose_terms, concept="", field="metals", broader="", terms=NEW, note="", by=officer, submission=uuid4()
    )
    first, second = at_once(send, send)
    assert first == second == GlossaryProposal.objects.get()
