"""What Memories must do, the fake as well as DynamoDB; and how a source's answer is read."""

import json
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from typing import Any, cast

import pytest
from botocore.exceptions import ReadTimeoutError

from services.customer_view.adapters import (
    NEWEST,
    SCHEMAS,
    DynamoMemories,
    FindFunction,
    SummaryFunction,
    Timeline,
)
from services.customer_view.domain import Document, LastKnown, Part
from services.customer_view.ports import Memories, Unavailable
from shared.aws.erasing import Erasure
from shared.aws.facts import Facts
from shared.aws.links import Links
from shared.aws.queue import Delivery
from shared.aws.rows import Rows
from shared.contracts.customer import CustomerLinkChanged
from shared.contracts.event import Event
from shared.contracts.orders import OrderApproved
from shared.contracts.summary import CustomerPart
from tests.account import AwsAccount
from tests.customer_view.examples import (
    NOON,
    a_caller,
    a_candidate,
    a_complaint,
    a_conversation,
    a_customer,
    a_unit,
    an_order,
    care,
    complaints,
    conversations,
    engagement,
    orders,
    payments,
    products,
    risk,
)
from tests.customer_view.fakes import InMemoryMemories


@pytest.fixture(params=["in memory", "dynamodb"])
def memories(request: pytest.FixtureRequest) -> Memories:
    if request.param == "in memory":
        return InMemoryMemories()
    return dynamo(request.getfixturevalue("aws"))


def dynamo(aws: AwsAccount) -> DynamoMemories:
    table = aws.table("customer_view")
    return DynamoMemories(aws.dynamodb, table, Rows(aws.dynamodb, table), list(SCHEMAS))


def test_of_somebody_new_nothing_is_remembered(memories: Memories) -> None:
    memory = memories.recall("ayse")

    assert not any((memory.members, memory.last_known, memory.happenings))


def test_parts_are_recalled_as_they_were_remembered_each_for_itself(memories: Memories) -> None:
    told = CustomerPart.model_validate(a_customer()).model_dump(mode="json")
    profile = Part.fresh(told, NOON, ["ayse"])
    ordered = Part.fresh(orders(an_order("o1")), NOON, ["ayse", "isik"])
    memories.remember("ayse", {"customer": profile, "orders": ordered})
    newer = replace(ordered, data=orders())

    memories.remember("ayse", {"orders": newer})

    assert memories.recall("ayse").last_known == {
        "customer": LastKnown(as_of=NOON, data=told, ids=["ayse"]),
        "orders": LastKnown(as_of=NOON, data=orders(), ids=["ayse", "isik"]),
    }
    assert memories.recall("isik").last_known == {}


def test_a_table_that_does_not_answer_is_unavailable_and_remembering_fails_nobody(
    aws: AwsAccount,
) -> None:
    rows = Rows(aws.dynamodb, "no-such-table")
    memories = DynamoMemories(aws.dynamodb, "no-such-table", rows, ["orders"])

    with pytest.raises(Unavailable, match="it did not answer"):
        memories.recall("ayse")
    memories.remember("ayse", {"orders": Part.fresh(orders(), NOON, ["ayse"])})


def an_event(n: int, *, customer_id: str = "ayse") -> Event:
    return OrderApproved(
        event_id=f"ord_{n}:2:0",
        entity_id=f"ord_{n}",
        customer_id=customer_id,
        version=2,
        occurred_at=NOON,
        correlation_id="request-1",
        order_id=f"ord_{n}",
    )


def a_link_event(link_version: int, *members: str) -> Event:
    return CustomerLinkChanged(
        event_id=f"ayse:{link_version}:0",
        entity_id="ayse",
        customer_id="ayse",
        version=link_version,
        occurred_at=NOON,
        correlation_id="request-1",
        link_version=link_version,
        person_id="ayse",
        members=list(members),
    )


def deliver(aws: AwsAccount, *events: Event) -> dict[str, Exception]:
    table = aws.table("customer_view")
    client = aws.dynamodb
    timeline = Timeline(Facts(client, table), Links(client, table), Erasure(client, table))
    return timeline.take(
        [Delivery(message_id=str(place), event=event) for place, event in enumerate(events)]
    )


def test_what_happened_is_in_the_timeline_once_however_often_it_is_told(aws: AwsAccount) -> None:
    assert deliver(aws, an_event(1), an_event(2), an_event(1)) == {}
    assert deliver(aws, an_event(2), an_event(3, customer_id="isik")) == {}

    happened = dynamo(aws).recall("ayse").happenings

    assert [one["about"] for one in happened] == ["ord_2", "ord_1"]
    assert {one["what"] for one in happened} == {"OrderApproved"}


def test_links_are_kept_beside_the_timeline_the_newest_word_holding(aws: AwsAccount) -> None:
    deliver(aws, a_link_event(2, "ayse", "isik"), a_link_event(1, "ayse"))

    memory = dynamo(aws).recall("ayse")

    assert memory.members == ["ayse", "isik"]
    assert [one["what"] for one in memory.happenings] == ["CustomerLinkChanged"] * 2


def test_a_long_history_does_not_push_out_what_is_remembered(aws: AwsAccount) -> None:
    memories = dynamo(aws)
    told = {
        "customer": a_customer(),
        "conversations": conversations(),
        "care": care(),
        "orders": orders(),
        "payments": payments(),
        "risk": risk(),
        "complaints": complaints(),
        "products": products(),
        "engagement": engagement(),
    }
    parts = {name: Part.fresh(data, NOON, ["ayse"]) for name, data in told.items()}
    deliver(aws, *(an_event(n) for n in range(30)), a_link_event(1, "ayse", "isik"))
    memories.remember("ayse", parts)

    memory = memories.recall("ayse")

    assert set(memory.last_known) == set(SCHEMAS)
    assert len(memory.happenings) == NEWEST
    assert memory.members == ["ayse", "isik"]


class PlayedLambda:
    """Lambda's Invoke with an answer made up beforehand."""

    def __init__(self, answer: bytes | Exception, *, failed: bool = False) -> None:
        self._answer, self._failed = answer, failed
        self.asked: Any = None

    def invoke(self, *, FunctionName: str, Payload: str) -> dict[str, Any]:  # noqa: N803 as AWS has it
        self.asked = json.loads(Payload)
        if isinstance(self._answer, Exception):
            raise self._answer
        error = {"FunctionError": "Unhandled"} if self._failed else {}
        return {"Payload": BytesIO(self._answer), **error}


def source(played: PlayedLambda, parts: Sequence[str] = ("orders",)) -> SummaryFunction:
    return SummaryFunction(cast("Any", played), "orders-summary", parts, 1500)


def finder(played: PlayedLambda) -> FindFunction:
    return FindFunction(cast("Any", played), "customer-find")


def answer(**customers: Any) -> bytes:
    return json.dumps({"customers": customers}).encode()


def test_a_source_is_asked_for_all_ids_at_once_with_who_asks_and_how_long_it_may_take() -> None:
    told = {"members": ["ayse", "isik"], "parts": {"orders": orders(an_order("o1"))}}
    played = PlayedLambda(answer(ayse=told, isik={"parts": {"orders": None}}))

    known = source(played).ask(["ayse", "isik"], ["orders"], a_caller(), "request-1")

    assert played.asked["ids"] == ["ayse", "isik"]
    assert played.asked["caller"] == a_caller().document()
    assert played.asked["deadline_ms"] == 1500
    assert known["ayse"].members == ["ayse", "isik"]
    assert known["isik"].parts == {"orders": None}
    part = known["ayse"].parts["orders"]
    assert part is not None
    assert part["recent"][0]["order_id"] == "o1"


@pytest.mark.parametrize(
    ("played", "reason"),
    [
        (PlayedLambda(ReadTimeoutError(endpoint_url="lambda")), "it did not answer"),
        (PlayedLambda(b'{"errorMessage": "boom"}', failed=True), "it failed"),
        (PlayedLambda(b"<html>"), "could not be understood"),
        (PlayedLambda(b"null"), "could not be understood"),
        (PlayedLambda(b'{"customers": []}'), "could not be understood"),
        (PlayedLambda(answer(ayse={"parts": {}})), "could not be understood"),
        (PlayedLambda(answer(ayse={"parts": {"orders": {"count": 1}}})), "not be understood"),
        (PlayedLambda(answer()), "it would not tell"),
        (
            PlayedLambda(answer(ayse={"members": list("ab" * 30), "parts": {"orders": None}})),
            "more customers than one person can be",
        ),
    ],
)
def test_a_source_that_gives_no_good_answer_is_unavailable_with_the_reason(
    played: PlayedLambda, reason: str
) -> None:
    with pytest.raises(Unavailable, match=reason):
        source(played).ask(["ayse"], ["orders"], a_caller(), "request-1")


def test_of_a_source_that_tells_more_than_was_asked_or_in_a_newer_version_the_rest_is_left() -> (
    None
):
    order = {**an_order("o1", status="teleported"), "carrier": "drone"}
    told = {"orders": {**orders(order), "refunds": {"count": 3}}, "loyalty": {"points": 7}}
    newer = {"parts": told, "seen_by": "orders 9", "erased_at": None}
    played = PlayedLambda(answer(ayse=newer, stranger={"parts": {"orders": orders()}}))

    known = source(played, ("orders", "risk")).ask(["ayse"], ["orders"], a_caller(), "request-1")

    assert known.keys() == {"ayse"}
    assert known["ayse"].parts.keys() == {"orders"}
    part = known["ayse"].parts["orders"] or {}
    assert part.keys() == orders().keys()
    assert part["recent"][0]["status"] == "teleported"
    assert "carrier" not in part["recent"][0]


def test_a_source_cannot_be_asked_for_more_ids_than_a_person_has() -> None:
    with pytest.raises(Unavailable, match="could not be understood"):
        source(PlayedLambda(answer())).ask(["ayse"] * 51, ["orders"], a_caller(), "request-1")


def test_a_source_of_several_parts_is_asked_once_and_each_part_comes_back_as_it_was_told() -> None:
    told: dict[str, Document] = {
        "customer": a_customer(),
        "conversations": conversations(a_conversation("asked for a technician")),
        "care": care(),
        "orders": orders(an_order("o1")),
        "payments": payments(("card", "TRY", 1, 5), instalments=1, paid=5),
        "risk": risk("high", "a reason"),
        "complaints": complaints(a_complaint("c1")),
        "products": products(a_unit("u1"), a_unit("u2", minutes=None)),
        "engagement": engagement(
            372,
            band="forgotten",
            theirs="2025-02-22",
            said=[{"at": NOON.isoformat(), "channel": "MESAJ", "status": "RET"}],
        ),
    }
    played = PlayedLambda(answer(ayse={"parts": told}))

    known = source(played, list(told)).ask(["ayse"], list(told), a_caller(), "request-1")

    assert played.asked["parts"] == list(told) == list(SCHEMAS)
    assert known["ayse"].parts == json.loads(json.dumps(told).replace("+00:00", "Z"))


def test_a_source_that_leaves_out_one_of_its_parts_is_unavailable() -> None:
    played = PlayedLambda(answer(ayse={"parts": {"orders": orders(), "payments": payments()}}))

    with pytest.raises(Unavailable, match="could not be understood"):
        source(played).ask(["ayse"], ["orders", "payments", "risk"], a_caller(), "request-1")


def test_a_service_is_asked_whose_something_is_with_who_asks() -> None:
    told = {"customer_id": "ayse", "person_id": "isik", "display_name": "Ayşe"}
    played = PlayedLambda(json.dumps({"matches": [told, {"customer_id": "can"}]}).encode())

    found = finder(played).find("phone", "0532", a_caller(), "request-1")

    assert played.asked == {
        "kind": "phone",
        "value": "0532",
        "caller": a_caller().document(),
        "correlation_id": "request-1",
        "action": "look_up_view",
        "among": [],
    }
    assert found == [a_candidate("ayse", "isik", display_name="Ayşe"), a_candidate("can")]


@pytest.mark.parametrize(
    ("played", "reason"),
    [
        (PlayedLambda(ReadTimeoutError(endpoint_url="lambda")), "it did not answer"),
        (PlayedLambda(b'{"errorMessage": "boom"}', failed=True), "it failed"),
        (PlayedLambda(b"null"), "could not be understood"),
        (PlayedLambda(b'{"matches": [{}]}'), "could not be understood"),
    ],
)
def test_a_finder_that_gives_no_good_answer_is_unavailable_and_never_nobody(
    played: PlayedLambda, reason: str
) -> None:
    with pytest.raises(Unavailable, match=reason):
        finder(played).find("phone", "0532", a_caller(), "request-1")
