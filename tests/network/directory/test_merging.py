"""Two records become one: everything that belonged to the other is the survivor's, and nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models

from cooperation_portal.network import merging
from cooperation_portal.network.following import followed_columns
from cooperation_portal.network.merging import MOVES, merge_companies, merge_institutions, relations_to, to_move
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
from cooperation_portal.network.queries import companies_named, company_history, institution_history, institutions_named
from cooperation_portal.network.services.doubles import mark_as_different
from cooperation_portal.network.services.institution import change_institution
from cooperation_portal.network.services.refusals import Refusal
from cooperation_portal.network.signals import company_changed, institution_changed
from cooperation_portal.shared.conflicts import EditedMeanwhile
from cooperation_portal.taxonomy.models import Country
from matching.catalogue.models import Technology
from matching.demands.models import Demand
from tests.people import (
    make_company,
    make_demand,
    make_institution,
    make_invitation,
    make_join_request,
    make_member,
    make_technology,
    make_user,
)
from tests.work.elsewhere import Elsewhere, elsewhere


def merge(survivor: Any, other: Any, by: Any = None, **more: Any) -> Any:
    service = merge_institutions if isinstance(survivor, Institution) else merge_companies
    seen = {record.pk: record.edit_version for record in (survivor, other)}
    if isinstance(survivor, Company):
        more.setdefault("reason", "같은 대표가 확인")
    merged = service(survivor, other, by=by, seen=seen, values=more.pop("values", {}), **more)
    for record in (survivor, other):
        record.refresh_from_db()
    return merged


# --- every relation is classified -------------------------------------------------------------------------------------


def unclassified(moves: Any) -> tuple[set[str], set[str]]:
    found = set(relations_to(Institution)) | set(relations_to(Company))
    return found - set(moves), set(moves) - found


def test_every_relation_says_how_it_is_moved() -> None:
    assert unclassified(MOVES) == (set(), set())


def test_a_relation_that_is_missing_or_too_many_is_noticed() -> None:
    without = {name: move for name, move in MOVES.items() if name != "demands.Demand.company"}
    assert unclassified(without | {"demands.Demand.gone": merging.Move()}) == (
        {"demands.Demand.company"},
        {"demands.Demand.gone"},
    )


def test_every_foreign_key_of_our_models_is_among_the_relations() -> None:
    """Found another way: from the models that point, not from the one that is pointed to."""
    pointing = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
        and field.remote_field.model in (Institution, Company)
        and not model.__name__.endswith("Event")
    }
    assert pointing == set(relations_to(Institution)) | set(relations_to(Company))


@pytest.mark.django_db
def test_every_followed_relation_has_its_triggers() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, count(*) FROM pg_trigger WHERE tgname LIKE 'follow\\_merge\\_%%' GROUP BY 1"
        )
        found = dict(cursor.fetchall())
    tables = [table for table, _column, _target in followed_columns()]
    assert found == {table: 2 * tables.count(table) for table in tables}
    assert "catalogue_technology" in found and "network_membership" in found


# --- institutions -----------------------------------------------------------------------------------------------------


@pytest.fixture
def pair(db: None) -> tuple[Any, Any]:
    """The survivor, and the other that everything belongs to."""
    survivor = make_institution(name="Институт металлов", name_ko="금속연구소", name_en="Institute of Metals")
    other = make_institution(name="ООО Институт металлов", name_ko="금속 연구소(러)", name_en="Metals Inst.")
    return survivor, other


@pytest.mark.django_db
def test_technologies_and_demands_go_to_the_survivor(pair: Any, content_admin: Any) -> None:
    survivor, other = pair
    technology = make_technology(owner=other)
    demand = make_demand(institution=other, direction="outbound")
    merge(survivor, other, content_admin)
    assert Technology.objects.get(pk=technology.pk).owner == survivor
    assert Demand.objects.get(pk=demand.pk).institution == survivor
    assert (other.merged_into, other.retired_on is not None) == (survivor, True)


@pytest.mark.django_db
def test_every_name_of_both_finds_the_survivor(pair: Any, content_admin: Any) -> None:
    survivor, other = pair
    InstitutionAlias.objects.create(institution=survivor, kind="abbreviation", name="ИМ", language="ru")
    InstitutionAlias.objects.create(institution=other, kind="former", name="ИМ", language="ru")
    InstitutionAlias.objects.create(institution=other, kind="former", name="Завод №7", language="ru")
    merge(survivor, other, content_admin, values={"name_en": other.name_en})
    assert survivor.name_en == "Metals Inst."
    assert set(survivor.aliases.values_list("kind", "name", "language")) == {
        ("abbreviation", "ИМ", "ru"),
        ("former", "Завод №7", "ru"),
        ("other", "ООО Институт металлов", "ru"),
        ("other", "금속 연구소(러)", "ko"),
        ("other", "Institute of Metals", "en"),  # the survivor's own, which it gave up
    }
    assert list(other.aliases.values_list("name", flat=True)) == ["ИМ"]  # the double stays where it was
    for words in ("Завод", "금속 연구소(러)", "Institute of Metals"):
        assert survivor in institutions_named(Institution.objects.current(), words)


@pytest.mark.django_db
def test_the_other_keeps_all_that_it_was(pair: Any, content_admin: Any) -> None:
    survivor, other = pair
    Institution.objects.filter(pk=other.pk).update(source_reference="R-7", website="https://m.example")
    other.refresh_from_db()
    merge(survivor, other, content_admin, reason="2024년 통합")
    assert (other.source_reference, other.website, other.name_original) == (
        "R-7",
        "https://m.example",
        "ООО Институт металлов",
    )
    assert other.merge_reason == "2024년 통합"


@pytest.mark.django_db
def test_what_was_merged_earlier_points_to_the_last_survivor(content_admin: Any) -> None:
    first, second, third = (make_institution(name=name) for name in ("А", "Б", "В"))
    merge(second, first, content_admin)
    merge(third, second, content_admin)
    first.refresh_from_db()
    assert first.merged_into == third


@pytest.mark.django_db
def test_what_is_different_from_one_is_different_from_the_other(pair: Any, content_admin: Any) -> None:
    survivor, other = pair
    third = make_institution(name="Институт химии")
    mark_as_different(other, third, by=content_admin)
    mark_as_different(survivor, other, by=content_admin)  # whoever thought so has changed their mind
    merge(survivor, other, content_admin)
    first, second = sorted((survivor.pk, third.pk))
    assert InstitutionNotDouble.objects.filter(first=first, second=second, decided_by=content_admin).exists()
    assert InstitutionNotDouble.objects.count() == 3  # nothing is deleted


@pytest.mark.django_db
def test_history_tells_it_on_both_sides(pair: Any, content_admin: Any) -> None:
    survivor, other = pair
    merge(survivor, other, content_admin, reason="같은 기관")
    for record in pair:
        told = [(change.field, change.new) for entry in institution_history(record) for change in entry.changes]
        assert ("합친 기관", str(survivor)) in told and ("합친 사유", "같은 기관") in told


@pytest.mark.django_db
def test_those_above_are_told_of_both(pair: Any, content_admin: Any) -> None:
    survivor, other = pair
    heard: list[Any] = []

    def hear(sender: Any, institutions: list[int], by: Any, **more: Any) -> None:
        moved = set(Technology.objects.filter(owner=survivor).values_list("pk", flat=True))
        heard.append((set(institutions), by, moved))

    technology = make_technology(owner=other)
    institution_changed.connect(hear)
    try:
        merge(survivor, other, content_admin)
    finally:
        institution_changed.disconnect(hear)
    assert heard == [({survivor.pk, other.pk}, content_admin, {technology.pk})]  # after everything has moved


@pytest.mark.django_db
def test_what_will_move_is_counted_before(pair: Any) -> None:
    survivor, other = pair
    for _number in range(2):
        make_technology(owner=other)
    InstitutionAlias.objects.create(institution=other, kind="other", name="Завод", language="ru")
    mark_as_different(survivor, other, by=make_user())
    assert {(moving.label, moving.count) for moving in to_move(other)} == {("원천기술", 2), ("기관의 다른 이름", 1)}
    assert to_move(survivor) == []


# --- companies --------------------------------------------------------------------------------------------------------


@pytest.fixture
def companies(db: None) -> tuple[Any, Any]:
    return make_company("㈜동백정공"), make_company("동백정공")


@pytest.mark.django_db
def test_what_a_company_has_goes_to_the_survivor(companies: Any, content_admin: Any) -> None:
    survivor, other = companies
    demand, technology = make_demand(other), make_technology(owner_company=other, direction="outbound")
    merge(survivor, other, content_admin)
    assert Demand.objects.get(pk=demand.pk).company == survivor
    assert Technology.objects.get(pk=technology.pk).owner_company == survivor


@pytest.mark.django_db
def test_its_people_act_for_the_survivor(companies: Any, content_admin: Any) -> None:
    survivor, other = companies
    demand = make_demand(other)
    owner = make_member(other, role="owner")
    both = make_member(survivor, role="member")
    Membership.objects.create(user=both, company=other, role="owner")
    gone = make_member(other)
    gone.memberships.update(ended_at="2025-01-01T00:00:00Z")
    merge(survivor, other, content_admin)
    current = Membership.objects.current().values_list("user", "company", "role")
    assert set(current) == {(owner.pk, survivor.pk, "owner"), (both.pk, survivor.pk, "owner")}
    assert Membership.objects.count() == 4  # what ended is kept
    assert demand in Demand.objects.visible_to(both) and demand in Demand.objects.visible_to(owner)
    assert not Demand.objects.visible_to(gone).exists()


@pytest.mark.django_db
def test_of_two_invitations_of_one_person_one_stays_good(companies: Any, content_admin: Any) -> None:
    survivor, other = companies
    owners = [make_member(company, role="owner") for company in companies]
    stays = make_invitation(survivor, owners[0], "new@portal.example")
    twice = make_invitation(other, owners[1], "new@portal.example")
    alone = make_invitation(other, owners[1], "alone@portal.example")
    merge(survivor, other, content_admin)
    assert set(Invitation.objects.open().values_list("pk", "company")) == {
        (stays.pk, survivor.pk),
        (alone.pk, survivor.pk),
    }
    twice.refresh_from_db()
    assert twice.revoked_at is not None


@pytest.mark.django_db
def test_who_waits_for_an_owner_waits_for_the_survivors(companies: Any, content_admin: Any) -> None:
    survivor, other = companies
    make_member(other, role="owner")
    decider = make_member(survivor, role="owner")
    asked = make_join_request(other)
    merge(survivor, other, content_admin)
    assert asked in JoinRequest.objects.visible_to(decider)


@pytest.mark.django_db
def test_two_business_numbers_need_a_reason(companies: Any, content_admin: Any) -> None:
    survivor, other = companies
    with pytest.raises(Refusal, match="사업자등록번호가 다릅니다"):
        merge(survivor, other, content_admin, reason="")
    merge(survivor, other, content_admin, reason="법인 전환으로 번호가 바뀜")
    assert other.merge_reason == "법인 전환으로 번호가 바뀜"
    told = [change.new for entry in company_history(survivor) for change in entry.changes]
    assert "법인 전환으로 번호가 바뀜" in told


@pytest.mark.django_db
def test_the_survivor_may_take_over_the_number(companies: Any, content_admin: Any) -> None:
    survivor, other = companies
    number = other.business_number
    merge(survivor, other, content_admin, values={"business_number": number})
    assert (survivor.business_number, other.business_number) == (number, number)
    assert list(companies_named(Company.objects.current(), number)) == [survivor]


@pytest.mark.django_db
def test_the_other_name_finds_the_survivor(content_admin: Any) -> None:
    survivor, other = make_company("㈜동백정공"), make_company("동백프리시전", name_en="Camellia")
    merge(survivor, other, content_admin)
    for words in ("프리시전", "camellia", other.business_number):
        assert list(companies_named(Company.objects.current(), words)) == [survivor]


@pytest.mark.django_db
def test_a_company_is_never_left_without_a_number(content_admin: Any) -> None:
    vietnam = Country.objects.get(code="VN")
    abroad = make_company("노을", business_number="", site_country=vietnam, local_registration_number="771")
    home = make_company("㈜노을")
    with pytest.raises(Refusal, match="하나는 남겨"):
        merge(home, abroad, content_admin, values={"business_number": ""})
    home.refresh_from_db()
    assert home.business_number


@pytest.mark.django_db
def test_confirmed_papers_count_where_the_numbers_are_the_same(content_admin: Any) -> None:
    vietnam = Country.objects.get(code="VN")

    def abroad(number: str, **fields: Any) -> Any:
        facts = {"business_number": "", "site_country": vietnam, "local_registration_number": number}
        return make_company("노을", **facts | fields)

    survivor, other = abroad("771"), abroad("0771", confirmed_at="2026-01-02T00:00:00Z")
    merge(survivor, other, content_admin)
    assert survivor.confirmed_at is None
    survivor, other = abroad("881"), abroad("0881", confirmed_at="2026-01-02T00:00:00Z")
    merge(survivor, other, content_admin, values={"local_registration_number": "0881"})
    assert survivor.confirmed_at is not None


@pytest.mark.django_db
def test_companies_that_are_different_stay_so(companies: Any, content_admin: Any) -> None:
    survivor, other = companies
    third = make_company("㈜들꽃")
    mark_as_different(third, other, by=content_admin)
    merge(survivor, other, content_admin)
    assert CompanyNotDouble.objects.filter(first=survivor, second=third).exists()


@pytest.mark.django_db
def test_those_above_are_told_of_both_companies(companies: Any, content_admin: Any) -> None:
    heard: list[Any] = []

    def hear(sender: Any, companies: list[int], **more: Any) -> None:
        heard.append(set(companies))

    company_changed.connect(hear)
    try:
        merge(*companies, content_admin)
    finally:
        company_changed.disconnect(hear)
    assert heard == [{company.pk for company in companies}]


# --- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_was_edited_meanwhile_is_not_merged(pair: Any, content_admin: Any) -> None:
    survivor, other = pair
    seen = {survivor.pk: survivor.edit_version, other.pk: other.edit_version}
    facts = {name: getattr(other, name) for name in ("name_ko", "name_original")}
    change_institution(other, by=content_admin, edit_version=1, aliases=[], **facts)
    with pytest.raises(EditedMeanwhile):
        merge_institutions(survivor, other, by=content_admin, seen=seen, values={})
    assert not Institution.objects.filter(merged_into__isnull=False).exists()


@pytest.mark.django_db
def test_nothing_is_merged_into_what_is_out_of_use(pair: Any, content_admin: Any) -> None:
    survivor, other = pair
    Institution.objects.filter(pk=survivor.pk).update(retired_on="2026-01-02")
    with pytest.raises(Refusal, match="사용 중지"):
        merge(survivor, other, content_admin)
    merge(other, survivor, content_admin)
    assert str(survivor.retired_on) == "2026-01-02"  # the day that it really went out of use


@pytest.mark.django_db
def test_a_failure_in_the_middle_leaves_everything(
    pair: Any, content_admin: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    survivor, other = pair
    technology = make_technology(owner=other)

    def fail(*args: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(merging, "keep_names", fail)  # the last step
    with pytest.raises(RuntimeError):
        merge(survivor, other, content_admin)
    assert Technology.objects.get(pk=technology.pk).owner == other
    other.refresh_from_db()
    assert (other.merged_into, other.retired_on) == (None, None)


# --- two at once ------------------------------------------------------------------------------------------------------


class Held:
    """Merges in another session and stops it after everything is written and before it commits."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, survivor: Any, other: Any) -> None:
        from threading import Event

        self.written, self.go_on = Event(), Event()

        def wait(sender: Any, **named: Any) -> None:
            self.written.set()
            assert self.go_on.wait(60)

        signal = institution_changed if isinstance(survivor, Institution) else company_changed
        self._disconnect = lambda: signal.disconnect(wait)
        signal.connect(wait)
        self.session = Elsewhere(lambda: merge(survivor, other))
        assert self.written.wait(60)
        self._disconnect()

    def commit(self) -> None:
        self.go_on.set()
        self.session.answer()


@pytest.mark.django_db(transaction=True)
def test_two_who_merge_crosswise_do_not_block_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = make_institution(name="А"), make_institution(name="Б")
    held = Held(monkeypatch, one, other)
    second = Elsewhere(lambda: merge(other, one))
    second.wait_until_blocked()
    held.commit()
    with pytest.raises(Refusal, match="그사이 다른 사람이"):
        second.answer()
    one.refresh_from_db()
    assert one.merged_into is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_company", [False, True], ids=["institution", "company"])
def test_a_technology_added_during_the_merge_is_the_survivors(
    monkeypatch: pytest.MonkeyPatch, is_company: bool
) -> None:
    if is_company:
        survivor, other = make_company("㈜동백정공"), make_company("동백정공")
        facts: dict[str, Any] = {"owner_company": other, "direction": "outbound"}
    else:
        survivor, other = make_institution(name="А"), make_institution(name="Б")
        facts = {"owner": other}
    held = Held(monkeypatch, survivor, other)
    adding = Elsewhere(lambda: make_technology(**facts).pk)
    adding.wait_until_blocked()
    held.commit()
    assert Technology.objects.get(pk=adding.answer()).owner_name == str(survivor)


@pytest.mark.django_db(transaction=True)
def test_a_technology_that_was_being_added_is_waited_for() -> None:
    from threading import Event

    from django.db import transaction

    survivor, other = make_institution(name="А"), make_institution(name="Б")
    added, go_on = Event(), Event()

    def add() -> int:
        with transaction.atomic():
            key: int = make_technology(owner=other).pk
            added.set()
            assert go_on.wait(60)
            return key

    adding = Elsewhere(add)
    assert added.wait(60)
    merging_session = Elsewhere(lambda: merge(survivor, other))
    merging_session.wait_until_blocked()
    go_on.set()
    merging_session.answer()
    assert Technology.objects.get(pk=adding.answer()).owner == survivor


@pytest.mark.django_db(transaction=True)
def test_what_is_written_after_the_merge_goes_to_the_survivor(content_admin: Any) -> None:
    """A page that was open, an import under way: they name what is no more."""
    survivor, other = make_institution(name="А"), make_institution(name="Б")
    moved = make_technology(owner=survivor)
    elsewhere(lambda: merge(Institution.objects.get(pk=survivor.pk), Institution.objects.get(pk=other.pk)))
    assert Technology.objects.get(pk=make_technology(owner=other).pk).owner == survivor
    Technology.objects.filter(pk=moved.pk).update(owner=make_institution(name="В"))
    Technology.objects.filter(pk=moved.pk).update(owner=other)
    moved.refresh_from_db()
    assert moved.owner == survivor
    history = Technology.events.rel.related_model.objects.filter(pgh_obj_id=moved.pk).order_by("-pgh_id").first()
    assert history.owner_id == survivor.pk


@pytest.mark.django_db(transaction=True)
def test_who_joins_during_the_merge_acts_for_the_survivor(monkeypatch: pytest.MonkeyPatch) -> None:
    survivor, other = make_company("㈜동백정공"), make_company("동백정공")
    held = Held(monkeypatch, survivor, other)
    joining = Elsewhere(lambda: make_member(other))
    joining.wait_until_blocked()
    held.commit()
    person = joining.answer()
    assert list(Company.objects.of_member(person)) == [survivor]
