"""Foreign keys go the same way as imports: downwards. The database must not tie what the code keeps apart."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.db import models
from pghistory.models import Event

ROOT = Path(__file__).resolve().parents[2]
# From top to bottom; apps on one line do not know each other.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("cooperation_portal.home",),
    ("cooperation_portal.insights",),
    ("projects.results",),
    ("projects.funded",),
    ("experts",),
    ("matching.introductions",),
    ("matching.triage",),
    ("matching.learning",),
    ("matching.scoring",),
    ("matching.demands",),
    ("matching.catalogue",),
    ("matching.engine",),
    ("cooperation_portal.engagements",),
    ("cooperation_portal.compliance",),
    ("cooperation_portal.network",),
    ("cooperation_portal.exchange",),
    ("cooperation_portal.pages",),
    ("cooperation_portal.notices",),
    ("cooperation_portal.files",),
    ("cooperation_portal.work",),
    ("cooperation_portal.accounts",),
    ("cooperation_portal.audit", "cooperation_portal.taxonomy"),
    ("cooperation_portal.shared",),
)
OURS = ("cooperation_portal", "matching", "projects", "experts")


def our_apps() -> list[str]:
    return [config.name for config in apps.get_app_configs() if config.name.split(".")[0] in OURS]


def layer_of(app: str) -> int | None:
    return next(
        (
            place
            for place, names in enumerate(LAYERS)
            if any(app == name or app.startswith(f"{name}.") for name in names)
        ),
        None,
    )


def upward(relations: Iterator[tuple[str, str, str]]) -> list[str]:
    """Relations from an app to one above it, or beside it on the same layer."""
    wrong = []
    for source, target, label in relations:
        above, below = layer_of(source), layer_of(target)
        if source != target and (above is None or below is None or below <= above):
            wrong.append(f"{label}: {source} → {target}")
    return wrong


def relations() -> Iterator[tuple[str, str, str]]:
    ours = set(our_apps())
    for model in apps.get_models(include_auto_created=True):
        source = apps.get_app_config(model._meta.app_label).name
        if source not in ours or issubclass(model, Event):
            continue
        for found in model._meta.get_fields():
            if isinstance(found, models.ForeignKey | models.ManyToManyField):
                target = apps.get_app_config(found.remote_field.model._meta.app_label).name
                if target in ours:
                    yield source, target, f"{model._meta.label}.{found.name}"


def test_every_app_has_its_layer() -> None:
    assert [app for app in our_apps() if layer_of(app) is None] == []


def test_relations_go_downwards() -> None:
    assert upward(relations()) == []


def test_there_are_relations_to_look_at() -> None:
    assert len(list(relations())) > 20


def test_a_relation_upwards_is_found() -> None:
    wrong = [
        ("cooperation_portal.network", "matching.demands", "up"),
        ("cooperation_portal.audit", "cooperation_portal.taxonomy", "beside"),
        ("matching.unknown", "cooperation_portal.network", "unknown"),
        ("matching.triage", "cooperation_portal.accounts", "down"),
        ("matching.triage", "matching.triage", "own"),
    ]
    assert [line.split(":")[0] for line in upward(iter(wrong))] == ["up", "beside", "unknown"]


def test_imports_are_checked_in_the_same_order() -> None:
    """The layers of import-linter in pyproject.toml are these, as far as their apps are there."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    top = next(c for c in contracts if c["type"] == "layers" and "cooperation_portal.shared" in c["layers"])
    rooms = {c["layers"][0].split(".")[0]: c["layers"] for c in contracts if c["name"].startswith("Rooms of ")}
    order: list[str] = []
    for layer in top["layers"]:
        order += rooms.get(layer) or [name.strip(" ()") for name in layer.split("|")]
    places = [layer_of(name) for name in order if layer_of(name) is not None]
    assert places == sorted(places)  # type: ignore[type-var]
    assert set(our_apps()) - set(order) == set()
