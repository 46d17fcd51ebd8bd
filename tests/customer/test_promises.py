"""What is promised stands beside what is shown of a customer, until it is kept."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import pairwise, permutations
from typing import Any

import pytest

from services.customer.adapters import NEWEST, CustomerSummaries, DynamoCustomers
from services.customer.adapters.care import DynamoCare
from services.customer.adapters.directory import DynamoDirectory
from services.customer.adapters.projector import CustomerProjector
from services.customer.adapters.promises import MOST_PROMISES
from services.customer.domain import Conversation, Promise
from services.customer.use_cases.links import keep_promise
from shared.aws.erasing import Erasure
from shared.aws.rows import Rows
from shared.contracts.customer import CustomerErased
from shared.contracts.summary import ConversationsPart
from tests.account import SECRET, AwsAccount, all_items, stream_record
from tests.customer.examples import NOON, a_conversation, a_customer, an_act


def promised(name: str = "cnv_1", *, days: int = 1, **changes: Any) -> Conversation:
    """A talk in which somebody promised to call, so many days later."""
    promise = Promise(what=f"call {name}", by="Technicians", due=NOON + timedelta(days=days))
    return a_conversation(name, promise=promise, **changes)


class Desk:
    """The customer service's table, and what it tells of who stands in it."""

    def __init__(self, aws: AwsAccount) -> None:
        self._dynamodb, self._table = aws.dynamodb, aws.table("customer")
        self.customers = DynamoCustomers(self._dynamodb, self._table, SECRET)
        directory = DynamoDirectory(self._dynamodb, self._table)
        self._projector = CustomerProjector(self._dynamodb, self._table, directory)
        for one in ("cus_1", "cus_2"):
            self.customers.add(a_customer(one), fingerprint="f")

    def hear(self, records: Iterable[dict[str, Any]]) -> None:
        for record in records:
            told = self._projector.project_changes({"Records": [record]})
            assert told == {"batchItemFailures": []}

    def item(self, conversation_id: str) -> dict[str, Any]:
        """What stands of a conversation now, as the stream has it."""
        items = all_items(self._dynamodb, self._table)
        [item] = [one for one in items if one["pk"] == {"S": f"E#{conversation_id}"}]
        return dict(item)

    def told(self, customer_id: str = "cus_1") -> ConversationsPart:
        care = DynamoCare(self._dynamodb, self._table, SECRET)
        summaries = CustomerSummaries(Rows(self._dynamodb, self._table), self.customers, care)
        part = summaries.summarise(customer_id).parts["conversations"]
        return ConversationsPart.model_validate(part)

    def open(self, customer_id: str = "cus_1") -> list[str]:
        """What is promised and not kept; it is counted as it is shown."""
        told = self.told(customer_id)
        assert told.open_promises == len(told.promises)
        return [one.what for one in told.promises]

    def erase(self, customer_id: str) -> None:
        event = CustomerErased(
            event_id="e", occurred_at=NOON, entity_id=customer_id, customer_id=customer_id,
            version=2, correlation_id="c",
        )  # fmt: skip
        Erasure(self._dynamodb, self._table).on_customer_erased(event)


@pytest.fixture
def desk(aws: AwsAccount) -> Desk:
    return Desk(aws)


def kept(talk: Conversation) -> Conversation:
    return talk.keep_promise(an_act(90), NOON + timedelta(minutes=80))


def elsewhere(talk: Conversation) -> Conversation:
    return talk.attributed(an_act(90), "cus_2")


def test_an_old_promise_is_not_lost_behind_newer_talks(desk: Desk) -> None:
    desk.customers.add_conversation(promised(), fingerprint="f")
    desk.hear([stream_record(None, desk.item("cnv_1"))])
    for n in range(NEWEST + 2):
        talk = a_conversation(f"talk_{n}", minutes=n + 1)
        desk.customers.add_conversation(talk, fingerprint="f")
        desk.hear([stream_record(None, desk.item(talk.conversation_id))])

    told = desk.told()
    [promise] = told.promises

    assert len(told.recent) == NEWEST
    assert "cnv_1" not in {one.conversation_id for one in told.recent}
    assert (promise.conversation_id, promise.by) == ("cnv_1", "Technicians")
    assert (promise.at, promise.due) == (NOON, NOON + timedelta(days=1))


@pytest.mark.parametrize(
    ("then", "left"),
    [
        ([kept], ([], [])),
        ([elsewhere], ([], ["call cnv_1"])),
        ([elsewhere, kept], ([], [])),
        ([kept, elsewhere], ([], [])),
    ],
    ids=lambda one: "-".join(each.__name__ for each in one) if isinstance(one, list) else "",
)
def test_in_whatever_order_it_is_heard_and_how_often_a_promise_is_shown_as_it_is(
    desk: Desk, then: list[Any], left: tuple[list[str], list[str]]
) -> None:
    talk = promised()
    desk.customers.add_conversation(talk, fingerprint="f")
    desk.hear([stream_record(None, desk.item("cnv_1"))])
    assert (desk.open(), desk.open("cus_2")) == (["call cnv_1"], [])
    items: list[Any] = [None, desk.item("cnv_1")]
    for change in then:
        talk = change(talk)
        desk.customers.save_conversation(talk)
        items.append(desk.item("cnv_1"))
    records = [stream_record(*pair) for pair in pairwise(items)]

    for order in permutations(records):
        desk.hear([*order, *order])
        assert (desk.open(), desk.open("cus_2")) == left


def test_of_many_promises_those_are_shown_that_are_due_first_and_all_are_counted(
    desk: Desk,
) -> None:
    for n in range(MOST_PROMISES + 3, 0, -1):
        desk.customers.add_conversation(promised(f"cnv_{n:02}", days=n), fingerprint="f")
        desk.hear([stream_record(None, desk.item(f"cnv_{n:02}"))])

    told = desk.told()

    assert told.open_promises == MOST_PROMISES + 3
    assert [one.what for one in told.promises] == [
        f"call cnv_{n:02}" for n in range(1, MOST_PROMISES + 1)
    ]


def test_nothing_promised_is_kept_of_who_was_erased_however_late_it_is_heard_of(
    desk: Desk, aws: AwsAccount
) -> None:
    for name in ("cnv_1", "cnv_2"):
        desk.customers.add_conversation(promised(name), fingerprint="f")
    late = stream_record(None, desk.item("cnv_2"))
    desk.hear([stream_record(None, desk.item("cnv_1"))])

    desk.erase("cus_1")
    desk.hear([late])

    beside = [one for one in all_items(aws.dynamodb, aws.table("customer")) if "promises" in one]
    assert beside == []


def test_a_promise_is_kept_though_somebody_else_changes_the_talk_meanwhile(desk: Desk) -> None:
    talk = promised()
    desk.customers.add_conversation(talk, fingerprint="f")
    get, meanwhile = desk.customers.get_conversation, [talk.attributed(an_act(61), "cus_1")]

    def get_and_be_late(conversation_id: str) -> Conversation:
        read = get(conversation_id)
        while meanwhile:
            desk.customers.save_conversation(meanwhile.pop())
        return read

    desk.customers.get_conversation = get_and_be_late  # type: ignore[method-assign]
    said = keep_promise(
        desk.customers, an_act(90), "cnv_1", told_of="cus_1", kept_at=NOON + timedelta(hours=1)
    )

    assert said.promise is not None
    assert said.promise.kept_at == NOON + timedelta(hours=1)
    assert (said.version, said.shown_under) == (3, ("cus_1",))
