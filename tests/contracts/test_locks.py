"""What is installed is written down, comes from no particular place, and is there for a reason."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = (ROOT / "pyproject.toml").read_text("utf-8")
LOCKS = sorted(file.name for file in ROOT.glob("requirements*.lock"))
DECLARED = tomllib.loads(PROJECT)["project"]
# Each lock file holds what the project needs and these extras.
EXTRAS = {
    "requirements.lock": (),
    "requirements-local.lock": ("local",),
    "requirements-test.lock": ("local", "test"),
}


def canonical(requirement: str) -> str:
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert name, requirement
    return re.sub(r"[-_.]+", "-", name[0]).lower()


def locked(name: str) -> set[str]:
    lines = (ROOT / name).read_text("utf-8").splitlines()
    return {canonical(line) for line in lines if re.match(r"[A-Za-z0-9]", line)}


def test_every_lock_file_is_known() -> None:
    assert set(LOCKS) == set(EXTRAS)


@pytest.mark.parametrize("name", [*LOCKS, "package-lock.json"])
def test_lock_files_name_no_place(name: str) -> None:
    """An office may have its own mirror, so a lock names versions and digests only."""
    text = (ROOT / name).read_text("utf-8")
    assert "://" not in text
    assert re.findall(r"--(?:extra-)?index-url|--find-links|--trusted-host|\bfile:", text) == []


@pytest.mark.parametrize("name", LOCKS)
def test_every_version_is_pinned_with_digests(name: str) -> None:
    text = (ROOT / name).read_text("utf-8").replace("\\\n", " ")
    entries = [line for line in text.splitlines() if re.match(r"[A-Za-z0-9]", line)]
    assert entries
    assert [line[:60] for line in entries if "==" not in line or "--hash=sha256:" not in line] == []


@pytest.mark.parametrize("name", LOCKS)
def test_every_dependency_is_locked(name: str) -> None:
    wanted = list(DECLARED["dependencies"])
    for extra in EXTRAS[name]:
        wanted += DECLARED["optional-dependencies"][extra]
    assert {canonical(requirement) for requirement in wanted} - locked(name) == set()


def test_lock_files_agree() -> None:
    """What the tests ran with is what production installs."""

    def versions(name: str) -> dict[str, str]:
        found = re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", (ROOT / name).read_text("utf-8"), re.MULTILINE)
        return {canonical(package): version for package, version in found}

    narrow, wide = versions("requirements.lock"), versions("requirements-test.lock")
    assert {name: (version, wide.get(name)) for name, version in narrow.items() if wide.get(name) != version} == {}


def test_every_python_dependency_says_why() -> None:
    requirements = re.findall(r'^  "([A-Za-z0-9._-]+(?:\[[^]]*\])?[^"]*)",?(.*)$', section(), re.MULTILINE)
    declared = [*DECLARED["dependencies"], *(r for group in DECLARED["optional-dependencies"].values() for r in group)]
    assert {text for text, _reason in requirements} == set(declared), "one line for each dependency"
    assert [text for text, reason in requirements if not re.match(r"\s+# \S.{9,}", reason)] == []


def section() -> str:
    """The part of pyproject.toml that lists dependencies."""
    return PROJECT[PROJECT.index("dependencies = [") : PROJECT.index("[tool.")]


def test_packages_of_the_browser_are_locked_with_digests() -> None:
    package = json.loads((ROOT / "package.json").read_text("utf-8"))
    wanted = {**package.get("dependencies", {}), **package.get("devDependencies", {})}
    packages = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    for name, version in wanted.items():
        entry = packages[f"node_modules/{name}"]
        assert (name, entry["version"]) == (name, version), "package.json names exact versions"
    assert [
        name for name, entry in packages.items() if name and not entry.get("integrity", "").startswith("sha512-")
    ] == []
