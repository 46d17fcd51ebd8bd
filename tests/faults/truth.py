"""What is so, read from the entities alone: everything else must agree with it."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from shared.aws.entities import read_log
from shared.aws.items import from_item
from tests.faults.world import World

GIVEN_UP = ("cancelled", "unavailable")
DONE = ("delivered", *GIVEN_UP)


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


def things(world: World) -> list[Thing]:
    """Every entity of every service."""
    return [
        _thing(service.name, from_item(item))
        for service in world.described.services
        for item in world.items(world.table_of(service.name))
        if item["pk"]["S"].startswith("E#")
    ]


def _thing(service: str, values: Mapping[str, Any]) -> Thing:
    entity_id = values["pk"].removeprefix("E#")
    event_of = import_module(f"services.{service}.events").event_of
    told = [event_of(entity_id, values["customer_id"], entry) for entry in read_log(values)]
    return Thing(
        service=service,
        kind=values["kind"],
        entity_id=entity_id,
        customer_id=values["customer_id"],
        version=values["version"],
        state=json.loads(values["state"]),
        event_ids=frozenset(event.event_id for event in told if event is not None),
    )


class Truth:
    """The customers, the persons they are, and their orders."""

    def __init__(self, found: list[Thing]) -> None:
        self.customers = {one.entity_id: one for one in found if one.kind == "customer"}
        self.orders = [one for one in found if one.kind == "order"]
        self.pieces = {  # of delivered orders, each a unit of its own
            one.entity_id: sum(line["quantity"] for line in one.state["lines"])
            for one in self.orders
            if one.state["status"] == "delivered" and "delivered" in one.state["reached"]
        }

    def person(self, customer_id: str) -> set[str]:
        """The ids that are one person with this one, itself included."""
        leader = self.customers[customer_id]
        while leader.state.get("merged_into"):
            leader = self.customers[leader.state["merged_into"]]
        return {leader.entity_id, *(edge["joined"] for edge in leader.state.get("edges", []))}

    def totals(self, *customer_ids: str) -> Counter[str]:
        """What the orders of these customers add up to, counted anew."""
        totals: Counter[str] = Counter()
        for order in self.orders:
            if order.customer_id in customer_ids:
                state = order.state
                totals["count"] += 1
                totals["pending"] += state["status"] not in DONE
                if state["status"] not in GIVEN_UP:
                    totals["standing"] += 1
                    totals[f"total:{state['currency']}"] += _amount(state)
        return +totals

    def orders_of(self, *customer_ids: str) -> list[Thing]:
        """The orders of these customers, the newest first."""
        mine = [one for one in self.orders if one.customer_id in customer_ids]
        return sorted(mine, key=lambda one: (one.state["ordered_at"], one.entity_id), reverse=True)


def _amount(state: Mapping[str, Any]) -> int:
    return sum(line["quantity"] * line["unit_price"] for line in state["lines"])
