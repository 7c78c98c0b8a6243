"""`make setup` names what is missing, installs once, and is quick when nothing changed."""

import subprocess
import sys
from pathlib import Path

import pytest

from cooperation_portal.local import prepare

ROOT = Path(__file__).parents[2]


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """A checkout of its own, with commands noted instead of run."""
    noted: list[list[str]] = []
    for name, path in {
        "CHECKOUT": "",
        "VENV": ".venv",
        "PYTHON": ".venv/bin/python",
        "MODULES": "node_modules",
    }.items():
        monkeypatch.setattr(prepare, name, tmp_path / path)
    monkeypatch.setattr(prepare, "run", lambda command, _failure: noted.append(command))
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "pyvenv.cfg").write_text("version = 3.11")
    for name in ("requirements-local.lock", "requirements-test.lock", "package.json", "package-lock.json"):
        (tmp_path / name).write_text(name)
    return noted


def test_plain_user_gets_one_sentence_with_the_packages(
    calls: list[list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(prepare.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(prepare, "find_spec", lambda _name: None)
    assert prepare.main([]) == 2
    said = capsys.readouterr().err
    assert said == "System packages are missing, which only root can install: apt-get install python3-venv\n"
    assert calls == []


def test_python_with_venv_needs_no_system_package(calls: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepare, "install_system", lambda packages: pytest.fail(f"asked for {packages}"))
    assert prepare.main([]) == 0
    assert calls[0][1:3] == ["-m", "venv"]


def test_packages_are_installed_once_for_each_lock_file(calls: list[list[str]], tmp_path: Path) -> None:
    prepare.install_packages("requirements-local.lock")
    prepare.install_packages("requirements-local.lock")
    assert len(calls) == 1
    assert {"--require-hashes", "--only-binary=:all:"} <= set(calls[0])
    (tmp_path / "requirements-local.lock").write_text("changed")
    prepare.install_packages("requirements-local.lock")
    assert len(calls) == 2


def test_static_packages_run_no_scripts_and_test_tools_come_only_for_tests(calls: list[list[str]]) -> None:
    prepare.install_modules(with_development=False)
    assert {"ci", "--ignore-scripts", "--omit=dev"} <= set(calls[0])
    prepare.install_modules(with_development=False)
    assert len(calls) == 1
    prepare.install_modules(with_development=True)
    assert "--omit=dev" not in calls[1]
    prepare.install_modules(with_development=False)  # what tests installed is enough for a run
    assert len(calls) == 2


def test_missing_browser_does_not_stop_the_tests(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(prepare.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(prepare, "has_browser", lambda: False)
    monkeypatch.setattr(prepare, "has_fonts", lambda: False)
    prepare.offer_browser()
    assert "apt-get install chromium fonts-noto-cjk" in capsys.readouterr().out


def test_nothing_but_the_standard_library_is_imported() -> None:
    """It runs under the system's Python, before anything is installed."""
    code = f"import sys; sys.path[:0] = [{str(ROOT / 'cooperation_portal' / 'local')!r}]; import prepare"
    subprocess.run([sys.executable, "-I", "-S", "-c", code], check=True)
