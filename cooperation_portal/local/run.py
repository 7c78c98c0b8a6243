"""`make run` and `make reset`."""

import os
import signal
import time

from cooperation_portal.local import network, portal
from cooperation_portal.local.errors import PortalError
from cooperation_portal.local.lock import CheckoutLock
from cooperation_portal.local.paths import Places
from cooperation_portal.local.processes import end_marked
from cooperation_portal.local.servers import Servers, forget_data
from cooperation_portal.local.supervisor import Service, Stopped, StopSignal, Supervisor, say

READY_LIMIT = 180.0


def refuse_production(what: str) -> None:
    if os.environ.get("PORTAL_MODE") == "production":
        raise PortalError(f"{what} is for development and PORTAL_MODE is production: see docker-compose.yml.")


def servers_for(places: Places) -> Servers:
    """Raises PortalError when only one of the two database addresses is given."""
    given = [bool(os.environ.get(name)) for name in ("DATABASE_URL", "DATABASE_OWNER_URL")]
    if any(given) and not all(given):
        raise PortalError("Set both DATABASE_URL (the role that runs) and DATABASE_OWNER_URL (the role that migrates).")
    return Servers.kept(places, with_postgres=not any(given), with_valkey=not os.environ.get("REDIS_URL"))


def run(places: Places, *, follow_parent: bool) -> None:
    """Everything from nothing to a ready portal, and back. Returns after an ordered stop."""
    refuse_production("make run")
    port = portal.port_of(os.environ)
    stop = StopSignal(follow_parent)
    stop.install()
    places.make()
    lock = CheckoutLock(places)
    lock.take()
    supervisor = Supervisor(stop)
    try:
        left = end_marked(places.mark)
        if left:
            say(f"ended {left} processes that an earlier start left behind")
        addresses = network.free_addresses(port)
        start(places, supervisor, lock, port, addresses)
        supervisor.watch()
    except Stopped:
        pass
    finally:
        say("stopping")
        supervisor.stop()
        end_marked(places.mark, grace=0)
        lock.release()


def start(places: Places, supervisor: Supervisor, lock: CheckoutLock, port: int, addresses: list[str]) -> None:
    servers = servers_for(places)
    own = [server for server in (servers.postgres, servers.valkey) if server is not None]
    supervisor.adopt([Service(server.process, server.start) for server in own])
    if own:
        say("starting " + " and ".join(server.process.name for server in own))
    servers.start()
    env = portal.environment(places, servers.environment(), port)
    lock.write(env["PORTAL_URL"], servers.environment())
    say("preparing the database")
    supervisor.run_to_end(portal.preparation(places, env))
    say(f"starting web, workers and beat; their logs are in {places.log}")
    supervisor.start([Service(process) for process in portal.services(places, env, addresses)])
    supervisor.wait_until(lambda: network.answers(port), READY_LIMIT)
    say(f"ready http://localhost:{port}")


def reset(places: Places) -> None:
    """Stops the portal of this checkout and deletes its data."""
    refuse_production("make reset")
    places.make()
    holder = CheckoutLock(places).holder()
    if holder:
        say(f"stopping the portal (process {holder})")
        end_supervisor(CheckoutLock(places), holder)
    end_marked(places.mark)
    forget_data(places)
    if os.environ.get("DATABASE_URL"):
        say("The database named in DATABASE_URL was not touched.")
    say("the data of this checkout is deleted")


def end_supervisor(lock: CheckoutLock, pid: int, patience: float = 40.0) -> None:
    for number, seconds in ((signal.SIGTERM, patience), (signal.SIGKILL, 10.0)):
        os.kill(pid, number)
        deadline = time.monotonic() + seconds
        while lock.holder() and time.monotonic() < deadline:
            time.sleep(0.1)
        if not lock.holder():
            return
    raise PortalError(f"Process {pid} does not end.")
