"""Who of ours saw whom: what Looks must do, the fake as well as DynamoDB, and what is recorded."""

import json
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.customer_view.adapters import DynamoLooks
from services.customer_view.domain import CustomerNotFound, Look
from services.customer_view.ports import Looks
from shared.access import Role
from shared.errors import NotVerified
from shared.grounds import Session
from tests.account import AwsAccount
from tests.customer_view.examples import NOON, a_caller
from tests.customer_view.fakes import InMemoryLooks
from tests.customer_view.test_use_cases import World


@pytest.fixture(params=["in memory", "dynamodb"])
def looks(request: pytest.FixtureRequest) -> Looks:
    if request.param == "in memory":
        return InMemoryLooks()
    aws = request.getfixturevalue("aws")
    return DynamoLooks(aws.dynamodb, aws.table("customer_view"))


@pytest.fixture(scope="module")
def executor() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(max_workers=8) as pool:
        yield pool


@pytest.fixture
def world(executor: ThreadPoolExecutor) -> World:
    return World(executor)


def a_look(*shown: str, minutes: int = 0, **changes: Any) -> Look:
    plain = Look(
        by="deniz",
        at=NOON + timedelta(minutes=minutes),
        correlation_id="request-1",
        shown=shown or ("ayse",),
        reason="case",
        reference="cmp_1",
    )
    return replace(plain, **changes)


def seen(looks: Looks, customer_id: str = "ayse", **asked: Any) -> list[Look]:
    page = looks.of(customer_id, **{"since": None, "until": None, "most": 10, **asked})
    return [replace(one, shown=tuple(one.shown)) for one in page.looks]


def test_looks_are_listed_the_newest_first_each_for_its_customer(looks: Looks) -> None:
    in_session = a_look(minutes=2, session_id="ses_1", reason=None, reference=None)
    in_session = replace(in_session, department="sales", view="sales")
    for one in (a_look(minutes=1), a_look("isik"), in_session, a_look(minutes=3, by="cem")):
        looks.record(one)

    assert seen(looks) == [a_look(minutes=3, by="cem"), in_session, a_look(minutes=1)]
    assert seen(looks, "isik") == [a_look("isik")]
    assert seen(looks, "nobody") == []


def test_looks_of_a_time_are_from_its_beginning_and_before_its_end(looks: Looks) -> None:
    for minutes in range(5):
        looks.record(a_look(minutes=minutes))
    since, until = NOON + timedelta(minutes=1), NOON + timedelta(minutes=3)

    assert seen(looks, since=since) == [a_look(minutes=one) for one in (4, 3, 2, 1)]
    assert seen(looks, until=until) == [a_look(minutes=one) for one in (2, 1, 0)]
    assert seen(looks, since=since, until=until) == [a_look(minutes=2), a_look(minutes=1)]


def test_looks_go_on_where_a_page_ended(looks: Looks) -> None:
    for minutes in range(3):
        looks.record(a_look(minutes=minutes))
    first = looks.of("ayse", since=None, until=None, most=2)

    assert first.older is not None
    assert [one.at for one in first.looks] == [NOON + timedelta(minutes=one) for one in (2, 1)]
    assert seen(looks, before=first.older) == [a_look()]


@pytest.mark.parametrize("mixed_first", [True, False])
def test_what_was_shown_together_counts_whichever_comes_first(
    looks: Looks, *, mixed_first: bool
) -> None:
    alone, together = a_look("ayse"), a_look("ayse", "isik")
    for one in (together, alone) if mixed_first else (alone, together):
        looks.record(one)
        looks.record(one)

    assert seen(looks) == seen(looks, "isik") == [together]
    assert together.is_mixed
    assert not alone.is_mixed


def test_a_look_that_cannot_be_recorded_stands_in_the_log(
    aws: AwsAccount, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    logger = logging.getLogger("sahip")
    monkeypatch.setattr(logger, "propagate", False)  # as it is once a service has started
    caplog.set_level(logging.INFO, logger=logger.name)
    logger.addHandler(caplog.handler)
    try:
        DynamoLooks(aws.dynamodb, "no-such-table").record(a_look("ayse", "isik"))
        DynamoLooks(aws.dynamodb, "no-such-table").record(a_look("can"))
    finally:
        logger.removeHandler(caplog.handler)

    lost = [vars(one)["fields"] for one in caplog.records if one.levelname == "INFO"]
    assert [one["by"] for one in lost] == ["deniz", "deniz"]
    assert [json.loads(one["ids"]) for one in lost] == [["ayse", "isik"], ["can"]]
    assert [one["reference"] for one in lost] == ["cmp_1", "cmp_1"]


def test_one_of_ours_who_sees_a_customer_is_recorded_with_the_reason(world: World) -> None:
    world.view("ayse")

    assert seen(world.looks) == [
        Look(
            by="subject-of-agent",
            at=NOON,
            correlation_id="request-1",
            shown=("ayse",),
            reason="case",
            reference="cmp_1",
            view="whole",
        )
    ]


def test_the_department_of_whoever_looks_and_what_it_is_shown_are_recorded(world: World) -> None:
    world.view("ayse", replace(a_caller(), department="field_service"))

    [look] = seen(world.looks)
    assert (look.department, look.view, look.reason) == ("field_service", "field_service", "case")


def test_who_is_shown_together_is_recorded_for_each_of_them(world: World) -> None:
    world.link()

    world.view("ayse", a_caller(Role.MANAGER, grounds=session("isik")))

    [look] = seen(world.looks)
    assert seen(world.looks, "isik") == [look]
    assert (look.shown, look.session_id, look.reason) == (("ayse", "isik"), "ses_1", None)


def test_a_customer_who_sees_themselves_is_not_recorded(world: World) -> None:
    world.view("ayse", a_caller(Role.CUSTOMER, "ayse"))

    assert not world.looks.kept


def test_a_customer_who_is_shown_as_one_with_somebody_else_is_recorded(world: World) -> None:
    world.link()

    world.view("ayse", a_caller(Role.CUSTOMER, "ayse"))

    [look] = seen(world.looks)
    assert seen(world.looks, "isik") == [look]
    assert (look.by, look.is_mixed) == ("subject-of-ayse", True)
    assert (look.session_id, look.reason) == (None, None)


def session(*customer_ids: str, verified: bool = True) -> Session:
    return Session(session_id="ses_1", customer_ids=customer_ids, is_verified=verified)


def test_a_session_shows_its_person_and_nobody_else(world: World) -> None:
    assert world.view("ayse", a_caller(grounds=session("ayse"))).is_complete
    with pytest.raises(NotVerified, match="with somebody else"):
        world.view("isik", a_caller(grounds=session("ayse")))
    with pytest.raises(CustomerNotFound):
        world.view("nobody")

    assert not seen(world.looks, "isik")


@pytest.mark.parametrize("grounds", [None, session("ayse", verified=False)], ids=str)
def test_without_grounds_nothing_is_shown_and_nothing_recorded(
    world: World, grounds: Session | None
) -> None:
    with pytest.raises(NotVerified):
        world.view("ayse", a_caller(grounds=grounds))

    assert not world.looks.kept
