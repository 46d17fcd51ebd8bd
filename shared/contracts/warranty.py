"""Events published by the warranty service, and what services ask one another about it."""

from datetime import date
from typing import ClassVar

from pydantic import Field

from shared.contracts.event import Attributed, Event


class ProductRegistered(Event):
    """Somebody has registered a product, bought from us or from somebody else."""

    source: ClassVar[str] = "sahip.warranty"
    detail_type: ClassVar[str] = "ProductRegistered.v1"

    registration_id: str
    unit_id: str
    order_id: str | None = Field(description="where we sold the unit ourselves")
    product: str | None = Field(
        description="as we sold it; null where only the registrant's own words are known"
    )
    bought_on: date
    delivered_on: date | None = Field(description="null where it is not known")
    state: str = Field(description="registered, proof_asked or under_review")
    proof: str = Field(description="waived, not_needed or asked")


class ProofAsked(Event):
    """A registration came after its week, so a document is asked for. No right hangs on it."""

    source: ClassVar[str] = "sahip.warranty"
    detail_type: ClassVar[str] = "ProofAsked.v1"

    registration_id: str
    unit_id: str


class ProofAccepted(Event):
    """Somebody of ours took the document for good."""

    source: ClassVar[str] = "sahip.warranty"
    detail_type: ClassVar[str] = "ProofAccepted.v1"

    registration_id: str
    unit_id: str


class ProofRefused(Event):
    """The document does not show the purchase. The statutory cover is what it was."""

    source: ClassVar[str] = "sahip.warranty"
    detail_type: ClassVar[str] = "ProofRefused.v1"

    registration_id: str
    unit_id: str


class UnitOwned(Event):
    """A customer owns a unit of a product, by an order of ours that was delivered."""

    source: ClassVar[str] = "sahip.warranty"
    detail_type: ClassVar[str] = "UnitOwned.v1"

    unit_id: str
    order_id: str
    line: int = Field(ge=0, description="place of the line in the order, from 0")
    product: str
    pieces: int = Field(ge=1, description="more than one where a large line is one unit")
    delivered_on: date | None = Field(description="in Istanbul; null where it is not known")


class UnitAttributed(Attributed):
    """Somebody has said whose a unit is, or whose the order is that it came with."""

    source: ClassVar[str] = "sahip.warranty"
    detail_type: ClassVar[str] = "UnitAttributed.v1"

    unit_id: str


class RegistrationAttributed(Attributed):
    """A registration is whose its unit was said to be."""

    source: ClassVar[str] = "sahip.warranty"
    detail_type: ClassVar[str] = "RegistrationAttributed.v1"

    registration_id: str
