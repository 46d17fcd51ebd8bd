"""A list read page by page while others write."""

from urllib.parse import quote

import pytest

from tests.api.asking import ask, must_be_refused
from tests.api.scene import Scene


@pytest.fixture(scope="module")
def shopper(scene: Scene) -> str:
    """A customer with five orders."""
    customer = scene.a_customer()
    for _ in range(5):
        scene.an_order(customer)
    scene.system.settle()
    return customer


def test_a_client_that_pages_while_others_order_sees_each_order_of_the_start_once(
    scene: Scene,
) -> None:
    customer = scene.a_customer()
    there = [scene.an_order(customer) for _ in range(5)]
    scene.system.settle()
    token = scene.system.token("agent")
    seen: list[str] = []
    cursor = ""

    for _ in range(10):
        page = ask(
            scene.system,
            "GET",
            f"/v1/orders?customer_id={customer}&limit=2{cursor}",
            token=token,
        ).body
        seen += [one["order_id"] for one in page["orders"]]
        scene.an_order(customer)
        scene.an_order(customer, "cancelled")
        scene.system.settle()
        if page["cursor"] is None:
            break
        cursor = f"&cursor={quote(page['cursor'])}"

    assert seen == there[::-1]


def test_a_cursor_is_good_for_its_owner_and_its_list_alone(scene: Scene, shopper: str) -> None:
    token = scene.system.token("agent", subject="me")
    path = f"/v1/orders?customer_id={shopper}&limit=2"
    cursor = ask(scene.system, "GET", path, token=token).body["cursor"]
    changed = cursor[:-1] + ("A" if cursor[-1] != "A" else "B")
    elsewhere = f"/v1/orders?customer_id={scene.ids['ayse']}&limit=2"
    stranger = scene.system.token("agent", subject="somebody else")

    assert ask(scene.system, "GET", f"{path}&cursor={cursor}", token=token).status == 200
    for wrong in (
        ask(scene.system, "GET", f"{path}&cursor={changed}", token=token),
        ask(scene.system, "GET", f"{elsewhere}&cursor={cursor}", token=token),
        ask(scene.system, "GET", f"{path}&cursor={cursor}", token=stranger),
    ):
        problem = must_be_refused(wrong, 400, "start again without one")
        assert problem["errors"][0]["field"] == "cursor"


def test_a_cursor_goes_on_with_pages_of_another_size(scene: Scene, shopper: str) -> None:
    token = scene.system.token("agent", subject="me")
    path = f"/v1/orders?customer_id={shopper}"
    first = ask(scene.system, "GET", f"{path}&limit=2", token=token).body

    rest = ask(scene.system, "GET", f"{path}&limit=100&cursor={first['cursor']}", token=token).body

    ids = [one["order_id"] for one in first["orders"] + rest["orders"]]
    assert len(ids) == len(set(ids)) == 5
    assert rest["cursor"] is None
