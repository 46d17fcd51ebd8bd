"""Bodies of recognising: what is known of somebody, and whom it points to."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from pydantic import (
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from services.customer.domain import (
    ContactKind,
    ContactPoint,
    Evidence,
    Facts,
    Known,
    Outcome,
    Purchase,
    Recognised,
    Recognition,
    Strength,
    TaxNumber,
)
from services.customer.domain.care import Served
from services.customer.schemas import ExternalId, Name, Written
from services.customer.schemas.care import Serving
from services.customer.schemas.tax_ids import Digits
from shared.contracts.model import Body, Model
from shared.errors import Invalid

Number = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
When = Annotated[str, StringConstraints(pattern=r"^(19|20)\d{2}-(\d{2}-\d{2}|W\d{2})$")]
UNKNOWN = "unknown"  # in a contact flow, which compares words


class RecogniseCustomer(Body):
    """What is known of somebody: any one identifier, or two weak facts: a name with a district,
    or a product with about when it was bought.

    Leave out what they have lost; anything else does.
    """

    phone: Written | None = Field(
        default=None, description="the line they call from, or a number that they say is theirs"
    )
    email: Written | None = None
    external_id: ExternalId | None = None
    tax_id: Digits | None = Field(default=None, description="a TCKN or VKN, in digits")
    order_id: Number | None = Field(default=None, description="ours, or the shop's own")
    serial: Number | None = Field(default=None, description="as it stands on the product")
    name: Name | None = None
    district: Name | None = Field(default=None, description="ilçe of any address of theirs")
    product: Number | None = Field(
        default=None, description="that they have; its words in any order"
    )
    bought: When | None = Field(
        default=None,
        description="about when they bought the product: a day, or an ISO week such as 2026-W07",
    )

    @model_validator(mode="after")
    def _is_enough(self) -> "RecogniseCustomer":
        identifiers = (
            *(self.phone, self.email, self.external_id, self.tax_id, self.order_id),
            self.serial,
        )
        pairs = ((self.name, self.district), (self.product, self.bought))
        if (self.product is None) is not (self.bought is None):
            raise ValueError("give product and bought together, or neither")
        if not any(None not in pair for pair in pairs) and all(one is None for one in identifiers):
            raise ValueError(
                "give a phone, email, external_id, tax_id, order_id or serial, a name with a "
                "district, or a product with when it was bought"
            )
        return self

    def known(self) -> Known:
        """It in its canonical spelling. Raise Invalid with the field that can be none."""
        points = {ContactKind.PHONE: self.phone, ContactKind.EMAIL: self.email}
        elsewhere = {Evidence.ORDER_ID: self.order_id, Evidence.SERIAL: self.serial}
        return Known(
            points=tuple(_point(kind, written) for kind, written in points.items() if written),
            external_id=self.external_id,
            tax_number=_tax_number(self.tax_id) if self.tax_id else None,
            elsewhere={evidence: value for evidence, value in elsewhere.items() if value},
            purchase=_purchase(self.product, self.bought),
            facts=Facts(name=self.name, district=self.district),
        )


class RecognisedView(Body):
    """Somebody who is meant, or may be. No name: recognised is not verified."""

    customer_id: str
    person_id: str = Field(description="the customer id that stands for the person")
    evidence: list[Evidence] = Field(description="what points to them")
    strength: Strength = Field(
        description="strong: something that is theirs alone; sufficient: two weak facts; "
        "weak: less than that"
    )
    language: str | None = Field(
        description="that they would rather be served in; null where not known"
    )
    serves: Serving | None = Field(
        default=None, description="null where several may be meant: it would be another's"
    )

    @classmethod
    def of(cls, person: Recognised, care: Served | None) -> "RecognisedView":
        return cls(
            customer_id=person.customer_id,
            person_id=person.person_id,
            evidence=sorted(person.evidence, key=list(Evidence).index),
            strength=person.strength,
            language=person.language,
            serves=Serving.of(care) if care else None,
        )


class RecognitionView(Body):
    """The one who is recognised; or all who may be meant, the likeliest first; or nobody."""

    outcome: Outcome
    persons: list[RecognisedView]
    more: bool = Field(description="whether more may be meant than are listed; ask further")
    unanswered: list[Evidence] = Field(
        description="evidence that could not be looked up at the moment"
    )

    @classmethod
    def of(
        cls, recognition: Recognition, unanswered: Sequence[Evidence], care: Served | None
    ) -> "RecognitionView":
        """`care` is of the one who is recognised."""
        return cls(
            outcome=recognition.outcome,
            persons=[RecognisedView.of(one, care) for one in recognition.persons],
            more=recognition.is_cut,
            unanswered=list(unanswered),
        )


class _Endpoint(Model):
    model_config = ConfigDict(extra="ignore")

    Address: str | None = None


class _ContactData(Model):
    model_config = ConfigDict(extra="ignore")

    ContactId: str = ""
    CustomerEndpoint: _Endpoint | None = None


class _Details(Model):
    model_config = ConfigDict(extra="ignore")

    ContactData: _ContactData = _ContactData()
    Parameters: dict[str, str | None] = Field(default_factory=dict)


class ContactFlowEvent(Model):
    """What a contact flow of Amazon Connect hands to a function, as far as we need it."""

    model_config = ConfigDict(extra="ignore")

    Details: _Details

    @property
    def contact_id(self) -> str:
        """By which the contact is found again in both logs."""
        return self.Details.ContactData.ContactId or "unknown"

    def known(self) -> Known | None:
        """What is known of the caller; None where it is nothing to look for.

        The parameters are the fields of RecogniseCustomer. One that is empty was not given, and a
        line that is withheld is none. A phone that they tell goes before the line.
        """
        told: dict[str, Any] = {
            name: value
            for name, value in self.Details.Parameters.items()
            if name in RecogniseCustomer.model_fields and value and _can_be(name, value)
        }
        if not {"product", "bought"} <= told.keys():
            told = {name: one for name, one in told.items() if name not in ("product", "bought")}
        endpoint = self.Details.ContactData.CustomerEndpoint
        line = endpoint.Address if endpoint is not None else None
        if line and _can_be("phone", line):
            told.setdefault("phone", line)
        try:
            return RecogniseCustomer.model_validate(told).known()
        except ValidationError:
            return None


def flat(
    recognition: Recognition, *, care: Served | None = None, reason: str = ""
) -> dict[str, str]:
    """The answer as contact flows take it: words by names, nothing nested.

    `care` is of the one who is recognised. `reason` says why nobody was looked for, or that there
    are too many to tell.
    """
    if recognition.is_cut and recognition.outcome is not Outcome.RECOGNISED:
        reason = reason or "ask_further"
    alone = recognition.persons[0] if recognition.outcome is Outcome.RECOGNISED else None
    return {
        "outcome": recognition.outcome.value,
        "candidates": str(len(recognition.persons)),
        "customer_id": alone.customer_id if alone else "",
        "person_id": alone.person_id if alone else "",
        "strength": alone.strength.value if alone else "",
        "language": (alone.language if alone else None) or UNKNOWN,
        **_flat_care(care),
        "reason": reason,
    }


def _flat_care(care: Served | None) -> dict[str, str]:
    segment = care.segment if care else None
    owner, acting = (care.owner, care.acting) if care else (None, None)
    return {
        "tier": segment.name if segment else UNKNOWN,
        "queue": segment.queue if segment else UNKNOWN,
        "owner_id": owner.staff_id if owner else "",
        "owner": owner.name if owner else "",
        "owner_presence": (care.presence if care else None) or UNKNOWN,
        "acting_id": acting.staff_id if acting else "",
        "acting": acting.name if acting else "",
    }


def _point(kind: ContactKind, written: str) -> ContactPoint:
    try:
        return ContactPoint.of(kind, written)
    except Invalid as flaw:
        raise Invalid(str(flaw), field=kind.value) from flaw


def _tax_number(written: str) -> TaxNumber:
    try:
        return TaxNumber.of(written)
    except Invalid as flaw:
        raise Invalid(str(flaw), field="tax_id") from flaw


def _purchase(product: str | None, when: str | None) -> Purchase | None:
    if product is None or when is None:
        return None
    _must_be_a_time(when)
    return Purchase(product=product, when=when)


def _must_be_a_time(when: str) -> None:
    """Raise Invalid where the calendar has no such day or week."""
    try:
        date.fromisoformat(when)
    except ValueError as flaw:
        raise Invalid(
            "there is no such day or week; write 2026-02-14, or 2026-W07 for a week",
            field="bought",
        ) from flaw


def _can_be(name: str, written: str) -> bool:
    """Whether it can be looked for. Nobody in a contact flow could put it right."""
    try:
        if name == "bought":
            _must_be_a_time(written)
        elif name == "tax_id":
            TaxNumber.of(written)
        elif name in list(ContactKind):
            ContactPoint.of(ContactKind(name), written)
    except Invalid:
        return False
    return True
