"""A list read page by page while others write."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from infra.local.system import LocalSystem
from tests.api.asking import ask, must_be_refused
from tests.api.scene import LINE, TALK, Scene, a_key, a_refusal


class Desk:
    """Another system, which may tell of the past; and an agent, who reads."""

    def __init__(self, system: LocalSystem) -> None:
        self._system = system
        self._writing = system.token("integration")
        self._reading = system.token("agent")

    def create(self, path: str, body: Any) -> Any:
        reply = ask(self._system, "POST", path, body, token=self._writing, headers=a_key())
        assert reply.status == 201, reply.text
        return reply.body

    def get(self, path: str) -> Any:
        reply = ask(self._system, "GET", path, token=self._reading)
        assert reply.status == 200, reply.text
        return reply.body


@pytest.fixture(scope="module")
def shopper(scene: Scene) -> str:
    """A customer with five orders."""
    customer = scene.a_customer()
    for _ in range(5):
        scene.an_order(customer)
    scene.system.settle()
    return customer


DAY = timedelta(days=1)
THEN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Books:
    """A list of a customer's things, and how others write into it."""

    path: str  # of the list
    name: str  # of the list in its answer
    key: str  # of a thing's id
    write: Callable[[Desk, str, datetime], Any]  # something of a moment


def _complaint(desk: Desk, customer: str, at: datetime) -> Any:
    body = {"customer_id": customer, "text": "canary", "opened_at": at.isoformat()}
    return desk.create("/v1/complaints", body)


def _talk(desk: Desk, customer: str, at: datetime) -> Any:
    return desk.create(f"/v1/customers/{customer}/conversations", {**TALK, "at": at.isoformat()})


def _order(desk: Desk, customer: str, at: datetime) -> Any:
    past = {"status": "delivered", "ordered_at": at.isoformat(), "delivered_at": at.isoformat()}
    return desk.create("/v1/orders", {"customer_id": customer, "lines": [LINE], "past": past})


def _consent(desk: Desk, customer: str, at: datetime) -> Any:
    return desk.create(
        "/v1/engagement/consents", a_refusal(customer) | {"said_at": at.isoformat()}
    )


BOOKS = {
    "orders": Books("/v1/orders?customer_id={}&", "orders", "order_id", _order),
    "complaints": Books(
        "/v1/complaints?customer_id={}&", "complaints", "complaint_id", _complaint
    ),
    "late complaints": Books(
        "/v1/complaints?late=true&", "complaints", "complaint_id", _complaint
    ),
    "consents": Books(
        "/v1/engagement/consents?customer_id={}&", "consents", "consent_id", _consent
    ),
    "late consents": Books(
        "/v1/engagement/consents?late=true&", "consents", "consent_id", _consent
    ),
    "units": Books("/v1/warranty/units?customer_id={}&", "units", "unit_id", _order),
    "conversations": Books(
        "/v1/customers/{}/conversations?", "conversations", "conversation_id", _talk
    ),
    "timeline": Books("/v1/view/customers/{}/timeline?", "happenings", "about", _talk),
}


@pytest.mark.parametrize("kind", BOOKS)
def test_what_stood_at_the_start_is_seen_once_whatever_others_write_meanwhile(
    scene: Scene, kind: str
) -> None:
    books, desk, customer = BOOKS[kind], Desk(scene.system), scene.a_customer()
    for day in (0, 2, 4):
        books.write(desk, customer, THEN + day * DAY)
    scene.system.settle()
    path = books.path.format(customer)
    there = [one[books.key] for one in desk.get(f"{path}limit=100")[books.name]]
    meanwhile = [(1, 5), (-1,)]  # days of what others write after each page
    seen: list[str] = []
    cursor: str | None = ""

    while cursor is not None:
        page = desk.get(f"{path}limit=2{cursor}")
        seen += [one[books.key] for one in page[books.name]]
        if meanwhile:
            for day in meanwhile.pop(0):
                books.write(desk, customer, THEN + day * DAY)
            scene.system.settle()
        cursor = f"&cursor={quote(page['cursor'])}" if page["cursor"] else None

    assert len(there) >= 3
    assert [one for one in seen if one in there] == there
    assert len(seen) == len(set(seen)) > len(there)


def test_a_cursor_is_good_for_its_owner_and_its_list_alone(scene: Scene, shopper: str) -> None:
    token = scene.system.token("agent", subject="me")
    path = f"/v1/orders?customer_id={shopper}&limit=2"
    cursor = ask(scene.system, "GET", path, token=token).body["cursor"]
    changed = cursor[:-1] + ("A" if cursor[-1] != "A" else "B")
    elsewhere = f"/v1/orders?customer_id={scene.ids['ayse']}&limit=2"
    stranger = scene.system.token("agent", subject="somebody else")

    assert ask(scene.system, "GET", f"{path}&cursor={cursor}", token=token).status == 200
    for wrong in (
        ask(scene.system, "GET", f"{path}&cursor={changed}", token=token),
        ask(scene.system, "GET", f"{elsewhere}&cursor={cursor}", token=token),
        ask(scene.system, "GET", f"{path}&cursor={cursor}", token=stranger),
    ):
        problem = must_be_refused(wrong, 400, "start again without one")
        assert problem["errors"][0]["field"] == "cursor"


def test_a_cursor_goes_on_with_pages_of_another_size(scene: Scene, shopper: str) -> None:
    token = scene.system.token("agent", subject="me")
    path = f"/v1/orders?customer_id={shopper}"
    first = ask(scene.system, "GET", f"{path}&limit=2", token=token).body

    rest = ask(scene.system, "GET", f"{path}&limit=100&cursor={first['cursor']}", token=token).body

    ids = [one["order_id"] for one in first["orders"] + rest["orders"]]
    assert len(ids) == len(set(ids)) == 5
    assert rest["cursor"] is None


def test_looks_are_paged_and_asked_for_by_time(scene: Scene) -> None:
    customer, manager = scene.a_customer(), scene.system.token("manager", subject="me")
    view = f"/v1/view/customers/{customer}"
    for _ in range(3):
        assert ask(scene.system, "GET", view, token=manager).status == 200

    def looks(query: str) -> Any:
        reply = ask(scene.system, "GET", f"{view}/looks?{query}", token=manager)
        assert reply.status == 200, reply.text
        return reply.body

    everything = looks("limit=100")["looks"]
    first = looks("limit=2")
    rest = looks(f"limit=2&cursor={quote(first['cursor'])}")
    middle = quote(everything[1]["at"])

    assert [one["by"] for one in everything] == ["me"] * 3
    assert [*first["looks"], *rest["looks"]] == everything
    assert rest["cursor"] is None
    assert looks(f"until={middle}")["looks"] == everything[2:]
    assert looks(f"since={middle}")["looks"] == everything[:2]
    moved = ask(
        scene.system,
        "GET",
        f"{view}/looks?limit=2&since={middle}&cursor={quote(first['cursor'])}",
        token=manager,
    )
    must_be_refused(moved, 400, "start again without one")
    another = scene.system.token("manager", subject="somebody else")
    path = f"{view}/looks?limit=2&cursor={quote(first['cursor'])}"
    must_be_refused(ask(scene.system, "GET", path, token=another), 400, "start again without one")
