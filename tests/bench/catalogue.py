"""The catalogue at 10,000 technologies: list and search beside their own SQL and beside Django's admin list of the same rows."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin, ShowFacets
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import path, set_urlconf

from cooperation_portal import urls as portal
from cooperation_portal.shared.languages import TextLanguage
from cooperation_portal.taxonomy.models import Country, TechnologyField
from cooperation_portal.taxonomy.services import load_taxonomy
from matching.catalogue import search
from matching.catalogue.models import Cooperation, IprStatus, Stage, Technology, TechnologyText
from tests import people
from tests.bench.rows import Row, median_seconds

TECHNOLOGIES, INSTITUTIONS = 10_000, 400
SYLLABLES = (
    "가나다라마바사아자차카타파하고노도로모보소오조초코토포호기니디리미비시이지치키티피히강공금기물산성열용전정제처화"
)
PARTICLES = ("을", "를", "은", "는", "에서", "으로", "의", "")
# What is searched for, and in how many of the technologies it stands.
KNOWN = {"질화": 0.2, "플라즈마": 0.05, "азотирование": 0.05}


def _words(chance: random.Random, letters: str, shortest: int, longest: int, number: int) -> list[str]:
    return ["".join(chance.choices(letters, k=chance.randint(shortest, longest))) for _ in range(number)]


def _fill() -> None:
    """Texts of the usual length; a few words are frequent and most are rare, as in a real language."""
    chance = random.Random(1)
    korean = _words(chance, SYLLABLES, 2, 4, 6_000)
    russian = _words(chance, "абвгдежзиклмнопрстуфхцчшэюя", 4, 12, 12_000)
    often = [1 / place for place in range(1, len(russian) + 1)]

    def text(words: list[str], number: int) -> list[str]:
        return chance.choices(words, often[: len(words)], k=number)

    def sprinkled(words: list[str], known: tuple[str, ...]) -> str:
        found = [word for word in known if chance.random() < KNOWN[word]]
        for word in found:
            words[chance.randrange(len(words))] = word
        return " ".join(words)

    countries, fields = list(Country.objects.all()), list(TechnologyField.objects.filter(parent__isnull=False))
    owners = [people.make_institution(name=" ".join(text(russian, 3))) for _number in range(INSTITUTIONS)]
    technologies = Technology.objects.bulk_create(
        Technology(
            owner=chance.choice(owners),
            country=chance.choice(countries),
            field=chance.choice(fields),
            original_language=TextLanguage.RUSSIAN,
            stage=chance.choice(["", *Stage.values]),
            ipr_status=chance.choice(["", *IprStatus.values]),
            year=chance.choice([None, *range(1995, 2026)]),
            cooperation=chance.sample(Cooperation.values, k=chance.randint(0, 3)),
            hidden=["stage"] if chance.random() < 0.05 else [],
            disclosure="public",
            status="published",
        )
        for _number in range(TECHNOLOGIES)
    )
    texts = []
    for technology in technologies:
        body = [word + chance.choice(PARTICLES) for word in text(korean, 60)]
        texts += [
            TechnologyText(
                technology=technology, language="ru", origin="source", title=" ".join(text(russian, 6)),
                body=sprinkled(text(russian, 120), ("азотирование",)),
            ),
            TechnologyText(
                technology=technology, language="ko", origin="machine", title=" ".join(text(korean, 5)),
                body=sprinkled(body, ("질화", "플라즈마")),
            ),
        ]  # fmt: skip
    TechnologyText.objects.bulk_create(texts, batch_size=2_000)


class TechnologyAdmin(ModelAdmin):  # type: ignore[type-arg]
    """The same columns, filters and number of rows as the list."""

    list_display = ("number", "title", "owner", "country", "field", "stage", "ipr_status", "year", "disclosure")
    list_filter = ("country", "field__parent", "original_language", "stage", "ipr_status", "direction", "year")
    list_per_page = 20
    show_facets = ShowFacets.ALWAYS  # numbers beside the options, as our list has them
    search_fields = ("texts__title", "texts__body", "owner__name_ko", "owner__name_original")

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).with_texts()

    def has_view_permission(self, request: Any, obj: Any = None) -> bool:
        return True

    has_module_permission = has_view_permission  # type: ignore[assignment]


site = AdminSite("bench")
site.register(Technology, TechnologyAdmin)
# The portal's own addresses too: the frame of a page links to them.
urlpatterns = [path("bench/", site.urls), *portal.urlpatterns]


def _admin_page(query: str) -> Callable[[], None]:
    request = RequestFactory().get(f"/bench/catalogue/technology/{query}")
    request.user = AnonymousUser()
    request.session = {}  # type: ignore[assignment]
    made = site.get_model_admin(Technology)

    def page() -> None:
        set_urlconf(__name__)
        answer: Any = made.changelist_view(request, {"has_permission": True, "available_apps": []})
        assert answer.status_code == 200, answer.status_code
        answer.render()
        set_urlconf(None)

    return page


def _page(query: str) -> Callable[[], None]:
    client = Client()

    def page() -> None:
        answer = client.get(f"/technologies/{query}")
        assert answer.status_code == 200, answer.status_code

    return page


def _beside(name: str, query: str, admin: str, narrow: bool = False) -> list[Row]:
    """A narrow result is found in so little time that only the page as a whole is judged."""
    page = _page(query)
    page()
    with CaptureQueriesContext(connection) as captured:
        page()
    statements = [entry["sql"] for entry in captured.captured_queries if entry["sql"].lstrip("(").startswith("SELECT")]
    queries = len(captured)

    def sql_alone() -> None:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
                cursor.fetchall()

    whole, alone, theirs = median_seconds(page), median_seconds(sql_alone), median_seconds(_admin_page(admin))
    name = f"{name} at {TECHNOLOGIES:,} technologies"
    ratio = whole / alone
    asked, met = ("≤ 100 ms", whole <= 0.1) if narrow else ("≤ 3", ratio <= 3)
    return [
        Row(f"{name}: queries", queries, "queries"),
        Row(f"{name} (baseline: its SQL alone)", whole * 1000, "ms", alone * 1000, ratio, asked, met),
        Row(f"{name} (baseline: Django's admin list)", whole * 1000, "ms", theirs * 1000, whole / theirs),
    ]


def rows() -> list[Row]:
    load_taxonomy()
    _fill()
    keys = list(Technology.objects.values_list("pk", flat=True))
    start = time.perf_counter()
    search.index_many(keys)
    indexing = time.perf_counter() - start
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return [
        Row("making search terms", indexing / TECHNOLOGIES * 1000, "ms/technology"),
        *_beside("catalogue list", "", ""),
        *_beside(
            "catalogue list, three conditions",
            "?country=RU&field=01&stage=market",
            f"?country__id__exact={Country.objects.get(code='RU').pk}&stage__exact=market",
            narrow=True,
        ),
        *_beside("search, two syllables in a fifth of all", "?q=질화", "?q=질화"),
        *_beside("search, four syllables", "?q=플라즈마", "?q=플라즈마"),
        *_beside("search, Korean and Russian", "?q=질화+азотированием", "?q=질화+азотировани", narrow=True),
    ]
