"""Units and registrations kept in DynamoDB, how they show, and where people are asked for."""

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

from services.warranty.domain import (
    Contact,
    ProductWeek,
    Registration,
    RegistrationNotFound,
    Unit,
    UnitNotFound,
    canonical_serial,
    covered_until,
    product_weeks_of,
)
from services.warranty.ports import MOST_BUYERS
from shared.aws.entities import EntityDocument, EntityStore
from shared.aws.identifiers import Identifier, Identifiers
from shared.aws.invocation import NoAnswer, invoke
from shared.aws.items import Values, to_attribute, to_item
from shared.aws.projection import Projection, Row
from shared.aws.reading import read_together
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
SERIAL, PRODUCT_WEEK = "serial", "product_week"  # kinds of look-up keys
_BOUGHT = "units"  # of an item of DynamoBuyers; without them it stands empty
RETRY_AFTER = 5  # seconds, when the customer service does not answer

units = EntityDocument(Unit)
registrations = EntityDocument(Registration)


class DynamoBuyers:
    """Implements ports.Buyers: an item for each product, week and customer, with their units.

    It stands under a keyed hash of product and week, and changes in the transaction that writes
    the unit: so it can be asked who they are, and of somebody whether they are one, however many
    there are.
    """

    def __init__(self, client: "DynamoDBClient", table: str, secret: str) -> None:
        self._client = client
        self._table = table
        self._keys = Identifiers(client, table, secret)

    def of(
        self, meant: Collection[ProductWeek], *, among: Sequence[str] = ()
    ) -> tuple[Sequence[str], bool]:
        places = [self._place(one) for one in sorted(meant)]
        pages = [self._first(place) for place in places]
        found = {_buyer(item) for page in pages for item in page if _BOUGHT in item}
        if len(found) <= MOST_BUYERS and all(len(page) <= MOST_BUYERS for page in pages):
            return sorted(found), False
        return sorted(self._of_whom(places, among[:MOST_BUYERS])), True

    def changes(self, before: Unit | None, after: Unit) -> list[dict[str, Any]]:
        """The writes by which a unit is looked for as it now is, and no more as it was."""
        old = {(one, before.holder) for one in product_weeks_of(before)} if before else set()
        new = {(one, after.holder) for one in product_weeks_of(after)}
        return [
            *(self._change("ADD", *one, after.unit_id) for one in sorted(new - old)),
            *(self._change("DELETE", *one, after.unit_id) for one in sorted(old - new)),
        ]

    def _first(self, place: str) -> Sequence[Any]:
        """Of a place one more than can be told: then there are too many."""
        found = self._client.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": to_attribute(place)},
            ConsistentRead=True,
            Limit=MOST_BUYERS + 1,
        )
        return found["Items"]

    def _of_whom(self, places: Sequence[str], among: Sequence[str]) -> set[str]:
        keys = [_buyer_key(place, one) for place in places for one in dict.fromkeys(among)]
        found = read_together(self._client, self._table, keys) if keys else []
        return {_buyer(item) for item in found if _BOUGHT in item}

    def _change(
        self, how: str, meant: ProductWeek, customer_id: str, unit_id: str
    ) -> dict[str, Any]:
        return {
            "Update": {
                "TableName": self._table,
                "Key": _buyer_key(self._place(meant), customer_id),
                "UpdateExpression": f"{how} {_BOUGHT} :unit",
                "ExpressionAttributeValues": {":unit": {"SS": [unit_id]}},
            }
        }

    def _place(self, meant: ProductWeek) -> str:
        value = f"{meant.product}\0{meant.week}"
        return self._keys.partition(Identifier(kind=PRODUCT_WEEK, value=value))


def _buyer_key(place: str, customer_id: str) -> dict[str, Any]:
    return to_item({"pk": place, "sk": f"P#{customer_id}"})


def _buyer(item: Any) -> str:
    return str(item["sk"]["S"]).removeprefix("P#")


class DynamoUnits:
    """Implements ports.Units."""

    def __init__(self, client: "DynamoDBClient", table: str, secret: str, rows: Rows) -> None:
        self._store = EntityStore(client, table, secret, units)
        self._buyers = DynamoBuyers(client, table, secret)
        self._rows = rows

    def add(self, unit: Unit) -> bool:
        # Its id says all that makes it this unit, so whatever has the id is the same one.
        _, was_there = self._store.create(
            unit, fingerprint=unit.unit_id, beside=self._buyers.changes(None, unit)
        )
        return was_there

    def find_again(self, unit_id: str) -> None:
        """Let a unit be looked for by what was bought when."""
        self._store.find_again(unit_id, lambda unit: self._buyers.changes(None, unit))

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
        self._buyers = DynamoBuyers(client, table, secret)

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
            beside += [self._units.creation(unit, fingerprint=fingerprint)]
            beside += self._buyers.changes(None, unit)
        elif unit.version != before.version:
            beside += self._moving(before, unit)
        serial = registration.purchase.serial
        if serial is not None:
            beside.append(self._claim(serial, unit, is_disputed=registration.under_review))
        return self._store.create(registration, fingerprint=fingerprint, beside=beside)

    def save(self, registration: Registration, unit: Unit, *, before: Unit) -> None:
        moved = unit.version != before.version
        self._store.save(registration, beside=self._moving(before, unit) if moved else [])

    def _moving(self, before: Unit, unit: Unit) -> list[dict[str, Any]]:
        """The writes of a unit's next version, to stand beside others."""
        return [self._units.update(unit), *self._buyers.changes(before, unit)]

    def save_unit(self, unit: Unit, *, before: Unit) -> None:
        self._units.save(unit, beside=self._buyers.changes(before, unit))

    def _claim(self, serial: str, unit: Unit, *, is_disputed: bool) -> dict[str, Any]:
        """One unit has a serial number for its own; those in dispute are found by it behind it."""
        found_by = Identifier(kind=SERIAL, value=canonical_serial(serial), unique=not is_disputed)
        return self._units.identifiers.claim(found_by, unit.unit_id)


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
        pieces=row["pieces"],
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
