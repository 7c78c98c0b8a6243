"""Bad rows are refused by the database itself, whatever path they take. Every constraint has a row here that it refuses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import CheckConstraint, UniqueConstraint
from django.utils import timezone

from cooperation_portal.accounts.models import Grant, KeptForm, User
from cooperation_portal.exchange.models import ImportRow
from cooperation_portal.network.models import (
    Company,
    CompanyNotDouble,
    Institution,
    InstitutionAlias,
    InstitutionNotDouble,
    Invitation,
    JoinRequest,
    Membership,
)
from cooperation_portal.notices.models import Mail
from cooperation_portal.pages.models import Office, Page
from cooperation_portal.pages.services import consent
from cooperation_portal.taxonomy.models import Country
from cooperation_portal.work.models import Work
from matching.catalogue.models import Bookmark, Technology, TechnologyText
from matching.demands.models import Demand, DemandField, DemandMetric
from matching.learning.models import GlossaryProposal, GlossaryTerm, ShownList, ShownMatch
from matching.scoring.models import HandPick, Match, Ranking, Reference, TextVector
from matching.triage.models import Answer, Assignment, Decision
from tests.people import (
    make_announcement,
    make_company,
    make_demand,
    make_import,
    make_inquiry,
    make_institution,
    make_judgement,
    make_member,
    make_proposal,
    make_question,
    make_technology,
    make_user,
    make_weights,
)

pytestmark = pytest.mark.django_db


def change(make: Callable[[], Any], **values: Any) -> Callable[[], Any]:
    """Writes values past forms, services and validators."""

    def write() -> None:
        row = make()
        type(row)._default_manager.filter(pk=row.pk).update(**values)

    return write


def officer() -> Any:
    return make_user("한서윤", "officer")


def decision(**values: Any) -> Any:
    fields = {"verdict": "suitable", "reason": "solves", "decided_by": officer()} | values
    return Decision.objects.create(demand=make_demand(), technology=make_technology(), **fields)


def copy(row: Any, **values: Any) -> Any:
    """The same row a second time."""
    row.pk = None
    row._state.adding = True
    for name, value in values.items():
        setattr(row, name, value)
    row.save(force_insert=True)
    return row


def match(**values: Any) -> Any:
    fields = {"score": 1.0, "relevance": "high", "components": {}, "reasons": {}} | values
    return Match.objects.create(demand=make_demand(), technology=make_technology(), language="ru", **fields)


def answer(**values: Any) -> Any:
    return Answer.objects.create(decision=decision(), interest="interested", answered_by=officer(), **values)


def join_request(**values: Any) -> Any:
    fields = {"business_number": "1248100998", "site_country": Country.objects.get(code="KR")} | values
    return JoinRequest.objects.create(user=make_user(), **fields)


def invitation() -> Any:
    company = make_company()
    return Invitation.objects.create(
        company=company,
        email="a@portal.example",
        token_hash="one",
        invited_by=make_member(company),
        expires_at=timezone.now(),
    )


def not_double(model: Any, one: Any, other: Any, backwards: bool = False) -> Any:
    first, second = (other, one) if backwards else (one, other)
    return model.objects.create(first=first, second=second, decided_by=officer())


def arrived() -> Any:
    return make_import(make_user(role="content_admin"))


def kept_form(**values: Any) -> Any:
    return KeptForm.objects.create(**{"user": make_user(), "path": "/demands/new/", "body": "title=x"} | values)


def reference(**values: Any) -> Any:
    counts = {"technologies": 0, "demands": 0, "data": b""}
    return Reference.objects.create(
        **{"direction": "inbound", "version": "1", "engine_version": "1", **counts} | values
    )


def alias(**values: Any) -> Any:
    institution = values.pop("institution", None) or make_institution()
    fields = {"kind": "former", "name": "ИМ", "language": "ru"} | values
    return InstitutionAlias.objects.create(institution=institution, **fields)


def membership() -> Any:
    return make_member(make_company()).memberships.get()


def work(**values: Any) -> Any:
    return Work.objects.create(**{"kind": "score_demand", "subject": "1"} | values)


def mail(**values: Any) -> Any:
    return Mail.objects.create(
        **{"event": "e", "recipient": "a@b.example", "subject": "s", "text": "t", "message_id": "1"} | values
    )


def grant() -> Any:
    return officer().grants.get()


def draft() -> Any:
    return make_announcement(published=False).versions.get()


def text() -> Any:
    return make_technology().texts.get(language="ru")


def vector() -> Any:
    return TextVector.objects.create(text_hash="a", encoder="b", whole=[1.0, 2.0], sentences=b"")


def shown_list() -> Any:
    made_by = {"engine_version": "1", "encoder": "use", "reference_version": "1"}
    return ShownList.objects.create(demand=make_demand(), demand_version=1, digest="a", **made_by)


def shown_match() -> Any:
    fields = {"language": "ru", "score": 1.0, "relevance": "high"}
    return ShownMatch.objects.create(shown_list=shown_list(), place=1, technology=make_technology(), **fields)


def answered(proposal: Any, **values: Any) -> None:
    GlossaryProposal.objects.filter(pk=proposal.pk).update(decided_by=officer(), **values)


def term(**values: Any) -> Any:
    fields = {"concept": "x", "language": "ko", "term": "가", "form": "가"} | values
    return GlossaryTerm.objects.create(proposal=make_proposal(), **fields)


def local(number: str) -> Any:
    return Company.objects.create(
        name="진출기업", code=f"L-{User.objects.count()}-{Company.objects.count()}", company_class="sme", size="small",
        site_country=Country.objects.get(code="RU"), local_registration_number=number,
    )  # fmt: skip


BAD: dict[str, Callable[[], Any]] = {
    # accounts
    "one_account_for_each_address": lambda: [make_user(email="a@b.example"), make_user(email="A@B.example")],
    "user_language_is_offered": change(make_user, language="xx"),
    "grant_role_is_known": change(grant, role="king"),
    "grant_ends_after_it_starts": change(grant, ends_on=date(1999, 1, 1)),
    "one_open_grant_for_each_role": lambda: Grant.objects.create(user=grant().user, role="officer", reason="또"),
    # taxonomy
    "country_code_is_iso": change(lambda: Country.objects.get(code="KR"), code="kr"),
    # network
    "institution_kind_is_known": change(make_institution, kind="castle"),
    "institution_language_is_known": change(make_institution, original_language="xx"),
    "one_institution_for_each_reference": lambda: [make_institution(source_reference="R1") for _ in range(2)],
    "alias_kind_is_known": change(alias, kind="nickname"),
    "alias_language_is_known": change(alias, language="xx"),
    "one_alias_for_each_spelling": lambda: copy(alias()),
    "company_class_is_known": change(make_company, company_class="giant"),
    "company_size_is_known": change(make_company, size="huge"),
    "business_number_has_ten_digits": change(make_company, business_number="124-81-009"),
    "company_has_a_registration_number": change(make_company, business_number="", local_registration_number=""),
    "one_company_for_each_business_number": lambda: [make_company(business_number="1248100998") for _ in range(2)],
    "one_company_for_each_local_number": lambda: [local("7701234567"), local("7701234567")],
    "membership_role_is_known": change(membership, role="king"),
    "one_current_membership": lambda: copy(membership()),
    # catalogue
    "technology_has_one_owner": change(make_technology, owner=None),
    "technology_direction_is_known": change(make_technology, direction="sideways"),
    "technology_language_is_known": change(make_technology, original_language="xx"),
    "technology_stage_is_known": change(make_technology, stage="never"),
    "technology_ipr_is_known": change(make_technology, ipr_status="stolen"),
    "technology_disclosure_is_known": change(make_technology, disclosure="everyone"),
    "technology_status_is_known": change(make_technology, status="lost"),
    "technology_cooperation_is_known": change(make_technology, cooperation=["license", "gift"]),
    "technology_hidden_is_known": change(make_technology, hidden=["title"]),
    "one_technology_for_each_reference": lambda: [make_technology(source_reference="R1") for _ in range(2)],
    "technology_text_language_is_known": change(text, language="xx"),
    "technology_text_origin_is_known": change(text, origin="rumour"),
    "one_text_for_each_language": lambda: copy(text(), origin="human"),
    "one_original_for_each_technology": lambda: copy(text(), language="en"),
    "technology_text_has_a_title": change(text, title=""),
    # demands
    "demand_comes_from_one_party": change(make_demand, company=None),
    "demand_kind_is_known": change(make_demand, kind="wish"),
    "demand_purpose_is_known": change(make_demand, purpose="fun"),
    "demand_direction_is_known": change(make_demand, direction="sideways"),
    "demand_language_is_known": change(make_demand, language="xx"),
    "demand_stage_is_known": change(make_demand, wanted_stage="never"),
    "demand_confidentiality_is_known": change(make_demand, confidentiality="secret"),
    "demand_status_is_known": change(make_demand, status="lost"),
    "demand_has_a_title": change(make_demand, title=""),
    "demand_beyond_draft_was_submitted": change(make_demand, submitted_at=None),
    "one_demand_for_each_reference": lambda: [make_demand(source_reference="R1") for _ in range(2)],
    "one_row_for_each_demand_field": lambda: copy(DemandField.objects.get(demand=make_demand())),
    "metric_qualifier_is_known": lambda: DemandMetric.objects.create(demand=make_demand(), name="a", qualifier="x", value=1),
    # scoring
    "one_vector_for_each_text": lambda: [vector(), vector()],
    "reference_direction_is_known": lambda: reference(direction="sideways"),
    "one_active_reference_for_each_direction": lambda: [reference(), reference(version="2")],
    "no_score_is_known": lambda: Ranking.objects.create(demand=make_demand(), demand_version=1, no_score="mood"),
    "one_match_for_each_pair": lambda: copy(match()),
    "relevance_is_known": lambda: match(relevance="suitable"),
    "one_hand_pick_for_each_pair": lambda: copy(
        HandPick.objects.create(demand=make_demand(), technology=make_technology(), picked_by=officer())
    ),
    # triage
    "one_officer_in_charge_of_a_demand": lambda: copy(
        Assignment.objects.create(demand=make_demand(), officer=officer(), assigned_by=officer()), officer=officer()
    ),
    "one_decision_for_each_pair": lambda: copy(decision()),
    "verdict_is_known": lambda: decision(verdict="perfect"),
    "reason_fits_the_verdict": lambda: decision(reason="stage"),
    "other_reason_is_explained": lambda: decision(reason="other", words=""),
    # work and mail
    "one_work_row_for_each_subject": lambda: [work(), work()],
    "work_state_is_known": lambda: work(state="lost"),
    "work_queue_is_known": lambda: work(queue="vip"),
    "running_work_is_leased": lambda: work(state="running"),
    "one_mail_for_each_event_and_recipient": lambda: [mail(), mail(message_id="2")],
}  # fmt: skip

BAD |= {
    # pages
    "page_kind_is_known": change(make_announcement, kind="poem"),
    "page_category_is_known": change(make_question, category="gossip"),
    "only_questions_have_a_category": change(make_announcement, category="site"),
    "one_page_for_each_name": lambda: Page.objects.create(kind="page", slug="terms"),
    "page_version_language_is_known": change(draft, language="xx"),
    "page_version_state_is_known": change(draft, state="lost"),
    "page_version_has_a_title": change(draft, title=""),
    "published_page_version_has_a_date": change(draft, state="published"),
    "one_page_version_for_each_number": lambda: copy(draft(), state="published", published_at=timezone.now()),
    "one_draft_for_each_language": lambda: copy(draft(), number=2),
    "one_consent_for_each_version": lambda: copy(consent(make_user(), slugs=["terms"])[0]),
    "inquiry_category_is_known": change(make_inquiry, category="gossip"),
    "inquiry_language_is_known": change(make_inquiry, language="xx"),
    "inquiry_state_is_known": change(make_inquiry, state="lost"),
    "answered_inquiry_has_an_answer": change(make_inquiry, state="answered"),
    "one_office": lambda: Office.objects.create(pk=2),
}

BAD |= {
    # joining, doubles and merging
    "merged_institution_is_retired": lambda: make_institution(merged_into=make_institution()),
    "merged_company_is_retired": lambda: make_company(merged_into=make_company()),
    "not_double_institutions_in_order": lambda: not_double(
        InstitutionNotDouble, make_institution(), make_institution(), backwards=True
    ),
    "one_row_for_each_pair_of_institutions": lambda: copy(
        not_double(InstitutionNotDouble, make_institution(), make_institution())
    ),
    "not_double_companies_in_order": lambda: not_double(
        CompanyNotDouble, make_company(), make_company(), backwards=True
    ),
    "one_row_for_each_pair_of_companies": lambda: copy(not_double(CompanyNotDouble, make_company(), make_company())),
    "join_state_is_known": change(join_request, state="lost"),
    "join_request_has_one_number": change(join_request, local_registration_number="91310000"),
    "one_open_request_for_each_business_number": lambda: copy(join_request()),
    "one_open_request_for_each_local_number": lambda: copy(
        join_request(business_number="", local_registration_number="91310000")
    ),
    "invitation_role_is_known": change(invitation, role="boss"),
    "one_open_invitation_for_each_address": lambda: copy(invitation(), token_hash="another"),
    # imports
    "import_state_is_known": change(arrived, state="lost"),
    "stored_import_was_confirmed": change(arrived, state="storing"),
    "ended_import_has_its_time": change(arrived, state="refused"),
    "one_file_of_a_kind_in_an_import": lambda: copy(arrived().files.get()),
    "import_row_state_is_known": lambda: ImportRow.objects.filter(file__run=arrived()).update(state="odd"),
    "one_row_for_each_line": lambda: copy(ImportRow.objects.filter(file__run=arrived()).earliest("number")),
    # people and companies at work
    "one_kept_form_for_each_page": lambda: copy(kept_form()),
    "kept_form_is_not_too_long": lambda: kept_form(body="x" * 400_001),
    "one_bookmark_for_each_technology": lambda: copy(
        Bookmark.objects.create(user=make_user(), technology=make_technology())
    ),
    "demand_cooperation_is_known": change(make_demand, wanted_cooperation=["barter"]),
    "answer_interest_is_known": change(answer, interest="perhaps"),
    "answer_reason_fits_the_interest": change(answer, reason="terms"),
    "answer_other_reason_is_explained": change(answer, interest="not_interested", reason="other", words=""),
}

BAD |= {
    # learning
    "a_shown_list_is_kept_once": lambda: copy(shown_list()),
    "one_match_for_each_place": lambda: copy(shown_match(), technology=make_technology()),
    "one_place_for_each_shown_technology": lambda: copy(shown_match(), place=2),
    "judgement_verdict_is_known": lambda: copy(make_judgement(), stands=False, verdict="perfect"),
    "one_standing_judgement_for_each_pair": lambda: copy(make_judgement()),
    "judgement_taken_back_does_not_stand": change(make_judgement, taken_back=True),
    "judgement_place_is_on_a_list": lambda: copy(make_judgement(), stands=False, place=1),
    "weight_state_is_known": change(make_weights, state="lost", reason="가"),
    "one_weight_set_in_use": lambda: [make_weights(state="active", reason="가") for _ in range(2)],
    "weights_in_use_say_why": change(make_weights, state="active"),
    "proposal_state_is_known": lambda: answered(make_proposal(), state="lost"),
    "accepted_terms_have_a_concept": lambda: answered(make_proposal(), state="accepted"),
    "known_concept_or_a_new_one_with_a_field": change(make_proposal, field=""),
    "refused_terms_say_why": lambda: answered(make_proposal(), state="refused"),
    "answered_proposal_says_by_whom": change(make_proposal, state="accepted", concept="x"),
    "term_language_is_known": lambda: term(language="xx"),
    "one_accepted_term_of_a_form": lambda: copy(term()),
}

# A row that breaks one rule may break another that comes with it; either refusal keeps it out.
TOGETHER = {
    "verdict_is_known": {"reason_fits_the_verdict"},
    "page_kind_is_known": {"only_questions_have_a_category"},
    "page_category_is_known": {"only_questions_have_a_category"},
    "page_version_state_is_known": {"published_page_version_has_a_date"},
    "inquiry_state_is_known": {"answered_inquiry_has_an_answer"},
    "answer_interest_is_known": {"answer_reason_fits_the_interest"},
}


def constraints() -> set[str]:
    ours = [
        model for model in apps.get_models() if model.__module__.split(".")[0] in ("cooperation_portal", "matching")
    ]
    found = [constraint for model in ours for constraint in model._meta.constraints]
    return {constraint.name for constraint in found if isinstance(constraint, CheckConstraint | UniqueConstraint)}


def test_every_constraint_has_a_row_that_it_refuses() -> None:
    assert constraints() == set(BAD)


@pytest.mark.parametrize("name", BAD)
def test_bad_row_is_refused(name: str) -> None:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        BAD[name]()
    assert refused.value.__cause__ is not None
    assert refused.value.__cause__.diag.constraint_name in {name} | TOGETHER.get(name, set())


def test_ended_rows_leave_room_for_new_ones() -> None:
    """The rules on one current row at a time do not forbid a past."""
    from django.utils import timezone

    old = membership()
    Membership.objects.filter(pk=old.pk).update(ended_at=timezone.now())
    Membership.objects.create(user=old.user, company=old.company, role="member")
    held = grant()
    Grant.objects.filter(pk=held.pk).update(ends_on=held.starts_on)
    Grant.objects.create(user=held.user, role="officer", reason="다시")
    assert old.user.memberships.count() == held.user.grants.count() == 2


def test_rows_without_a_reference_do_not_collide() -> None:
    make_demand(), make_demand()
    make_technology(), make_technology()
    assert (
        Demand.objects.filter(source_reference="").count()
        == Technology.objects.filter(source_reference="").count()
        == 2
    )
    assert Institution.objects.filter(source_reference="").count() == 2
    assert TechnologyText.objects.filter(origin="source").count() == 2
