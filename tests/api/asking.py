"""Requests to the gateway as anybody may send them, and what stands in the tables."""

import json
from collections.abc import Mapping
from typing import Any

import boto3
import urllib3

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
    """What stands in all tables, but for who looked: that is written by looking."""

    def __init__(self, system: LocalSystem) -> None:
        self._names = [table.name for table in system.world.tables]
        self._client = boto3.client("dynamodb")

    def contents(self) -> dict[str, list[Any]]:
        """Every item of every table."""
        pages = {
            name: self._client.scan(TableName=name, ConsistentRead=True) for name in self._names
        }
        assert not any("LastEvaluatedKey" in page for page in pages.values())
        return {
            name: [item for item in page["Items"] if not item["pk"]["S"].startswith("L#")]
            for name, page in pages.items()
        }


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
