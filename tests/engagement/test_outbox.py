"""What every Outbox and every Bounces must do, the fakes as well as DynamoDB."""

import json
from datetime import timedelta

import pytest

from services.engagement.adapters import (
    MESSAGES,
    DynamoBounces,
    DynamoContacts,
    DynamoOutbox,
    DynamoTallies,
    EngagementProjector,
    message_list,
)
from services.engagement.adapters.outbox import UNCLEAR
from services.engagement.domain import Message, MessageNotFound, ReasonUsed, ReceiptKind, Ruling
from services.engagement.ports import Contacts
from services.engagement.ports.messages import Bounces, Outbox, SaidAlready, Tally
from services.engagement.use_cases.messages import forget_all, rule
from shared.aws.clocks import Clocks
from shared.aws.items import entity_key, from_item
from shared.aws.stream import Write
from shared.errors import ChangedMeanwhile, KeyReused
from tests.account import SECRET, AwsAccount
from tests.engagement.examples import EMAIL, NOON, PHONE, a_message, an_act, claimed
from tests.engagement.fakes import InMemoryBounces, InMemoryContacts, InMemoryOutbox

A_DAY = timedelta(days=1)


class Desk:
    """An outbox and the contacts beside it, and what its stream makes of its messages."""

    def __init__(self, account: AwsAccount | None) -> None:
        self.outbox: Outbox
        self.contacts: Contacts
        self.account = account
        if account is None:
            counted = InMemoryContacts()
            self.contacts, self.outbox = counted, InMemoryOutbox(counted)
            return
        client, table = account.dynamodb, account.table("engagement")
        clock = Clocks(client, table, kind=MESSAGES)
        self.outbox = DynamoOutbox(client, table, SECRET, clock)
        self.contacts = DynamoContacts(client, table)
        self._projector = EngagementProjector(client, table, clock, clock)

    def keep(self, *messages: Message) -> None:
        for one in messages:
            self.outbox.add(one, fingerprint=one.message_id)
            self.project(one)

    def project(self, message: Message) -> None:
        if self.account is None:
            return
        key = entity_key(message.message_id)
        found = self.account.dynamodb.get_item(TableName=self.account.table("engagement"), Key=key)
        after = from_item(found["Item"])
        self._projector.project(
            Write(entity_id=message.message_id, before=None, after=after, sequence="1")
        )

    def counted(self) -> int:
        return len(self.contacts.since(["cus_1"], "order", NOON - A_DAY, NOON + A_DAY, 10))


@pytest.fixture(params=["in memory", "dynamodb"])
def desk(request: pytest.FixtureRequest) -> Desk:
    return Desk(None if request.param == "in memory" else request.getfixturevalue("account"))


@pytest.fixture(params=["in memory", "dynamodb"])
def bounces(request: pytest.FixtureRequest) -> Bounces:
    if request.param == "in memory":
        return InMemoryBounces()
    account: AwsAccount = request.getfixturevalue("account")
    return DynamoBounces(account.dynamodb, account.table("engagement"), SECRET)


def test_the_same_request_adds_once_and_another_with_its_id_is_refused(desk: Desk) -> None:
    first = a_message()
    desk.keep(first)

    assert desk.outbox.add(a_message(minutes=1), fingerprint="msg_1") == (first, True)
    assert desk.outbox.get("msg_1") == first
    assert set(desk.outbox.asked(["msg_1", "msg_2"])) == {"msg_1"}
    with pytest.raises(KeyReused):
        desk.outbox.add(a_message(), fingerprint="g")
    with pytest.raises(MessageNotFound):
        desk.outbox.get("msg_2")


def test_one_reason_is_asked_for_once_for_all_ids_of_the_person(desk: Desk) -> None:
    desk.keep(a_message(1, reason="r", members=("cus_2",)))

    for other in (a_message(2, reason="r"), a_message(3, reason="r", customer_id="cus_2")):
        with pytest.raises(ReasonUsed, match="msg_1"):
            desk.outbox.add(other, fingerprint="other")
    desk.keep(a_message(4, reason="r", customer_id="cus_3"), a_message(5, reason="another"))


def test_of_two_runs_one_claims_and_the_very_same_claim_again_is_none(desk: Desk) -> None:
    desk.keep(a_message())
    mine = claimed(a_message())
    desk.outbox.claim(mine)

    desk.outbox.claim(mine)
    with pytest.raises(ChangedMeanwhile):
        desk.outbox.claim(claimed(a_message(), run="run-2"))
    assert desk.outbox.get("msg_1") == mine
    assert desk.counted() == 1


def test_a_reason_is_said_once_to_those_who_have_become_one_person(desk: Desk) -> None:
    desk.keep(a_message(1, reason="r"), a_message(2, reason="r", customer_id="cus_2"))
    desk.outbox.claim(claimed(a_message(1, reason="r"), ids=("cus_1", "cus_2")))

    other = a_message(2, reason="r", customer_id="cus_2")
    with pytest.raises(SaidAlready):
        desk.outbox.claim(claimed(other, ids=("cus_1", "cus_2")))
    assert desk.outbox.get("msg_2") == other


def test_what_is_released_was_neither_said_nor_counted_and_may_be_restored(desk: Desk) -> None:
    desk.keep(a_message(1, reason="r"), a_message(2, reason="r", customer_id="cus_2"))
    mine = claimed(a_message(1, reason="r"), ids=("cus_1", "cus_2"))
    other = claimed(a_message(2, reason="r", customer_id="cus_2"), ids=("cus_1", "cus_2"))
    desk.outbox.claim(mine)

    released = mine.not_taken(an_act(1), "busy")
    desk.outbox.release(released, claimed=mine)
    assert (desk.outbox.get("msg_1"), desk.counted()) == (released, 0)
    desk.outbox.claim(other)  # since nobody has said it

    restored = released.sent(an_act(2), "g-1")
    desk.outbox.restore(restored)
    assert (desk.outbox.get("msg_1"), desk.counted()) == (restored, 1)


def test_what_was_forgotten_is_listed_no_more_and_says_nothing(desk: Desk) -> None:
    desk.keep(a_message(1), a_message(2, minutes=1), a_message(3, customer_id="cus_2"))
    desk.outbox.claim(claimed(a_message(2, minutes=1), minutes=1))
    assert list(desk.outbox.listed("cus_1")) == ["msg_1", "msg_2"]

    for _ in range(2):
        forget_all(desk.outbox, an_act(2), "cus_1")
        desk.project(a_message(1))
        desk.project(a_message(2))

    assert list(desk.outbox.listed("cus_1")) == []
    gone = [desk.outbox.get(f"msg_{number}") for number in (1, 2)]
    assert [(one.status, one.reasons) for one in gone] == [
        ("withheld", ("erased",)),
        ("unclear", ("erased",)),
    ]
    assert not [one for one in gone if one.values or "A-17" in str(one) or "…67" in str(one)]
    assert desk.outbox.get("msg_3").values


def test_a_run_finds_what_is_due_the_longest_first(desk: Desk) -> None:
    later, due, sent, claimed_ = (a_message(n, minutes=m) for n, m in enumerate((9, 3, 1, 2)))
    desk.keep(later, due, sent, claimed_)
    desk.outbox.claim(claimed(claimed_, minutes=2))
    desk.outbox.claim(claimed(sent, minutes=1))
    desk.outbox.save(claimed(sent, minutes=1).sent(an_act(1), "g"))

    def found(minutes: float, most: int = 9) -> list[str]:
        return [one.message_id for one in desk.outbox.due(an_act(minutes).at, most)]

    assert found(5) == ["msg_1"]
    desk.project(claimed_)
    desk.project(sent)
    assert found(7) == ["msg_1", "msg_3"]  # whose claim has grown stale
    assert found(7, 1) == ["msg_1"]
    assert found(10) == ["msg_1", "msg_3", "msg_0"]


def test_what_is_unclear_is_listed_the_longest_so_first_until_somebody_has_looked(
    account: AwsAccount,
) -> None:
    desk = Desk(account)
    clock = Clocks(account.dynamodb, account.table("engagement"), kind=UNCLEAR)
    for number in (1, 2):
        message = a_message(number)
        desk.keep(message)
        mine = claimed(message)
        desk.outbox.claim(mine)
        desk.outbox.save(mine.unclear(an_act(9 - number), "gateway_silent"))
        desk.project(message)

    def unclear() -> list[str]:
        return [json.loads(row["shown"])["message_id"] for row in clock.soonest(9)]

    assert unclear() == ["msg_2", "msg_1"]
    assert "A-17" not in repr(clock.soonest(9))
    assert desk.outbox.due(NOON + A_DAY, 9) == []
    rule(desk.outbox, an_act(20), "msg_2", Ruling.SEND_AGAIN)
    desk.project(a_message(2))
    assert unclear() == ["msg_1"]
    assert [one.message_id for one in desk.outbox.due(NOON + A_DAY, 9)] == ["msg_2"]


def test_a_customers_messages_are_listed_apart_and_only_the_newest_state_shows(
    account: AwsAccount,
) -> None:
    desk = Desk(account)
    desk.keep(a_message())
    desk.outbox.claim(claimed(a_message()))
    desk.project(a_message())
    desk.project(a_message())

    found = account.dynamodb.query(
        TableName=account.table("engagement"),
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": message_list("cus_1")}},
    )
    [row] = [json.loads(item["shown"]["S"]) for item in found["Items"]]
    assert (row["status"], row["channel"], row["hint"]) == ("claimed", "sms", "…67")
    assert "A-17" not in json.dumps(row)


def test_the_line_to_a_person_is_counted_once_for_each_message_that_left_and_led_there(
    account: AwsAccount,
) -> None:
    desk = Desk(account)
    tallies = DynamoTallies(account.dynamodb, account.table("engagement"))
    desk.keep(*(a_message(number) for number in range(3)))
    for number in range(2):
        mine = claimed(a_message(number))
        desk.outbox.claim(mine)
        sent = mine.sent(an_act(), "g")
        for _ in range(2):
            desk.outbox.save(sent)
    reached = sent.received(an_act(1), ReceiptKind.REACHED, NOON)
    for _ in range(2):
        desk.outbox.save(reached)

    assert tallies.of_day(NOON.date()) == [Tally(template="order_taken", carried=2, followed=1)]
    assert tallies.of_day(NOON.date() + A_DAY) == []


def test_an_address_is_left_alone_for_the_longest_that_was_said(bounces: Bounces) -> None:
    bounces.put(bounces.key_of(PHONE), NOON + 2 * A_DAY)
    bounces.put(bounces.key_of(PHONE), NOON + A_DAY)

    assert bounces.of([PHONE, EMAIL], NOON + A_DAY) == {PHONE}
    assert bounces.of([PHONE, EMAIL], NOON + 2 * A_DAY) == frozenset()
    assert bounces.of([], NOON) == frozenset()
