"""Django's admin site: every address of every model that is registered there."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from tests.contracts.listings import Listing
from tests.contracts.rows import FORM, OK, READS, SYSTEM_ADMINS_ONLY, Making, Row
from tests.contracts.world import NEWCOMER, OFFICER
from tests.people import make_user

if TYPE_CHECKING:
    from tests.contracts.world import World


def build(world: World) -> SimpleNamespace:
    from allauth.account.models import EmailAddress

    from cooperation_portal.pages.models import Office
    from cooperation_portal.taxonomy.models import Country, Industry, Programme, Region, TechnologyField

    return SimpleNamespace(
        accounts_user=world.people[NEWCOMER],
        accounts_grant=world.people[OFFICER].grants.get(),
        account_emailaddress=EmailAddress.objects.get(user=world.people[NEWCOMER], primary=True),
        taxonomy_technologyfield=TechnologyField.objects.get(code="0103"),
        taxonomy_industry=Industry.objects.earliest("pk"),
        taxonomy_region=Region.objects.earliest("pk"),
        taxonomy_country=Country.objects.get(code="JP"),
        taxonomy_programme=Programme.objects.earliest("pk"),
        pages_office=Office.objects.get(),
    )


def _record(model: str) -> Making:
    return lambda world: {"object_id": getattr(world.areas["administration"], model).pk}


_NO_GRANTS = {"grants-TOTAL_FORMS": "0", "grants-INITIAL_FORMS": "0"}
_TERM = {"code": "ZZ", "name_ko": "새 말", "name_en": "New term", "position": "1"}
# A valid form for a new record and for a change; a model that is looked at only has none.
NEW: dict[str, Making] = {
    "accounts_user": lambda w: {"email": "new@portal.example", "name": "새 사람", "language": "ko", **_NO_GRANTS},
    "accounts_grant": lambda w: {
        "user": w.people[NEWCOMER].pk,
        "role": "officer",
        "starts_on": "2026-01-01",
        "reason": "발령",
    },
    "taxonomy_technologyfield": lambda w: _TERM,
    "taxonomy_industry": lambda w: _TERM,
    "taxonomy_region": lambda w: _TERM,
    "taxonomy_country": lambda w: _TERM | {"region": w.areas["administration"].taxonomy_region.pk},
    "taxonomy_programme": lambda w: _TERM,
}
CHANGED: dict[str, Making] = {
    "accounts_user": lambda w: {
        "name": "고친 이름",
        "language": "ko",
        "is_active": "on",
        "grants-TOTAL_FORMS": "0",
        "grants-INITIAL_FORMS": "0",
    },
    "accounts_grant": lambda w: {"ends_on": "2099-12-31"},
    "taxonomy_technologyfield": lambda w: _TERM,
    "taxonomy_industry": lambda w: _TERM,
    "taxonomy_region": lambda w: _TERM,
    "taxonomy_country": lambda w: _TERM | {"region": w.areas["administration"].taxonomy_region.pk},
    "taxonomy_programme": lambda w: _TERM,
    "pages_office": lambda w: {"phone": "02-1234-5678"},
}
MODELS = (*CHANGED, "account_emailaddress")


def _rows(model: str) -> list[Row]:
    who, people = SYSTEM_ADMINS_ONLY, model.startswith("account")
    rows = [
        # A list takes the actions that are chosen in it; without one it is shown again.
        Row(f"admin:{model}_changelist", who, READS | {"POST": OK}, personal_data=people),
        Row(f"admin:{model}_history", who, READS, _record(model), personal_data=people),
    ]
    if model in NEW:
        rows.append(Row(f"admin:{model}_add", who, FORM, data=NEW[model], writes=True))
    if model in CHANGED:
        data = CHANGED[model]
        rows.append(Row(f"admin:{model}_change", who, FORM, _record(model), data, writes=True, personal_data=people))
    else:
        rows.append(Row(f"admin:{model}_change", who, READS, _record(model), personal_data=people))
    return rows


ROWS: tuple[Row, ...] = (
    Row("admin:index", SYSTEM_ADMINS_ONLY, READS),
    Row("admin:app_list", SYSTEM_ADMINS_ONLY, READS, lambda w: {"app_label": "accounts"}),
    Row("admin:jsi18n", SYSTEM_ADMINS_ONLY, READS),
    *(row for model in MODELS for row in _rows(model)),
)


def users(count: int) -> tuple[Any, str]:
    for _number in range(count):
        make_user(role="officer")
    return make_user(role="system_admin"), reverse("admin:accounts_user_changelist")


def grants(count: int) -> tuple[Any, str]:
    for _number in range(count):
        make_user(role="officer")
    return make_user(role="system_admin"), reverse("admin:accounts_grant_changelist")


def history_of_a_user(count: int) -> tuple[Any, str]:
    person = make_user()
    for number in range(count):
        person.name = f"이름 {number}"
        person.save()
    return make_user(role="system_admin"), reverse("admin:accounts_user_history", args=[person.pk])


LISTINGS: tuple[Listing, ...] = (
    Listing(users, 8),
    Listing(grants, 7),
    Listing(history_of_a_user, 7),
)
