"""Where a portal keeps its running data, and folders that only their owner can enter."""

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from cooperation_portal.local.errors import PortalError

CHECKOUT = Path(__file__).resolve().parents[2]
SOCKET_PATH_LIMIT = 107  # bytes of a socket's path that the kernel takes


def private_folder(path: Path, mode: int = 0o700) -> Path:
    """Makes a folder of ours, or takes an existing one only if nobody else could have made or can change it."""
    try:
        path.mkdir(mode=mode)
    except FileExistsError:
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
            raise PortalError(f"{path} is there already and not a private folder of this user: remove it.") from None
    path.chmod(mode)
    return path


def reachable_for_others(path: Path) -> bool:
    """Whether every folder above `path` lets other users pass; a checkout below a 0700 home does not."""
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in path.resolve().parents)


@dataclass(frozen=True)
class Places:
    """The folders of one portal. `mark` names it in socket folders and in the environment of its processes."""

    checkout: Path = CHECKOUT
    var: Path = CHECKOUT / "var"

    @classmethod
    def configured(cls) -> "Places":
        """PORTAL_VAR names another folder for the running data, so that two portals can run from one checkout."""
        return cls(var=Path(os.environ.get("PORTAL_VAR") or CHECKOUT / "var").resolve())

    @property
    def mark(self) -> str:
        return hashlib.sha256(os.fsencode(self.var)).hexdigest()[:10]

    @property
    def run(self) -> Path:
        return self.var / "run"

    @property
    def log(self) -> Path:
        return self.var / "log"

    def make(self) -> None:
        for folder in (self.var, self.run, self.log):
            folder.mkdir(exist_ok=True)

    def sockets(self) -> Path:
        """A short private folder outside the checkout, whose own path may be longer than a socket's may be.

        Passable (0711), because PostgreSQL may have to run as another user; the folders in it are private.
        """
        return private_folder(Path("/tmp") / f"cooperation-portal-{os.geteuid()}-{self.mark}", 0o711)
