"""A registration: somebody tells us that a product is theirs, and we may ask for a document.

The statutory warranty runs from delivery whatever becomes of a registration. So
all that can be at stake here is our asking for a document, never a right.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from services.warranty.domain.purchase import Purchase
from services.warranty.domain.unit import State, Unit
from services.warranty.domain.week import is_in_week
from shared.calendar import day_in_turkey
from shared.entity import Act, Entity, Happening, Via
from shared.errors import Conflict, Invalid, NotFound


class RegistrationNotFound(NotFound):
    def __init__(self, registration_id: str) -> None:
        super().__init__(f"registration {registration_id} does not exist")


class Proof(StrEnum):
    """Whether a document is asked for, and what became of it."""

    WAIVED = "waived"  # registered within the week: nobody asks, then or ever again
    NOT_NEEDED = "not_needed"  # our own books show the sale
    ASKED = "asked"
    GIVEN = "given"
    ACCEPTED = "accepted"
    REFUSED = "refused"


# What can be done in each state of the proof. Where nothing can be, nobody asks for anything.
MOVES: Mapping[Proof, Mapping[str, Proof]] = {
    Proof.WAIVED: {},
    Proof.NOT_NEEDED: {},
    Proof.ASKED: {"give": Proof.GIVEN},
    Proof.GIVEN: {"accept": Proof.ACCEPTED, "refuse": Proof.REFUSED},
    Proof.ACCEPTED: {},
    Proof.REFUSED: {"give": Proof.GIVEN},
}
_STATES: Mapping[Proof, State] = {
    Proof.WAIVED: State.REGISTERED,
    Proof.NOT_NEEDED: State.REGISTERED,
    Proof.ASKED: State.PROOF_ASKED,
    Proof.GIVEN: State.PROOF_GIVEN,
    Proof.ACCEPTED: State.REGISTERED,
    Proof.REFUSED: State.PROOF_REFUSED,
}


class IllegalMove(Conflict):
    """The state of the proof does not allow the move."""

    def __init__(self, move: str, proof: Proof) -> None:
        legal = sorted(MOVES[proof])
        if legal:
            possible = f"possible now: {', '.join(legal)}"
        elif proof in (Proof.WAIVED, Proof.NOT_NEEDED):
            possible = "nobody asks for one, now or later"
        else:
            possible = "nothing more needs to be done"
        super().__init__(
            f"one cannot {move} a proof that is {proof.replace('_', ' ')}; {possible}",
            legal_moves=legal,
        )


class DocumentKind(StrEnum):
    """What kind of document shows a purchase."""

    INVOICE = "invoice"
    RECEIPT = "receipt"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class Document:
    """A document, by what it says of itself and where it is kept."""

    kind: DocumentKind
    number: str
    dated: date
    reference: str


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What somebody of ours decided about a document."""

    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, kw_only=True)
class Registration(Entity):
    """Somebody's word that a unit is theirs. `customer_id` is who gave it."""

    kind: ClassVar[str] = "registration"

    registration_id: str
    unit_id: str
    registered_at: datetime
    purchase: Purchase
    proof: Proof
    under_review: bool = False  # the serial number is somebody else's, too
    document: Document | None = None
    decision: Decision | None = None

    @property
    def entity_id(self) -> str:
        return self.registration_id

    @property
    def state(self) -> State:
        return State.UNDER_REVIEW if self.under_review else _STATES[self.proof]

    def give_proof(self, act: Act, document: Document) -> "Registration":
        """Name a document that shows the purchase. The same one again changes nothing.

        Raise Invalid where its day is still to come.
        """
        if document == self.document:
            return self
        if document.dated > day_in_turkey(act.at):
            raise Invalid(
                f"{document.dated} is still to come; give the day that stands on the document",
                field="dated",
            )
        return self._move("give", act, document=document, decision=None)

    def accept_proof(self, act: Act, reason: str) -> "Registration":
        """Take the document for good."""
        return self._decide("accept", act, reason)

    def refuse_proof(self, act: Act, reason: str) -> "Registration":
        """Say why the document does not show the purchase; another one may be given."""
        return self._decide("refuse", act, reason)

    def _decide(self, move: str, act: Act, reason: str) -> "Registration":
        decided = self.decision is not None and self.decision.reason == reason
        if decided and MOVES[Proof.GIVEN][move] is self.proof:
            return self
        return self._move(move, act, decision=Decision(by=act.by, at=act.at, reason=reason))

    def _move(self, move: str, act: Act, **changes: Any) -> "Registration":
        proof = MOVES[self.proof].get(move)
        if proof is None:
            raise IllegalMove(move, self.proof)
        news = Happening(what=f"proof_{proof}", facts={"unit_id": self.unit_id})
        return self.after(act, news, proof=proof, **changes)


def register(
    act: Act,
    purchase: Purchase,
    *,
    registration_id: str,
    customer_id: str,
    via: Via | None = None,
    known: Unit | None = None,
    is_disputed: bool = False,
) -> tuple[Registration, Unit]:
    """A new registration and the unit it is about, one version on.

    `known` is a unit of the customer's that is meant, and the registration is whose that is;
    without it a new one comes to our knowledge, of the customer who was found `via` something.
    `is_disputed`: its serial number is somebody else's.
    """
    if known is not None:
        kind = "order_id" if purchase.serial is None else "serial"
        customer_id, via = known.holder, Via(kind=kind, shared=False, at=act.at)
    unit = known or _unit_of(act, registration_id, customer_id, via)
    if unit.is_own_sale:
        proof = Proof.NOT_NEEDED
    elif is_in_week(act.at, purchase.bought_on, purchase.delivered_on):
        proof = Proof.WAIVED
    else:
        proof = Proof.ASKED
    registration = Registration(
        customer_id=customer_id,
        registration_id=registration_id,
        via=via,
        unit_id=unit.unit_id,
        registered_at=act.at,
        purchase=purchase,
        proof=proof,
        under_review=is_disputed,
    )
    unit = _registered(act, unit, registration)
    news = [Happening(what="registered", facts=_facts(registration, unit))]
    if proof is Proof.ASKED:
        news.append(Happening(what="proof_asked", facts={"unit_id": unit.unit_id}))
    return registration.after(act, *news), unit


def following(act: Act, unit: Unit, registration: Registration) -> Unit:
    """The unit in the state that its registration now gives it; itself where that is the same."""
    if unit.registration_id != registration.registration_id or unit.state is registration.state:
        return unit
    return unit.after(act, Happening(what="followed"), state=registration.state)


def _unit_of(act: Act, registration_id: str, customer_id: str, via: Via | None) -> Unit:
    return Unit(
        customer_id=customer_id,
        via=via,
        unit_id=f"unt_{registration_id.partition('_')[2]}",
        since=act.at,
        state=State.REGISTERED,
    )


def _registered(act: Act, unit: Unit, registration: Registration) -> Unit:
    """The unit with what the registration adds. What is known of it already is not overwritten."""
    if unit.is_lot:
        return unit  # which of its pieces was registered, it cannot say
    said = registration.purchase
    filled = {
        name: getattr(said, name)
        for name in ("product", "serial", "bought_on", "bought_from", "delivered_on")
        if getattr(unit, name) is None
    }
    joined = replace(unit, registration_id=registration.registration_id, **filled)
    return joined.after(act, Happening(what="attached"), state=registration.state)


def _facts(registration: Registration, unit: Unit) -> Mapping[str, Any]:
    said = registration.purchase
    delivered_on = unit.delivered_on or said.delivered_on
    return {
        "unit_id": unit.unit_id,
        "order_id": unit.order_id,
        # What the registrant calls it is free text, and no word of that leaves this service.
        "product": unit.product if unit.is_own_sale else None,
        "bought_on": said.bought_on.isoformat(),
        "delivered_on": delivered_on.isoformat() if delivered_on else None,
        "state": registration.state.value,
        "proof": registration.proof.value,
    }
