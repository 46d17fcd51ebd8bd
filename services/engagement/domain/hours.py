"""When people are not written to or called, by channel, as rules with the day they hold from.

The company's own word: no term of law was found that we could verify. Feasts and holidays are
free of marketing; a service message that is due goes on those days too.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from services.engagement.domain.address import Channel
from services.engagement.domain.purposes import Nature
from shared.calendar import (
    BusinessCalendar,
    DatedRules,
    Rule,
    Week,
    day_in_turkey,
    turkish_holidays,
)

OWN_WORD = "the company's own word"
ALL_DAYS = "mon tue wed thu fri sat sun"
WORKDAYS = "mon tue wed thu fri sat"

_EVERY_DAY = replace(turkish_holidays(), days={})


def _hours(days: str, hours: str, *, on_holidays: bool) -> BusinessCalendar:
    weeks = DatedRules(Rule(since=date(2015, 1, 1), holds=Week.of({days: hours}), source=OWN_WORD))
    return BusinessCalendar(weeks, _EVERY_DAY if on_holidays else turkish_holidays())


_SERVICE = {
    Channel.CALL: _hours(WORKDAYS, "09:00-20:00", on_holidays=False),
    Channel.SMS: _hours(ALL_DAYS, "08:00-21:00", on_holidays=True),
    Channel.WHATSAPP: _hours(ALL_DAYS, "08:00-21:00", on_holidays=True),
    Channel.EMAIL: _hours(ALL_DAYS, "00:00-24:00", on_holidays=True),
    Channel.LETTER: _hours(ALL_DAYS, "00:00-24:00", on_holidays=True),
}
_OTHERS = {
    Channel.CALL: _hours(WORKDAYS, "10:00-19:00", on_holidays=False),
    Channel.SMS: _hours(WORKDAYS, "10:00-20:00", on_holidays=False),
    Channel.WHATSAPP: _hours(WORKDAYS, "10:00-20:00", on_holidays=False),
    Channel.EMAIL: _hours(ALL_DAYS, "08:00-21:00", on_holidays=False),
    Channel.LETTER: _hours(ALL_DAYS, "00:00-24:00", on_holidays=True),
}
Hours = Mapping[Nature, Mapping[Channel, BusinessCalendar]]
HOURS: DatedRules[Hours] = DatedRules(
    Rule(
        since=date(2015, 1, 1),
        holds={Nature.SERVICE: _SERVICE, Nature.MARKETING: _OTHERS, Nature.SURVEY: _OTHERS},
        source=OWN_WORD,
    ),
)


def hours_of(nature: Nature, channel: Channel, day: date) -> BusinessCalendar:
    """When people are reached by a channel, as it holds on a day in Turkey."""
    return HOURS.on(day)[nature][channel]


def opens_at(nature: Nature, channel: Channel, at: datetime) -> datetime:
    """From when on it is an hour for it; `at` itself where it is one now.

    Raise HolidaysUnknown or NoRuleYet where the calendar does not reach so far.
    """
    calendar = hours_of(nature, channel, day_in_turkey(at))
    return at if calendar.closing(at) is not None else calendar.next_opening(at)
