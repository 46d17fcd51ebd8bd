"""The view answers whatever its sources do, and never calls known what it could not ask."""

import json
import threading
import time
from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError

from services.customer_view import bootstrap
from tests.faults.calls import Call, Send
from tests.faults.invariants import false_parts
from tests.faults.kinds import answer, read
from tests.faults.stage import Stage
from tests.faults.story import Told
from tests.faults.truth import Truth
from tests.faults.world import Saved

WELL = "well"
ILLS = ("down", "slow", "failing", "nonsense")
STATES = (WELL, *ILLS)
DEADLINE = 0.25  # seconds, in place of the longer ones that the table has in earnest
NONSENSE = (
    b"",
    b"null",
    b"[]",
    b"{}",
    b"\xff\xfe",
    b'{"customers": {}}',
    b'{"customers": null}',
    b'{"customers": {"ID": {"parts": {}}}}',
    b'{"customers": {"ID": {"parts": {"customer": 1, "orders": []}}}}',
    b'{"customers": {"ID": {"members": [1], "parts": {"customer": null, "orders": null}}}}',
    b'{"customers": {"ID": {"parts": {"orders": {"count": "many", "recent": []}}}}}',
)


class Ill:
    """A source in a certain state: what every try to ask it comes to."""

    def __init__(self, state: str, nonsense: bytes = NONSENSE[0]) -> None:
        self._state = state
        self._nonsense = nonsense

    def meddle(self, call: Call, request: AWSPreparedRequest, send: Send) -> AWSResponse:
        asks_function = call.operation == "lambda.Invoke"
        if self._state == "down":
            raise EndpointConnectionError(endpoint_url=request.url)
        if self._state == "failing" and asks_function:
            return answer(b'{"errorType": "Boom"}', headers={"X-Amz-Function-Error": "Unhandled"})
        if self._state == "failing":
            return answer({"__type": "InternalServerError"}, status=500)
        if self._state == "nonsense":
            return answer(self._nonsense) if asks_function else _spoiled(send(call, request))
        if not asks_function:
            # A client of the table waits longer than the view does.
            threading.Event().wait(bootstrap.DEADLINE * 1.5)
        raise ReadTimeoutError(endpoint_url=request.url)


class Illness:
    """Which source is in which state."""

    def __init__(self, customer: str, orders: str, table: str, nonsense: bytes = b"") -> None:
        self._states = {"customer-Summary": customer, "orders-Summary": orders, "Query": table}
        self._nonsense = nonsense

    def __call__(self, call: Call) -> Ill | None:
        if not call.handler.startswith("GET /v1/view"):
            return None
        for mark, state in self._states.items():
            if mark in call.what and state != WELL:
                return Ill(state, self._nonsense)
        return None


@pytest.fixture
def seen_before(stage: Stage) -> tuple[Saved, Told]:
    """Ayşe and her order, looked at once while all was well."""
    scene = stage.scenes()["see_customer"]
    told = stage.begin(scene.before, scene.ids)
    stage.tell(told, scene.step)
    return stage.world.save(), told


@pytest.mark.parametrize("table", STATES)
@pytest.mark.parametrize("customer", STATES)
@pytest.mark.parametrize("orders", STATES)
def test_the_view_says_of_each_part_how_far_it_can_be_relied_on(
    stage: Stage,
    seen_before: tuple[Saved, Told],
    monkeypatch: pytest.MonkeyPatch,
    *,
    customer: str,
    orders: str,
    table: str,
) -> None:
    saved, told = seen_before
    if table == "slow":
        monkeypatch.setattr(bootstrap, "DEADLINE", DEADLINE)
    for remembered in (True, False) if table == WELL else (True,):
        stage.begin(saved, told.ids)
        if not remembered:
            _forget(stage)
        truth = Truth.of(stage.world)
        stage.world.calls.meddler = Illness(customer, orders, table, NONSENSE[8])
        began = time.monotonic()

        reply = told.as_("agent").get(f"/v1/view/customers/{told.ids['ayse']}")

        assert reply.status == 200, reply.text
        assert time.monotonic() - began < bootstrap.DEADLINE + 1
        view = reply.body
        assert view["complete"] == (customer == orders == table == WELL)
        for part, state in (("customer", customer), ("orders", orders)):
            known = remembered and table == WELL
            _assert_honest(view[part], "fresh" if state == WELL else "last_known" if known else "")
        _assert_honest(view["timeline"], "fresh" if table == WELL else "")
        assert list(false_parts(stage.world, truth, told.ids["ayse"], view)) == []


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_no_nonsense_of_a_source_is_taken_for_an_answer(
    stage: Stage, seen_before: tuple[Saved, Told], nonsense: bytes
) -> None:
    saved, told = seen_before
    stage.begin(saved, told.ids)
    text = nonsense.replace(b"ID", told.ids["ayse"].encode())
    for customer, orders in (("nonsense", WELL), (WELL, "nonsense"), ("nonsense", "nonsense")):
        stage.world.calls.meddler = Illness(customer, orders, WELL, text)

        reply = told.as_("agent").get(f"/v1/view/customers/{told.ids['ayse']}")

        assert reply.status == 200, reply.text
        for part, state in (("customer", customer), ("orders", orders)):
            _assert_honest(reply.body[part], "fresh" if state == WELL else "last_known")


@pytest.mark.parametrize("attribute", ["data", "as_of", "ids", "shown", "members"])
@pytest.mark.parametrize("text", ["", "{", "null", "[1]", '{"recent": 7}', None])
def test_what_the_view_itself_keeps_may_be_spoiled(
    stage: Stage, seen_before: tuple[Saved, Told], attribute: str, text: str | None
) -> None:
    saved, told = seen_before
    stage.begin(saved, told.ids)
    _spoil(stage, attribute, text)
    for customer, orders in ((WELL, WELL), ("down", "down")):
        stage.world.calls.meddler = Illness(customer, orders, WELL)

        reply = told.as_("agent").get(f"/v1/view/customers/{told.ids['ayse']}")

        assert reply.status == 200, reply.text
        for part in ("customer", "orders", "timeline"):
            _assert_honest(reply.body[part], reply.body[part]["status"])
            if customer == WELL and part != "timeline":
                assert reply.body[part]["status"] == "fresh"


def test_a_view_within_its_real_deadline_when_everything_hangs(
    stage: Stage, seen_before: tuple[Saved, Told]
) -> None:
    saved, told = seen_before
    stage.begin(saved, told.ids)
    stage.world.calls.meddler = Illness("slow", "slow", "slow")
    began = time.monotonic()

    reply = told.as_("agent").get(f"/v1/view/customers/{told.ids['ayse']}")

    assert reply.status == 200
    assert time.monotonic() - began < bootstrap.DEADLINE + 1
    assert {reply.body[part]["status"] for part in ("customer", "orders", "timeline")} == {
        "missing"
    }


def _assert_honest(part: Any, status: str) -> None:
    assert part["status"] == (status or "missing"), part
    if part["status"] == "fresh":
        assert part["data"] is not None
    else:
        assert part["reason"]
        assert (part["data"] is None) == (part["status"] == "missing")
        assert (part["as_of"] is None) == (part["status"] == "missing")


def _forget(stage: Stage) -> None:
    """Take from the view what it remembers of other services' parts."""
    for row in _rows(stage):
        for key in [key for key in row if str(key.value).startswith("S#")]:
            del row[key]


def _spoil(stage: Stage, attribute: str, text: str | None) -> None:
    for row in _rows(stage):
        for key, item in row.items():
            if attribute in item.attrs:
                spoiled = json.loads(json.dumps(item.to_json()["Attributes"]))
                if text is None:
                    del spoiled[attribute]
                else:
                    spoiled[attribute] = {"S": text}
                row[key] = type(item)(item.hash_key, item.range_key, spoiled)


def _rows(stage: Stage) -> Any:
    return stage.world.dynamodb.tables[stage.world.table_of("customer_view")].items.values()


def _spoiled(response: AWSResponse) -> AWSResponse:
    """The rows of a table with other things in them."""
    found = read(response)
    for item in found["Items"]:
        for name in item.keys() - {"pk", "sk"}:
            item[name] = {"S": "nonsense"}
    return answer(found)
