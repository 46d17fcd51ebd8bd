"""Bodies of the warranty API."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from pydantic import (
    AwareDatetime,
    Field,
    StringConstraints,
    model_validator,
)

from services.warranty.domain import (
    Contact,
    ContactKind,
    Document,
    DocumentKind,
    Price,
    Proof,
    Purchase,
    Registration,
    State,
    Unit,
)
from shared.contracts.model import Body

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Written = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=254)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]

MOST_MINOR_UNITS = 10**12

BASIS = (
    "statutory warranty from delivery to the consumer: Law 6502 and the Warranty Certificate "
    "Regulation of 13.06.2014; to be confirmed by a lawyer"
)
FROM_DELIVERY = "The statutory warranty runs from delivery, whatever is registered or shown."
DELIVERY_UNKNOWN = (
    "The statutory warranty runs from delivery. The day of delivery is not known to us, so "
    "neither is the last day."
)
NOTHING_ASKED = "Your product is registered. We ask for no invoice, now or for a claim."
UNDER_REVIEW = (
    "This serial number has been registered before. Somebody of ours looks into it and gets in "
    "touch with you. Your statutory warranty is not touched by this."
)
NEXT: Mapping[Proof, str] = {
    Proof.WAIVED: NOTHING_ASKED,
    Proof.NOT_NEEDED: NOTHING_ASKED,
    Proof.ASKED: (
        "Your product is registered, and your statutory warranty runs from delivery. We ask you "
        "for a document, such as the invoice or the receipt, when you have it at hand."
    ),
    Proof.GIVEN: "Thank you. Somebody of ours looks at the document.",
    Proof.ACCEPTED: NOTHING_ASKED,
    Proof.REFUSED: (
        "The document does not show this purchase; another one may. Your statutory warranty runs "
        "from delivery all the same."
    ),
}


class ContactBody(Body):
    """A phone or an e-mail, in any usual spelling; numbers without a country are Turkish."""

    kind: ContactKind
    value: Written


class PriceBody(Body):
    """What was paid for one piece."""

    amount: int = Field(ge=0, le=MOST_MINOR_UNITS, description="in minor units, KDV included")
    currency: Currency = Field(default="TRY", description="ISO 4217")


class RegisterProduct(Body):
    """What fits on one page. Name the product, its serial number, or both."""

    product: Word | None = Field(default=None, description="what it is called, or its model")
    serial: Word | None = Field(default=None, description="the number on its label")
    bought_on: date
    bought_from: Name = Field(description="the shop")
    delivered_on: date | None = Field(default=None, description="if it came on another day")
    order_id: Id | None = Field(default=None, description="if it was ordered from us")
    price: PriceBody | None = None
    invoice_no: Word | None = None
    name: Name
    contact_point: ContactBody

    @model_validator(mode="after")
    def _names_a_product(self) -> "RegisterProduct":
        if self.product is None and self.serial is None:
            raise ValueError("name the product, its serial number, or both")
        return self

    def purchase(self) -> Purchase:
        return Purchase(
            bought_on=self.bought_on,
            bought_from=self.bought_from,
            product=self.product,
            serial=self.serial,
            delivered_on=self.delivered_on,
            order_id=self.order_id,
            price=Price(**self.price.model_dump()) if self.price else None,
            invoice_no=self.invoice_no,
        )

    def contact(self) -> Contact:
        return Contact(kind=self.contact_point.kind, value=self.contact_point.value)


class GiveProof(Body):
    """A document that shows the purchase, and where it can be seen."""

    kind: DocumentKind
    number: Word = Field(description="the number that stands on it")
    dated: date = Field(description="the day that stands on it")
    reference: Written = Field(description="where it is kept; documents are not uploaded here")

    def document(self) -> Document:
        return Document(**self.model_dump())


class AcceptProof(Body):
    """The document is taken for good."""

    reason: Text


class RefuseProof(Body):
    """The document does not show the purchase."""

    reason: Text


class ListUnits(Body):
    """Whose units, and how many at a time."""

    customer_id: Id
    limit: int = Field(default=20, ge=1, le=100)
    cursor: str | None = Field(default=None, max_length=1000)


class CoverView(Body):
    """How long the law covers a unit. Neither registration nor proof changes it."""

    runs_from: date | None = Field(description="the day of delivery; null where it is not known")
    until: date | None = Field(description="the last day; null where delivery is not known")
    note: str
    basis: str = Field(description="the law it rests on, and how sure that is")

    @classmethod
    def of(cls, unit: Unit) -> "CoverView":
        return cls(
            runs_from=unit.delivered_on,
            until=unit.covered_until,
            note=DELIVERY_UNKNOWN if unit.delivered_on is None else FROM_DELIVERY,
            basis=BASIS,
        )


class RegistrationReceipt(Body):
    """What whoever registers a product is told: nothing of anybody that they have not said."""

    registration_id: str = Field(description="to be kept: whoever has it may add a document")
    state: State
    proof: Proof = Field(description="whether a document is asked for, and what became of it")
    next: str = Field(description="what happens now, in words for the customer")
    cover: CoverView
    version: int

    @classmethod
    def of(cls, registration: Registration, unit: Unit) -> "RegistrationReceipt":
        review = registration.under_review
        return cls(
            registration_id=registration.registration_id,
            state=registration.state,
            proof=registration.proof,
            next=UNDER_REVIEW if review else NEXT[registration.proof],
            cover=CoverView.of(unit),
            version=registration.version,
        )


class DocumentView(GiveProof):
    """A document as it was named."""


class DecisionView(Body):
    """What was decided about the document."""

    by: str
    at: AwareDatetime
    reason: str


class RegistrationView(Body):
    """A registration as our books have it."""

    registration_id: str
    customer_id: str
    unit_id: str
    registered_at: AwareDatetime
    state: State
    proof: Proof
    product: str | None
    serial: str | None
    bought_on: date
    bought_from: str
    delivered_on: date | None
    order_id: str | None
    price: PriceBody | None
    invoice_no: str | None
    document: DocumentView | None
    decision: DecisionView | None
    cover: CoverView
    version: int

    @classmethod
    def of(cls, registration: Registration, unit: Unit) -> "RegistrationView":
        said, document = registration.purchase, registration.document
        decision = registration.decision
        return cls(
            registration_id=registration.registration_id,
            customer_id=registration.holder,
            unit_id=registration.unit_id,
            registered_at=registration.registered_at,
            state=registration.state,
            proof=registration.proof,
            product=said.product,
            serial=said.serial,
            bought_on=said.bought_on,
            bought_from=said.bought_from,
            delivered_on=said.delivered_on,
            order_id=said.order_id,
            price=PriceBody(**vars(said.price)) if said.price else None,
            invoice_no=said.invoice_no,
            document=DocumentView(**vars(document)) if document else None,
            decision=DecisionView(**vars(decision)) if decision else None,
            cover=CoverView.of(unit),
            version=registration.version,
        )


class UnitView(Body):
    """A unit as it now stands."""

    unit_id: str
    customer_id: str
    product: str | None
    serial: str | None
    pieces: int = Field(description="more than one where a large line of an order is one unit")
    order_id: str | None
    line: int | None = Field(description="its place in the order, from 0")
    bought_on: date | None
    bought_from: str | None
    delivered_on: date | None
    delivered_at: AwareDatetime | None
    cover: CoverView
    state: State
    registration_id: str | None
    version: int

    @classmethod
    def of(cls, unit: Unit) -> "UnitView":
        return cls(
            unit_id=unit.unit_id,
            customer_id=unit.holder,
            product=unit.product,
            serial=unit.serial,
            pieces=unit.pieces,
            order_id=unit.order_id,
            line=unit.line,
            bought_on=unit.bought_on,
            bought_from=unit.bought_from,
            delivered_on=unit.delivered_on,
            delivered_at=unit.delivered_at,
            cover=CoverView.of(unit),
            state=unit.state,
            registration_id=unit.registration_id,
            version=unit.version,
        )


class UnitRow(Body):
    """A unit in a list."""

    unit_id: str
    product: str | None
    serial: str | None
    pieces: int
    order_id: str | None
    delivered_on: date | None
    covered_until: date | None = Field(
        description="last day of the statutory cover; null where delivery is not known"
    )
    state: State


class UnitList(Body):
    """Units, the newest first."""

    units: list[UnitRow]
    cursor: str | None = Field(description="where the list goes on; null at its end")
