"""What one can do with consents, and whether somebody may be told something."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from services.engagement.domain import (
    OFFERS,
    Address,
    Consent,
    ConsentChannel,
    ConsentPurpose,
    Known,
    Permission,
    Person,
    Question,
    Standing,
    decide,
    standing,
)
from services.engagement.domain.purposes import HEARD, TOLD
from services.engagement.ports import Consents, Contacts, Sources
from services.engagement.ports.messages import Bounces
from shared.calendar import Holidays
from shared.entity import Act

OFFER = "offer"  # of the purposes that a conversation has


def record_consent(
    consents: Consents,
    holidays: Holidays,
    act: Act,
    *,
    consent_id: str,
    fingerprint: str,
    customer_id: str,
    members: Collection[str],
    channel: ConsentChannel,
    address: Address,
    purpose: ConsentPurpose,
    **said: Any,
) -> tuple[Consent, bool]:
    """Take in a consent or a refusal once, however often it is told."""
    consent = Consent.record(
        act,
        holidays,
        consent_id=consent_id,
        customer_id=customer_id,
        members=members,
        address=address,
        address_key=consents.key_of(address, channel, purpose),
        channel=channel,
        purpose=purpose,
        **said,
    )
    return consents.add(consent, fingerprint=fingerprint)


def read_standing(
    consents: Consents,
    now: datetime,
    *,
    address: Address,
    channel: ConsentChannel,
    purpose: ConsentPurpose,
) -> tuple[Standing, Sequence[Consent]]:
    """What holds of an address, and the words that it comes from, the newest first."""
    words, is_all = consents.said_of(consents.key_of(address, channel, purpose))
    return standing(words, now, is_all=is_all), words


def may_contact(
    consents: Consents,
    sources: Sources,
    contacts: Contacts,
    bounces: Bounces,
    question: Question,
    *,
    customer_id: str,
    members: Collection[str],
    correlation_id: str,
) -> Permission:
    """Whether we may say something to a person now, and by which address.

    Raise CustomerUnknown where there is no such customer.
    """
    ids = sorted({customer_id, *members})
    person = sources.person(ids, correlation_id)
    ids = list(person.ids) if person else ids
    purpose, ceiling = question.purpose, question.ceiling(person)
    return decide(
        question,
        Known(
            person=person,
            complaints=sources.complaints(ids, correlation_id),
            standings=_standings(consents, question, person),
            bounced=bounces.of(_on_channel(question, person), question.at),
            contacts=contacts.since(
                ids,
                purpose.counted_as,
                question.at - ceiling.within,
                question.at,
                ceiling.most,
            ),
        ),
    )


def _standings(
    consents: Consents, question: Question, person: Person | None
) -> dict[Address, Standing]:
    needs = question.purpose.needs
    if needs is None:
        return {}
    found = {}
    for address in _on_channel(question, person):
        found[address], _ = read_standing(
            consents,
            question.at,
            address=address,
            channel=question.channel.consent,
            purpose=needs,
        )
    return found


def _on_channel(question: Question, person: Person | None) -> list[Address]:
    """Their addresses that can be reached by the channel."""
    points = person.points if person else ()
    return [one.address for one in points if one.address.takes(question.channel)]


def count_conversation(
    contacts: Contacts,
    *,
    customer_id: str,
    event_id: str,
    purpose: str,
    is_ours: bool,
    at: datetime,
) -> None:
    """Count a conversation: an offer of ours, what else we said, or that they turned to us."""
    counted_as = (OFFERS if purpose == OFFER else TOLD) if is_ours else HEARD
    contacts.put(customer_id, counted_as, at, event_id)
