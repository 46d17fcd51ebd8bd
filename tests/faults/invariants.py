"""What must hold whenever all is quiet, whatever happened before."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from infra.local.mappings.patterns import matches
from infra.local.templates.descriptions import Queue
from shared.aws.items import from_item
from shared.contracts.customer import CustomerLinkChanged
from tests.faults.caller import Caller, Front
from tests.faults.listed import mislisted
from tests.faults.story import PERSONAL, POISON
from tests.faults.truth import DONE, GIVEN_UP, Thing, Truth, things
from tests.faults.world import World

NEWEST = 10
_INSTANT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(?:Z|\+00:00)?")
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
        found = things(self._world)
        truth = Truth(found)
        return [
            *self._lost_or_doubled(found),
            *self._unsaid(found),
            *self._unheard(),
            *self._dead(),
            *self._backwards(),
            *self._miscounted(truth),
            *mislisted(self._world),
            *self._overheard(),
            *self._unseen(truth),
        ]

    def _lost_or_doubled(self, found: Any) -> Iterator[str]:
        versions = {(one.kind, one.entity_id): one.version for one in found}
        for promise in self._world.ledger.acknowledged:
            stored = versions.get((promise.kind, promise.entity_id), 0)
            if stored < promise.version:
                yield f"lost: {promise}, stored is version {stored}"
        keys = self._world.ledger.keys
        if len(set(keys.values())) != len(keys):
            yield f"two keys made one thing: {keys}"
        unasked = [one for one in found if one.entity_id not in keys.values()]
        yield from _made_without_a_key(unasked, Truth(found))

    def _unsaid(self, found: Any) -> Iterator[str]:
        stored = {event_id for one in found for event_id in one.event_ids}
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

    def _unheard(self) -> Iterator[str]:
        """Each reader has had one effect of each event, or has set it aside."""
        described = self._world.described
        for mapping in described.queue_mappings:
            queue = described.queue_of(mapping.queue)
            service = self._world.functions.find(mapping.function).service
            sent = [one for one in self._world.ledger.published if self._is_for(one, queue)]
            dead = set(self._dead_ids(queue))
            live = [one["Detail"] for one in sent if one["Detail"]["event_id"] not in dead]
            items = [from_item(item) for item in self._world.items(self._world.table_of(service))]
            if service == "customer_view":
                yield from _facts(live, items)
            links = [one["Detail"] for one in sent if _is_link(one)]
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

    def _dead_ids(self, queue: Queue) -> Iterator[str]:
        redrive = json.loads(queue.attributes["RedrivePolicy"])
        name = redrive["deadLetterTargetArn"].rpartition(":")[2]
        for message in self._world.sqs.queues[name]._messages:
            yield attributes_of(message).get("event_id", "")

    def _dead(self) -> Iterator[str]:
        for message in dead_letters(self._world):
            if json.loads(message.body) != POISON:
                yield f"dead for no reason: {message.body} {attributes_of(message)}"
            elif {"reason", "source", "event_id"} - attributes_of(message).keys():
                yield f"dead without a reason: {attributes_of(message)}"
        if self._world.ledger.given_up:
            yield f"given up: {self._world.ledger.given_up}"

    def _backwards(self) -> Iterator[str]:
        for name, table in self._world.dynamodb.tables.items():
            for each in table.stream_shard.items if table.stream_shard else []:
                images = each.to_json()["dynamodb"]
                old, new = images.get("OldImage", {}), images.get("NewImage", {})
                for number in _NUMBERED:
                    before, after = _number(old, number), _number(new, number)
                    if after < before:
                        yield f"{name} {images['Keys']}: {number} from {before} to {after}"
                is_truth = images["Keys"]["pk"]["S"].startswith("E#")
                if is_truth and _number(new, "version") != _number(old, "version") + 1:
                    yield f"{name} {images['Keys']} skips a version"

    def _miscounted(self, truth: Truth) -> Iterator[str]:
        items = [from_item(item) for item in self._world.items(self._world.table_of("orders"))]
        for item in items:
            if item["sk"] == "SUMMARY":
                customer = item["pk"].removeprefix("P#")
                names = ("count", "standing", "pending")
                kept = {k: v for k, v in item.items() if k in names or k.startswith("total:")}
                if +Counter(kept) != truth.totals(customer):
                    yield f"{customer}: {kept} is kept, {truth.totals(customer)} counted anew"
        shown = {item["id"]: item["version"] for item in items if item["sk"].startswith("R#")}
        stored = {one.entity_id: one.version for one in truth.orders}
        if shown != stored:
            yield f"orders are at {stored}, and shown at {shown}"

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

    def _unseen(self, truth: Truth) -> Iterator[str]:
        """The view says what the services hold. It depends on the tables alone, so that what
        was found right once need not be looked at again."""
        tables = _shape(self._world)
        if tables in self._agreed:
            return
        agent = Caller(self._front, "agent")
        broken = []
        for customer_id in truth.customers:
            reply = agent.get(f"/v1/view/customers/{customer_id}")
            broken += list(disagreements(self._world, truth, customer_id, reply.body))
        yield from broken
        if not broken:
            self._agreed.add(tables)


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
    state = one.state
    if one.kind == "unit":
        return str(state.get("order_id") or state.get("registration_id") or "")
    if one.kind == "order":
        return str(state.get("external_id") or "")
    if one.kind == "customer":
        return json.dumps([state["name"], state.get("contact_points")])
    if one.kind == "conversation":
        return f"{one.customer_id} at {state['held_at']}"
    return ""


def disagreements(
    world: World, truth: Truth, customer_id: str, view: Mapping[str, Any]
) -> Iterator[str]:
    """Where a view that should be fresh in all its parts is not what the services hold."""
    if not view.get("complete"):
        yield f"view of {customer_id} is not complete: {view}"
        return
    yield from false_parts(world, truth, customer_id, view)


def false_parts(
    world: World, truth: Truth, customer_id: str, view: Mapping[str, Any]
) -> Iterator[str]:
    """Which parts call themselves fresh and are not what the services hold."""
    person = truth.person(customer_id)
    expected = {
        "customer": _expected_customer(truth, customer_id, person),
        "orders": _expected_orders(truth, person),
        "timeline": _expected_timeline(world, person),
    }
    seen: dict[str, Callable[[Any], Any]] = {
        "customer": _seen_customer,
        "orders": _seen_orders,
        "timeline": _seen_timeline,
    }
    for part, told in expected.items():
        if view[part]["status"] == "fresh" and seen[part](view[part]["data"]) != told:
            yield f"view of {customer_id}: {part} is {view[part]['data']}, not {told}"


def dead_letters(world: World) -> list[Any]:
    """The messages that lie in any dead-letter queue."""
    letters: list[Any] = []
    for mapping in world.described.queue_mappings:
        redrive = json.loads(world.described.queue_of(mapping.queue).attributes["RedrivePolicy"])
        name = redrive["deadLetterTargetArn"].rpartition(":")[2]
        letters += world.sqs.queues[name]._messages
    return letters


def _expected_customer(truth: Truth, customer_id: str, person: set[str]) -> Any:
    states = [truth.customers[one].state for one in person]
    return (
        truth.customers[customer_id].state["name"],
        {one["value"] for state in states for one in state.get("contact_points", [])},
        {one for state in states for one in state.get("external_ids", [])},
    )


def _seen_customer(data: Any) -> Any:
    points = [one["value"] for one in data["contact_points"]]
    return data["name"], set(points), set(data["external_ids"])


def _expected_orders(truth: Truth, person: set[str]) -> Any:
    orders = truth.orders_of(*person)
    totals = truth.totals(*person)
    live = [one.entity_id for one in orders if one.state["status"] not in GIVEN_UP]
    pending = [one.entity_id for one in orders if one.state["status"] not in DONE]
    return (
        totals["count"],
        {name[6:]: sum_ for name, sum_ in totals.items() if name.startswith("total:")},
        pending,
        live[:1],
        [(one.entity_id, one.state["status"]) for one in orders][:NEWEST],
    )


def _seen_orders(data: Any) -> Any:
    last = data["last_order"]
    return (
        data["count"],
        {one["currency"]: one["amount"] for one in data["totals"]},
        [one["order_id"] for one in data["pending"]],
        [last["order_id"]] if last else [],
        [(one["order_id"], one["status"]) for one in data["recent"]],
    )


def _expected_timeline(world: World, person: set[str]) -> Any:
    told = {
        entry["Detail"]["event_id"]: entry
        for entry in world.ledger.published
        if entry["Detail"].get("customer_id") in person
    }
    order = sorted(told, key=lambda one: (told[one]["Detail"]["occurred_at"], one), reverse=True)
    newest = [told[one] for one in order[:NEWEST]]
    return [(one["DetailType"].partition(".")[0], one["Detail"]["entity_id"]) for one in newest]


def _seen_timeline(data: Any) -> Any:
    return [(one["what"], one["about"]) for one in data["recent"]]


def _facts(details: list[Any], items: list[dict[str, Any]]) -> Iterator[str]:
    rows = Counter(item["id"] for item in items if item["sk"].startswith("R#"))
    wanted = {detail["event_id"] for detail in details}
    if wanted != rows.keys():
        yield f"not in the timeline: {wanted - rows.keys()}; too much: {rows.keys() - wanted}"
    for event_id, times in rows.items():
        if times > 1:
            yield f"{event_id} is there {times} times"


def _links(service: str, details: list[Any], items: list[dict[str, Any]]) -> Iterator[str]:
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


def attributes_of(message: Any) -> dict[str, str]:
    """The attributes of a message, as text."""
    return {
        name: value.get("string_value") or value.get("StringValue")
        for name, value in message.message_attributes.items()
    }


def _number(image: Mapping[str, Any], name: str) -> int:
    return int(image.get(name, {}).get("N", 0))


def _shape(world: World) -> str:
    """All tables as one text, in which only the order of instants counts."""
    text = json.dumps(
        [sorted(json.dumps(item, sort_keys=True) for item in world.items(name))
         for name in sorted(world.dynamodb.tables)]
    )  # fmt: skip
    instants = sorted({_instant(found) for found in _INSTANT.finditer(text)})
    places = {instant: str(place) for place, instant in enumerate(instants)}
    return _INSTANT.sub(lambda found: f"<{places[_instant(found)]}>", text)


def _instant(found: re.Match[str]) -> str:
    return f"{found[1]}.{(found[2] or ''):0<6}"
