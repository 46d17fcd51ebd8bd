"""Telling İYS, hearing it, and putting together what may-contact asks of others."""

from datetime import timedelta
from typing import Any

import pytest

from services.engagement.domain import (
    NOBODY,
    OFFERS,
    AtIys,
    Change,
    Channel,
    ConsentChannel,
    ConsentPurpose,
    Permission,
    ReasonCode,
    Stands,
    standing,
)
from services.engagement.domain.purposes import HEARD, TOLD
from services.engagement.ports import IysUnavailable
from services.engagement.use_cases import count_conversation, may_contact
from services.engagement.use_cases.iys import MOST_PAGES, Fetched, Told, fetch_iys, tell_iys
from shared.calendar import turkish_holidays
from shared.errors import ChangedMeanwhile
from tests.engagement.examples import (
    EMAIL,
    NOON,
    OTHER_PHONE,
    PHONE,
    a_person,
    a_question,
    a_refusal,
    a_word,
    an_act,
    taken,
)
from tests.engagement.fakes import (
    InMemoryBounces,
    InMemoryConsents,
    InMemoryContacts,
    InMemoryIys,
    InMemoryPlaces,
    InMemorySources,
)

DAY = 24 * 60


class World:
    """Consents, İYS, and how far it was read."""

    def __init__(self) -> None:
        self.consents = InMemoryConsents()
        self.iys = InMemoryIys()
        self.places = InMemoryPlaces()

    def say(self, *words: Any) -> None:
        for one in words:
            self.consents.add(one, fingerprint="f")

    def tell(self, minutes: float = 0) -> Told:
        return tell_iys(self.consents, self.iys, an_act(minutes, by="sahip.engagement"))

    def fetch(self, minutes: float = 0) -> Fetched:
        act = an_act(minutes, by="sahip.engagement")
        return fetch_iys(self.consents, self.places, self.iys, turkish_holidays(), act)

    def key(self) -> str:
        return self.consents.key_of(PHONE, ConsentChannel.MESSAGE, ConsentPurpose.MARKETING)


def a_change(number: int = 1, status: str = "RET", *, minutes: float = 0) -> Change:
    return Change(
        change_id=f"tx-{number}",
        address=PHONE,
        channel=ConsentChannel.MESSAGE,
        recipient_type="BIREYSEL",
        status=status,
        source="IYS_WEB",
        said_at=NOON + timedelta(minutes=minutes),
    )


def test_what_was_said_is_handed_over_and_what_became_of_it_is_heard_the_next_time() -> None:
    world = World()
    world.say(a_word(1), a_refusal(2, address=OTHER_PHONE))

    assert world.tell(1) == Told(handed_over=2)
    assert world.tell(16) == Told(taken=1, turned_down=1)
    assert world.tell(31) == Told()

    assert world.consents.get("con_1").at_iys is AtIys.TAKEN
    assert world.consents.get("con_2").turned_down_with == "H175"
    assert len(world.iys.requests) == 1


def test_the_soonest_due_is_told_first() -> None:
    world = World()
    world.say(a_word(1, minutes=3 * DAY), a_word(2))
    world.tell(4 * DAY)

    assert [one.consent_id for one in world.iys.requests[0]] == ["con_2", "con_1"]


def test_while_iys_does_not_answer_everything_waits_and_nothing_is_lost() -> None:
    world = World()
    world.say(a_word())
    world.iys.is_down = True
    with pytest.raises(IysUnavailable):
        world.tell()
    world.iys.is_down = False

    assert world.tell() == Told(handed_over=1)


def test_a_request_that_iys_says_nothing_of_for_a_day_is_made_again() -> None:
    world = World()
    world.say(a_word())
    world.iys.is_slow = True
    told = [world.tell(minutes) for minutes in (0, 60, DAY + 1, DAY + 2)]

    assert [one.handed_over for one in told] == [1, 0, 1, 0]
    world.iys.is_slow = False
    assert world.tell(DAY + 3) == Told(taken=1)


def test_a_crash_between_the_request_and_its_note_tells_iys_twice_and_loses_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World()
    world.say(a_word(1), a_word(2, address=OTHER_PHONE))

    def crash(_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as before_the_note:
        before_the_note.setattr(world.consents, "save", crash)
        with pytest.raises(KeyboardInterrupt):
            world.tell()
    world.tell()

    assert world.tell(15) == Told(taken=2)
    assert [len(one) for one in world.iys.requests] == [2, 2]


def test_a_refusal_told_to_iys_is_obeyed_once_heard_and_comes_once_however_often_it_is_read() -> (
    None
):
    world = World()
    world.say(taken(a_word(address_key=world.key())))
    world.iys.told_by_people = [a_change(minutes=60)]

    assert world.fetch(61) == Fetched(new=1)
    assert world.fetch(62) == Fetched()
    assert _fetched_from_the_start(world, 63) == Fetched(known=1)

    words, _ = world.consents.said_of(world.key())
    assert standing(words, NOON + timedelta(hours=2)).stands is Stands.REFUSED
    assert words[0].customer_id == "cus_1"
    assert words[0].at_iys is AtIys.NOT_NEEDED


def test_a_refusal_of_an_address_that_none_of_ours_has_spoken_of_is_kept_for_whoever_comes() -> (
    None
):
    world = World()
    world.iys.told_by_people = [a_change()]
    world.fetch(1)

    [word], _ = world.consents.said_of(world.key())
    assert (word.customer_id, word.speaks_for) == (NOBODY, ())
    assert standing([word], NOON + timedelta(hours=1)).stands is Stands.REFUSED


def test_many_changes_are_read_to_their_end_and_at_most_so_many_at_once() -> None:
    world = World()
    world.iys.told_by_people = [a_change(number) for number in range(2 * MOST_PAGES + 1)]

    assert world.fetch(1).new == 2 * MOST_PAGES
    assert world.fetch(2).new == 1


def test_a_reader_that_was_overtaken_ends() -> None:
    world = World()
    world.iys.told_by_people = [a_change(1), a_change(2), a_change(3)]
    moved = world.places.move

    def overtaken(before: str | None, after: str) -> None:
        moved(before, "3")
        moved(before, after)

    world.places.move = overtaken  # type: ignore[method-assign]
    with pytest.raises(ChangedMeanwhile):
        world.fetch(1)


def _fetched_from_the_start(world: World, minutes: float) -> Fetched:
    world.places = InMemoryPlaces()
    return world.fetch(minutes)


def asked(
    world: World, sources: InMemorySources, contacts: InMemoryContacts, **question: Any
) -> Permission:
    return may_contact(
        world.consents,
        sources,
        contacts,
        InMemoryBounces(),
        a_question(**question),
        customer_id="cus_1",
        members=["cus_1", "cus_2"],
        correlation_id="req-12345678",
    )


def test_the_consent_of_the_channel_and_purpose_counts_and_no_other() -> None:
    world, sources = World(), InMemorySources(a_person(PHONE, EMAIL))
    world.say(taken(a_word(address_key=world.key(), minutes=-60), minutes=-30))

    def may(name: str, channel: Channel) -> bool:
        return asked(world, sources, InMemoryContacts(), name=name, channel=channel).may

    assert may("offer", Channel.SMS)
    assert may("offer", Channel.WHATSAPP)
    assert not may("offer", Channel.CALL)
    assert not may("offer", Channel.EMAIL)
    assert not may("survey", Channel.SMS)


def test_offers_in_conversations_of_any_of_their_ids_are_counted_and_other_talk_is_not() -> None:
    world, sources, contacts = World(), InMemorySources(a_person()), InMemoryContacts()
    for number, (purpose, who) in enumerate(
        [
            ("offer", "cus_1"),
            ("service", "cus_1"),
            ("value", "cus_1"),
            ("offer", "cus_9"),
            ("offer", "cus_1"),  # they asked for one
        ]
    ):
        at = NOON - timedelta(hours=number + 1)
        count_conversation(
            contacts,
            customer_id=who,
            event_id=f"con_{number}:1:0",
            purpose=purpose,
            is_ours=number < 4,
            at=at,
        )
    seen = contacts.since(["cus_1"], OFFERS, NOON - timedelta(days=9), NOON, 9)
    assert len(seen) == 1
    told = contacts.since(["cus_1"], TOLD, NOON - timedelta(days=9), NOON, 9)
    heard = contacts.since(["cus_1"], HEARD, NOON - timedelta(days=9), NOON, 9)
    assert (len(told), len(heard)) == (2, 1)
    assert not _too_often(asked(world, sources, contacts))

    count_conversation(
        contacts,
        customer_id="cus_1",
        event_id="con_9:1:0",
        purpose="offer",
        is_ours=True,
        at=NOON,
    )
    assert _too_often(asked(world, sources, contacts))


def test_complaints_under_all_ids_of_the_person_are_asked_for() -> None:
    world, sources = World(), InMemorySources(None)
    asked(world, sources, InMemoryContacts())

    assert sources.asked_about == ["cus_1", "cus_2"]


def _too_often(permission: Permission) -> bool:
    return ReasonCode.TOO_OFTEN in [one.code for one in permission.reasons]
