"""Commands of the Makefile.

python -m cooperation_portal.local run [--follow-parent]
python -m cooperation_portal.local reset
python -m cooperation_portal.local exec -- COMMAND...          in the environment of the running portal
python -m cooperation_portal.local test-servers -- COMMAND...  beside throw-away servers
python -m cooperation_portal.local check
"""

import os
import subprocess
import sys

from cooperation_portal.local.checks import run_checks
from cooperation_portal.local.errors import PortalError
from cooperation_portal.local.lock import CheckoutLock
from cooperation_portal.local.paths import Places
from cooperation_portal.local.portal import environment, port_of
from cooperation_portal.local.run import reset, run
from cooperation_portal.local.servers import terminate_like_interrupt, throwaway


def with_test_servers(command: list[str]) -> int:
    terminate_like_interrupt()
    with throwaway() as servers:
        env = {**os.environ, "PORTAL_MODE": "test", **servers.environment()}
        return subprocess.run(command, env=env, check=False).returncode


def in_running_portal(places: Places, command: list[str]) -> int:
    """Replaces this process."""
    lock = CheckoutLock(places)
    if not lock.holder():
        raise PortalError("The portal of this checkout is not running: start it with make run.")
    found = lock.read().get("environment")
    servers = {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}
    os.execvpe(command[0], command, environment(places, servers, port_of(os.environ)))


def main(arguments: list[str]) -> int:
    places = Places.configured()
    command, rest = (arguments or ["help"])[0], arguments[1:]
    try:
        if command == "run":
            run(places, follow_parent="--follow-parent" in rest)
        elif command == "reset":
            reset(places)
        elif command == "check":
            return run_checks(places)
        elif command in {"exec", "test-servers"} and rest[:1] == ["--"] and len(rest) > 1:
            return with_test_servers(rest[1:]) if command == "test-servers" else in_running_portal(places, rest[1:])
        else:
            print(__doc__)
            return 2
    except PortalError as problem:
        print(problem, file=sys.stderr, flush=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
