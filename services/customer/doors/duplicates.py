"""Pairs who may be one person, at the desk; and what finds them."""

import time
from datetime import UTC, datetime
from typing import Any

from services.customer import bootstrap
from services.customer.domain.duplicates import Duplicate, Standing
from services.customer.schemas.duplicates import (
    DecideDuplicate,
    Decision,
    DuplicateList,
    DuplicateView,
    ListDuplicates,
)
from services.customer.use_cases import duplicates as use_cases
from services.customer.use_cases.dedup import dedup
from shared.access import Action
from shared.aws import logs
from shared.aws.http import Answer, Api, Request
from shared.contracts.customer import CustomerLinkChanged
from shared.contracts.event import Event
from shared.entity import Act

SECONDS = 10  # of walking through the books, unless the caller says how many
TOLD = ("done", "items", "people", "found", "linked")  # of a walk


def open_duplicates(api: Api) -> None:
    """Serve the routes of pairs who may be one person."""

    @api.route(
        "GET",
        "/duplicates",
        action=Action.READ_DUPLICATES,
        query=ListDuplicates,
        gives=DuplicateList,
    )
    def list_duplicates(request: Request[None]) -> Answer:
        """List pairs who may be one person and wait for somebody, the likeliest first"""
        asked: ListDuplicates = request.query
        page = bootstrap.duplicates().page(
            Standing(asked.standing),
            size=asked.limit,
            cursor=asked.cursor,
            cursors=bootstrap.cursors(request.caller),
        )
        listed = [DuplicateView.of(one) for one in page.duplicates]
        return Answer(body=DuplicateList(duplicates=listed, cursor=page.cursor))

    @api.route(
        "GET",
        "/duplicates/{duplicate_id}",
        action=Action.READ_DUPLICATES,
        gives=DuplicateView,
    )
    def read_duplicate(request: Request[None], duplicate_id: str) -> Answer:
        """Read a pair who may be one person"""
        return _answer(bootstrap.duplicates().get(duplicate_id))

    @api.route(
        "POST",
        "/duplicates/{duplicate_id}/decide",
        action=Action.DECIDE_DUPLICATE,
        takes=DecideDuplicate,
        gives=DuplicateView,
        may_name_version=True,
    )
    def decide_duplicate(request: Request[DecideDuplicate], duplicate_id: str) -> Answer:
        """Say whether two are one person"""
        decided = use_cases.decide_duplicate(
            bootstrap.dedupe(),
            request.act(),
            duplicate_id,
            same=request.body.decision is Decision.SAME,
            reason=request.body.reason,
            version=request.version,
        )
        return _answer(decided)


def compare_customer(event: Event) -> None:
    """React to a customer's news: compare them, or let their pairs follow their links."""
    act = Act(by=event.event_id, at=datetime.now(UTC), correlation_id=event.correlation_id)
    if isinstance(event, CustomerLinkChanged):
        use_cases.settle_duplicates(bootstrap.dedupe(), act, event.customer_id)
        return
    outcome = use_cases.find_duplicates(bootstrap.dedupe(), act, event.customer_id)
    logs.tell("compared", customer=event.customer_id, found=outcome.found, linked=outcome.linked)


def answer_dedup(event: dict[str, Any]) -> dict[str, Any]:
    """Compare everybody for some seconds; the same call again goes on where this one ended.

    `{"begin": true}` begins anew where all is done. The answer says how far it has come.
    """
    logs.start()
    now = datetime.now(UTC)
    ends = time.monotonic() + float(event.get("seconds", SECONDS))
    name = f"dedup:{now.isoformat()}"
    with logs.about(correlation_id=name):
        walk = dedup(
            bootstrap.dedupe(),
            bootstrap.walks(),
            Act(by=name, at=now, correlation_id=name),
            begin=bool(event.get("begin")),
            has_time=lambda: time.monotonic() < ends,
        )
        told = {name: getattr(walk, name) for name in TOLD}
        logs.tell("walked", **told)
    return told


def _answer(duplicate: Duplicate) -> Answer:
    return Answer(body=DuplicateView.of(duplicate), version=duplicate.version)
