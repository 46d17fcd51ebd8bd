"""Something to look at from the first start: a made-up company, fed in while the system runs."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from imports.api import Api, Interrupted, Tokens, Unreachable
from imports.demo.feed import WORKERS, Callers, Refused, feed
from infra.launcher.progress import say
from infra.local.system import LocalSystem

ROLES = {"shop": "integration", "desk": "agent", "manager": "manager"}  # of who speaks
BEGUN, DONE = "demo-begun", "demo-done"  # marks in the state folder; the first holds its day
ISTANBUL = ZoneInfo("Europe/Istanbul")


def show_something(
    system: LocalSystem, port: int, state: Path, *, is_new: bool
) -> Callable[[], None]:
    """Begin to feed the made-up company to a new system, or go on where that was broken off.

    Return what ends it. A system that was once started without it stays without it.
    """
    begun, done = state / BEGUN, state / DONE
    if is_new:
        done.unlink(missing_ok=True)
        begun.write_text(datetime.now(UTC).astimezone(ISTANBUL).date().isoformat())
    elif done.exists() or not begun.exists():
        return lambda: None
    stopping = threading.Event()
    callers = Callers(
        **{
            who: Api(
                port,
                Tokens(partial(system.token, role)),
                connections=WORKERS,
                stopping=stopping,
            )
            for who, role in ROLES.items()
        }
    )
    today = date.fromisoformat(begun.read_text())
    feeding = threading.Thread(target=_feed, args=(callers, today, done), name="demo", daemon=True)
    feeding.start()

    def stop() -> None:
        stopping.set()
        feeding.join()

    return stop


def _feed(callers: Callers, today: date, done: Path) -> None:
    say("putting in a made-up company to look at (--empty leaves it out)")
    try:
        entries = feed(callers, today, tell=lambda _: None)
    except Interrupted:
        return  # the next start goes on
    except (Refused, Unreachable) as trouble:
        say(f"the made-up company is not complete: {trouble}")
        return
    done.touch()
    say(f"{entries} made-up customers are in; look one up, such as external id demo:0001")
