"""Bodies of the engagement API."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from services.engagement.domain import (
    IN_WORDS,
    NAMES,
    Address,
    AddressKind,
    AtIys,
    Cadence,
    Channel,
    Consent,
    ConsentChannel,
    ConsentPurpose,
    Nature,
    Permission,
    Proof,
    ProofKind,
    Question,
    Reason,
    ReasonCode,
    RecipientType,
    Standing,
    Stands,
    Status,
)
from shared.contracts.model import Body

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Written = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=254)]
Reference = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]{0,119}$")]
Version = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$")]
Source = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9_]{2,30}$")]


class ProofBody(Body):
    """What shows that it was said."""

    kind: ProofKind
    reference: Reference = Field(description="id of the code, form, recording or document")

    def proof(self) -> Proof:
        return Proof(kind=self.kind, reference=self.reference)


class RecordConsent(Body):
    """A consent or a refusal. One code may prove one purpose alone."""

    customer_id: Id
    channel: ConsentChannel = Field(
        description="as İYS names it: ARAMA, MESAJ (WhatsApp too) and EPOSTA; MEKTUP for letters"
    )
    address: Written | None = Field(
        default=None,
        description="as it stands among the customer's contact points; left out for letters",
    )
    purpose: ConsentPurpose = ConsentPurpose.MARKETING
    status: Status = Field(description="ONAY for a consent, RET for a refusal")
    recipient_type: RecipientType = Field(
        default=RecipientType.PERSON, description="TACIR where they are written to in their trade"
    )
    source: Source = Field(description="how it reached us, as İYS names it, such as HS_WEB")
    said_at: AwareDatetime | None = Field(
        default=None, description="when it was said, if that was not just now"
    )
    text_version: Version | None = Field(
        default=None, description="which text they had read; a person's consent needs one"
    )
    proof: ProofBody | None = Field(
        default=None, description="a person's consent needs one, a refusal none"
    )
    iys_taken_at: AwareDatetime | None = Field(
        default=None,
        description="since when İYS has it, for what comes from elsewhere; integrations alone",
    )


class ConsentView(Body):
    """A consent or a refusal. It shows the address by a hint alone."""

    consent_id: str
    customer_id: str
    channel: ConsentChannel
    hint: str = Field(description="the end of a phone, the beginning of an e-mail")
    purpose: ConsentPurpose
    status: Status
    recipient_type: RecipientType
    source: str
    said_at: datetime
    text_version: str | None
    proof: ProofBody | None
    at_iys: AtIys
    due_at: datetime | None = Field(description="until when İYS has to hear of it")
    taken_at: datetime | None
    turned_down_with: str | None = Field(description="İYS's code, where it did not take it")

    @classmethod
    def of(cls, consent: Consent) -> "ConsentView":
        shown = {name: getattr(consent, name) for name in cls.model_fields if name != "proof"}
        proof = consent.proof
        told = ProofBody(kind=proof.kind, reference=proof.reference) if proof else None
        return cls(**shown, proof=told)


class ConsentRow(Body):
    """A consent or a refusal in one line."""

    consent_id: str
    customer_id: str
    channel: ConsentChannel
    hint: str
    purpose: ConsentPurpose
    status: Status
    recipient_type: RecipientType
    source: str
    said_at: AwareDatetime
    at_iys: AtIys
    due_at: AwareDatetime | None
    taken_at: AwareDatetime | None
    turned_down_with: str | None


class ConsentList(Body):
    """Some of a list, and the cursor of what follows."""

    consents: list[ConsentRow]
    cursor: str | None


class ListConsents(Body):
    """What is listed."""

    customer_id: Id | None = Field(default=None, description="all that was said for a customer")
    late: bool = Field(
        default=False, description="what İYS should have heard of by now, over all customers"
    )
    limit: int = Field(default=50, ge=1, le=100)
    cursor: str | None = Field(default=None, max_length=500)


class ReadStanding(Body):
    """Which address is asked about."""

    customer_id: Id
    channel: ConsentChannel
    address: Written | None = None
    purpose: ConsentPurpose = ConsentPurpose.MARKETING


class StandingView(Body):
    """What holds of an address, and the words it comes from.

    Others may have spoken for the same address; their words count and are not shown.
    """

    stands: Stands
    recipient_type: RecipientType
    may_be_written_to: bool
    since: datetime | None
    until: datetime | None = Field(description="set where a consent still has to reach İYS")
    history: list[ConsentView] = Field(description="the newest first, at most a hundred")

    @classmethod
    def of(cls, held: Standing, words: Iterable[Consent], ids: Collection[str]) -> "StandingView":
        return cls(
            stands=held.stands,
            recipient_type=held.recipient_type,
            may_be_written_to=held.may_be_written_to,
            since=held.since,
            until=held.until,
            history=[
                ConsentView.of(one)
                for one in words
                if one.customer_id in ids or set(one.speaks_for) & set(ids)
            ],
        )


class MayContact(Body):
    """What we would say, to whom, by which channel, when."""

    customer_id: Id
    channel: Channel
    purpose: str = Field(max_length=40, description=f"one of {', '.join(NAMES)}")
    at: AwareDatetime | None = Field(default=None, description="when; now if it is left out")


class AddressBody(Body):
    """A phone, an e-mail, or `post` for the customer's letterbox, by the customer's id."""

    kind: AddressKind
    value: str

    @classmethod
    def of(cls, address: Address | None) -> "AddressBody | None":
        return cls(kind=address.kind, value=address.value) if address else None


class CeilingBody(Body):
    """At most so many within some days."""

    most: int
    days: int
    segment: str | None = Field(description="the tier or group that it is of; null of everybody's")

    @classmethod
    def of(cls, cadence: Cadence, segment: str | None) -> "CeilingBody":
        return cls(most=cadence.most, days=cadence.within.days, segment=segment)

    @property
    def in_words(self) -> str:
        whose = f"of {self.segment}" if self.segment else "of everybody"
        return f"{self.most} in {self.days} days is the bound {whose}"


class ReasonBody(Body):
    """A reason why not."""

    code: ReasonCode
    detail: str
    hint: str | None = Field(description="which address it is about; null where it is about all")
    ceiling: CeilingBody | None = Field(
        default=None, description="of too_often: the bound that is reached; null of all else"
    )

    @classmethod
    def of(cls, reason: Reason) -> "ReasonBody":
        hint = reason.address.hint if reason.address else None
        ceiling, detail = None, IN_WORDS[reason.code]
        if reason.cadence is not None:
            ceiling = CeilingBody.of(reason.cadence, reason.segment)
            detail = f"{detail}: {ceiling.in_words}"
        return cls(code=reason.code, detail=detail, hint=hint, ceiling=ceiling)


class PermissionView(Body):
    """Yes, or no with every reason that applies."""

    may: bool
    nature: Nature
    reasons: list[ReasonBody]
    address: AddressBody | None = Field(description="the one to use; null where it is a no")
    until: datetime | None = Field(description="until when a yes holds; null for no end in sight")
    again_at: datetime | None = Field(
        description="when a no may be a yes, where nothing but time stands against it"
    )

    @classmethod
    def of(cls, question: Question, permission: Permission) -> "PermissionView":
        return cls(
            may=permission.may,
            nature=question.purpose.nature,
            reasons=[ReasonBody.of(one) for one in permission.reasons],
            address=AddressBody.of(permission.address),
            until=permission.until,
            again_at=permission.again_at,
        )
