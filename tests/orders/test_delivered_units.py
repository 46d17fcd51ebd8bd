"""What the news of a delivery tells of the goods."""

from datetime import UTC, datetime

from services.orders.domain import KdvClass, Line, Order
from services.orders.events import event_of
from shared.contracts.orders import DeliveredLine, OrderDelivered
from shared.entity import Act

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ACT = Act(by="warehouse-1", at=NOON, correlation_id="request-1")


def a_delivered_order() -> Order:
    lines = tuple(
        Line(product=product, quantity=quantity, unit_price=100, kdv_class=KdvClass.GENERAL)
        for product, quantity in (("washer", 1), ("filter", 3))
    )
    order = Order.place(ACT, order_id="ord_1", customer_id="cus_1", currency="TRY", lines=lines)
    return order.approve(ACT).ship(ACT, tracking=None).deliver(ACT)


def test_a_delivery_tells_what_was_delivered_and_when() -> None:
    order = a_delivered_order()

    event = event_of("ord_1", "cus_1", order.log[-1])

    assert isinstance(event, OrderDelivered)
    assert event.delivered_at == NOON
    assert event.units == [
        DeliveredLine(line=0, product="washer", quantity=1),
        DeliveredLine(line=1, product="filter", quantity=3),
    ]


def test_a_delivery_told_before_units_were_is_still_understood() -> None:
    event = event_of("ord_1", "cus_1", a_delivered_order().log[-1]).model_dump(mode="json")
    del event["units"], event["delivered_at"]

    old = OrderDelivered.model_validate(event)

    assert old.units is None
    assert old.delivered_at is None


def test_delivering_again_is_told_once() -> None:
    order = a_delivered_order()

    assert order.deliver(ACT) is order
