"""A unit: one piece of a product that a customer owns, whoever sold it."""

import base64
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from services.warranty.domain.cover import covered_until
from shared.calendar import day_in_turkey
from shared.entity import Act, Entity, Happening
from shared.errors import Conflict, NotFound

MOST_APART = 200  # pieces of one order that are kept one by one


class UnitNotFound(NotFound):
    def __init__(self, unit_id: str) -> None:
        super().__init__(f"unit {unit_id} does not exist")


class CustomerUnknown(NotFound):
    def __init__(self, customer_id: str) -> None:
        super().__init__(f"customer {customer_id} does not exist")


class CameWithAnOrder(Conflict):
    def __init__(self, order_id: str) -> None:
        super().__init__(
            f"it came with order {order_id}, and is whose that is; say whose the order is"
        )


class State(StrEnum):
    """How far we know a unit to be the customer's. No statutory right hangs on it."""

    OWNED = "owned"  # by an order of ours, and not registered
    REGISTERED = "registered"
    PROOF_ASKED = "proof_asked"
    PROOF_GIVEN = "proof_given"
    PROOF_REFUSED = "proof_refused"
    UNDER_REVIEW = "under_review"  # somebody else has registered the same serial number


@dataclass(frozen=True, kw_only=True)
class DeliveredLine:
    """What of a delivered order the customer now has."""

    line: int  # its place in the order, from 0
    product: str
    quantity: int


@dataclass(frozen=True, kw_only=True)
class Unit(Entity):
    """One piece of a product; of a large order, all pieces of a line.

    `since` is when it was delivered or became known to us, and never changes.
    Of the delivery the day may be known without the moment.
    """

    kind: ClassVar[str] = "unit"

    unit_id: str
    since: datetime
    state: State
    product: str | None = None
    pieces: int = 1
    serial: str | None = None  # as it was written
    order_id: str | None = None  # of our own sale
    line: int | None = None  # its place in that order, from 0
    bought_on: date | None = None
    bought_from: str | None = None
    delivered_on: date | None = None  # in Istanbul
    delivered_at: datetime | None = None
    registration_id: str | None = None
    order_version: int = 0  # of its order, as of which it is known whose the unit is

    @property
    def entity_id(self) -> str:
        return self.unit_id

    @property
    def covered_until(self) -> date | None:
        """The last day of its statutory cover; None where the delivery is not known."""
        return covered_until(self.delivered_on)

    @property
    def is_own_sale(self) -> bool:
        """Whether our own books show who bought it."""
        return self.order_id is not None

    @property
    def is_lot(self) -> bool:
        """Whether it stands for several pieces, which cannot be told apart."""
        return self.pieces > 1

    def must_be_sayable(self) -> None:
        """Raise CameWithAnOrder where nobody says whose it is but by saying whose the order is."""
        if self.order_id is not None:
            raise CameWithAnOrder(self.order_id)

    def follow(self, act: Act, sold: "Unit") -> "Unit":
        """The unit, whose it is by its order as of `sold`; itself where a newer version is known.

        `sold` is the same unit, as the news of the order makes it.
        """
        if sold.order_version <= self.order_version:
            return self
        if sold.holder == self.holder:
            followed = Happening(what="followed")
            return self.after(act, followed, order_version=sold.order_version)
        return replace(self.attributed(act, sold.holder), order_version=sold.order_version)


def units_of_delivery(
    act: Act,
    *,
    order_id: str,
    customer_id: str,
    delivered_at: datetime | None,
    lines: Sequence[DeliveredLine],
    ordered_at: datetime | None = None,
    holder: str | None = None,
    order_version: int = 0,
) -> Iterator[Unit]:
    """The units of a delivered order, always the same ones: one for each piece.

    They are the `holder`'s, whose the order was said to be by its `order_version`; None where
    nobody had said anything.

    An order of more than 200 pieces is stock rather than possessions: each of
    its lines becomes one unit that says how many pieces it stands for. So one
    delivery never writes without bound, and yet nothing of it is lost.
    """
    apart = sum(line.quantity for line in lines) <= MOST_APART
    delivered_on = day_in_turkey(delivered_at) if delivered_at else None
    for line in lines:
        for piece in range(line.quantity if apart else 1):
            unit_id = _unit_id(order_id, line.line, piece)
            pieces = 1 if apart else line.quantity
            unit = Unit(
                customer_id=holder or customer_id,
                unit_id=unit_id,
                since=delivered_at or act.at,
                state=State.OWNED,
                product=line.product,
                pieces=pieces,
                order_id=order_id,
                line=line.line,
                bought_on=day_in_turkey(ordered_at) if ordered_at else None,
                delivered_on=delivered_on,
                delivered_at=delivered_at,
                order_version=order_version,
            )
            facts = {
                "order_id": order_id,
                "line": line.line,
                "product": line.product,
                "pieces": pieces,
                "delivered_on": delivered_on.isoformat() if delivered_on else None,
            }
            yield unit.after(act, Happening(what="owned", facts=facts))


def _unit_id(order_id: str, line: int, piece: int) -> str:
    message = json.dumps([order_id, line, piece]).encode()
    digest = base64.b32encode(hashlib.sha256(message).digest()).decode().lower()
    return f"unt_{digest[:26]}"
