from services.customer_view.domain import CustomerView, Part, Status
from services.customer_view.schemas import CustomerInOneLook
from tests.customer_view.examples import NOON, a_customer, a_happening


def test_a_view_says_of_each_part_how_far_it_can_be_relied_on() -> None:
    happening = {name: value for name, value in a_happening("o:1:0").items() if name != "event_id"}
    view = CustomerView(
        customer_id="ayse",
        as_of=NOON,
        parts={
            "customer": Part(
                status=Status.LAST_KNOWN, as_of=NOON, reason="it failed", data=a_customer()
            ),
            "orders": Part(status=Status.MISSING, reason="it did not answer"),
            "timeline": Part.fresh({"recent": [happening]}, NOON),
        },
    )

    look = CustomerInOneLook.of(view)

    assert not look.complete
    assert look.customer.data is not None
    assert (look.orders.data, look.orders.reason) == (None, "it did not answer")
    assert look.timeline.status is Status.FRESH
