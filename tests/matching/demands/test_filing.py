"""A company writes a demand down in steps and files it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cooperation_portal.accounts.models import KeptForm
from cooperation_portal.network.models import Membership
from cooperation_portal.notices.models import Mail
from cooperation_portal.work.models import Work
from matching.demands.models import IN_THE_COMPANYS_WORDS, Demand, DemandStatus, Step
from matching.demands.services import change_demand, discard_draft, move_demand
from tests.matching.demands.conftest import PROBLEM, said, step, typed
from tests.people import make_company, make_demand, make_technology, make_user

pytestmark = pytest.mark.django_db
NEW = "/company/demands/new/"


@pytest.fixture
def client(client: Any, member: Any) -> Any:
    client.force_login(member)
    return client


@pytest.fixture
def draft(company: Any, member: Any) -> Any:
    return make_demand(company, submit=False, by=member)


def send(client: Any, path: str, **changed: Any) -> Any:
    return client.post(path, typed(client, path) | changed)


# --- from the first step to the last ----------------------------------------------------------------------------------


def test_a_demand_is_written_step_by_step_and_filed(client: Any, company: Any, member: Any) -> None:
    first = send(client, NEW, kind="difficulty", purpose="enter_market", title="저온 질화 기술")
    demand = Demand.objects.get()
    assert first.url == step(demand, "problem")
    metric = {
        "metrics-0-name": "두께",
        "metrics-0-qualifier": "at_most",
        "metrics-0-value": "0.05",
        "metrics-0-unit": "mm",
    }
    second = send(client, first.url, problem=PROBLEM, target_product="감속기", **metric)
    assert second.url == step(demand, "conditions")
    by = (timezone.localdate() + timedelta(days=200)).isoformat()
    third = send(client, second.url, wanted_stage="market", wanted_cooperation=["license", "guidance"], wanted_by=by)
    assert third.url == step(demand, "confirm")

    summary = said(client.get(third.url))
    for shown in (
        "저온 질화 기술",
        PROBLEM,
        "감속기",
        "두께 0.05 mm 이하",
        "기술이전·라이선스, 기술지도",
        by,
        "애로기술",
    ):
        assert shown in summary
    assert Demand.objects.get().status == DemandStatus.DRAFT

    page = client.post(reverse("submit_demand", args=[demand.pk]), typed_version(demand), follow=True)
    demand = Demand.objects.get()
    assert f"{demand.number}번으로 접수했습니다." in said(page)
    assert (demand.company, demand.status, demand.created_by, demand.edited_by) == (
        company,
        "submitted",
        member,
        member,
    )
    assert (demand.kind, demand.purpose, demand.wanted_cooperation) == (
        "difficulty",
        "enter_market",
        ["license", "guidance"],
    )
    assert demand.submitted_at is not None and demand.wanted_by.isoformat() == by
    assert [metric.in_words for metric in demand.metrics.all()] == ["두께 0.05 mm 이하"]


def typed_version(demand: Any) -> dict[str, Any]:
    return {"edit_version": Demand.objects.get(pk=demand.pk).edit_version}


def test_receipt_is_mailed_to_who_filed_and_scoring_is_asked_for(
    client: Any, draft: Any, member: Any, workmate: Any
) -> None:
    assert not Work.objects.filter(kind="score_demand").exists(), "a draft is not scored"
    client.post(reverse("submit_demand", args=[draft.pk]), typed_version(draft))
    mail = Mail.objects.get()
    assert (mail.recipient, draft.number in mail.subject) == (member.email, True)
    assert f"/company/demands/{draft.pk}/" in mail.text
    assert Work.objects.filter(kind="score_demand", subject=str(draft.pk)).exists()


def test_pressing_submit_twice_files_once(client: Any, draft: Any) -> None:
    data = typed_version(draft)
    answers = [client.post(reverse("submit_demand", args=[draft.pk]), data) for _ in range(2)]
    assert [answer.url for answer in answers] == [reverse("my_demand", args=[draft.pk])] * 2
    assert Mail.objects.count() == 1
    first = Demand.objects.get().submitted_at
    client.post(reverse("submit_demand", args=[draft.pk]), data)
    assert Demand.objects.get().submitted_at == first


def test_sending_the_first_step_twice_makes_one_draft(client: Any) -> None:
    values = typed(client, NEW) | {"title": "저온 질화 기술"}
    answers = [client.post(NEW, values) for _ in range(2)]
    assert answers[0].url == answers[1].url
    assert Demand.objects.count() == 1


def test_who_begins_anew_is_told_of_the_drafts_that_wait(client: Any, draft: Any, outsider: Any) -> None:
    """As after the browser's way back from the second step."""
    waiting = reverse("my_demand", args=[draft.pk])
    assert waiting in client.get(NEW).content.decode()
    client.force_login(outsider)
    assert "작성 중인 수요" not in said(client.get(NEW))


def test_who_acts_for_no_company_is_led_to_where_one_is_registered(client: Any) -> None:
    client.force_login(make_user("임가람", email="garam@example.com"))
    for path in (NEW, "/company/demands/", "/projects/mine/"):
        answer = client.get(path)
        assert answer.status_code == 403
        assert f'href="{reverse("join_company")}"' in answer.content.decode(), path


# --- drafts -----------------------------------------------------------------------------------------------------------


def test_a_draft_survives_the_sign_out_and_a_colleague_goes_on(client: Any, workmate: Any, member: Any) -> None:
    send(client, NEW, title="저온 질화 기술", go="later")
    demand = Demand.objects.get()
    client.post(reverse("account_logout"))

    other = Client()
    other.force_login(workmate)
    listed = said(other.get("/company/demands/"))
    assert "저온 질화 기술" in listed and "작성 중" in listed
    page = other.get(step(demand, "problem"))
    assert "마지막 저장: 곽미래" in said(page)
    send(other, step(demand, "problem"), problem=PROBLEM)
    demand.refresh_from_db()
    assert (demand.created_by, demand.edited_by, demand.problem) == (member, workmate, PROBLEM)


def test_a_draft_may_be_left_half_done_and_walked_back_and_forth(client: Any) -> None:
    assert send(client, NEW).status_code == 302, "not even a title yet"
    demand = Demand.objects.get()
    assert demand.title == "" and "(제목 없음)" in said(client.get("/company/demands/"))
    back = send(client, step(demand, "problem"), problem="짧다", go="what")
    assert back.url == step(demand, "what")
    demand.refresh_from_db()
    assert demand.problem == "짧다"
    forth = send(client, back.url, title="질화", go="conditions")
    assert forth.url == step(demand, "conditions")
    assert typed(client, step(demand, "problem"))["problem"] == "짧다"


def test_a_draft_is_not_filed_before_it_is_complete_and_each_gap_leads_to_its_field(
    client: Any, company: Any, member: Any
) -> None:
    draft = make_demand(company, title="", problem="짧다", submit=False, by=member)
    answer = client.post(reverse("submit_demand", args=[draft.pk]), typed_version(draft))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="{step(draft, "what")}?missing=1#id_title"' in html
    assert f'href="{step(draft, "problem")}?missing=1#id_problem"' in html
    assert Demand.objects.get().status == DemandStatus.DRAFT and not Mail.objects.exists()
    form = client.get(step(draft, "problem") + "?missing=1").context["form"]
    assert "20자 이상" in form.errors["problem"][0]
    assert form["problem"].value() == "짧다"


def test_a_wanted_date_that_has_passed_since_is_a_gap(client: Any, draft: Any) -> None:
    Demand.objects.filter(pk=draft.pk).update(wanted_by=timezone.localdate() - timedelta(days=1))
    answer = client.post(reverse("submit_demand", args=[draft.pk]), typed_version(draft))
    assert answer.status_code == 422 and "희망 시기가 지났습니다." in said(answer)


def test_officers_see_nothing_of_a_draft(officer: Any, content_admin: Any, draft: Any) -> None:
    for person in (officer, content_admin):
        assert not Demand.objects.visible_to(person).filter(pk=draft.pk).exists()
    desk = Client()
    desk.force_login(officer)
    assert desk.get(f"/demands/{draft.pk}/").status_code == 404
    assert draft.title not in said(desk.get("/demands/"))
    discard_draft(draft, by=None)
    assert draft.title not in said(desk.get("/demands/"))
    assert desk.get(f"/demands/{draft.pk}/").status_code == 404


def test_a_draft_that_is_thrown_away_leaves_the_lists_for_good(client: Any, draft: Any, member: Any) -> None:
    path = reverse("discard_demand", args=[draft.pk])
    assert "되살릴 수 없습니다" in said(client.get(path))
    assert draft.title not in said(client.post(path, follow=True))
    draft.refresh_from_db()
    assert (draft.status, draft.submitted_at) == (DemandStatus.WITHDRAWN, None)
    assert "버린 초안" in said(client.get(reverse("my_demand", args=[draft.pk])))
    assert client.post(reverse("submit_demand", args=[draft.pk]), typed_version(draft)).status_code == 302
    assert client.get(step(draft, "what")).url == reverse("my_demand", args=[draft.pk])
    draft.refresh_from_db()
    assert draft.status == DemandStatus.WITHDRAWN and not Mail.objects.exists()


def test_what_was_filed_is_not_thrown_away(client: Any, demand: Any, member: Any) -> None:
    page = client.post(reverse("discard_demand", args=[demand.pk]), follow=True)
    assert "철회해 주십시오" in said(page)
    demand.refresh_from_db()
    assert demand.status == DemandStatus.SUBMITTED


# --- two people at once -----------------------------------------------------------------------------------------------


def test_of_two_who_save_the_same_step_the_second_is_shown_both_texts(client: Any, draft: Any, workmate: Any) -> None:
    mine = typed(client, step(draft, "what")) | {"title": "내가 고친 제목"}
    change_demand(draft, by=workmate, edit_version=draft.edit_version, title="동료가 고친 제목")
    page = client.post(step(draft, "what"), mine)
    text = said(page)
    assert page.status_code == 409
    assert "동료가 고친 제목" in text and "노지혜" in text and "그사이 다른 사람이 이 수요를 고쳤습니다." in text
    assert page.context["form"]["title"].value() == "내가 고친 제목"
    assert Demand.objects.get().title == "동료가 고친 제목"
    again = mine | {"edit_version": page.context["form"]["edit_version"].value()}
    assert client.post(step(draft, "what"), again).status_code == 302
    assert Demand.objects.get().title == "내가 고친 제목"


def test_a_draft_that_a_colleague_changed_is_not_filed_unseen(client: Any, draft: Any, workmate: Any) -> None:
    seen = typed_version(draft)
    change_demand(draft, by=workmate, edit_version=draft.edit_version, title="동료가 고친 제목")
    page = client.post(reverse("submit_demand", args=[draft.pk]), seen)
    assert page.status_code == 409 and "동료가 고친 제목" in said(page)
    assert Demand.objects.get().status == DemandStatus.DRAFT


def test_steps_do_not_touch_what_is_on_other_steps(client: Any, draft: Any) -> None:
    Demand.objects.update(wanted_stage="market", target_product="감속기")
    send(client, step(draft, "what"), title="새 제목입니다")
    after = Demand.objects.get()
    assert (after.title, after.wanted_stage, after.target_product, after.fields.count()) == (
        "새 제목입니다",
        "market",
        "감속기",
        1,
    )


# --- bad input --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "change", "field", "message"),
    [
        ("what", {"title": "가" * 201}, "title", "200"),
        ("what", {"title": "질화\x00기술"}, "title", "읽을 수 없는 제어 문자"),
        ("what", {"kind": "evil"}, "kind", "evil"),
        ("what", {"fields_wanted": ["999999"]}, "fields_wanted", ""),
        ("problem", {"problem": "가" * 20_001}, "problem", "20000"),
        ("problem", {"target_product": "가\x08"}, "target_product", "읽을 수 없는 제어 문자"),
        ("conditions", {"wanted_by": "2020-01-01"}, "wanted_by", "희망 시기가 지났습니다."),
        ("conditions", {"wanted_by": "31.12.2027"}, "wanted_by", "연-월-일로 적어 주십시오."),
        ("conditions", {"wanted_by": "2100-01-01"}, "wanted_by", "연도를 다시 확인해 주십시오."),
        ("conditions", {"wanted_cooperation": ["evil"]}, "wanted_cooperation", "evil"),
        ("conditions", {"wanted_stage": "never"}, "wanted_stage", "never"),
    ],
)  # fmt: skip
def test_wrong_input_is_told_beside_its_field(
    client: Any, draft: Any, name: str, change: dict[str, Any], field: str, message: str
) -> None:
    before = Demand.objects.get().edit_version
    page = client.post(step(draft, name), typed(client, step(draft, name)) | change)
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {field}
    assert any(message in error for error in page.context["form"].errors[field])
    assert Demand.objects.get().edit_version == before


def test_wrong_figures_are_told_beside_their_row_and_the_text_is_kept(client: Any, draft: Any) -> None:
    wrong = {"metrics-0-name": "두께", "metrics-0-value": "얇게", "problem": PROBLEM + " 더 적은 말."}
    page = send(client, step(draft, "problem"), **wrong)
    assert page.status_code == 422
    assert "숫자만 적어 주십시오." in page.context["metrics"][0].errors["value"][0]
    assert "더 적은 말." in page.content.decode()
    assert not draft.metrics.exists()


@pytest.mark.parametrize("name", ["nowhere", "WHAT", "confirm2"])
def test_a_step_that_does_not_exist(client: Any, draft: Any, name: str) -> None:
    assert client.get(step(draft, name)).status_code == 404


# --- whose it is ------------------------------------------------------------------------------------------------------

PAGES = ("my_demand", "my_demand_progress", "submit_demand", "discard_demand", "withdraw_demand")


@pytest.mark.parametrize("role", ["outsider", "officer", "content_admin", "system_admin"])
def test_a_demand_does_not_exist_for_anybody_outside_the_company(
    request: Any, draft: Any, demand: Any, role: str
) -> None:
    stranger = Client()
    stranger.force_login(request.getfixturevalue(role))
    for one in (draft, demand):
        for name in PAGES:
            path = reverse(name, args=[one.pk])
            assert {stranger.get(path).status_code, stranger.post(path).status_code} <= {404, 405}, path
        for each in Step.values:
            assert stranger.get(step(one, each)).status_code == 404
            assert stranger.post(step(one, each), {"title": "남의 손"}).status_code == 404
    assert not Demand.objects.filter(title="남의 손").exists()


@pytest.mark.parametrize("role", ["officer", "content_admin", "system_admin"])
def test_staff_file_no_demands_here(request: Any, role: str) -> None:
    staff = Client()
    staff.force_login(request.getfixturevalue(role))
    for path in (NEW, "/company/demands/"):
        answer = staff.get(path)
        assert answer.status_code == 403 and "기업 회원만" in said(answer)


@pytest.fixture
def second(member: Any) -> Any:
    """Another company that the member acts for, too."""
    company = make_company("㈜가온테크")
    Membership.objects.create(user=member, company=company, role="member")
    return company


def test_demands_are_made_and_listed_for_the_company_that_is_acted_for(client: Any, company: Any, second: Any) -> None:
    make_demand(company, title="첫째 회사의 수요")
    client.post(reverse("choose_company"), {"company": second.pk})
    assert "첫째 회사의 수요" not in said(client.get("/company/demands/"))
    assert "㈜가온테크의 수요" in said(client.get(NEW))
    send(client, NEW, title="둘째 회사의 수요")
    assert Demand.objects.get(title="둘째 회사의 수요").company == second
    other = Demand.objects.get(title="첫째 회사의 수요")
    assert "이 수요는 ‘㈜동백정공’의 수요입니다." in said(client.get(reverse("my_demand", args=[other.pk])))


def test_changing_the_company_in_another_window_does_not_file_for_the_wrong_one(
    client: Any, company: Any, second: Any
) -> None:
    client.post(reverse("choose_company"), {"company": company.pk})
    values = typed(client, NEW) | {"title": "동백정공의 비밀"}
    client.post(reverse("choose_company"), {"company": second.pk})
    page = client.post(NEW, values)
    assert page.status_code == 409 and "‘㈜가온테크’ 쪽으로 바뀌었습니다" in said(page)
    assert not Demand.objects.exists()
    assert page.context["form"]["title"].value() == "동백정공의 비밀"
    knowingly = values | {"company": page.context["form"]["company"].value()}
    assert client.post(NEW, knowingly).status_code == 302
    assert Demand.objects.get().company == second


def test_a_demand_is_not_made_for_a_company_of_others(client: Any, outsider: Any) -> None:
    theirs = outsider.memberships.get().company
    page = send(client, NEW, title="남의 회사 수요", company=theirs.pk)
    assert page.status_code == 422 and not Demand.objects.exists()


def test_who_has_left_the_company_sees_its_demands_no_more(client: Any, draft: Any, member: Any) -> None:
    member.memberships.update(ended_at=timezone.now())
    assert client.get(reverse("my_demand", args=[draft.pk])).status_code == 404
    assert client.get("/company/demands/").status_code == 403


# --- the technology at which it began ---------------------------------------------------------------------------------


def test_the_technology_that_prompted_the_demand_is_kept_and_shown_to_both_sides(
    client: Any, officer: Any, technology: Any
) -> None:
    page = client.get(f"{NEW}?technology={technology.pk}")
    assert technology.number in said(page)
    send(client, f"{NEW}?technology={technology.pk}", title="저온 질화 기술")
    demand = Demand.objects.get()
    assert demand.prompted_by == technology
    Demand.objects.update(problem=PROBLEM)
    assert "기업이 관심을 보인 기술" in said(client.get(step(demand, "confirm")))
    client.post(reverse("submit_demand", args=[demand.pk]), typed_version(demand))
    desk = Client()
    desk.force_login(officer)
    html = desk.get(f"/demands/{demand.pk}/").content.decode()
    assert "기업이 관심을 보인 기술" in html and reverse("technology_detail", args=[technology.pk]) in html


@pytest.mark.parametrize("chosen", ["0", "abc", "99999999", "9" * 40, "-1"])
def test_a_link_with_a_technology_that_is_not_there(client: Any, chosen: str) -> None:
    assert client.get(f"{NEW}?technology={chosen}").status_code == 404


@pytest.mark.parametrize("fields", [{"disclosure": "staff"}, {"status": "draft"}, {"status": "retired"}])
def test_a_hidden_technology_is_not_given_away(client: Any, fields: dict[str, str]) -> None:
    hidden = make_technology("Секретная ковка", korean=("비밀 단조", "본문"), **fields)
    assert client.get(f"{NEW}?technology={hidden.pk}").status_code == 404
    page = client.post(NEW, {"title": "저온 질화 기술", "technology": hidden.pk}, follow=True)
    assert Demand.objects.get().prompted_by is None, "the text is not lost, the technology is left out"
    assert "함께 적지 않았습니다" in said(page) and "비밀 단조" not in said(page)


def test_a_technology_that_was_hidden_since_keeps_its_number_only(client: Any, draft: Any, technology: Any) -> None:
    Demand.objects.update(prompted_by=technology)
    type(technology).objects.update(disclosure="staff")
    text = said(client.get(reverse("my_demand", args=[draft.pk])))
    assert technology.number in text and "강의 플라즈마 질화" not in text


# --- correcting what was filed ----------------------------------------------------------------------------------------


def test_what_was_filed_is_corrected_on_the_same_pages_and_scored_again(client: Any, demand: Any, member: Any) -> None:
    before = Demand.objects.get().content_version
    page = client.get(step(demand, "problem"))
    assert "내용이 달라지면 원천기술과 다시 견줍니다." in said(page)
    answer = send(client, step(demand, "problem"), problem=PROBLEM + " 변형이 없어야 합니다.")
    assert answer.url == step(demand, "conditions")
    after = Demand.objects.get()
    assert (after.content_version, after.edited_by, after.status) == (before + 1, member, "submitted")
    assert send(client, step(demand, "conditions")).url == reverse("my_demand", args=[demand.pk])
    assert client.get(step(demand, "confirm")).url == reverse("my_demand", args=[demand.pk])


@pytest.mark.parametrize(
    ("name", "change"), [("what", {"title": ""}), ("what", {"title": "질화"}), ("problem", {"problem": "짧다"})]
)
def test_what_was_filed_does_not_become_incomplete(client: Any, demand: Any, name: str, change: dict[str, str]) -> None:
    page = send(client, step(demand, name), **change)
    assert page.status_code == 422 and set(page.context["form"].errors) == set(change)


@pytest.mark.parametrize("status", [DemandStatus.CLOSED, DemandStatus.WITHDRAWN])
def test_what_has_ended_is_not_corrected(client: Any, demand: Any, officer: Any, status: DemandStatus) -> None:
    values = typed(client, step(demand, "what")) | {"title": "늦은 정정입니다"}
    move_demand(demand, to=status, by=officer)
    assert client.get(step(demand, "what")).url == reverse("my_demand", args=[demand.pk])
    assert client.post(step(demand, "what"), values).url == reverse("my_demand", args=[demand.pk])
    assert Demand.objects.get().title == demand.title


# --- text that was not saved ------------------------------------------------------------------------------------------


def test_unsaved_text_of_a_new_demand_comes_back_and_is_forgotten_once_saved(
    client: Any, member: Any, technology: Any
) -> None:
    values = typed(client, NEW) | {"title": "적다 만 제목"}
    client.post(reverse("autosave"), {"path": NEW, "body": urlencode(values, doseq=True)})
    page = client.get(f"{NEW}?technology={technology.pk}")
    assert page.context["form"]["title"].value() == "적다 만 제목"
    assert page.context["form"]["technology"].value() == str(technology.pk), "the technology that was chosen last"
    assert "임시 저장한 내용을 다시 보여 드립니다." in said(page)
    send(client, NEW)
    assert not KeptForm.objects.exists()
    assert Demand.objects.get().title == "적다 만 제목"


# --- words ------------------------------------------------------------------------------------------------------------


def test_every_state_has_words_of_the_company() -> None:
    assert set(IN_THE_COMPANYS_WORDS) == set(DemandStatus)
    for label, sentence in IN_THE_COMPANYS_WORDS.values():
        assert str(label) and str(sentence).endswith((".", "?"))


def test_the_step_bar_says_where_one_is(client: Any, draft: Any) -> None:
    states = {one["label"]: one["state"] for one in client.get(step(draft, "problem")).context["steps"]}
    assert list(states.values()) == ["done", "current", "open", "open"]
    html = client.get(step(draft, "problem")).content.decode()
    assert html.count('aria-current="step"') == 1 and 'name="go" value="conditions"' in html
