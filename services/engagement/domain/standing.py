"""What all that was said of an address comes to.

A refusal ends every consent before it, whoever gave it. A consent after it lifts the refusals of
those it speaks for, and of nobody else: so of two people with one phone the refusal wins, also
once they are said to be one person, until that person consents anew. What was told to İYS itself
is the word of whoever has the address, and lifts any.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.engagement.domain.consent import AtIys, Consent, RecipientType, Status


class Stands(StrEnum):
    """Whether an address may be written to, as far as consent goes."""

    GIVEN = "given"
    REFUSED = "refused"
    NEVER_SAID = "never_said"
    NOT_TOLD = "not_told"  # given, and İYS was not told in time: void
    TURNED_DOWN = "turned_down"  # given, and İYS would not have it: void
    UNCLEAR = "unclear"  # more was said than is looked through


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What holds of an address. `until` is set where a consent still has to reach İYS."""

    stands: Stands
    recipient_type: RecipientType = RecipientType.PERSON
    since: datetime | None = None
    until: datetime | None = None

    @property
    def may_be_written_to(self) -> bool:
        """Who is a trader may be written to until they refuse; everybody else must have agreed."""
        if self.stands in (Stands.REFUSED, Stands.UNCLEAR):
            return False
        return self.stands is Stands.GIVEN or self.recipient_type is RecipientType.TRADER


NEVER_SAID = Standing(stands=Stands.NEVER_SAID)


def standing(words: Iterable[Consent], now: datetime, *, is_all: bool = True) -> Standing:
    """What the words on one address come to at a time, in whatever order they are given.

    Where these are not all the words there are, nothing can be said, so nothing may be sent.
    """
    refusals: list[Consent] = []
    consents: list[Consent] = []
    said = sorted((one for one in words if one.said_at <= now), key=lambda one: one.comes_after)
    for word in said:
        if word.status is Status.REFUSED:
            refusals.append(word)
            consents.clear()
        else:
            refusals = [one for one in refusals if not _lifts(word, one)]
            consents.append(word)
    recipient_type = said[-1].recipient_type if said else RecipientType.PERSON
    if refusals:
        return Standing(
            stands=Stands.REFUSED, recipient_type=recipient_type, since=refusals[-1].said_at
        )
    if not is_all:
        return Standing(stands=Stands.UNCLEAR, recipient_type=recipient_type)
    if not consents:
        return NEVER_SAID
    valid = [one for one in consents if _void(one, now) is None]
    if not valid:
        return Standing(
            stands=_void(consents[-1], now) or Stands.NOT_TOLD, recipient_type=recipient_type
        )
    for_good = [one for one in valid if not one.is_waiting]
    return Standing(
        stands=Stands.GIVEN,
        recipient_type=recipient_type,
        since=valid[0].said_at,
        until=None if for_good else max(one.due_at for one in valid if one.due_at),
    )


def _lifts(consent: Consent, refusal: Consent) -> bool:
    if consent.is_from_iys or not refusal.speaks_for:
        return True
    return refusal.customer_id in consent.speaks_for


def _void(consent: Consent, now: datetime) -> Stands | None:
    """Why a consent does not hold; None where it does."""
    if consent.at_iys is AtIys.TURNED_DOWN:
        return Stands.TURNED_DOWN
    if consent.due_at is not None and (consent.taken_at or now) > consent.due_at:
        return Stands.NOT_TOLD
    return None
