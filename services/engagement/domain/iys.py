"""What İYS, the national register of consents to commercial messages, asks of us.

Law 6563 and its regulation: consents and refusals are told to İYS within three business days, and
a consent that is not there is none. From secondary sources; a lawyer confirms.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from services.engagement.domain.address import Address, ConsentChannel
from services.engagement.domain.purposes import ConsentPurpose
from shared.calendar import (
    ISTANBUL,
    DatedRules,
    Holidays,
    HolidaysUnknown,
    Rule,
    after_working_days,
    day_in_turkey,
)

# That Saturday counts is said of consumers' regulations, not of this one. It ends the term
# earlier, so whoever keeps to it is late under neither reading.
TELL_WITHIN = DatedRules(
    Rule(since=date(2015, 5, 1), holds=3, source="Law 6563 and its regulation, business days")
)
OWN_SOURCES = frozenset(
    {
        *("HS_FIZIKSEL_ORTAM", "HS_ISLAK_IMZA", "HS_WEB", "HS_CAGRI_MERKEZI", "HS_SOSYAL_MEDYA"),
        *("HS_EPOSTA", "HS_MESAJ", "HS_MOBIL", "HS_EORTAM", "HS_ETKINLIK", "HS_2015", "HS_ATM"),
        "HS_KARAR",
    }
)
OF_CUSTOMERS = frozenset({"HS_WEB", "HS_MOBIL"})  # which customers say of themselves
FROM_IYS = "IYS"  # with which the name of a source begins where the citizen told İYS itself
_DATE = "%Y-%m-%d %H:%M:%S"


def is_told_to_iys(channel: ConsentChannel, purpose: ConsentPurpose, source: str) -> bool:
    """Whether İYS has to hear of it from us."""
    return (
        channel.is_known_to_iys
        and purpose is ConsentPurpose.MARKETING
        and not source.startswith(FROM_IYS)
    )


def due_at(said_at: datetime, holidays: Holidays) -> datetime:
    """The last instant at which İYS may be told, in UTC."""
    day = max(day_in_turkey(said_at), TELL_WITHIN.oldest)
    count = TELL_WITHIN.on(day)
    try:
        last = after_working_days(day, count, holidays)
    except HolidaysUnknown:  # the earliest that it can be
        last = day + timedelta(days=count)
    return datetime.combine(last, time.max, ISTANBUL).astimezone(UTC)


def date_of(instant: datetime) -> str:
    """An instant as İYS writes it, which is Turkey's time without saying so."""
    return instant.astimezone(ISTANBUL).strftime(_DATE)


def instant_of(text: str) -> datetime:
    """The instant that İYS means. Raise ValueError for what is none."""
    return datetime.strptime(text, _DATE).replace(tzinfo=ISTANBUL).astimezone(UTC)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of a consent at İYS. `refused` is its code where it was not taken."""

    transaction_id: str | None = None
    refused: str | None = None


@dataclass(frozen=True, kw_only=True)
class Change:
    """What somebody told İYS itself, in İYS's own words."""

    change_id: str
    address: Address
    channel: ConsentChannel
    recipient_type: str
    status: str
    source: str
    said_at: datetime


@dataclass(frozen=True, kw_only=True)
class Changes:
    """Some changes, and the place behind them; `unreadable` are the ids of those that are none."""

    changes: tuple[Change, ...]
    after: str | None
    unreadable: tuple[str, ...] = ()
