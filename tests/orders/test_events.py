from dataclasses import replace

import pytest

from services.orders.domain import Order
from services.orders.events import event_of
from shared.contracts.event import Event
from shared.contracts.orders import (
    OrderApproved,
    OrderCancelled,
    OrderDelivered,
    OrderPlaced,
    OrderProcessed,
    OrderShipped,
    OrderUnavailable,
)
from tests.orders.examples import FILTER, NOON, WASHER, an_act, an_order


def events_of(order: Order) -> list[Event]:
    return [event_of(order.order_id, order.customer_id, entry) for entry in order.log]


def test_a_placed_order_is_announced_with_its_worth() -> None:
    [event] = events_of(an_order(lines=(WASHER, FILTER)))

    assert event == OrderPlaced(
        event_id="ord_1:1:0",
        entity_id="ord_1",
        customer_id="cus_1",
        version=1,
        occurred_at=NOON,
        correlation_id="request-0",
        order_id="ord_1",
        amount=2_074_750,
        currency="TRY",
        line_count=2,
    )


def test_every_move_of_an_order_is_announced() -> None:
    packed = an_order().approve(an_act(1)).process(an_act(2))
    delivered = packed.ship(an_act(3), tracking="TR1").deliver(an_act(4))
    cancelled = an_order().cancel(an_act(1), reason="ordered twice")
    unavailable = an_order().mark_unavailable(an_act(1))

    assert [type(event) for event in events_of(delivered)] == [
        OrderPlaced,
        OrderApproved,
        OrderProcessed,
        OrderShipped,
        OrderDelivered,
    ]
    assert isinstance(events_of(cancelled)[-1], OrderCancelled)
    assert isinstance(events_of(unavailable)[-1], OrderUnavailable)


@pytest.mark.parametrize("canary", ["TR-canary", "reason-canary", "partner-canary", "washer"])
def test_no_event_carries_what_people_wrote(canary: str) -> None:
    order = an_order(lines=(replace(WASHER, partner="partner-canary"),))
    shipped = order.approve(an_act(1)).ship(an_act(2), tracking="TR-canary")
    cancelled = order.cancel(an_act(1), reason="reason-canary")

    told = [event.model_dump_json() for event in events_of(shipped) + events_of(cancelled)]

    assert not any(canary in one for one in told)
