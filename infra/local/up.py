"""`./sahip up`: the whole system on this machine, until Ctrl-C."""

import gc
import os
import signal
import sys
import time
from argparse import Namespace
from contextlib import ExitStack
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

from infra.launcher.commands import parse
from infra.launcher.problems import Problem, disk_problems_in_words
from infra.launcher.progress import say
from infra.local import running
from infra.local.log_file import FUNCTIONS, LogFile
from infra.local.logs import log_file

if TYPE_CHECKING:
    from infra.local.system import LocalSystem

LOOK_SECONDS = 0.5
# The folders of their files; unset where they could not be built.
DESK, REFERENCE = "SAHIP_DESK", "SAHIP_REFERENCE"


class Stopped(BaseException):
    """Somebody pressed Ctrl-C or sent a signal."""


def main() -> int:
    """Run until stopped: 0 then, 2 when it may not start, 1 when it broke."""
    options = parse(["up", *sys.argv[1:]])
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        with disk_problems_in_words(), ExitStack() as held:
            running.refuse_taken_port(options.port)
            held.enter_context(running.alone_on(options.state))
            return _run(options, held)
    except Problem as problem:
        sys.stderr.write(f"sahip: {problem}\n")
        return problem.exit_code
    except Stopped:
        say("stopped")
        return 0


def _stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    # Once: what stops is not to be interrupted half way by a second Ctrl-C.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    raise Stopped


def _run(options: Namespace, held: ExitStack) -> int:
    gc.disable()  # nearly all that a start makes stays
    # Not above: what makes us refuse to start should not have to wait for boto3.
    from infra.build import services
    from infra.local.carriage import CarriageApart, CarriageEnded
    from infra.local.collecting import collect_less_often
    from infra.local.demo import show_something
    from infra.local.engines.engine import EngineError
    from infra.local.engines.ministack import MinistackEngine
    from infra.local.mailbox import PARAMETER, SENDER, by_files
    from infra.local.system import PACKAGE, LocalSystem, Settings

    started = time.monotonic()
    is_new = options.fresh or not _has_data(options.state)
    say("starting, with no data yet" if is_new else "starting")
    written = LogFile(log_file(options.state))
    held.callback(written.close)
    written.take(FUNCTIONS, None)  # the functions' logger hands nothing on to the root
    desk, reference = os.environ.get(DESK), os.environ.get(REFERENCE)
    engine = MinistackEngine(
        Path(os.environ["SAHIP_MINISTACK_PYTHON"]),
        options.state / "engine",
        fresh=options.fresh,
    )
    carriage = CarriageApart(PACKAGE, services(), written.add)
    system = LocalSystem(
        engine,
        services(),
        carriage=carriage,
        port=options.port,
        state_dir=options.state,
        settings=Settings(
            parameters={
                PARAMETER: SENDER,
                "IysUrl": (options.state / "iys").resolve().as_uri(),
                **by_files(options.state),
            },
            desk=Path(desk) if desk else None,
            reference=Path(reference) if reference else None,
        ),
    )
    held.callback(system.stop)
    try:
        system.start()
    except (EngineError, CarriageEnded) as error:
        raise Problem(str(error)) from error
    collect_less_often()
    held.enter_context(
        running.announced(options.port, options.state, engine.endpoint, system.lambda_url)
    )
    say(f"ready after {time.monotonic() - started:.1f} s")
    sys.stdout.write(_first_steps(system, options.port))
    sys.stdout.flush()
    if not options.empty:
        held.callback(show_something(system, options.port, options.state, is_new=is_new))
    while engine.alive():
        if not carriage.alive():
            raise Problem(
                f"what carries events has ended by itself; see {log_file(options.state)}"
            )
        time.sleep(LOOK_SECONDS)
    raise Problem(f"the engine has ended by itself; see {engine.log}")


def _has_data(state: Path) -> bool:
    return (state / "engine").exists()


def _first_steps(system: "LocalSystem", port: int) -> str:
    url, token = system.url, system.token("agent")
    return f"""
Sahip runs at {url}

{_pages(url)}Create a customer, then look at all about them (an agent's token, good for an hour):

  TOKEN='{token}'
  ID=$(curl -s {url}/v1/customers -H "Authorization: Bearer $TOKEN" \\
    -H 'Idempotency-Key: my-first-customer' -H 'Content-Type: application/json' \\
    -d '{{"name": "Ayşe Yılmaz", "external_ids": ["first:1"]}}' \\
    | python3 -c 'import json, sys; print(json.load(sys.stdin)["customer_id"])')
  curl -s {url}/v1/view/customers/$ID -H "Authorization: Bearer $TOKEN" -H "Sahip-Reason: case"

Messages to people leave for nowhere: see them at {url}/mailbox, or in {system.mailbox.file}
Another token: ./sahip token ROLE --port {port}    The logs: ./sahip logs    Stop: Ctrl-C

"""


def _pages(url: str) -> str:
    """Where to look with a browser, as far as that could be built."""
    told = {
        DESK: f"The screen for whoever answers: {url}/desk (sign in with the token below)\n",
        REFERENCE: f"The API, to read and to try:     {url}/docs\n",
    }
    lines = [line for name, line in told.items() if os.environ.get(name)]
    return "".join([*lines, "\n"]) if lines else ""


if __name__ == "__main__":
    sys.exit(main())
