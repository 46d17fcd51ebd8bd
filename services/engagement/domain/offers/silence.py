"""Who was forgotten: how long somebody and we have not spoken, and what must come first then.

After twelve months of silence the first that somebody hears from us is of value to them: nobody is
forgotten for a year and then only sold to. The company's own word.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from services.engagement.domain.offers.people import Contact
from services.engagement.domain.purposes import OFFERS, SURVEYS
from shared.calendar import DatedRules, Rule, day_in_turkey

# Under which a conversation is counted in which nothing was offered.
HEARD, TOLD = "heard", "told"  # they turned to us, or we to them
_WE_WANT_SOMETHING = frozenset({OFFERS, SURVEYS})

LONGEST: DatedRules[timedelta] = DatedRules(
    Rule(
        since=date(2015, 5, 1),
        holds=timedelta(days=365),
        source="the company's own word",
    ),
)


def days_of_silence(
    contacts: Sequence[Contact], known_since: datetime | None, at: datetime
) -> int | None:
    """Whole days since the last contact, or since they are known; None if nothing is."""
    moments = [one.at for one in contacts if one.at <= at]
    last = max(moments, default=known_since)
    return max((at - last).days, 0) if last is not None else None


def awaits_value(contacts: Sequence[Contact], known_since: datetime | None, at: datetime) -> bool:
    """Whether something of value must come before an offer.

    So it is from the end of a silence on until they have turned to us, or have heard from us for
    another reason than that we want something of them.
    """
    longest = LONGEST.on(day_in_turkey(at))
    told = sorted((one for one in contacts if one.at <= at), key=lambda one: one.at)
    before = min((one for one in (known_since, *(c.at for c in told[:1])) if one), default=None)
    waits = False
    for contact in told:
        if before is not None and contact.at - before >= longest:
            waits = True
        if contact.counted_as not in _WE_WANT_SOMETHING:
            waits = False
        before = contact.at
    return waits or (before is not None and at - before >= longest)
