"""What must hold whenever all is quiet, whatever happened before."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from infra.local.mappings.patterns import matches
from infra.local.templates.descriptions import Queue
from shared.aws.items import Values
from shared.contracts.customer import CustomerLinkChanged
from tests.faults.blocked import misblocked, mispaired
from tests.faults.buyers import misbought
from tests.faults.caller import Caller, Front
from tests.faults.invariants.care import miscared
from tests.faults.invariants.consents import misclocked, misheard, misplaced, uncounted
from tests.faults.invariants.erasures import unforgotten
from tests.faults.invariants.letters import attributes_of, dead_letters, letters_of
from tests.faults.invariants.looks import unrecorded
from tests.faults.invariants.messages import misfiled, missent
from tests.faults.invariants.offers import misheld, misvoted, unapproved
from tests.faults.invariants.outcomes import uncounted_outcomes
from tests.faults.invariants.silences import misheard_of
from tests.faults.invariants.tables import miscounted
from tests.faults.invariants.view import disagreements, false_parts
from tests.faults.listed import mislisted
from tests.faults.story import PERSONAL, POISON
from tests.faults.truth import Tables, Thing, Truth, read_tables, things

__all__ = ["Invariants", "attributes_of", "dead_letters", "false_parts"]

_INSTANT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(?:Z|\+00:00)?")
GONE = 410
_NUMBERED = ("version", "card_version", "link_version")


class Invariants:
    """Checks a quiet world."""

    def __init__(self, front: Front) -> None:
        self._front = front
        self._world = front.world
        self._agreed: set[str] = set()  # tables whose view was looked at before
        self._queues: dict[tuple[str, str], set[str]] = {}  # that events of a kind go to

    def forget(self) -> None:
        """Look at everything anew, since it may be shown otherwise than before."""
        self._agreed.clear()

    def broken(self) -> list[str]:
        """What does not hold, in words. Nothing is meant to lie dead but nonsense."""
        tables = read_tables(self._world)
        truth = Truth(things(tables))
        return [
            *self._lost_or_doubled(truth),
            *self._unsaid(truth),
            *self._unheard(tables, truth),
            *self._dead(),
            *self._backwards(truth),
            *miscounted(tables, truth),
            *miscared(tables["customer"], truth),
            *unforgotten(tables, truth),
            *misplaced(tables["engagement"], truth),
            *misclocked(tables["engagement"], truth),
            *misheard(self._world.iys, truth),
            *uncounted(tables["engagement"], truth),
            *uncounted_outcomes(tables["engagement"], truth, self._world.ledger.published),
            *misheard_of(self._world.ledger.published, tables["engagement"], truth.erased),
            *missent(self._world.box, self._world.ledger, truth),
            *misfiled(tables["engagement"], truth),
            *unapproved(truth),
            *misvoted(tables["engagement"], truth),
            *misheld(tables["engagement"], truth),
            *mislisted(self._world),
            *misblocked(self._world),
            *mispaired(self._world),
            *misbought(self._world),
            *self._overheard(),
            *unrecorded(self._front.heard, tables["customer_view"], self._world.ledger.lines),
            *self._unseen(tables, truth),
        ]

    def _lost_or_doubled(self, truth: Truth) -> Iterator[str]:
        versions = {(one.kind, one.entity_id): one.version for one in truth.found}
        for promise in self._world.ledger.acknowledged:
            stored = versions.get((promise.kind, promise.entity_id), 0)
            if stored < promise.version:
                yield f"lost: {promise}, stored is version {stored}"
        keys = self._world.ledger.keys
        if len(set(keys.values())) != len(keys):
            yield f"two keys made one thing: {keys}"
        unasked = [one for one in truth.found if one.entity_id not in keys.values()]
        yield from _made_without_a_key(unasked, truth)

    def _unsaid(self, truth: Truth) -> Iterator[str]:
        stored = {event_id for one in truth.found for event_id in one.event_ids}
        said = self._world.ledger.event_ids()
        if stored - said:
            yield f"stored and never published: {sorted(stored - said)}"
        if said - stored:
            yield f"published and never stored: {sorted(said - stored)}"
        meant: dict[str, Any] = {}
        for entry in self._world.ledger.published:
            detail = entry["Detail"]
            if meant.setdefault(detail["event_id"], detail) != detail:
                yield f"{detail['event_id']} was published with two meanings"

    def _unheard(self, tables: Tables, truth: Truth) -> Iterator[str]:
        """Each reader has had one effect of each event, or has set it aside."""
        described = self._world.described
        for mapping in described.queue_mappings:
            queue = described.queue_of(mapping.queue)
            service = self._world.functions.find(mapping.function).service
            sent = [one for one in self._world.ledger.published if self._is_for(one, queue)]
            letters = letters_of(self._world, queue)
            dead = {attributes_of(one).get("event_id", "") for one in letters}
            live = [one["Detail"] for one in sent if one["Detail"]["event_id"] not in dead]
            items = tables[service]
            if service == "customer_view":
                yield from _facts(live, items, truth)
            links = [one["Detail"] for one in sent if _is_link(one)]
            links = [one for one in links if one["customer_id"] not in truth.erased]
            yield from _links(service, [one for one in links if one in live], items)
            if self._world.sqs.queues[queue.name]._messages:
                yield f"{queue.name} is not empty"

    def _is_for(self, entry: Mapping[str, Any], queue: Queue) -> bool:
        kind = entry["Source"], entry["DetailType"]
        if kind not in self._queues:
            event = {"source": entry["Source"], "detail-type": entry["DetailType"]}
            self._queues[kind] = {
                target.queue_arn
                for rule in self._world.described.rules
                if matches(rule.pattern, event)
                for target in rule.targets
            }
        return queue.arn in self._queues[kind]

    def _dead(self) -> Iterator[str]:
        for message in dead_letters(self._world):
            if json.loads(message.body) != POISON:
                yield f"dead for no reason: {message.body} {attributes_of(message)}"
            elif {"reason", "source", "event_id"} - attributes_of(message).keys():
                yield f"dead without a reason: {attributes_of(message)}"
        if self._world.ledger.given_up:
            yield f"given up: {self._world.ledger.given_up}"

    def _backwards(self, truth: Truth) -> Iterator[str]:
        gone = {f"P#{one}" for one in truth.erased}
        for name, table in self._world.dynamodb.tables.items():
            for each in table.stream_shard.items if table.stream_shard else []:
                images = each.to_json()["dynamodb"]
                if images["Keys"]["pk"]["S"] in gone:
                    continue  # what is let go of ends
                old, new = images.get("OldImage", {}), images.get("NewImage", {})
                for number in _NUMBERED:
                    before, after = _number(old, number), _number(new, number)
                    if after < before:
                        yield f"{name} {images['Keys']}: {number} from {before} to {after}"
                is_truth = images["Keys"]["pk"]["S"].startswith("E#")
                if is_truth and _number(new, "version") != _number(old, "version") + 1:
                    yield f"{name} {images['Keys']} skips a version"

    def _overheard(self) -> Iterator[str]:
        """Personal data where none belongs."""
        ledger = self._world.ledger
        letters = [json.dumps(attributes_of(one)) for one in dead_letters(self._world)]
        for where, texts in {
            "a log line": ledger.lines,
            "an event": [json.dumps(one, default=str) for one in ledger.published],
            "an error": ledger.refusals,
            "a dead letter's reason": letters,
        }.items():
            for text in texts:
                if any(secret in text for secret in PERSONAL):
                    yield f"personal data in {where}: {text}"

    def _unseen(self, tables: Tables, truth: Truth) -> Iterator[str]:
        """The view says what the services hold. It depends on the tables alone, so that what
        was found right once need not be looked at again."""
        shape = _shape(tables)
        if shape in self._agreed:
            return
        agent = Caller(self._front, "agent")
        broken = []
        for customer_id in truth.erased:
            reply = agent.get(f"/v1/view/customers/{customer_id}")
            if reply.status != GONE:
                broken.append(f"{customer_id} is erased, and shown: {reply}")
        for customer_id in truth.customers:
            reply = agent.get(f"/v1/view/customers/{customer_id}")
            broken += list(disagreements(self._world, truth, customer_id, reply.body))
        yield from broken
        if not broken:
            self._agreed.add(shape)


def _made_without_a_key(unasked: list[Thing], truth: Truth) -> Iterator[str]:
    """What comes of a delivery, of a registration or of another system's word comes once."""
    reasons = Counter(_reason_of(one) for one in unasked)
    for reason, times in reasons.items():
        if not reason:
            yield f"doubled: no key made {times} things"
        elif times != truth.pieces.get(reason, 1):
            yield f"doubled: {times} of {reason}"
    for order_id in truth.pieces.keys() - reasons.keys():
        yield f"nobody owns what was delivered: {order_id}"


def _reason_of(one: Thing) -> str:
    """Why something is there that nobody created by a key of their own."""
    reason = _REASONS.get(one.kind, _reason_of_pair)
    return reason(one)


def _reason_of_pair(one: Thing) -> str:
    if one.kind == "duplicate":
        return f"{one.customer_id} and {one.state['other_id']}"
    if one.kind == "link":  # made by the system, or by deciding on a pair
        return f"{sorted(one.state['asked'])} by {one.state['linked_by']}"
    return ""


_REASONS: Mapping[str, Callable[[Thing], str]] = {
    "unit": lambda one: str(one.state.get("order_id") or one.state.get("registration_id") or ""),
    "order": lambda one: str(one.state.get("external_id") or ""),
    "customer": lambda one: json.dumps([one.state["name"], one.state.get("contact_points")]),
    # Told to İYS itself.
    "consent": lambda one: f"{one.state['source']} at {one.state['said_at']}",
    "message": lambda one: (
        f"{one.state['offer_id']} to {one.customer_id}" if "offer_id" in one.state else ""
    ),
    "conversation": lambda one: f"{one.customer_id} at {one.state['held_at']}",
}


def _facts(details: list[Any], items: Sequence[Values], truth: Truth) -> Iterator[str]:
    """Each happening stands once, with whom it belongs to."""
    rows = Counter((item["id"], item["pk"][2:]) for item in items if item["sk"].startswith("R#"))
    rows = Counter({row: times for row, times in rows.items() if row[1] not in truth.erased})
    wanted = {
        (detail["event_id"], truth.whose(detail)) for detail in details if detail["customer_id"]
    }
    wanted = {one for one in wanted if one[1] not in truth.erased}
    if wanted != rows.keys():
        yield f"not in the timeline: {wanted - rows.keys()}; too much: {rows.keys() - wanted}"
    for event_id, times in rows.items():
        if times > 1:
            yield f"{event_id} is there {times} times"


def _links(service: str, details: list[Any], items: Sequence[Values]) -> Iterator[str]:
    newest: dict[str, Any] = {}
    for detail in sorted(details, key=lambda one: int(one["link_version"])):
        newest[detail["customer_id"]] = detail
    kept = {item["pk"].removeprefix("P#"): item for item in items if item["sk"] == "SUMMARY"}
    for customer_id, detail in newest.items():
        members = kept.get(customer_id, {}).get("members", "[]")
        if json.loads(members) != detail["members"]:
            yield f"{service}: {customer_id} is kept with {members}, not {detail['members']}"


def _is_link(entry: Mapping[str, Any]) -> bool:
    return bool(entry["DetailType"] == CustomerLinkChanged.detail_type)


def _number(image: Mapping[str, Any], name: str) -> int:
    return int(image.get(name, {}).get("N", 0))


def _shape(tables: Tables) -> str:
    """All tables as one text, in which only the order of instants counts."""
    text = json.dumps(
        [
            # Who looked is written by looking, and shows in no view.
            sorted(
                (one for one in items if not one["pk"].startswith("L#")),
                key=lambda one: (one["pk"], one["sk"]),
            )
            for items in tables.values()
        ],
        sort_keys=True,
    )
    instants = sorted({_instant(found) for found in _INSTANT.finditer(text)})
    places = {instant: str(place) for place, instant in enumerate(instants)}
    return _INSTANT.sub(lambda found: f"<{places[_instant(found)]}>", text)


def _instant(found: re.Match[str]) -> str:
    return f"{found[1]}.{(found[2] or ''):0<6}"
