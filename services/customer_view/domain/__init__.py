"""The customer as one picture, put together from what each service knows. Plain Python."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from services.customer_view.domain.departments import WHOLE, DepartmentView
from shared.errors import Gone, NotFound
from shared.profiles import of_cards, united

Document = Mapping[str, Any]
NEWEST = 10  # entries of a list
NEWEST_OFFERS = 5
MOST_PENDING = MOST_OPEN = 50
MOST_PROMISES = 20
BANDS = ("low", "medium", "high")  # of risk
# What tells another figure each day though nothing has happened: by part, not compared.
BY_THE_DAY: Mapping[str, frozenset[str]] = {"engagement": frozenset({"silence_days", "band"})}


class CustomerNotFound(NotFound):
    def __init__(self, customer_id: str) -> None:
        super().__init__(f"customer {customer_id} does not exist")


class CustomerErased(Gone):
    def __init__(self, customer_id: str) -> None:
        super().__init__(f"what was known of customer {customer_id} was erased")


class NobodyFits(NotFound):
    def __init__(self, kind: str) -> None:
        super().__init__(f"nobody is known by this {kind.replace('_', ' ')}")


class Status(StrEnum):
    """How far a part can be relied on."""

    FRESH = "fresh"
    LAST_KNOWN = "last_known"
    MISSING = "missing"


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of the picture. Without data it is missing, and `reason` says why."""

    status: Status
    as_of: datetime | None = None
    reason: str | None = None
    data: Document | None = None
    ids: Sequence[str] = ()  # the customer ids it speaks of
    kept_back: Sequence[str] = ()  # paths that the view of the caller's department does not show

    @classmethod
    def fresh(cls, data: Document, now: datetime, ids: Sequence[str] = ()) -> "Part":
        return cls(status=Status.FRESH, as_of=now, data=data, ids=ids)


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A customer whom something may belong to."""

    customer_id: str
    person_id: str | None  # None where the service does not know about persons
    display_name: str | None
    district: str | None


@dataclass(frozen=True, kw_only=True)
class LastKnown:
    """A part as its service told it; at `as_of` it was seen so for the first time.

    It may have been seen since, always the same: what is seen again is not written again.
    """

    as_of: datetime
    data: Document
    ids: Sequence[str]  # the customer ids it speaks of

    def speaks_of(self, ids: Sequence[str]) -> bool:
        """Whether it is about all of these ids and no other: links come and go."""
        return set(self.ids) == set(ids)


@dataclass(frozen=True, kw_only=True)
class Memory:
    """What the view itself keeps of a customer id."""

    members: Sequence[str] = ()
    newly_joined: Sequence[str] = ()  # taken for the same person, and not confirmed
    last_known: Mapping[str, LastKnown] = field(default_factory=dict)
    happenings: Sequence[Document] = ()  # the newest first


@dataclass(frozen=True, kw_only=True)
class CustomerView:
    """Everything known of a person, part by part."""

    customer_id: str
    as_of: datetime
    parts: Mapping[str, Part]
    newly_joined: Sequence[str] = ()  # ids that it shows, and that nobody has confirmed
    others: Sequence[str] = ()  # ids that it shows beside the one that was asked for
    asked: Collection[str] | None = None  # the parts that were wanted; None for all
    seen_by: DepartmentView = WHOLE

    @property
    def customer_ids(self) -> Sequence[str]:
        """All ids that it shows, the one that was asked for first."""
        return (self.customer_id, *self.others)

    @property
    def is_complete(self) -> bool:
        return all(part.status is Status.FRESH for part in self.parts.values())


@dataclass(frozen=True, kw_only=True)
class Look:
    """That one of ours saw a person in one look: who, when, on what grounds, and whom."""

    by: str
    at: datetime
    correlation_id: str
    shown: Sequence[str]  # the customer ids whose data were shown together
    session_id: str | None = None
    reason: str | None = None
    reference: str | None = None
    department: str | None = None  # of whoever looked, as their token says
    view: str | None = None  # that they were shown; None of customers themselves

    @property
    def is_mixed(self) -> bool:
        """Whether several customers were shown as one person."""
        return len(self.shown) > 1


def part_of(
    answers: Sequence[Document | None],
    failure: str | None,
    *,
    last_known: LastKnown | None,
    unite: Callable[[Sequence[Document]], Document],
    now: datetime,
    ids: Sequence[str],
) -> Part:
    """One part, from what its service said of each of the person's ids.

    Where it failed for one of them the part is not fresh: half a list would
    pass for the whole. Nor is what was last known of more or fewer ids shown:
    it would be somebody else's, or half a list again.
    """
    if failure is None:
        return Part.fresh(unite([one for one in answers if one is not None]), now, ids)
    if last_known is not None and last_known.speaks_of(ids):
        return Part(
            status=Status.LAST_KNOWN,
            as_of=last_known.as_of,
            reason=failure,
            data=last_known.data,
            ids=last_known.ids,
        )
    return Part(status=Status.MISSING, reason=failure)


def is_worth_remembering(name: str, part: Part, last_known: LastKnown | None) -> bool:
    """Whether a part says something new. What has not changed is never written again."""
    if part.status is not Status.FRESH or part.data is None:
        return False
    return (
        last_known is None
        or _but_the_day(name, last_known.data) != _but_the_day(name, part.data)
        or not last_known.speaks_of(part.ids)
    )


def _but_the_day(name: str, data: Document) -> Document:
    aging = BY_THE_DAY.get(name, frozenset())
    return {field: value for field, value in data.items() if field not in aging}


def unite_customers(parts: Sequence[Document]) -> Document:
    """One profile of several, by the rules that the customer service links by."""
    cards, overrides = of_cards(
        {part.get("customer_id") or str(n): part for n, part in enumerate(parts)}
    )
    leader = next(iter(cards.values()))
    told = {name: leader[name] for name in _OF_THE_LEADER if name in leader}
    relations = _each_once(one for part in parts for one in part.get("relations", ()))
    return {**united(cards, overrides), **told, "relations": relations}


_OF_THE_LEADER = ("customer_id", "links", "overrides")  # of a profile: what makes it one


def without_links(part: Part) -> Part:
    """A customer's profile as it is shown to themselves: not who decided what of it."""
    if part.data is None:
        return part
    shown = {name: value for name, value in part.data.items() if name not in _OF_THE_LEADER}
    return replace(part, data=shown)


def unite_conversations(parts: Sequence[Document]) -> Document:
    """The conversations under several customer ids as those with one person."""
    recent = sorted(
        (one for part in parts for one in part["recent"]),
        key=lambda one: datetime.fromisoformat(one["at"]),
        reverse=True,
    )
    promises = sorted(
        (one for part in parts for one in part.get("promises", ())),
        key=lambda one: (datetime.fromisoformat(one["due"]), one["conversation_id"]),
    )
    return {
        "count": sum(part["count"] for part in parts),
        "recent": recent[:NEWEST],
        "open_promises": sum(part.get("open_promises", 0) for part in parts),
        "promises": promises[:MOST_PROMISES],
    }


def unite_cares(parts: Sequence[Document]) -> Document:
    """Who cares for a person: each entry tells the same, but for one that nobody has confirmed.

    Of several the highest tier holds, as the customer service has it.
    """
    tiers = [part for part in parts if part["rank"] is not None]
    return min(tiers, key=lambda part: part["rank"], default=parts[0])


def unite_orders(parts: Sequence[Document]) -> Document:
    """The orders of several customer ids as those of one person."""
    live = [part["last_order"] for part in parts if part["last_order"] is not None]
    newest = _newest_orders(live)
    return {
        "count": sum(part["count"] for part in parts),
        "totals": _sums(money for part in parts for money in part["totals"]),
        "pending": _newest_orders(one for part in parts for one in part["pending"])[:MOST_PENDING],
        "pending_count": _sum_known(part.get("pending_count") for part in parts),
        "last_order": newest[0] if newest else None,
        "recent": _newest_orders(one for part in parts for one in part["recent"])[:NEWEST],
    }


def unite_complaints(parts: Sequence[Document]) -> Document:
    """The complaints under several customer ids as those of one person."""
    return {
        "count": sum(part["count"] for part in parts),
        "open_count": sum(part["open_count"] for part in parts),
        "open": _newest_complaints(one for part in parts for one in part["open"])[:MOST_OPEN],
        "recent": _newest_complaints(one for part in parts for one in part["recent"])[:NEWEST],
    }


def unite_products(parts: Sequence[Document]) -> Document:
    """The units under several customer ids as those of one person, the newest first."""
    units = sorted(
        (unit for part in parts for unit in part["units"]),
        key=lambda unit: (_moment(unit["delivered_at"]), unit["unit_id"]),
        reverse=True,
    )
    return {"count": sum(part["count"] for part in parts), "units": units[:NEWEST]}


def unite_payments(parts: Sequence[Document]) -> Document:
    """The payments under several customer ids as those of one person."""
    methods: dict[tuple[str, str], dict[str, Any]] = {}
    for one in (method for part in parts for method in part["methods"]):
        way = (one["method"], one["currency"])
        known = methods.setdefault(way, {**one, "count": 0, "amount": 0})
        known["count"] += one["count"]
        known["amount"] += one["amount"]
    instalments = [part["max_instalments"] for part in parts]
    return {
        "methods": [methods[way] for way in sorted(methods)],
        "max_instalments": max((one for one in instalments if one is not None), default=None),
        "paid": _sums(money for part in parts for money in part["paid"]),
        "owed": _sums(money for part in parts for money in part["owed"]),
    }


def unite_risks(parts: Sequence[Document]) -> Document:
    """The highest band under any of a person's ids, and all the reasons."""
    return {
        "band": max((part["band"] for part in parts), key=rank_of, default=BANDS[0]),
        "reasons": _each_once(reason for part in parts for reason in part["reasons"]),
    }


def rank_of(band: str) -> int:
    """How strict a band of risk is; one that is not known yet is stricter than all."""
    return BANDS.index(band) if band in BANDS else len(BANDS)


def unite_engagements(parts: Sequence[Document]) -> Document:
    """How we get on with a person who has several customer ids.

    It is as still as under the id of the last word; where there was none, as long as we know them.
    """
    talked = [part for part in parts if part["theirs"] or part["ours"]]
    silent = [part for part in talked or parts if part["silence_days"] is not None]
    nearest = min if talked else max
    holds = nearest(silent, key=lambda part: part["silence_days"], default=parts[0])
    since = [part["since"] for part in parts if part["since"]]
    return {
        "silence_days": holds["silence_days"],
        "band": holds["band"],
        "since": min(since, default=None),
        **{name: _last_day(parts, name) for name in ("theirs", "ours", "offered")},
        "offers": _newest(parts, "offers"),
        "answers": _newest(parts, "answers"),
        "said": _last_words(one for part in parts for one in part["said"]),
        "frictions": sum(part["frictions"] for part in parts),
        # A service of before may not tell these.
        "praised": max((day for part in parts if (day := part.get("praised"))), default=None),
        "advocate": any(part.get("advocate") for part in parts),
    }


def _last_day(parts: Sequence[Document], name: str) -> str | None:
    return max((part[name] for part in parts if part[name]), default=None)


def _newest(parts: Sequence[Document], name: str) -> list[Document]:
    found = (one for part in parts for one in part[name])
    return sorted(found, key=lambda one: _moment(one["at"]), reverse=True)[:NEWEST_OFFERS]


def _last_words(words: Iterable[Document]) -> list[Document]:
    """The last word by each channel; of two at once a refusal."""
    last: dict[str, Document] = {}
    for one in sorted(words, key=lambda one: (_moment(one["at"]), one["status"] == "RET")):
        last[one["channel"]] = one
    return [last[channel] for channel in sorted(last)]


def unite_happenings(timelines: Iterable[Sequence[Document]]) -> Document:
    """The newest happenings of several timelines."""
    merged = [one for timeline in timelines for one in timeline]
    merged.sort(key=lambda one: (one["at"], one["event_id"]), reverse=True)
    shown = [{name: one[name] for name in ("at", "what", "about")} for one in merged[:NEWEST]]
    return {"recent": shown}


def _newest_complaints(complaints: Iterable[Document]) -> list[Document]:
    return sorted(
        complaints,
        key=lambda one: (_moment(one["opened_at"]), one["complaint_id"]),
        reverse=True,
    )


def _moment(at: str | None) -> datetime:
    """A moment to sort by; what has none sorts last."""
    return datetime.fromisoformat(at) if at else datetime.min.replace(tzinfo=UTC)


def _newest_orders(orders: Iterable[Document]) -> list[Document]:
    return sorted(
        orders,
        key=lambda one: (datetime.fromisoformat(one["ordered_at"]), one["order_id"]),
        reverse=True,
    )


def _sums(amounts: Iterable[Document]) -> list[Document]:
    sums: dict[str, int] = {}
    for money in amounts:
        sums[money["currency"]] = sums.get(money["currency"], 0) + money["amount"]
    return [{"amount": amount, "currency": currency} for currency, amount in sorted(sums.items())]


def _sum_known(counts: Iterable[int | None]) -> int | None:
    """The sum, or None where one of them is not known."""
    known = list(counts)
    return sum(one for one in known if one is not None) if None not in known else None


def _each_once(values: Iterable[Any]) -> list[Any]:
    seen: list[Any] = []
    for value in values:
        if value not in seen:
            seen.append(value)
    return seen
