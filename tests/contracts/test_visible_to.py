"""Read from the source: no page, form or filter takes rows without asking who may see them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("cooperation_portal", "matching", "projects", "experts")
SURFACES = {"views.py", "forms.py", "filters.py", "exports.py", "context_processors.py"}
MANAGERS = {"objects", "_default_manager", "_base_manager"}
LOOKUPS = {"get_object_or_404", "get_list_or_404"}

VOCABULARY = "a vocabulary that everybody chooses from; it tells nothing of anybody"
# file: {what it says: why it may}
ROWS_FOR_EVERYBODY = {
    "cooperation_portal/notices/views.py": {
        "Mail.objects.all": "kept mail is read in development only; production has no such address",
        "get_object_or_404(Mail": "kept mail is read in development only; production has no such address",
    },
    "cooperation_portal/network/filters.py": {"Country.objects.all": VOCABULARY},
    "cooperation_portal/network/forms/records.py": {"Country.objects.filter": VOCABULARY},
    "cooperation_portal/network/forms/company.py": {
        "Country.objects.filter": VOCABULARY,
        "Industry.objects.filter": VOCABULARY,
    },
    "experts/forms.py": {"Country.objects.filter": VOCABULARY},
    "cooperation_portal/network/joining/forms/company.py": {"Industry.objects.current": VOCABULARY},
    "cooperation_portal/network/joining/forms/numbers.py": {"Country.objects.current": VOCABULARY},
    "matching/catalogue/upkeep/forms.py": {
        "Country.objects.filter": VOCABULARY,
        "TechnologyField.objects.filter": VOCABULARY,
    },
    "matching/catalogue/filters.py": {"Country.objects.all": VOCABULARY, "TechnologyField.objects.all": VOCABULARY},
    "matching/demands/forms/parts.py": {"TechnologyField.objects.filter": VOCABULARY},
    "matching/learning/filters.py": {
        "Country.objects.all": VOCABULARY,
        "TechnologyField.objects.filter": VOCABULARY,
    },
    "matching/triage/filters.py": {"TechnologyField.objects.filter": VOCABULARY},
    "projects/funded/filters.py": {
        "Country.objects.exclude": VOCABULARY,
        "TechnologyField.objects.filter": VOCABULARY,
    },
    "projects/funded/forms/parts.py": {"Country.objects.filter": VOCABULARY},
    "projects/funded/forms/project.py": {
        "Country.objects.exclude": VOCABULARY,
        "Programme.objects.all": VOCABULARY,
        "TechnologyField.objects.select_related": VOCABULARY,
    },
    "projects/results/forms.py": {"Country.objects.filter": VOCABULARY},
}
BY_THE_OWNER = "the role that owns the tables gives rights; names are quoted by the database's own function"
RAW_SQL = {
    "cooperation_portal/audit/privileges.py": BY_THE_OWNER,
}
UNESCAPED = {
    "templates/components/field_help.html": "help texts are our own and Django's; those on passwords are lists in HTML",
}
PLAIN_TEXT = ("templates/account/email/", "templates/account/messages/", "templates/email/")


def python_files(root: Path = ROOT) -> list[Path]:
    return [
        file
        for source in SOURCES
        for file in sorted((root / source).rglob("*.py"))
        if not {"migrations", "tests"}.intersection(file.parts)
    ]


def parents_of(tree: ast.AST) -> dict[ast.AST, ast.AST]:
    return {child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}


def bare_queries(source: str) -> Iterator[str]:
    """`Model.objects.x` whose first call is neither visible_to() nor none(), and lookups that are given a model."""
    tree = ast.parse(source)
    parents = parents_of(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS:
            first = parents.get(node)
            called = first.attr if isinstance(first, ast.Attribute) else ""
            if called not in {"visible_to", "none"}:
                yield f"{ast.unparse(node)}.{called}".rstrip(".")
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in LOOKUPS and node.args:
            first_argument = node.args[0]
            if isinstance(first_argument, ast.Name) and first_argument.id[0].isupper():
                yield f"{ast.unparse(node.func)}({first_argument.id}"


def surfaces() -> list[Path]:
    """Modules, and those of packages, that bear such a name."""
    return [file for file in python_files() if {file.name, f"{file.parent.name}.py"} & SURFACES]


def test_pages_take_only_rows_that_the_reader_may_see() -> None:
    found = {str(file.relative_to(ROOT)): set(bare_queries(file.read_text("utf-8"))) for file in surfaces()}
    allowed = {file: set(reasons) for file, reasons in ROWS_FOR_EVERYBODY.items()}
    assert {
        file: queries - allowed.get(file, set())
        for file, queries in found.items()
        if queries - allowed.get(file, set())
    } == {}
    assert {
        file: rows - found.get(file, set()) for file, rows in allowed.items() if rows - found.get(file, set())
    } == {}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("Demand.objects.visible_to(user).get(pk=1)", []),
        ("Demand.objects.none()", []),
        ("Demand.objects.filter(pk=1)", ["Demand.objects.filter"]),
        ("Demand.objects.open().visible_to(user)", ["Demand.objects.open"]),
        ("rows = Demand.objects", ["Demand.objects"]),
        ("Demand._base_manager.get(pk=1)", ["Demand._base_manager.get"]),
        ("get_object_or_404(Demand, pk=1)", ["get_object_or_404(Demand"]),
        ("get_object_or_404(demands, pk=1)", []),
    ],
)
def test_the_reader_of_queries_finds_what_it_should(source: str, found: list[str]) -> None:
    assert list(bare_queries(source)) == found


# --- SQL --------------------------------------------------------------------------------------------------------------


def composed_sql(source: str) -> Iterator[str]:
    """Statements put together from parts, and the calls of the ORM that take SQL."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in {"raw", "extra"} and isinstance(node.func, ast.Attribute) and node.args + node.keywords:
            yield f".{name}("
        if name == "RawSQL":
            yield "RawSQL("
        if name in {"execute", "executemany"} and node.args and composed(node.args[0]):
            yield f"{name}({ast.unparse(node.args[0])[:40]}"
        if any(
            word.arg is None and re.search(r"\.(GET|POST|data)\b", ast.unparse(word.value)) for word in node.keywords
        ):
            yield f"{name}(**request data"


def composed(argument: ast.expr) -> bool:
    if isinstance(argument, ast.JoinedStr):
        return True
    if isinstance(argument, ast.BinOp):
        return True
    called = isinstance(argument, ast.Call) and isinstance(argument.func, ast.Attribute)
    return called and argument.func.attr in {"format", "join"}  # type: ignore[attr-defined]


def test_no_sql_is_put_together_by_hand() -> None:
    found = {str(file.relative_to(ROOT)) for file in python_files() if list(composed_sql(file.read_text("utf-8")))}
    assert found - set(RAW_SQL) == set()
    assert set(RAW_SQL) - found == set(), "allowed, but nothing of the kind is there any more"


@pytest.mark.parametrize(
    ("source", "wrong"),
    [
        ('cursor.execute("SELECT 1 WHERE a = %s", [a])', False),
        ('cursor.execute(f"SELECT {a}")', True),
        ('cursor.execute("SELECT " + a)', True),
        ('cursor.execute("SELECT %s" % a)', True),
        ('cursor.execute("SELECT {}".format(a))', True),
        ('Demand.objects.raw("SELECT 1")', True),
        ('demands.extra(where=["1=1"])', True),
        ("RawSQL('1', [])", True),
        ("Demand.objects.filter(**request.GET)", True),
        ("Demand.objects.filter(**request.POST.dict())", True),
    ],
)
def test_the_reader_of_sql_finds_what_it_should(source: str, wrong: bool) -> None:
    assert bool(list(composed_sql(source))) == wrong


SAFE_BY_HAND = {
    "cooperation_portal/pages/rendering.py": "what nh3 let through of a text of the office: its own tests try to get round it",
}


def test_nothing_is_called_safe_by_hand() -> None:
    """format_html() escapes what it is given; mark_safe() takes it as it is."""
    calls = re.compile(r"\b(mark_safe|SafeString|SafeText)\(")
    found = {str(file.relative_to(ROOT)) for file in python_files() if calls.search(file.read_text("utf-8"))}
    assert found == set(SAFE_BY_HAND)


# --- templates --------------------------------------------------------------------------------------------------------

FAULTS = {
    "takes text as safe": re.compile(r"\|\s*safe(seq)?\b"),
    "switches escaping off": re.compile(r"{%\s*autoescape\s+off"),
    "sets style in place": re.compile(r"<[^>{%]*\sstyle\s*=", re.IGNORECASE),
    "has a script in place": re.compile(r"<script(?![^>]*\ssrc=)", re.IGNORECASE),
    "has a style sheet in place": re.compile(r"<style\b", re.IGNORECASE),
    "handles an event in place": re.compile(r"<[^>{%]*\son[a-z]+\s*=", re.IGNORECASE),
    "links to a script": re.compile(r"javascript:", re.IGNORECASE),
}


def faults(text: str) -> set[str]:
    return {name for name, pattern in FAULTS.items() if pattern.search(text)}


def templates() -> dict[str, str]:
    folders = [ROOT / "templates", *(folder for source in SOURCES for folder in (ROOT / source).rglob("templates"))]
    files = [
        file for folder in folders for file in sorted(folder.rglob("*")) if file.suffix in {".html", ".txt", ".svg"}
    ]
    return {str(file.relative_to(ROOT)): file.read_text("utf-8") for file in files}


def test_templates_escape_and_keep_to_the_content_security_policy() -> None:
    found = {name: faults(text) for name, text in templates().items()}
    plain = {name for name in found if name.startswith(PLAIN_TEXT) and name.endswith(".txt")}
    for name in plain:
        found[name] -= {"switches escaping off"}  # plain text has nothing to escape for
    for name in found:
        if name.startswith("templates/email/"):
            found[name] -= {"sets style in place", "has a style sheet in place"}  # mail programs read nothing else
    assert {name: wrong for name, wrong in found.items() if wrong and name not in UNESCAPED} == {}
    assert [name for name in UNESCAPED if not found.get(name)] == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("{{ words|safe }}", True),
        ("{{ words|escape }}", False),
        ("{% autoescape off %}", True),
        ('<p style="color:red">', True),
        ('<p class="style">', False),
        ('<script src="x.js" defer></script>', False),
        ("<script>alert(1)</script>", True),
        ('<a onclick="x()">', True),
        ('<a href="javascript:x()">', True),
    ],
)
def test_the_reader_of_templates_finds_what_it_should(text: str, wrong: bool) -> None:
    assert bool(faults(text)) == wrong
