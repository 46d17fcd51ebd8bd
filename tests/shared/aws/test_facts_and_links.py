"""Facts and links: repeats and disorder change nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.aws import pauses
from shared.aws.facts import MOST_ITEMS, Fact, Facts, Holding, NotTaken
from shared.aws.items import to_item
from shared.aws.links import Links
from shared.aws.rows import Rows
from shared.contracts.customer import CustomerLinkChanged
from tests.account import AwsAccount, contents
from tests.shared.aws.notes import NOON


def a_fact(n: int) -> Fact:
    return Fact(
        fact_id=f"note-{n}:1:0",
        about=f"note-{n}",
        customer_id="cus_1",
        at=NOON + timedelta(minutes=n),
        shown="{}",
    )


def link_event(version: int, *members: str, n: int = 0) -> CustomerLinkChanged:
    return CustomerLinkChanged(
        event_id=f"cus_1:{version}:{n}",
        entity_id="cus_1",
        customer_id="cus_1",
        version=version,
        occurred_at=NOON,
        correlation_id="request-1",
        link_version=version,
        person_id="cus_1",
        members=list(members),
    )


def test_facts_are_kept_once_each_however_many_come_and_how_often(
    aws: AwsAccount, table: str
) -> None:
    facts = Facts(aws.dynamodb, table)
    some = {str(n): a_fact(n % (MOST_ITEMS + 5)) for n in range(2 * MOST_ITEMS + 3)}

    assert facts.put(some) == {}
    assert facts.put(some) == {}

    assert len(contents(aws.dynamodb, table)) == MOST_ITEMS + 5


def test_facts_that_cannot_be_put_are_named_one_by_one(aws: AwsAccount) -> None:
    failed = Facts(aws.dynamodb, "no-such-table").put({"m1": a_fact(1), "m2": a_fact(2)})

    assert failed.keys() == {"m1", "m2"}


class Busy:
    """A DynamoDB that leaves the first of every batch undone for so many calls."""

    def __init__(self, calls: int) -> None:
        self._calls = calls
        self.taken: list[str] = []

    def batch_write_item(self, *, RequestItems: Any) -> Any:  # noqa: N803 as AWS has it
        [(table, requests)] = RequestItems.items()
        self._calls -= 1
        undone = requests[:1] if self._calls >= 0 else []
        self.taken += [one["PutRequest"]["Item"]["id"]["S"] for one in requests[len(undone) :]]
        return {"UnprocessedItems": {table: undone} if undone else {}}

    def batch_get_item(self, **_: Any) -> Any:
        return {"Responses": {}}


@pytest.mark.parametrize(("busy_calls", "failed"), [(2, set()), (3, {"m1"})])
def test_what_dynamodb_leaves_undone_is_put_again_three_times_in_all(
    monkeypatch: pytest.MonkeyPatch, busy_calls: int, failed: set[str]
) -> None:
    monkeypatch.setattr(pauses, "LONGEST_PAUSE", 0)
    busy = Busy(busy_calls)

    found = Facts(cast("Any", busy), "table").put({"m1": a_fact(1), "m2": a_fact(2)})

    assert found.keys() == failed
    assert all(isinstance(error, NotTaken) for error in found.values())
    assert sorted(busy.taken) == [f"note-{n}:1:0" for n in (1, 2) if f"m{n}" not in failed]


def test_of_all_that_is_told_of_a_group_the_highest_link_version_holds_in_any_order(
    aws: AwsAccount, table: str
) -> None:
    events = [link_event(1, "cus_1", "cus_2"), link_event(2, "cus_1"), link_event(3, "cus_1", "x")]

    for order in permutations(events):
        aws.empty_table(table)
        for event in (*order, order[0]):
            Links(aws.dynamodb, table).on_customer_link_changed(event)
        assert Rows(aws.dynamodb, table).members("cus_1") == ["cus_1", "x"]


def test_whom_nobody_has_confirmed_is_kept_apart_from_the_members(
    aws: AwsAccount, table: str
) -> None:
    event = link_event(1, "cus_1").model_copy(update={"newly_joined": ["cus_3", "cus_2"]})

    Links(aws.dynamodb, table).on_customer_link_changed(event)

    head = Rows(aws.dynamodb, table).head("cus_1", newest=1)
    assert (head.members, head.newly_joined) == (["cus_1"], ["cus_2", "cus_3"])


def test_who_was_erased_is_linked_with_nobody(aws: AwsAccount, table: str) -> None:
    item = to_item({"pk": "P#cus_1", "sk": "SUMMARY", "erased_at": NOON.isoformat()})
    aws.dynamodb.put_item(TableName=table, Item=item)

    Links(aws.dynamodb, table).on_customer_link_changed(link_event(1, "cus_1", "cus_2"))

    assert Rows(aws.dynamodb, table).members("cus_1") == []


HOLDERS = ["cus_1", "cus_2", "cus_3"]


def a_holding(n: int, version: int, *places: str) -> Holding:
    """That a note is somebody's as of a version, after all the places where it was before."""
    *left, holder = places
    since = NOON + timedelta(minutes=n)
    return Holding(about=f"note-{n}", version=version, holder=holder, left=left, since=since)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(HOLDERS), max_size=4), st.data())
def test_what_was_told_of_a_thing_is_with_whose_it_was_said_to_be_last_in_any_order(
    aws: AwsAccount, table: str, said: list[str], data: st.DataObject
) -> None:
    aws.empty_table(table)
    facts = Facts(aws.dynamodb, table)
    places = ["cus_1"]
    steps: list[Any] = [replace(a_fact(1), fact_id=f"note-1:{n}:0") for n in range(1, 4)]
    steps += [a_fact(2)]  # of a thing that nobody says anything about
    for version, holder in enumerate(said, start=4):
        places = [*(one for one in places if one != holder), holder]
        steps.append(a_holding(1, version, *places))
    again = data.draw(st.lists(st.sampled_from(steps), max_size=3))

    for step in data.draw(st.permutations(steps + again)):
        if isinstance(step, Holding):
            facts.hold(step)
        else:
            assert facts.put({"m": step}) == {}

    rows = Rows(aws.dynamodb, table)
    found = {one: sorted(row["id"] for row in rows.head(one, newest=10).rows) for one in HOLDERS}
    expected: dict[str, list[str]] = {one: [] for one in HOLDERS}
    expected[places[-1]] += [f"note-1:{n}:0" for n in range(1, 4)]
    expected["cus_1"] = sorted([*expected["cus_1"], "note-2:1:0"])
    assert found == expected


class Meddling:
    """A DynamoDB in which others say whose a thing is, just before a call of a kind is made."""

    def __init__(self, client: Any, call: str, then: Callable[[], None]) -> None:
        self._client = client
        self._call = call
        self._then = [then]

    def __getattr__(self, name: str) -> Any:
        if name == self._call and self._then:
            self._then.pop()()
        return getattr(self._client, name)


@pytest.mark.parametrize("call", ["batch_write_item", "batch_get_item", "update_item", "query"])
@pytest.mark.parametrize("is_fact", [True, False])
def test_whoever_puts_and_whoever_moves_at_once_see_one_another(
    aws: AwsAccount, table: str, call: str, is_fact: bool
) -> None:
    quiet = Facts(aws.dynamodb, table)
    fact, holding = a_fact(1), a_holding(1, 2, "cus_1", "cus_2")
    newer = a_holding(1, 3, "cus_1", "cus_2", "cus_3")

    def others() -> None:
        quiet.put({"m": fact})
        quiet.hold(newer)

    meddled = Facts(cast("Any", Meddling(aws.dynamodb, call, others)), table)
    if is_fact:
        quiet.hold(holding)
        meddled.put({"m": fact})
    else:
        quiet.put({"m": fact})
        meddled.hold(holding)
    others()

    rows = Rows(aws.dynamodb, table)
    found = [one for one in HOLDERS if rows.head(one, newest=10).rows]
    assert found == ["cus_3"]
