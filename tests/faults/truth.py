"""What is so, read from the entities alone: everything else must agree with it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib import import_module
from typing import Any, Self

from shared.aws.entities import read_log
from shared.aws.items import Values, from_item
from shared.contracts.event import Event
from tests.faults.world import World

GIVEN_UP = ("cancelled", "unavailable")
DONE = ("delivered", *GIVEN_UP)

# When something was, by which a list of such things is sorted.
MOMENT = {
    "order": "ordered_at",
    "complaint": "opened_at",
    "unit": "since",
    "conversation": "held_at",
    "consent": "said_at",
}

Tables = Mapping[str, Sequence[Values]]
"""What stands in the table of each service."""


@dataclass(frozen=True)
class Thing:
    """An entity as its table has it."""

    service: str
    kind: str
    entity_id: str
    customer_id: str
    version: int
    state: Mapping[str, Any]
    event_ids: frozenset[str]

    def at(self, name: str) -> datetime | None:
        """A moment in its state, where it has one."""
        text = self.state.get(name)
        return datetime.fromisoformat(text) if text else None

    @property
    def holder(self) -> str:
        """Whose it is, as somebody said last, or else as it was written."""
        whose: list[str] = self.state.get("shown_under", [self.customer_id])
        return whose[-1]

    @property
    def moment(self) -> datetime:
        """When it was, among others of its kind."""
        return datetime.fromisoformat(self.state[MOMENT[self.kind]])


def read_tables(world: World) -> Tables:
    """Every item of every service."""
    return {
        service.name: [from_item(item) for item in world.items(world.table_of(service.name))]
        for service in world.described.services
    }


def things(tables: Tables) -> list[Thing]:
    """Every entity of every service."""
    return [
        _thing(service, values)
        for service, items in tables.items()
        for values in items
        if values["pk"].startswith("E#")
    ]


def _thing(service: str, values: Values) -> Thing:
    entity_id = values["pk"].removeprefix("E#")
    event_of = import_module(f"services.{service}.events").event_of
    return Thing(
        service=service,
        kind=values["kind"],
        entity_id=entity_id,
        customer_id=values["customer_id"],
        version=values["version"],
        state=_state(values["state"]),
        event_ids=_event_ids(event_of, entity_id, values["customer_id"], values["log"]),
    )


@lru_cache(maxsize=10_000)
def _state(text: str) -> Mapping[str, Any]:
    state: Mapping[str, Any] = json.loads(text)
    return state


@lru_cache(maxsize=10_000)
def _event_ids(event_of: Any, entity_id: str, customer_id: str, log: str) -> frozenset[str]:
    entries = read_log({"log": log})
    told: list[Event | None] = [event_of(entity_id, customer_id, entry) for entry in entries]
    return frozenset(event.event_id for event in told if event is not None)


class Truth:
    """The customers, the persons they are, and what is theirs."""

    def __init__(self, found: Sequence[Thing]) -> None:
        self.found = found
        everybody = {one.entity_id: one for one in found if one.kind == "customer"}
        self.erased = {name for name, one in everybody.items() if "erased_at" in one.state}
        self.customers = {name: one for name, one in everybody.items() if name not in self.erased}
        self.said = {one.entity_id: one.holder for one in found if "shown_under" in one.state}
        self.registrations = {one.entity_id: one for one in found if one.kind == "registration"}
        self.pieces = {  # of delivered orders, each a unit of its own
            one.entity_id: sum(line["quantity"] for line in one.state["lines"])
            for one in found
            if one.kind == "order"
            and one.state["status"] == "delivered"
            and "delivered" in one.state["reached"]
        }

    @property
    def shown(self) -> list[Thing]:
        """Every thing but of who is erased."""
        return [one for one in self.found if one.holder not in self.erased]

    @classmethod
    def of(cls, world: World) -> Self:
        """The truth as it now stands in the tables."""
        return cls(things(read_tables(world)))

    def whose(self, detail: Mapping[str, Any]) -> str | None:
        """The customer whom an event belongs to: whose its entity was said to be, if it was.

        None of what other systems tell.
        """
        if "entity_id" not in detail:
            return None
        whose: str = self.said.get(detail["entity_id"], detail["customer_id"])
        return whose

    def person(self, customer_id: str) -> set[str]:
        """The ids that are one person with this one, itself included."""
        leader = self.customers[customer_id]
        while leader.state.get("merged_into"):
            leader = self.customers[leader.state["merged_into"]]
        return {leader.entity_id, *(edge["joined"] for edge in leader.state.get("edges", []))}

    def theirs(self, kind: str, person: set[str]) -> list[Thing]:
        """What of a kind these customers have, the newest first."""
        mine = [one for one in self.found if one.kind == kind and one.holder in person]
        return sorted(mine, key=lambda one: (one.moment, one.entity_id), reverse=True)
