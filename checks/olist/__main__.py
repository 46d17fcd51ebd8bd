"""`./sahip check olist`: hold the views of persons against the files of a directory."""

import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TextIO

from rich.console import Console
from rich.progress import track

from checks.olist.comparing import Difference, differences
from checks.olist.expected import expected_of
from checks.olist.reading import Told, Unreadable, read
from imports.api import Api, Tokens, Unreachable
from infra.launcher.commands import parse
from infra.launcher.problems import USAGE, Problem
from infra.local import running
from infra.local.engines.engine import REGION
from infra.local.issuer import Issuer

ASKED_AT_ONCE = 4
MOST_ASKED = 4  # times for one person, while the view says that a part of it did not answer
MOST_SHOWN = 20
LONGEST_SHOWN = 300  # characters of a value
OK, NOT_FOUND = 200, 404
DIFFERENT = 1
INTERRUPTED = 130


class Views:
    """Asks for the view of a person by the external id, in the way that the system knows."""

    def __init__(self, api: Api) -> None:
        self._api = api
        described = api.get("/v1/view/openapi.json").body
        self._by_lookup = "/v1/view/lookup" in (described or {}).get("paths", {})

    def of(self, external_id: str) -> dict[str, Any]:
        """The view of a person, complete if it can be had. Raise LookupError if nobody is found.

        What a busy system could not tell in time is no difference: it is asked again.
        """
        for _ in range(MOST_ASKED - 1):
            view = self._of(external_id)
            if view.get("complete") is not False:
                return view
        return self._of(external_id)

    def _of(self, external_id: str) -> dict[str, Any]:
        asked = {"external_id": external_id}
        if self._by_lookup:
            reply = self._api.post("/v1/view/lookup", asked)
        else:
            found = self._api.post("/v1/customers/lookup", asked)
            customers = found.body.get("customers", []) if found.status == OK else []
            if not customers:
                raise LookupError(f"nobody ({found.status})")
            reply = self._api.get(f"/v1/view/customers/{customers[0]['customer_id']}")
        if reply.status == NOT_FOUND:
            raise LookupError("nobody (404)")
        if reply.status != OK or "candidates" in reply.body:
            raise LookupError(f"{reply.status}: {reply.body}")
        view: dict[str, Any] = reply.body
        return view


def main() -> int:
    """Check: 0 without a difference, 1 with some, 2 when nothing could be compared."""
    options = parse(["check", *sys.argv[1:]])
    try:
        return _check(options)
    except (Problem, Unreadable, Unreachable) as problem:
        sys.stderr.write(f"sahip: {problem}\n")
        return USAGE
    except KeyboardInterrupt:
        sys.stderr.write("sahip: interrupted\n")
        return INTERRUPTED


def _check(options: Namespace) -> int:
    issuer = Issuer(running.system_on(options.port).state, REGION)
    api = Api(options.port, Tokens(lambda: issuer.token("agent")), connections=ASKED_AT_ONCE)
    return check(options.directory, options.persons, api, sys.stdout)


def check(directory: Path, most: int | None, api: Api, out: TextIO) -> int:
    """Compare at most so many persons and print. Raise Unreadable, or api.Unreachable."""
    persons = read(directory, most)
    if not persons:
        raise Unreadable(f"nobody in {directory} has ordered anything")
    views = Views(api)
    found: list[Difference] = []
    absent: Counter[str] = Counter()
    unread = 0
    with ThreadPoolExecutor(ASKED_AT_ONCE) as workers:
        answers = workers.map(lambda told: list(_compare(told, views)), persons)
        console = Console(stderr=True)
        for each in track(answers, "comparing", total=len(persons), console=console):
            unread += None in each
            found += [one for one in each if isinstance(one, Difference)]
            absent.update(one for one in each if isinstance(one, str))
    out.write(_report(len(persons), unread, absent, found))
    return DIFFERENT if found or absent else 0


def _compare(told: Told, views: Views) -> Iterator[Difference | str | None]:
    """What differs of one person; None where the files cannot be read."""
    try:
        expected = expected_of(told)
    except (ValueError, TypeError):
        yield None
        return
    try:
        view = views.of(f"olist:{told.person}")
    except LookupError as nobody:
        yield Difference(told.person, "customer", "one person", str(nobody))
        return
    try:
        yield from differences(told.person, expected, view)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        yield Difference(told.person, "view", "the fields that were agreed", repr(error))


def _report(persons: int, unread: int, absent: Counter[str], found: list[Difference]) -> str:
    lines = []
    for one in found[:MOST_SHOWN]:
        lines += [
            f"{one.person}  {one.field}",
            f"    expected  {_short(one.expected)}",
            f"    got       {_short(one.got)}",
        ]
    if len(found) > MOST_SHOWN:
        lines.append(f"… and {len(found) - MOST_SHOWN:,} more")
    lines += [
        f"the view has no part '{name}' ({count:,} persons)" for name, count in absent.items()
    ]
    if unread:
        lines.append(f"left out, since rows of theirs cannot be read: {unread:,} persons")
    lines.append(f"{persons - unread:,} persons compared, {len(found):,} differences")
    return "\n".join(lines) + "\n"


def _short(value: Any) -> str:
    text = repr(value) if not isinstance(value, str) else value
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


if __name__ == "__main__":
    sys.exit(main())
