"""Requests to the gateway as anybody may send them, and what stands in the tables."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import urllib3
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import Item
from moto.dynamodb.models.table import Table

from infra.local.system import LocalSystem
from tests.client import Reply

# And what holds them.
PERSONAL = (
    *("Canary", "canary", "5327773141", "532 777 31 41"),
    *("17291716060", "172 917 160 60", "4540536920", "1977-03-14"),
)
PROBLEM = "application/problem+json"

_http = urllib3.PoolManager(retries=False)


def ask(
    system: LocalSystem,
    method: str,
    path: str,
    body: Any = None,
    *,
    token: str | None,
    headers: Mapping[str, str] | None = None,
) -> Reply:
    """Send a request. The body goes as JSON, or as it is where it is bytes.

    A reason is given as well, since staff need one. A header that is empty is left out.
    """
    given = {
        "Content-Type": "application/json",
        **({"Authorization": f"Bearer {token}"} if token is not None else {}),
        "Sahip-Reason": "case",
        **(headers or {}),
    }
    data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    answer = _http.request(
        method,
        f"{system.url}{path}",
        body=data,
        headers={name: value for name, value in given.items() if value},
    )
    return Reply(status=answer.status, headers=answer.headers, text=answer.data.decode())


class Tables:
    """What stands in all tables, but for who looked: that is written by looking.

    moto's own items are looked at, since hundreds of tests look: reading them all as a client does
    would take longer than what is tested.
    """

    def __init__(self, system: LocalSystem) -> None:
        world = system.world
        self._names = [table.name for table in world.tables]
        self._kept = dynamodb_backends[world.account][world.region].tables

    def contents(self) -> dict[str, dict[tuple[str, str], Any]]:
        """Every item of every table, by its key. No later write shows in them."""
        return {name: dict(_items(self._kept[name])) for name in self._names}


def _items(table: Table) -> Iterator[tuple[tuple[str, str], Item]]:
    for pk, row in list(table.items.items()):
        if not pk.value.startswith("L#"):
            yield from (((pk.value, sk.value), item) for sk, item in list(row.items()))


def must_be_refused(reply: Reply, status: int, says: str) -> Any:
    """The problem in a reply, which must be told so that somebody can act on it."""
    assert reply.status == status, reply.text
    assert reply.headers["Content-Type"] == PROBLEM
    problem = reply.body
    assert problem["status"] == status
    assert problem["title"]
    flaws = [f"{one['field']}: {one['message']}" for one in problem.get("errors", ())]
    assert any(says in one for one in (problem["detail"], *flaws)), problem["detail"]
    assert not [one for one in PERSONAL if one in reply.text]
    return problem
