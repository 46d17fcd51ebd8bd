"""Faults planted in our own code: each is a mistake that somebody might make."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest

from services.complaints import bootstrap as complaints_bootstrap
from services.complaints.adapters import ComplaintProjector
from services.complaints.adapters import row_of as complaint_row
from services.customer import bootstrap as customer_bootstrap
from services.customer.events import event_of as customer_event_of
from services.customer_view.use_cases import UNITE
from services.engagement.adapters import DynamoConsents, DynamoOutbox
from services.engagement.adapters.iys import FileIys
from services.engagement.adapters.offers import DynamoHolds, DynamoOffers
from services.engagement.domain import Consent, Message, Outcome, Status
from services.engagement.domain.offers.gate import OnBallot
from services.engagement.use_cases import offers, sending
from services.orders import bootstrap as orders_bootstrap
from services.orders.domain import Order
from services.orders.events import event_of as order_event_of
from shared.aws import projection, publication, queue
from shared.aws.entities import EntityStore
from shared.aws.items import Values, to_item
from shared.aws.projection import Projector, Row
from shared.aws.publication import EventBus, Saying
from shared.aws.queue import DeadLetters, EventReader
from shared.aws.writes import write
from shared.entity import Act, Entity
from tests.faults.kinds import KINDS
from tests.faults.stage import Stage

Plant = Callable[[pytest.MonkeyPatch], None]


def publish_in_the_request(patch: pytest.MonkeyPatch) -> None:
    """Save, then tell the bus, and leave nothing to the stream."""
    create, save, update = EntityStore.create, EntityStore.save, EntityStore.update
    publishers = {
        "order": (orders_bootstrap, order_event_of),
        "customer": (customer_bootstrap, customer_event_of),
    }
    written: list[Any] = []

    def tell(*entities: Any) -> None:
        for entity in entities:
            if entity.kind in publishers:
                bootstrap, event_of = publishers[entity.kind]
                entries = entity.entries_since(entity.version - 1)
                events = [event_of(entity.entity_id, entity.customer_id, one) for one in entries]
                bootstrap.bus().publish(Saying(origin="", event=one) for one in events if one)

    def create_and_tell(store: Any, entity: Any, **others: Any) -> Any:
        stored, repeated = create(store, entity, **others)
        if not repeated:
            tell(stored, *written)
        written.clear()
        return stored, repeated

    def save_and_tell(store: Any, entity: Any, **others: Any) -> None:
        save(store, entity, **others)
        tell(*written)
        written.clear()

    def note_and_update(store: Any, entity: Any) -> Any:
        written.append(entity)
        return update(store, entity)

    patch.setattr(EntityStore, "create", create_and_tell)
    patch.setattr(EntityStore, "save", save_and_tell)
    patch.setattr(EntityStore, "update", note_and_update)
    for service in ("customer", "orders"):
        patch.setattr(f"services.{service}.app.publish", lambda *_: {"batchItemFailures": []})


def no_version_guard_in_the_projector(patch: pytest.MonkeyPatch) -> None:
    """Whatever comes last is shown."""
    patch.setattr("shared.aws.projection.write", _without_conditions(write))


def no_version_guard_in_the_reader(patch: pytest.MonkeyPatch) -> None:
    """Whatever link is heard of last holds."""
    patch.setattr("shared.aws.links.write", _without_conditions(write))


def a_swallowed_exception(patch: pytest.MonkeyPatch) -> None:
    """What the bus would not take is forgotten."""
    publish = EventBus.publish

    def try_to_publish(bus: EventBus, sayings: Any) -> list[Saying]:
        with suppress(Exception):
            publish(bus, sayings)
        return []

    patch.setattr(EventBus, "publish", try_to_publish)


def delete_before_work(patch: pytest.MonkeyPatch) -> None:
    """A message counts as done before it is handled: what then fails is gone."""
    read_all = EventReader.read_all

    def acknowledge_and_read(reader: EventReader, event: Any, handle: Any) -> dict[str, Any]:
        with suppress(BaseException):  # the message is no longer there to come again
            read_all(reader, event, handle)
        return {"batchItemFailures": []}

    patch.setattr(EventReader, "read_all", acknowledge_and_read)


def no_partial_response(patch: pytest.MonkeyPatch) -> None:
    """What of a batch was not done is not told."""
    for module in (publication, projection, queue):
        patch.setattr(module, "failures", lambda _: {"batchItemFailures": []})


def no_reason_beside_a_dead_letter(patch: pytest.MonkeyPatch) -> None:
    """A message is set aside without a word, or with the words of whoever sent it."""

    def park(letters: Any, record: Mapping[str, Any], reason: str) -> None:
        letters._client.send_message(
            QueueUrl=letters._url,
            MessageBody=record["body"],
            MessageAttributes={
                "reason": {"DataType": "String", "StringValue": json.dumps(record["body"])}
            },
        )

    patch.setattr(DeadLetters, "park", park)


def a_repeat_is_an_error(patch: pytest.MonkeyPatch) -> None:
    """A write whose answer was lost is refused when it is tried again."""
    patch.setattr(EntityStore, "_is_stored", lambda *_: False)


def no_version_guard_for_clocks(patch: pytest.MonkeyPatch) -> None:
    """Whatever comes last says which promise runs."""

    def put(client: Any, table: str, values: Values) -> bool:
        write(client, [{"Put": {"TableName": table, "Item": to_item(values)}}])
        return True

    patch.setattr("shared.aws.clocks.put_newer", put)


def no_clock_for_complaints_shown_together(patch: pytest.MonkeyPatch) -> None:
    """The projector keeps what else is to be kept of those alone that it shows alone."""
    show, keep = Projector._show_together, ComplaintProjector.keep
    together: set[str] = set()

    def show_and_note(projector: Any, changes: Any) -> Any:
        shown = show(projector, changes)
        together.update(shown)
        return shown

    def keep_others(projector: Any, entity: Entity, before: Entity | None) -> None:
        if entity.entity_id not in together:
            keep(projector, entity, before)

    patch.setattr(Projector, "_show_together", show_and_note)
    patch.setattr(ComplaintProjector, "keep", keep_others)


def a_resolved_complaint_that_stays_open(patch: pytest.MonkeyPatch) -> None:
    """Who is content is still listed among those who wait."""

    def row(complaint: Any) -> Row:
        return complaint_row(replace(complaint, status="open"))

    _show_otherwise(patch, complaints_bootstrap.projector(), "complaint", row)


def a_conversation_that_shows_nowhere(patch: pytest.MonkeyPatch) -> None:
    """It is recorded and told, and in no list."""
    _show_otherwise(patch, customer_bootstrap.projector(), "conversation", None)


def a_thing_that_stays_where_it_was(patch: pytest.MonkeyPatch) -> None:
    """What is said to be another's shows there, and here as well."""
    patch.setattr(projection._Change, "left", property(lambda _: []))


def every_change_counted_anew(patch: pytest.MonkeyPatch) -> None:
    """What a thing added before is forgotten: a unit that is registered is counted twice."""
    patch.setattr(projection._Change, "counted_before", property(lambda _: {}))


def a_refund_that_is_not_counted(patch: pytest.MonkeyPatch) -> None:
    """What was given back still counts as paid."""
    patch.setattr(Order, "paid", property(lambda order: sum(p.amount for p in order.payments)))


def a_unit_that_does_not_follow_its_registration(patch: pytest.MonkeyPatch) -> None:
    """Its state stays what it was when it was registered."""
    patch.setattr("services.warranty.use_cases.following", lambda _, unit, __: unit)


def a_cover_of_one_year(patch: pytest.MonkeyPatch) -> None:
    """The list promises less than the law."""

    def half(delivered_on: date | None) -> date | None:
        return delivered_on and delivered_on + timedelta(days=365)

    patch.setattr("services.warranty.adapters.covered_until", half)


def one_id_for_the_person(part: str) -> Plant:
    """The view takes what it was told of the first of a person's ids for the whole."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        patch.setitem(UNITE, part, lambda answers: answers[0])

    plant.__name__ = f"one_id_for_the_person_in_{part}"
    return plant


@dataclass(frozen=True)
class Mistake:
    """A mistake, what brings it to light, and what is then found broken.

    A kind of fault anywhere in the first story brings it to light; else a step
    that is told plainly, or several whose news come backwards.
    """

    plant: Plant
    fault: str
    broken: str
    steps: Sequence[str] = ()

    def __str__(self) -> str:
        return str(getattr(self.plant, "__name__", self.plant))

    def flaws(self, stage: Stage) -> Iterable[str]:
        """What does not hold once it is planted."""
        if not self.steps:
            return stage.flaws(*(kind for kind in KINDS if kind.name == self.fault))
        return stage.backwards(*self.steps) if self.steps[1:] else stage.plainly(self.steps[0])


def a_refusal_that_stands_nowhere(patch: pytest.MonkeyPatch) -> None:
    """A refusal is written down, and not found by who looks at its address."""
    placed = DynamoConsents._placed

    def elsewhere(consents: DynamoConsents, consent: Consent) -> dict[str, Any]:
        given = consent.status is Status.GIVEN
        return placed(consents, consent if given else replace(consent, address_key="elsewhere"))

    patch.setattr(DynamoConsents, "_placed", elsewhere)


def a_request_to_iys_that_is_never_made(patch: pytest.MonkeyPatch) -> None:
    """What waits is noted as handed over, and nobody was told."""
    patch.setattr(FileIys, "hand_over", lambda *_: "req-1")


def an_address_that_is_kept(patch: pytest.MonkeyPatch) -> None:
    """İYS has it, and the address stays."""
    answered = Consent.answered

    def and_kept(consent: Consent, act: Act, outcome: Outcome) -> Consent:
        return replace(answered(consent, act, outcome), recipient=consent.recipient)

    patch.setattr(Consent, "answered", and_kept)


def a_message_that_nobody_claims(patch: pytest.MonkeyPatch) -> None:
    """It is given to the gateway, and only then written down."""
    patch.setattr(DynamoOutbox, "claim", lambda *_: None)


def a_consent_that_is_read_once(patch: pytest.MonkeyPatch) -> None:
    """Once a message is claimed, nobody asks whether it was refused meanwhile."""
    patch.setattr(sending, "_is_agreed", lambda *_: True)


def a_message_that_is_not_forgotten(patch: pytest.MonkeyPatch) -> None:
    """Who it is to is erased, and what it says of them stays."""
    patch.setattr(Message, "forgotten", lambda message, _: message)


def a_reason_that_is_forgotten(patch: pytest.MonkeyPatch) -> None:
    """What is not sent after all is not taken back."""
    patch.setattr(
        DynamoOutbox, "release", lambda outbox, message, *, claimed: outbox.save(message)
    )


def a_word_that_nobody_heeds(patch: pytest.MonkeyPatch) -> None:
    """Whatever owners say, everybody is written to."""
    patch.setattr(OnBallot, "is_approved", True)
    patch.setattr(offers, "is_approval", lambda _: True)


def a_place_that_nobody_takes(patch: pytest.MonkeyPatch) -> None:
    """Two offers that clash both find it free."""
    patch.setattr(DynamoHolds, "take", lambda *_: ())


def a_general_word_that_stands_nowhere(patch: pytest.MonkeyPatch) -> None:
    """A vote is recorded, and not where it is looked for."""
    usual = DynamoOffers._put

    def put(offers: DynamoOffers, values: Values) -> dict[str, Any]:
        sk = str(values["sk"])
        return usual(offers, values | {"sk": f"V{sk}"} if sk.startswith("G#") else values)

    patch.setattr(DynamoOffers, "_put", put)


def _seen_in(broken: str, plant: Plant, *steps: str) -> Mistake:
    return Mistake(plant, "", broken, steps)


PLANTED = (
    Mistake(publish_in_the_request, "a crash after it", "stored and never published"),
    Mistake(no_version_guard_in_the_projector, "a crash after it", "counted anew"),
    Mistake(no_version_guard_in_the_reader, "a crash after it", "is kept with"),
    Mistake(a_swallowed_exception, "throttled three times", "stored and never published"),
    Mistake(delete_before_work, "a crash before it", "not in the timeline"),
    Mistake(no_partial_response, "taken in part three times", "stored and never published"),
    Mistake(
        no_reason_beside_a_dead_letter,
        "a crash before it",
        "personal data in a dead letter's reason",
    ),
    Mistake(a_repeat_is_an_error, "its answer is lost", "in the end the answer was 409"),
    _seen_in("their cards at", no_version_guard_in_the_projector, "create_ayse", "change_profile"),
    _seen_in(
        "and its clock is", no_version_guard_for_clocks, "open_complaint", "answer_complaint"
    ),
    _seen_in(
        "and its clock is", no_clock_for_complaints_shown_together, "open_two_complaints_at_once"
    ),
    _seen_in("complaints of", a_resolved_complaint_that_stays_open, "accept"),
    _seen_in("complaints is", a_resolved_complaint_that_stays_open, "accept"),
    _seen_in("customer are at", a_conversation_that_shows_nowhere, "record_conversation"),
    _seen_in("conversations is", a_conversation_that_shows_nowhere, "record_conversation"),
    _seen_in("customer are at", a_thing_that_stays_where_it_was, "say_whose_it_was"),
    _seen_in("customer is", one_id_for_the_person("customer"), "decide_a_name"),
    _seen_in("warranty of", every_change_counted_anew, "register_what_was_delivered"),
    _seen_in("products is", every_change_counted_anew, "register_what_was_delivered"),
    _seen_in("payments is", a_refund_that_is_not_counted, "refund"),
    _seen_in("products is", a_unit_that_does_not_follow_its_registration, "give_proof"),
    _seen_in("products is", a_cover_of_one_year, "register_what_was_delivered"),
    _seen_in("words stand at", a_refusal_that_stands_nowhere, "withdraw_consent"),
    _seen_in("has never heard of it", a_request_to_iys_that_is_never_made, "tell_iys"),
    _seen_in("keeps an address", an_address_that_is_kept, "tell_iys"),
    _seen_in("nobody let it by", a_word_that_nobody_heeds, "send_offers"),
    _seen_in("holds no place", a_place_that_nobody_takes, "send_offers"),
    _seen_in("words stand at", a_general_word_that_stands_nowhere, "decide_on_offers"),
    _seen_in("left more than once", a_message_that_nobody_claims, "send_messages"),
    _seen_in("left after a refusal", a_consent_that_is_read_once, "refuse_while_it_is_sent"),
    _seen_in("a name that is to be forgotten", a_message_that_is_not_forgotten, "forget_them"),
    _seen_in("reasons are", a_reason_that_is_forgotten, "refuse_while_it_is_sent"),
    *(
        _seen_in(f"{part} is", one_id_for_the_person(part), "link_customers_again")
        for part in ("payments", "complaints", "products", "conversations")
    ),
)


def _show_otherwise(patch: pytest.MonkeyPatch, projector: Projector, kind: str, row: Any) -> None:
    """Let things of a kind show as this row, or as none."""
    usual = projector._projections[kind]
    patch.setitem(projector._projections, kind, replace(usual, row=row))


def _without_conditions(whole: Any) -> Any:
    def write_blindly(client: Any, writes: Any) -> None:
        whole(client, [{kind: _bare(asked) for kind, asked in each.items()} for each in writes])

    return write_blindly


def _bare(asked: Mapping[str, Any]) -> dict[str, Any]:
    """A write that asks nothing of what is there."""
    bare = {name: value for name, value in asked.items() if name != "ConditionExpression"}
    values = bare.pop("ExpressionAttributeValues", {})
    expression = bare.get("UpdateExpression", "")
    used = {name: value for name, value in values.items() if name in expression}
    return bare | ({"ExpressionAttributeValues": used} if used else {})
