"""What a run makes of what waits: when it goes, by which way, and that it goes once."""

from collections import Counter
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.engagement.domain import (
    Address,
    AddressKind,
    Channel,
    ConsentChannel,
    ConsentPurpose,
    Message,
    MessageStatus,
    NeverSent,
    Person,
    Point,
    ReceiptKind,
    Ruling,
)
from services.engagement.domain.message import NothingToDecide
from services.engagement.ports.messages import NotTaken, Silent
from services.engagement.use_cases.messages import receive, rule
from services.engagement.use_cases.sending import Lines, Means, send_due
from shared.errors import Unavailable
from tests.engagement.examples import (
    EMAIL,
    LANDLINE,
    NOON,
    OTHER_PHONE,
    PHONE,
    a_message,
    a_person,
    a_refusal,
    a_word,
    an_act,
    taken,
)
from tests.engagement.fakes import (
    InMemoryBounces,
    InMemoryConsents,
    InMemoryContacts,
    InMemoryGateway,
    InMemoryOutbox,
    InMemorySources,
)

HOUR, DAY = 60, 24 * 60  # minutes
EVENING = 10 * HOUR  # 22:00 in Istanbul
BUSY = NotTaken(why="gateway_busy")
LETTERBOX = Address(kind=AddressKind.POST, value="cus_1")


class World:
    """An outbox with its gateways, and what is known of Ayşe."""

    def __init__(self, *points: Any) -> None:
        self.contacts = InMemoryContacts()
        self.outbox = InMemoryOutbox(self.contacts)
        self.consents = InMemoryConsents()
        self.bounces = InMemoryBounces()
        self.gateways = {one: InMemoryGateway() for one in (Channel.SMS, Channel.EMAIL)}
        self.person: Person | None = a_person(*points)
        self.complaints: list[str | None] | None = []
        self.let_by: bool | None = True  # by the owner; None where that cannot be asked

    @property
    def sms(self) -> InMemoryGateway:
        return self.gateways[Channel.SMS]

    def ask(self, *messages: Message) -> None:
        for one in messages:
            self.outbox.add(one, fingerprint=one.message_id)

    def agree(self, *, minutes: float = -HOUR) -> None:
        key = self.consents.key_of(PHONE, ConsentChannel.MESSAGE, ConsentPurpose.MARKETING)
        word = a_word(int(abs(minutes)), address_key=key, minutes=minutes)
        self.consents.add(taken(word, minutes=minutes), fingerprint="f")

    def refuse(self, *, minutes: float) -> None:
        key = self.consents.key_of(PHONE, ConsentChannel.MESSAGE, ConsentPurpose.MARKETING)
        self.consents.add(a_refusal(7, address_key=key, minutes=minutes), fingerprint="f")

    def run(self, minutes: float = 0) -> dict[str, int]:
        means = Means(
            outbox=self.outbox,
            consents=self.consents,
            sources=InMemorySources(self.person, self.complaints),
            contacts=self.contacts,
            bounces=self.bounces,
            gateways=self.gateways,
            lines=Lines(reach="0850 222 00 00", refuse="0850 222 00 01"),
            approvals=self,
        )
        act = an_act(minutes, by="sahip.engagement")
        return dict(Counter(one.came_to.value for one in send_due(means, act)))

    def allows(self, offer_id: str, ids: Collection[str], at: datetime) -> bool:
        if self.let_by is None:
            raise Unavailable("nobody says")
        return self.let_by

    def hear(self, kind: ReceiptKind, minutes: float, number: int = 1) -> Message:
        message, _ = receive(
            self.outbox,
            self.bounces,
            an_act(minutes),
            message_id=f"msg_{number}",
            kind=kind,
            at=an_act(minutes).at,
        )
        return message

    def message(self, number: int = 1) -> Message:
        return self.outbox.get(f"msg_{number}")

    def counted(self, minutes: float = 0) -> int:
        at = an_act(minutes).at
        return len(self.contacts.since(["cus_1"], "order", at - timedelta(days=9), at, 99))


def test_it_goes_to_the_preferred_phone_once_with_the_line_to_a_person() -> None:
    world = World(OTHER_PHONE, PHONE, EMAIL)
    world.ask(a_message())

    assert world.run() == {"sent": 1}
    assert world.run(1) == {}
    [(message_id, to, text)] = world.sms.went_out
    assert (message_id, to) == ("msg_1", OTHER_PHONE.value)
    assert "A-17" in text
    assert "0850 222 00 00" in text
    sent = world.message()
    assert (sent.status, sent.sent_by, sent.gateway_id) == ("sent", Channel.SMS, "g-msg_1")
    assert sent.claim is not None
    assert OTHER_PHONE.value not in str(sent)
    assert world.counted() == 1


def test_an_offer_goes_when_the_owner_lets_it_by_and_waits_while_nobody_can_say() -> None:
    world = World(PHONE)
    world.ask(a_message(offer_id="off_1"))

    world.let_by = None
    assert world.run() == {"not_taken": 1}
    world.let_by = True
    assert world.run(HOUR) == {"sent": 1}


def test_an_offer_that_the_owner_does_not_let_by_is_withheld_and_counts_as_no_contact() -> None:
    world = World(PHONE)
    world.ask(a_message(1, offer_id="off_1"), a_message(2, reason="other"))
    world.let_by = False

    assert world.run() == {"sent": 1, "withheld": 1}
    assert world.message(1).reasons == ("not_approved",)
    assert world.counted() == 1


def test_a_channel_that_was_named_is_the_only_one() -> None:
    world = World(PHONE, EMAIL)
    world.ask(a_message(1, channel=Channel.EMAIL), a_message(2, channel=Channel.WHATSAPP))

    assert world.run() == {"put_off": 1, "sent": 1}
    assert [to for _, to, _ in world.gateways[Channel.EMAIL].went_out] == [EMAIL.value]
    assert world.message(2).reasons == ("no_gateway",)


def test_the_first_channel_that_may_be_used_is_taken() -> None:
    world = World(LANDLINE, EMAIL, PHONE)
    world.ask(a_message())

    world.run()
    assert world.message().sent_by is Channel.SMS  # by the phone that is none of a house

    world = World(Point(address=PHONE, state="lost"), EMAIL)
    world.ask(a_message())
    world.run()
    assert world.message().sent_by is Channel.EMAIL


def test_a_letter_goes_where_nothing_else_can_and_not_because_it_is_night() -> None:
    world = World(PHONE, LETTERBOX)
    world.person = Person(
        ids=("cus_1",),
        points=(Point(address=PHONE), Point(address=LETTERBOX)),
        letterboxes={"cus_1": "Ayşe Yılmaz\nBağdat Cad. 1\nİstanbul"},
    )
    letters = world.gateways[Channel.LETTER] = InMemoryGateway()
    world.ask(a_message(1, minutes=EVENING))

    assert world.run(EVENING) == {"put_off": 1}
    world.bounces.put(world.bounces.key_of(PHONE), NOON + timedelta(days=9))
    assert world.run(DAY) == {"sent": 1}
    assert [to for _, to, _ in letters.went_out] == ["Ayşe Yılmaz\nBağdat Cad. 1\nİstanbul"]


def test_what_only_time_stands_against_waits_for_its_hour_and_then_goes() -> None:
    world = World()
    world.ask(a_message(minutes=EVENING))

    assert world.run(EVENING) == {"put_off": 1}
    waiting = world.message()
    assert (waiting.status, waiting.reasons) == ("waiting", ("not_at_this_hour",))
    assert waiting.due_at == datetime.fromisoformat("2026-11-25T08:00:00+03:00")
    assert world.run(EVENING + 1) == {}
    assert world.run(20 * HOUR) == {"sent": 1}


def test_what_comes_too_late_is_withheld() -> None:
    world = World()
    world.ask(a_message())

    assert world.run(3 * DAY) == {"withheld": 1}
    assert world.message().reasons == ("too_late",)
    assert world.sms.went_out == []


def test_what_stands_against_it_for_good_withholds_it_with_all_reasons() -> None:
    world = World()
    world.complaints = ["serious"]
    world.ask(a_message(marketing=True))

    assert world.run() == {"withheld": 1}
    assert world.message().reasons == ("no_consent", "serious_complaint")


def test_more_than_the_purpose_allows_waits_for_another_day() -> None:
    world = World()
    payment: dict[str, Any] = {
        "purpose": "payment",
        "template": "payment_due",
        "values": {"order": "A-17", "amount": "90 TL", "until": "1.12."},
    }
    world.ask(*(a_message(number, minutes=number, **payment) for number in range(4)))

    assert world.run(9) == {"put_off": 1, "sent": 3}
    assert world.message(3).reasons == ("too_often",)


def test_who_does_not_answer_is_asked_again_shortly() -> None:
    world = World()
    world.person, person = None, world.person
    world.ask(a_message())

    assert world.run() == {"put_off": 1}
    assert world.message().due_at == NOON + timedelta(minutes=5)
    world.person = person
    assert world.run(5) == {"sent": 1}


def test_one_refusal_before_the_run_stops_marketing_and_not_service() -> None:
    world = World()
    world.agree()
    world.refuse(minutes=-1)
    world.ask(a_message(1, marketing=True), a_message(2))

    assert world.run() == {"sent": 1, "withheld": 1}
    assert world.message(1).reasons == ("refused",)


def test_a_refusal_after_the_claim_and_before_the_call_is_obeyed() -> None:
    world = World()
    world.agree()
    world.ask(a_message(marketing=True))
    claim = world.outbox.claim

    def refused_meanwhile(message: Message) -> None:
        claim(message)
        world.refuse(minutes=1)  # by their clock, after this run began

    world.outbox.claim = refused_meanwhile  # type: ignore[method-assign]
    assert world.run() == {"withheld": 1}
    assert world.message().reasons == ("refused_meanwhile",)
    assert world.sms.went_out == []
    with pytest.raises(NeverSent):
        world.hear(ReceiptKind.DELIVERED, 2)


def test_two_who_became_one_person_are_told_once_for_one_reason() -> None:
    world = World()
    world.ask(a_message(1, reason="r"), a_message(2, reason="r", customer_id="cus_2"))
    world.person = Person(ids=("cus_1", "cus_2"), points=(Point(address=PHONE),))

    assert world.run() == {"sent": 1, "withheld": 1}
    assert len(world.sms.went_out) == 1
    assert world.message(2).reasons == ("said_already",)


def test_two_runs_at_once_send_it_once() -> None:
    world = World()
    world.ask(a_message())
    other: list[dict[str, int]] = []
    due = world.outbox.due

    def both_see_it(now: datetime, most: int) -> Any:
        found = due(now, most)
        world.outbox.due = due  # type: ignore[method-assign]
        other.append(world.run())
        return found

    world.outbox.due = both_see_it  # type: ignore[method-assign]
    assert world.run() == {"anothers": 1}
    assert other == [{"sent": 1}]
    assert len(world.sms.went_out) == 1


def test_what_a_busy_gateway_did_not_take_goes_later_and_was_not_counted() -> None:
    world = World()
    world.sms.answers = [BUSY, BUSY]
    world.ask(a_message())

    assert world.run() == {"not_taken": 1}
    assert world.counted() == 0
    assert world.message().due_at == NOON + timedelta(minutes=1)
    assert world.run(1) == {"not_taken": 1}
    assert world.message().due_at == NOON + timedelta(minutes=3)
    assert world.run(3) == {"sent": 1}
    assert world.counted(3) == 1


def test_what_a_gateway_will_never_take_is_withheld() -> None:
    world = World()
    world.sms.answers = [NotTaken(why="x", for_good=True)]
    world.ask(a_message())

    assert world.run() == {"withheld": 1}
    assert world.message().reasons == ("gateway_refused",)
    assert world.counted() == 0


def test_what_a_silent_gateway_may_have_taken_is_given_to_it_again_and_goes_out_once() -> None:
    world = World()
    world.sms.loses_answers = True
    world.ask(a_message())

    assert world.run() == {"silent": 1}
    assert world.run(4) == {}
    world.sms.loses_answers = False
    assert world.run(5) == {"sent": 1}
    assert len(world.sms.went_out) == 1
    assert world.counted(5) == 1


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda world: setattr(world.sms, "knows_repeats", False), "gateway_silent"),
        (lambda world: world.refuse(minutes=1), "refused_meanwhile"),
        (lambda world: setattr(world, "person", a_person(OTHER_PHONE)), "refused_meanwhile"),
    ],
)
def test_what_may_not_be_given_again_is_unclear_and_a_person_must_look(
    change: Callable[[World], None], reason: str
) -> None:
    world = World()
    world.agree()
    world.sms.answers = [Silent()]
    world.ask(a_message(marketing=True))
    world.run()

    change(world)
    assert world.run(5) == {"unclear": 1}
    assert (world.message().status, world.message().reasons) == ("unclear", (reason,))
    assert world.run(6) == {}
    assert world.sms.went_out == []


def an_unclear_one() -> World:
    world = World()
    world.sms.answers, world.sms.knows_repeats = [Silent()], False
    world.ask(a_message())
    world.run()
    assert world.run(5) == {"unclear": 1}
    return world


def test_who_has_looked_says_that_it_was_sent_or_gives_it_up_and_it_is_never_said_twice() -> None:
    for ruling, status in ((Ruling.SENT, "sent"), (Ruling.GIVE_UP, "withheld")):
        world = an_unclear_one()

        ruled = rule(world.outbox, an_act(20, by="ayla"), "msg_1", ruling)

        assert (ruled.status, ruled.log[-1].by) == (status, "ayla")
        assert rule(world.outbox, an_act(21), "msg_1", ruling) == ruled
        other = Ruling.SEND_AGAIN
        with pytest.raises(NothingToDecide, match="is not unclear"):
            rule(world.outbox, an_act(21), "msg_1", other)
        assert world.run(30) == {}
        assert world.sms.went_out == []
        assert world.counted(30) == 1  # they may have heard it


def test_who_has_looked_has_it_sent_again_while_it_is_worth_saying() -> None:
    world = an_unclear_one()
    with pytest.raises(NothingToDecide, match="not to be said any more"):
        rule(world.outbox, an_act(4 * DAY), "msg_1", Ruling.SEND_AGAIN)

    rule(world.outbox, an_act(20), "msg_1", Ruling.SEND_AGAIN)
    assert world.counted(20) == 0

    assert world.run(20) == {"sent": 1}
    assert world.counted(20) == 1
    assert [one[0] for one in world.sms.went_out] == ["msg_1"]


def test_a_stale_claim_is_not_tried_at_night_nor_for_ever() -> None:
    world = World()
    world.sms.answers = [Silent()]
    world.ask(a_message(minutes=9 * HOUR - 2))
    assert world.run(9 * HOUR - 2) == {"silent": 1}  # at 20:58

    assert world.run(EVENING) == {"put_off": 1}
    world.sms.answers = [BUSY]
    assert world.run(20 * HOUR) == {"silent": 1}  # it may have taken it the first time
    assert world.run(4 * DAY) == {"unclear": 1}


def test_one_that_fails_holds_up_none_of_the_others() -> None:
    world = World()
    world.ask(a_message(1), a_message(2, minutes=1))
    calls = iter([RuntimeError("a mistake")])

    def fail_once() -> None:
        for error in calls:
            raise error

    world.sms.meanwhile = fail_once
    assert world.run(1) == {"failed": 1, "sent": 1}
    assert [one for one, _, _ in world.sms.went_out] == ["msg_2"]
    assert world.run(6) == {"sent": 1}


def test_receipts_settle_in_whatever_order_they_come() -> None:
    for kinds in (
        (ReceiptKind.BOUNCED_SOFT, ReceiptKind.DELIVERED, ReceiptKind.OPENED),
        (ReceiptKind.OPENED, ReceiptKind.DELIVERED, ReceiptKind.BOUNCED_SOFT),
    ):
        world = World()
        world.ask(a_message())
        world.run()
        for kind in (*kinds, kinds[0]):
            world.hear(kind, 5)
        message = world.message()
        assert message.status is MessageStatus.DELIVERED
        assert sorted(message.heard) == sorted(kinds)
        assert [one.what for one in message.log if one.what == kinds[0]] == [kinds[0]]


def test_a_receipt_may_be_quicker_than_the_run_that_sent_it() -> None:
    world = World()
    world.ask(a_message())

    def quick() -> None:
        world.hear(ReceiptKind.DELIVERED, 0)

    world.sms.meanwhile = quick
    assert world.run() == {"anothers": 1}
    message = world.message()
    assert message.status is MessageStatus.DELIVERED
    assert [one.what for one in message.log] == ["asked", "claimed", "sent", "delivered"]


def test_what_was_said_not_to_be_taken_and_was_is_not_sent_again() -> None:
    world = World()
    world.sms.answers = [BUSY]
    world.ask(a_message())
    world.run()

    assert world.hear(ReceiptKind.DELIVERED, 1).status is MessageStatus.DELIVERED
    assert world.run(2) == {}
    assert world.counted(2) == 1


def test_a_hard_bounce_keeps_others_from_that_address_for_half_a_year() -> None:
    world = World(PHONE, EMAIL)
    world.ask(a_message(1))
    world.run()
    world.hear(ReceiptKind.BOUNCED_HARD, 1)
    world.ask(a_message(2, minutes=2, channel=Channel.SMS), a_message(3, minutes=2))

    assert world.run(2) == {"sent": 1, "withheld": 1}
    assert world.message(1).status is MessageStatus.BOUNCED
    assert world.message(2).reasons == ("bounced",)
    assert world.message(3).sent_by is Channel.EMAIL
    world.ask(a_message(4, minutes=180 * DAY + 2, channel=Channel.SMS))
    assert world.run(180 * DAY + 2) == {"sent": 1}


def test_what_never_left_has_no_receipts() -> None:
    world = World()
    world.ask(a_message())

    with pytest.raises(NeverSent):
        world.hear(ReceiptKind.DELIVERED, 1)
