"""Somebody's word on whether we may write: one consent or refusal, said once, never changed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import ClassVar

from services.engagement.domain.address import Address, ConsentChannel
from services.engagement.domain.iys import FROM_IYS, Outcome, due_at, is_told_to_iys
from services.engagement.domain.purposes import ConsentPurpose
from shared.calendar import Holidays
from shared.entity import Act, Entity, Happening
from shared.errors import Conflict, Invalid, NotFound

NOBODY = "nobody"  # under whom İYS's news of an address stands that none of ours is known to have


class ConsentNotFound(NotFound):
    def __init__(self, consent_id: str) -> None:
        super().__init__(f"consent {consent_id} does not exist")


class CustomerUnknown(NotFound):
    def __init__(self, customer_id: str) -> None:
        super().__init__(f"customer {customer_id} does not exist")


class CodeUsedOtherwise(Conflict):
    """The code that proves it has proved something else before."""

    def __init__(self) -> None:
        super().__init__(
            "this code was used for another purpose; membership, explicit consent and permission "
            "to market are asked for one by one, each with a code of its own"
        )


class Status(StrEnum):
    """What was said, as İYS writes it."""

    GIVEN = "ONAY"
    REFUSED = "RET"


class RecipientType(StrEnum):
    """Who is written to: a person as a person, or in their trade."""

    PERSON = "BIREYSEL"
    TRADER = "TACIR"


class ProofKind(StrEnum):
    """By what it can be shown that it was said."""

    CODE = "code"  # one that we had sent to the address
    FORM = "form"  # signed on paper
    RECORDING = "recording"  # of a call
    ACCOUNT = "account"  # signed in as themselves
    DOCUMENT = "document"  # of another system


class AtIys(StrEnum):
    """How far it has come at İYS."""

    NOT_NEEDED = "not_needed"
    WAITING = "waiting"
    HANDED_OVER = "handed_over"  # it has the request, and has not said yet what became of it
    TAKEN = "taken"
    TURNED_DOWN = "turned_down"


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What shows that it was said: the id of a code, a form, a recording. It holds no words."""

    kind: ProofKind
    reference: str


@dataclass(frozen=True, kw_only=True)
class Consent(Entity):
    """One word. It belongs to the address and the channel, which are found by `address_key`.

    `speaks_for` are the customer ids that were one person with whoever said it, at that time. The
    address itself is kept only until İYS has it. `due_at` is until when İYS may be told.
    """

    kind: ClassVar[str] = "consent"

    consent_id: str
    address_key: str  # the keyed hash of address, channel and purpose
    hint: str
    channel: ConsentChannel
    purpose: ConsentPurpose
    recipient_type: RecipientType
    status: Status
    said_at: datetime
    source: str
    speaks_for: tuple[str, ...]
    text_version: str | None = None  # of what they read when they said it
    proof: Proof | None = None
    at_iys: AtIys = AtIys.NOT_NEEDED
    due_at: datetime | None = None
    recipient: str | None = None
    request_id: str | None = None
    place: int | None = None  # in that request
    handed_over_at: datetime | None = None
    taken_at: datetime | None = None
    turned_down_with: str | None = None  # İYS's code for it

    @property
    def entity_id(self) -> str:
        return self.consent_id

    @property
    def is_waiting(self) -> bool:
        """Whether İYS has not said yet that it has it."""
        return self.at_iys in (AtIys.WAITING, AtIys.HANDED_OVER)

    @property
    def is_from_iys(self) -> bool:
        """Whether it was told to İYS itself."""
        return self.source.startswith(FROM_IYS)

    @property
    def comes_after(self) -> tuple[datetime, bool, str]:
        """What words on one address are sorted by: of two at one instant a refusal comes last."""
        return self.said_at, self.status is Status.REFUSED, self.consent_id

    @classmethod
    def record(
        cls,
        act: Act,
        holidays: Holidays,
        *,
        consent_id: str,
        customer_id: str,
        members: Collection[str],
        address: Address,
        address_key: str,
        channel: ConsentChannel,
        purpose: ConsentPurpose,
        recipient_type: RecipientType,
        status: Status,
        source: str,
        said_at: datetime | None = None,
        text_version: str | None = None,
        proof: Proof | None = None,
        taken_at: datetime | None = None,
    ) -> "Consent":
        """The word. Raise Invalid where a consent has nothing that shows it.

        A refusal needs nothing: whoever says no is obeyed. A trader's consent needs nothing
        either, since traders may be written to until they refuse.
        """
        # In UTC, since words on an address are sorted by it as text.
        said_at = (said_at or act.at).astimezone(UTC)
        if said_at > act.at:
            raise Invalid("that is still to come; say when it was said", field="said_at")
        if taken_at is not None and not said_at <= taken_at <= act.at:
            raise Invalid(
                "İYS had it after it was said, and not later than now", field="iys_taken_at"
            )
        is_persons = status is Status.GIVEN and recipient_type is RecipientType.PERSON
        if is_persons and proof is None and not source.startswith(FROM_IYS):
            raise Invalid(
                "a consent that nothing shows is none; say which code, form or recording does",
                field="proof",
            )
        if is_persons and text_version is None and not source.startswith(FROM_IYS):
            raise Invalid("say which text they agreed to", field="text_version")
        is_told = is_told_to_iys(channel, purpose, source)
        waits = is_told and taken_at is None
        at_iys = AtIys.WAITING if waits else AtIys.TAKEN if is_told else AtIys.NOT_NEEDED
        consent = cls(
            consent_id=consent_id,
            customer_id=customer_id,
            address_key=address_key,
            hint=address.hint,
            channel=channel,
            purpose=purpose,
            recipient_type=recipient_type,
            status=status,
            said_at=said_at,
            source=source,
            speaks_for=tuple(sorted({customer_id, *members} - {NOBODY})),
            text_version=text_version,
            proof=proof,
            at_iys=at_iys,
            due_at=due_at(said_at, holidays) if is_told else None,
            recipient=address.value if waits else None,
            taken_at=taken_at if is_told else None,
        )
        facts = {
            "channel": channel.value,
            "purpose": purpose.value,
            "recipient_type": recipient_type.value,
            "status": status.value,
            "told_by": source,
        }
        return consent.after(act, Happening(what="recorded", facts=facts, happened_at=said_at))

    def handed_over(self, act: Act, *, request_id: str, place: int) -> "Consent":
        """İYS has a request with it, and will say what became of it."""
        return self.after(
            act,
            Happening(what="handed_over"),
            at_iys=AtIys.HANDED_OVER,
            request_id=request_id,
            place=place,
            handed_over_at=act.at,
        )

    def answered(self, act: Act, outcome: Outcome) -> "Consent":
        """İYS has said what became of it; from now on the address is not needed any more."""
        if outcome.refused is not None:
            return self.after(
                act,
                Happening(what="turned_down", facts={"code": outcome.refused}),
                at_iys=AtIys.TURNED_DOWN,
                turned_down_with=outcome.refused,
                recipient=None,
            )
        return self.after(
            act,
            Happening(what="taken"),
            at_iys=AtIys.TAKEN,
            taken_at=act.at,
            recipient=None,
        )
