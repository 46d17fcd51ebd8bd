"""Every command and option of ./sahip; the launcher and what it starts read the same parser."""

import argparse
from collections.abc import Callable
from pathlib import Path

from infra.launcher import places

PORT = 8360
ROLES = ("customer", "agent", "owner", "manager", "operations", "integration")
SOURCES = ("olist",)
LESSONS = ("dedup",)
PERSONS = 1000
CHECKS = ("ruff", "format", "imports", "types", "security", "desk", "templates")
ENGINES = ("moto", "ministack")

Command = Callable[[str, str], argparse.ArgumentParser]
"""Makes the parser of a command by its name and what it does."""


def parse(words: list[str]) -> argparse.Namespace:
    """The options of a command line; `rest` holds what is passed on to pytest or a benchmark.

    Ends the process with 2 and a sentence for a command line that makes no sense.
    """
    parser = _parser()
    options, rest = parser.parse_known_args(words)
    if rest and not options.passes_on:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    options.rest = rest
    return options


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./sahip",
        description="Run, test and package Sahip on this machine. Nothing needs to be installed "
        "first: each command makes the environment it needs under .sahip/, once.",
        allow_abbrev=False,
    )
    parser.set_defaults(passes_on=False)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def command(name: str, what: str) -> argparse.ArgumentParser:
        return commands.add_parser(
            name, help=what, description=f"{what[0].upper()}{what[1:]}.", allow_abbrev=False
        )

    for declare in (_to_run, _to_feed, _to_test, _to_build):
        declare(command)
    return parser


def _to_run(command: Command) -> None:
    """Have a system, and speak to it."""
    up = command("up", "run the whole system on this machine, at 127.0.0.1, until Ctrl-C")
    _port(up)
    _state(up)
    up.add_argument("--fresh", action="store_true", help="delete the data of earlier runs first")
    up.add_argument(
        "--empty",
        action="store_true",
        help="start without the made-up customers that a new system is given to look at",
    )

    token = command("token", "print an access token for a running system, and nothing else")
    token.add_argument("role", choices=ROLES, metavar="ROLE", help=", ".join(ROLES))
    token.add_argument("--customer", metavar="ID", help="whose token, for the role customer")
    token.add_argument(
        "--department",
        metavar="NAME",
        help="of whoever serves customers, such as service: what view they are shown",
    )
    _port(token)

    logs = command("logs", "print the JSON logs of the functions")
    logs.add_argument("--follow", action="store_true", help="go on printing what is added")
    _state(logs)

    redrive = command("redrive", "send what a dead-letter queue holds back to where it came from")
    redrive.add_argument("queue", metavar="QUEUE", help="name of the dead-letter queue")
    _port(redrive)


def _to_feed(command: Command) -> None:
    """Put data into a running system, and look after it there."""
    imports = command(
        "import", "feed a running system with the data of another; again changes nothing"
    )
    _source(imports)
    _port(imports)
    imports.add_argument(
        "--rejects",
        type=_absolute,
        default="olist-rejects.csv",
        metavar="FILE",
        help="where to say which rows could not be taken, and why (default: olist-rejects.csv "
        "in this folder)",
    )

    check = command("check", "hold what a running system shows against the files it was fed with")
    _source(check)
    _port(check)
    check.add_argument(
        "--persons",
        type=_number_or_all,
        default=PERSONS,
        metavar="N",
        help=f"how many persons, or all (default: {PERSONS})",
    )

    dedup = command(
        "dedup",
        "compare everybody who is in the books of a running system; broken off, it goes on where "
        "it was, and again it changes nothing",
    )
    _port(dedup)

    rebuild = command(
        "rebuild",
        "make again what a running system keeps beside its customers and units, such as what they "
        "are found by; broken off, it goes on where it was, and again it changes nothing",
    )
    _port(rebuild)


def _to_test(command: Command) -> None:
    """See whether it is right, and how fast."""
    test = command("test", "run the tests; further arguments go to pytest")
    test.add_argument(
        "--engine",
        choices=ENGINES,
        default=ENGINES[0],
        help="what plays AWS: moto inside the test process (default), or ministack beside it for "
        "the tests that tell a whole story",
    )
    test.add_argument(
        "--browser",
        action="store_true",
        help="the tests of the desk and the reference, in a real Chromium, and no others",
    )
    test.add_argument(
        "--api",
        action="store_true",
        help="every operation of the API for every role and with everything that is wrong, and "
        "its reference, and no others",
    )
    test.add_argument(
        "--packages",
        action="store_true",
        help="the tests of the zips and templates as they go to AWS, and no others",
    )
    test.set_defaults(passes_on=True)

    faults = command(
        "faults",
        "let every AWS call of every handler fail in every way, and test what comes of it; "
        "further arguments go to pytest",
    )
    faults.set_defaults(passes_on=True)

    lint = command("lint", "check style, types, architecture and templates")
    lint.add_argument(
        "checks", nargs="*", metavar="CHECK", help=f"only these, out of: {', '.join(CHECKS)}"
    )

    bench = command(
        "bench",
        "measure speed and cost, and with `dedup` how well people are told to be one person; "
        "without a name, everything; `view --counted`, `--sources` and `--http` are parts",
    )
    bench.set_defaults(passes_on=True)


def _to_build(command: Command) -> None:
    """Make files of it."""
    package = command("package", "build each service's zip and template as for AWS")
    package.add_argument(
        "services", nargs="*", metavar="SERVICE", help="only these (default: all)"
    )
    package.add_argument(
        "--output",
        type=_absolute,
        default=places.ROOT / "dist",
        metavar="DIR",
        help="where to (default: dist beside this command)",
    )

    client = command("client", "make a Python client of the API, from what the services say it is")
    client.add_argument(
        "--out",
        type=_absolute,
        default=places.ROOT / "dist" / "sahip-client",
        metavar="DIR",
        help="where to (default: dist/sahip-client beside this command)",
    )

    learn = command("learn", "learn the weights by which people are told to be one person")
    learn.add_argument("what", choices=LESSONS, metavar="WHAT", help=", ".join(LESSONS))

    lock = command("lock", "make the lock files in requirements/ from pyproject.toml")
    lock.add_argument("--upgrade", action="store_true", help="take the newest versions allowed")


def _port(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--port", type=_port_number, default=PORT, metavar="P", help=f"default: {PORT}"
    )


def _source(command: argparse.ArgumentParser) -> None:
    command.add_argument("source", choices=SOURCES, metavar="SOURCE", help=", ".join(SOURCES))
    command.add_argument("directory", type=_absolute, metavar="DIR", help="folder of its files")


def _state(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--state",
        type=_absolute,
        default=places.STATE,
        metavar="DIR",
        help="folder of the data (default: .sahip/state beside this command)",
    )


def _absolute(word: str) -> Path:
    """A path as the person meant it, for a process that runs in another folder."""
    return Path(word).expanduser().absolute()


def _port_number(word: str) -> int:
    highest = 65535
    number = int(word)
    if not 0 < number <= highest:
        raise argparse.ArgumentTypeError(f"{number} is not between 1 and {highest}")
    return number


def _number_or_all(word: str) -> int | None:
    """A number of at least 1; None for all."""
    if word == "all":
        return None
    number = int(word)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is less than 1")
    return number
