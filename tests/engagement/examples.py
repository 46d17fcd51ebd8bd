"""Words, people and questions to try things with."""

from datetime import UTC, datetime, timedelta
from typing import Any

from services.engagement.domain import (
    Address,
    AddressKind,
    Channel,
    Claim,
    Consent,
    ConsentChannel,
    ConsentPurpose,
    Known,
    Message,
    Nature,
    Outcome,
    Person,
    Point,
    Proof,
    ProofKind,
    Question,
    RecipientType,
    Status,
)
from services.engagement.domain.ceilings import Served
from shared.calendar import turkish_holidays
from shared.entity import Act

NOON = datetime(2026, 11, 24, 9, tzinfo=UTC)  # a Tuesday, at noon in Istanbul
PHONE = Address(kind=AddressKind.PHONE, value="+905321234567")
OTHER_PHONE = Address(kind=AddressKind.PHONE, value="+905429876543")
LANDLINE = Address(kind=AddressKind.PHONE, value="+902125551234")
EMAIL = Address(kind=AddressKind.EMAIL, value="ayse@example.com")
CODE = Proof(kind=ProofKind.CODE, reference="code-1")
FORM = Proof(kind=ProofKind.FORM, reference="form-1")


def an_act(minutes: float = 0, *, by: str = "agent-1") -> Act:
    return Act(by=by, at=NOON + timedelta(minutes=minutes), correlation_id="req-12345678")


def a_word(
    number: int = 1,
    *,
    minutes: float = 0,
    status: Status = Status.GIVEN,
    customer_id: str = "cus_1",
    address: Address = PHONE,
    address_key: str = "key",
    **said: Any,
) -> Consent:
    """A consent of a person, or a refusal, said so many minutes after noon."""
    particulars: dict[str, Any] = {
        "members": (),
        "channel": ConsentChannel.MESSAGE,
        "purpose": ConsentPurpose.MARKETING,
        "recipient_type": RecipientType.PERSON,
        "source": "HS_FIZIKSEL_ORTAM",
        "text_version": "2026-1",
        "proof": FORM,
    }
    return Consent.record(
        an_act(minutes),
        turkish_holidays(),
        consent_id=f"con_{number}",
        customer_id=customer_id,
        address=address,
        address_key=address_key,
        status=status,
        **particulars | said,
    )


def a_refusal(number: int = 1, **said: Any) -> Consent:
    return a_word(number, status=Status.REFUSED, **said)


def taken(consent: Consent, *, minutes: float = 60) -> Consent:
    """As İYS has taken it."""
    handed = consent.handed_over(an_act(minutes), request_id="req", place=0)
    return handed.answered(an_act(minutes), Outcome(transaction_id="t-1"))


def turned_down(consent: Consent) -> Consent:
    handed = consent.handed_over(an_act(60), request_id="req", place=0)
    return handed.answered(an_act(60), Outcome(refused="H175"))


def a_person(*points: Point | Address, **served: Any) -> Person:
    known = [one if isinstance(one, Point) else Point(address=one) for one in points]
    return Person(
        ids=("cus_1",),
        points=tuple(known or [Point(address=PHONE)]),
        language="tr",
        served=Served(**served),
    )


def a_question(
    name: str = "offer", channel: Channel = Channel.SMS, at: datetime = NOON
) -> Question:
    return Question.of(name, channel, at)


def known(**told: Any) -> Known:
    """Nothing stands against anything, but that nobody has consented."""
    known: dict[str, Any] = {"person": a_person(), "complaints": []}
    return Known(**known | told)


ORDER = {"order": "A-17", "total": "1.250 TL"}
OFFER = {"offer": "Yıl sonu indirimi", "until": "31.12.2026", "link": "https://sahip.example/a"}


def a_message(
    number: int = 1,
    *,
    minutes: float = 0,
    customer_id: str = "cus_1",
    reason: str | None = None,
    marketing: bool = False,
    **asked: Any,
) -> Message:
    """A message that was asked for so many minutes after noon."""
    particulars: dict[str, Any] = {
        "members": (),
        "purpose": "offer" if marketing else "order",
        "nature": Nature.MARKETING if marketing else Nature.SERVICE,
        "template": "offer_made" if marketing else "order_taken",
        "values": OFFER if marketing else ORDER,
    }
    return Message.ask(
        an_act(minutes),
        message_id=f"msg_{number}",
        customer_id=customer_id,
        reason=reason or f"order:{number}",
        **particulars | asked,
    )


def claimed(
    message: Message,
    *,
    minutes: float = 0,
    ids: tuple[str, ...] | None = None,
    run: str = "run-1",
) -> Message:
    """As a run has claimed it."""
    claim = Claim(
        at=an_act(minutes).at,
        channel=Channel.SMS,
        language="tr",
        address_key="key",
        hint="…67",
        ids=ids or message.members,
        counted_as=message.purpose,
        run=run,
    )
    return message.claimed(an_act(minutes), claim)
