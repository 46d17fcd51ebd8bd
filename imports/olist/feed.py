"""Sends persons to the system, each in the right order: who, then what they bought and said."""

import threading
from collections import Counter
from collections.abc import Callable

from imports.api import Api, Reply
from imports.olist import bodies
from imports.olist.files import CUSTOMERS, ORDERS, REVIEWS
from imports.olist.rejects import Rejects
from imports.olist.rows import ReviewRow
from imports.olist.shop import Bought, Person

PERSONS, BOUGHT, COMPLAINTS, CONVERSATIONS = "persons", "orders", "complaints", "conversations"
KINDS = (PERSONS, BOUGHT, COMPLAINTS, CONVERSATIONS)
NEW, KNOWN, REJECTED = "new", "known", "rejected"
OUTCOMES = (NEW, KNOWN, REJECTED)

CREATED = 201
DONE = frozenset({200, CREATED})
# The key or the external id is taken: they are there, though they came in another way.
THERE_ALREADY = frozenset({409, 422})


class Tally:
    """What became of how many. Any thread may count."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()
        self._lock = threading.Lock()

    def add(self, kind: str, outcome: str) -> None:
        """Count one."""
        with self._lock:
            self._counts[kind, outcome] += 1

    def of(self, kind: str, outcome: str) -> int:
        """How many."""
        return self._counts[kind, outcome]

    @property
    def total(self) -> int:
        """How many in all."""
        return self._counts.total()


class Feed:
    """Sends persons. Any thread may send one."""

    def __init__(
        self, api: Api, rejects: Rejects, tally: Tally, advance: Callable[[], None]
    ) -> None:
        self._api = api
        self._rejects = rejects
        self._tally = tally
        self._advance = advance

    def send(self, person: Person) -> None:
        """Send a person with all that is theirs. Raise api.Unreachable where that cannot be."""
        customer_id = self._customer(person)
        sent = [(bought, self._order(customer_id, bought)) for bought in person.orders]
        for bought, order_id in sent:
            for review in bought.reviews:
                self._review(customer_id, order_id, review)

    def _customer(self, person: Person) -> str | None:
        """The customer's id in the system; None where they were refused."""
        reply = self._api.create(
            "/v1/customers", bodies.customer_of(person), bodies.key_of_person(person)
        )
        customer_id = self._taken(PERSONS, reply, "customer_id")
        if customer_id is None and reply.status in THERE_ALREADY:
            customer_id = self._find(person)
            if customer_id is not None:
                self._count(PERSONS, KNOWN)
        if customer_id is None:
            self._reject(PERSONS, CUSTOMERS, person.latest.line, reply.reason)
        return customer_id

    def _find(self, person: Person) -> str | None:
        found = self._api.post(
            "/v1/customers/lookup", {"external_id": bodies.external_id_of(person.person)}
        )
        if found.status not in DONE or not found.body["customers"]:
            return None
        return str(found.body["customers"][0]["customer_id"])

    def _order(self, customer_id: str | None, bought: Bought) -> str | None:
        """The order's id in the system; None where it was refused."""
        line = bought.order.line
        if customer_id is None:
            self._reject(BOUGHT, ORDERS, line, "its customer was refused")
            return None
        reply = self._api.create(
            "/v1/orders", bodies.order_of(customer_id, bought), bodies.key_of_order(bought)
        )
        order_id = self._taken(BOUGHT, reply, "order_id")
        if order_id is None:
            self._reject(BOUGHT, ORDERS, line, reply.reason)
        return order_id

    def _review(self, customer_id: str | None, order_id: str | None, review: ReviewRow) -> None:
        kind = COMPLAINTS if bodies.is_complaint(review) else CONVERSATIONS
        if customer_id is None or order_id is None:
            self._reject(kind, REVIEWS, review.line, "its order was refused")
            return
        key = bodies.key_of_review(review)
        if kind == COMPLAINTS:
            body = bodies.complaint_of(customer_id, order_id, review)
            reply = self._api.create("/v1/complaints", body, key)
        else:
            path = f"/v1/customers/{customer_id}/conversations"
            reply = self._api.create(path, bodies.conversation_of(review), key)
        if self._taken(kind, reply) is None:
            self._reject(kind, REVIEWS, review.line, reply.reason)

    def _taken(self, kind: str, reply: Reply, name: str | None = None) -> str | None:
        """The id by that name of what was taken; None where it was refused."""
        if reply.status not in DONE:
            return None
        self._count(kind, NEW if reply.status == CREATED else KNOWN)
        return str(reply.body[name]) if name else ""

    def _reject(self, kind: str, file: str, line: int, reason: str) -> None:
        self._rejects.add(file, line, reason)
        self._count(kind, REJECTED)

    def _count(self, kind: str, outcome: str) -> None:
        self._tally.add(kind, outcome)
        self._advance()
