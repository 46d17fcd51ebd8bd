"""Who and what there is when somebody comes with a request: made once, through the API itself."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any

from infra.local.system import LocalSystem
from tests.api.asking import ask

NAME = "Ayşe Canary-Işık"
PHONE = "+905327773141"
EMAIL = "canary@example.com"

LINE = {"product": "washer", "quantity": 1, "unit_price": 1_999_900, "kdv_class": "general"}
WAYS: dict[str, tuple[str, ...]] = {
    "placed": (),
    "approved": ("approve",),
    "shipped": ("approve", "ship"),
    "delivered": ("approve", "ship", "deliver"),
    "cancelled": ("cancel",),
}
MOVES: dict[str, dict[str, Any]] = {
    "approve": {},
    "ship": {"tracking": "TR1"},
    "deliver": {},
    "cancel": {"reason": "ordered twice"},
}

_numbers = count(1)


@dataclass
class Scene:
    """Ayşe, another customer, their orders and a link."""

    system: LocalSystem
    ids: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        points = [{"kind": "phone", "value": PHONE}, {"kind": "email", "value": EMAIL}]
        ids = self.ids
        ids["ayse"] = self.a_customer(
            name=NAME, contact_points=points, external_ids=["logo:canary-17"]
        )
        ids["other"] = self.a_customer()
        ids["flat"], ids["spare"] = self.a_customer(), self.a_customer()
        ids["link"] = self.a_link(ids["other"], ids["flat"])
        for status in WAYS:
            ids[status] = self.an_order(ids["ayse"], status)
        self.an_order(ids["ayse"], external_id="shop-1")

    def a_customer(self, **fields: Any) -> str:
        created = self._must("POST", "/v1/customers", {"name": "Can", **fields})
        return str(created["customer_id"])

    def an_order(self, customer_id: str, status: str = "placed", **fields: Any) -> str:
        body = {"customer_id": customer_id, "lines": [LINE], **fields}
        order_id = str(self._must("POST", "/v1/orders", body)["order_id"])
        for move in WAYS[status]:
            self._must("POST", f"/v1/orders/{order_id}/{move}", MOVES[move])
        return order_id

    def a_link(self, one: str, other: str) -> str:
        body = {"other_id": other, "reason": "they say so"}
        return str(self._must("POST", f"/v1/customers/{one}/links", body)["link_id"])

    def _must(self, method: str, path: str, body: Any) -> Any:
        role = "operations" if path.endswith(("/ship", "/deliver")) else "agent"
        reply = ask(
            self.system, method, path, body, token=self.system.token(role), headers=a_key()
        )
        assert reply.status in (200, 201), reply.text
        return reply.body


def a_key() -> dict[str, str]:
    """A new idempotency key."""
    return {"Idempotency-Key": f"scene-{next(_numbers)}"}
