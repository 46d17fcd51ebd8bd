"""Units and registrations kept in DynamoDB, how they show, and where people are asked for."""

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

from services.warranty.domain import (
    Contact,
    Registration,
    RegistrationNotFound,
    Unit,
    UnitNotFound,
    canonical_serial,
    covered_until,
)
from shared.aws.entities import EntityDocument, EntityStore
from shared.aws.identifiers import Identifier
from shared.aws.invocation import NoAnswer, invoke
from shared.aws.items import Values, entity_key, to_item
from shared.aws.projection import Projection, Row
from shared.aws.rows import Rows, shown
from shared.calendar import ISTANBUL
from shared.contracts.person import PersonAnswer, PersonRequest
from shared.contracts.summary import CustomerSummary, ProductsPart, UnitBrief
from shared.entity import Via
from shared.errors import Invalid, Unavailable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_lambda import LambdaClient

NEWEST = 10
LOOKED_THROUGH = 50  # rows of a customer, for the order that somebody names
SERIAL = "serial"  # the kind of look-up key
RETRY_AFTER = 5  # seconds, when the customer service does not answer

units = EntityDocument(Unit)
registrations = EntityDocument(Registration)


class DynamoUnits:
    """Implements ports.Units."""

    def __init__(self, client: "DynamoDBClient", table: str, secret: str, rows: Rows) -> None:
        self._store = EntityStore(client, table, secret, units)
        self._rows = rows

    def add(self, unit: Unit) -> bool:
        # Its id says all that makes it this unit, so whatever has the id is the same one.
        _, was_there = self._store.create(unit, fingerprint=unit.unit_id)
        return was_there

    def get(self, unit_id: str) -> Unit:
        unit = self._store.get(unit_id)
        if unit is None:
            raise UnitNotFound(unit_id)
        return unit

    def by_serial(self, serial: str) -> Sequence[Unit]:
        ids = self._store.identifiers.find(Identifier(kind=SERIAL, value=serial))
        found = (self._store.get(one) for one in ids)
        return [unit for unit in found if unit is not None]

    def sold(self, customer_id: str, order_id: str) -> Iterator[Unit]:
        own = self._rows.head(customer_id, newest=LOOKED_THROUGH)
        yield from self._of_order(own.rows, order_id)
        for member in own.members:
            if member != customer_id:
                rows = self._rows.head(member, newest=LOOKED_THROUGH).rows
                yield from self._of_order(rows, order_id)

    def members(self, customer_id: str) -> Collection[str]:
        return self._rows.members(customer_id)

    def _of_order(self, rows: Sequence[Values], order_id: str) -> Iterator[Unit]:
        for row in sorted(rows, key=lambda one: shown(one)["line"] or 0):
            if shown(row)["order_id"] == order_id:
                yield self.get(row["id"])


class DynamoRegistrations:
    """Implements ports.Registrations."""

    def __init__(self, client: "DynamoDBClient", table: str, secret: str) -> None:
        self._table = table
        self._store = EntityStore(client, table, secret, registrations)
        self._units = EntityStore(client, table, secret, units)

    def find(self, registration_id: str, *, fingerprint: str) -> Registration | None:
        return self._store.created(registration_id, fingerprint=fingerprint)

    def get(self, registration_id: str) -> Registration:
        registration = self._store.get(registration_id)
        if registration is None:
            raise RegistrationNotFound(registration_id)
        return registration

    def add(
        self, registration: Registration, unit: Unit, *, before: Unit | None, fingerprint: str
    ) -> tuple[Registration, bool]:
        beside: list[dict[str, Any]] = []
        if before is None:
            beside.append(self._creation(unit, fingerprint))
        elif unit.version != before.version:
            beside.append(self._units.update(unit))
        serial = registration.purchase.serial
        if serial is not None:
            beside.append(self._claim(serial, unit, is_disputed=registration.under_review))
        return self._store.create(registration, fingerprint=fingerprint, beside=beside)

    def save(self, registration: Registration, unit: Unit, *, before: Unit) -> None:
        moved = unit.version != before.version
        self._store.save(registration, beside=[self._units.update(unit)] if moved else [])

    def save_unit(self, unit: Unit) -> None:
        self._units.save(unit)

    def _claim(self, serial: str, unit: Unit, *, is_disputed: bool) -> dict[str, Any]:
        """One unit has a serial number for its own; those in dispute are found by it behind it."""
        found_by = Identifier(kind=SERIAL, value=canonical_serial(serial), unique=not is_disputed)
        return self._units.identifiers.claim(found_by, unit.unit_id)

    def _creation(self, unit: Unit, fingerprint: str) -> dict[str, Any]:
        """The write of a new unit, to stand beside others."""
        values: dict[str, Any] = {
            "kind": unit.kind,
            "customer_id": unit.customer_id,
            "fingerprint": fingerprint,
            **units.write(unit),
        }
        return {
            "Put": {
                "TableName": self._table,
                "Item": entity_key(unit.unit_id) | to_item(values),
                "ConditionExpression": "attribute_not_exists(pk)",
            }
        }


def row_of(unit: Unit) -> Row:
    """How a unit shows in its customer's list, and what it adds to the count."""
    return Row(
        at=unit.since,
        shown={
            "unit_id": unit.unit_id,
            "product": unit.product,
            "serial": unit.serial,
            "pieces": unit.pieces,
            "order_id": unit.order_id,
            "line": unit.line,
            "delivered_on": unit.delivered_on.isoformat() if unit.delivered_on else None,
            "delivered_at": unit.delivered_at.isoformat() if unit.delivered_at else None,
            "state": unit.state.value,
        },
        counted={"count": unit.pieces},
    )


# A registration shows by its unit alone.
projections = (Projection(document=units, row=row_of), Projection(document=registrations))


class UnitSummaries:
    """What is told of a customer's products."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def summarise(self, customer_id: str) -> CustomerSummary:
        """One read."""
        head = self._rows.head(customer_id, newest=NEWEST)
        part = ProductsPart(
            count=head.total("count"), units=[_brief(shown(row)) for row in head.rows]
        )
        return CustomerSummary(
            members=head.members,
            newly_joined=head.newly_joined,
            parts={"products": part.model_dump(mode="json")},
        )


def _brief(row: Values) -> UnitBrief:
    on = date.fromisoformat(row["delivered_on"]) if row["delivered_on"] else None
    at = datetime.fromisoformat(row["delivered_at"]) if row["delivered_at"] else None
    if at is None and on is not None:
        at = datetime.combine(on, time.min, ISTANBUL).astimezone(UTC)
    return UnitBrief(
        unit_id=row["unit_id"],
        product=row["product"],
        serial=row["serial"],
        delivered_at=at,
        covered_until=covered_until(on),
        state=row["state"],
    )


class CustomerFunction:
    """Implements ports.People on a function of the customer service."""

    def __init__(self, client: "LambdaClient", function: str) -> None:
        self._client = client
        self._function = function

    def find_or_create(
        self, name: str, contact: Contact, key: str, correlation_id: str
    ) -> tuple[str, Via | None]:
        request = PersonRequest(
            name=name,
            key=key,
            correlation_id=correlation_id,
            **{contact.kind.value: contact.value},
        )
        try:
            told = invoke(self._client, self._function, request, PersonAnswer)
        except NoAnswer as error:
            raise _unavailable() from error
        if told.refused is not None:
            raise Invalid(told.refused, field="contact_point.value")
        if told.customer_id is None:
            raise _unavailable()
        return told.customer_id, told.via.via() if told.via else None


def _unavailable() -> Unavailable:
    return Unavailable(
        "we cannot take this at the moment and nothing was registered; repeat the same "
        f"request in {RETRY_AFTER} seconds",
        retry_after=RETRY_AFTER,
    )
