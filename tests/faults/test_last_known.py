"""What the view keeps for a day on which a source is silent is written when it is new."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from tests.faults.calls import Call, Send
from tests.faults.service.complaints import open_complaint
from tests.faults.stage import Stage
from tests.faults.story import (
    Told,
    create_ayse,
    create_isik,
    link_customers,
    place_order,
    place_two_at_once,
)

LAST_KNOWN = "S#"


class Writes:
    """Notes which parts are written down by looking; each call goes its way."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def __call__(self, call: Call) -> "Writes | None":
        is_look = call.handler.startswith("GET /v1/view")
        return self if is_look and call.operation == "dynamodb.BatchWriteItem" else None

    def meddle(self, call: Call, request: AWSPreparedRequest, send: Send) -> AWSResponse:
        body: str | bytes = request.body  # type: ignore[assignment]
        for puts in json.loads(body)["RequestItems"].values():
            keys = [one["PutRequest"]["Item"]["sk"]["S"] for one in puts]
            self.parts += [key[2:] for key in keys if key.startswith(LAST_KNOWN)]
        return send(call, request)


@contextmanager
def writes(stage: Stage) -> Iterator[Writes]:
    noted = stage.world.calls.meddler = Writes()
    yield noted
    stage.world.calls.meddler = None


def look(told: Told, *names: str) -> None:
    for name in names:
        reply = told.as_("agent").get(f"/v1/view/customers/{told.ids[name]}")
        assert reply.body["complete"], reply.text


def test_looks_write_the_parts_that_have_changed_and_nothing_else(stage: Stage) -> None:
    told = stage.begin()
    for step in (create_ayse, create_isik, place_order):
        stage.tell(told, step)
    look(told, "ayse", "isik")

    with writes(stage) as unchanged:
        for _ in range(3):
            look(told, "ayse", "isik")
    stage.tell(told, place_two_at_once)  # of Işık
    with writes(stage) as ordered:
        for _ in range(3):
            look(told, "ayse", "isik")
    stage.tell(told, link_customers)
    look(told, "ayse", "isik")
    with writes(stage) as joined:
        for _ in range(3):
            look(told, "ayse", "isik")
    stage.tell(told, open_complaint)
    with writes(stage) as complained:
        for _ in range(3):
            look(told, "ayse", "isik")

    assert unchanged.parts == []
    assert sorted(ordered.parts) == ["engagement", "orders", "payments"]
    assert joined.parts == []
    # Under either id; their silence ended when the order came.
    assert sorted(complained.parts) == ["complaints"] * 2
