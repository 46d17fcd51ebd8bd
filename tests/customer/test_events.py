from dataclasses import replace
from datetime import timedelta

from services.customer.domain import Customer, Link, Parting, Promise, join, part
from services.customer.domain.tax_id import RevealReason, Scheme
from services.customer.events import event_of
from shared.contracts.customer import (
    ConversationHeld,
    CustomerChanged,
    CustomerCreated,
    CustomerLinkChanged,
    TaxIdRevealed,
)
from shared.contracts.event import Event
from shared.entity import Entity
from tests.customer.examples import EMAIL, HOME, MOBILE, NOON, a_conversation, a_customer, an_act


def events_of(entity: Entity, *, since: int = 0) -> list[Event]:
    """What is told of a thing's changes after a version."""
    told = [
        event_of(entity.entity_id, entity.customer_id, entry)
        for entry in entity.log
        if entry.version > since
    ]
    return [event for event in told if event is not None]


def joined() -> tuple[Link, Customer, Customer]:
    return join(
        an_act(1),
        a_customer("cus_a"),
        a_customer("cus_b"),
        link_id="lnk_1",
        asked=("cus_a", "cus_b"),
        reason="reason-canary",
    )


def test_a_new_customer_is_announced_without_who_they_are() -> None:
    words = "heard-canary, my neighbour"
    [event] = events_of(
        a_customer(name="name-canary", contact_points=(MOBILE, EMAIL), heard_from=words)
    )

    assert isinstance(event, CustomerCreated)
    assert event.event_id == "cus_1:1:0"
    assert event.model_dump().keys() == {*Event.model_fields, "heard_from"}
    assert event.heard_from == "other"


def test_a_change_is_announced_by_the_names_of_fields_alone() -> None:
    changed = a_customer().change(an_act(1), name="name-canary", contact_points=(EMAIL,))

    [event] = events_of(changed, since=1)

    assert isinstance(event, CustomerChanged)
    assert event.fields == ["contact_points", "name"]
    assert "canary" not in event.model_dump_json()


def test_a_customer_of_long_standing_is_announced_as_of_then() -> None:
    [event] = events_of(a_customer(since=NOON - timedelta(days=900)))

    assert event.occurred_at == NOON - timedelta(days=900)


def test_a_conversation_is_announced_without_what_was_said_and_by_whom() -> None:
    conversation = a_conversation(minutes=7, partner="partner-canary", summary="summary-canary")

    [event] = events_of(conversation)

    assert isinstance(event, ConversationHeld)
    assert (event.entity_id, event.customer_id) == ("cnv_1", "cus_1")
    assert (event.channel, event.direction, event.purpose) == ("phone", "in", "service")
    assert event.occurred_at == NOON + timedelta(minutes=7)
    assert event.promise_due is None
    assert "canary" not in event.model_dump_json()


def test_of_a_promise_it_is_told_until_when_and_not_what_or_who() -> None:
    promise = Promise(what="what-canary", by="by-canary", due=NOON + timedelta(days=1))
    promised = a_conversation(promise=promise)

    [event] = events_of(promised)
    known = promised.keep_promise(an_act(61), NOON)

    assert isinstance(event, ConversationHeld)
    assert event.promise_due == promise.due
    assert "canary" not in event.model_dump_json()
    assert [one.event_id for one in events_of(known)] == [event.event_id]


def test_an_address_and_what_was_heard_are_told_by_name_alone() -> None:
    address = replace(HOME, lines="address-canary")
    changed = a_customer(addresses=(address,), heard_from="heard-canary").change(
        an_act(1), lost_to="lost-canary", addresses=()
    )

    created, change = events_of(changed)

    assert isinstance(change, CustomerChanged)
    assert change.fields == ["addresses", "lost_to"]
    assert not any("canary" in one.model_dump_json() for one in (created, change))


def test_a_link_is_announced_to_each_member_with_the_whole_state() -> None:
    link, leader, newcomer = joined()

    told = events_of(leader, since=1) + events_of(newcomer, since=1)

    assert all(isinstance(event, CustomerLinkChanged) for event in told)
    assert [event.model_dump(include={"customer_id", "entity_id"}) for event in told] == [
        {"customer_id": "cus_a", "entity_id": "cus_a"},
        {"customer_id": "cus_b", "entity_id": "cus_b"},
    ]
    assert {str(event.model_dump(include={"person_id", "members"})) for event in told} == {
        str({"person_id": "cus_a", "members": ["cus_a", "cus_b"]})
    }
    assert events_of(link) == []
    assert not any("canary" in event.model_dump_json() for event in told)


def test_an_end_is_announced_to_who_stays_and_to_who_leaves() -> None:
    link, leader, newcomer = joined()
    stayed, left = part(an_act(2), leader, {"cus_b": newcomer}, Parting.of(leader, link))

    told = [*events_of(stayed, since=2), *events_of(left, since=2)]

    assert [
        (event.customer_id, event.person_id, event.members, event.link_version)
        for event in told
        if isinstance(event, CustomerLinkChanged)
    ] == [("cus_a", "cus_a", ["cus_a"], 2), ("cus_b", "cus_b", ["cus_b"], 2)]


def test_one_write_that_says_several_things_says_each_under_an_id_of_its_own() -> None:
    _, leader, _ = joined()
    _, bigger, _ = join(
        an_act(2),
        leader,
        a_customer("cus_c"),
        link_id="lnk_2",
        asked=("cus_a", "cus_c"),
        reason="she says so",
    )

    ids = [event.event_id for event in events_of(bigger, since=2)]

    assert ids == ["cus_a:3:0", "cus_a:3:1"]


def test_that_a_tax_number_was_seen_is_told_without_it() -> None:
    seen = a_customer().note_reveal(an_act(1, by="manager-1"), Scheme.TCKN, RevealReason.INVOICE)

    [event] = events_of(seen, since=1)

    assert isinstance(event, TaxIdRevealed)
    assert (event.scheme, event.reason, event.revealed_by) == ("TCKN", "invoice", "manager-1")
    own = event.model_dump().keys() - Event.model_fields.keys()
    assert own == {"scheme", "reason", "revealed_by"}
