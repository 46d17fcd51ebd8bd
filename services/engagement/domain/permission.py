"""May we say this, to this person, by this channel, now? Yes, or no with every reason there is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from services.engagement.domain.address import Address, AddressKind, Channel
from services.engagement.domain.ceilings import Ceiling, Served, ceiling_of
from services.engagement.domain.hours import hours_of
from services.engagement.domain.purposes import NAMES, PURPOSES, Cadence, Nature, Purpose, Trouble
from services.engagement.domain.standing import NEVER_SAID, Standing, Stands
from shared.calendar import HolidaysUnknown, NoRuleYet, day_in_turkey
from shared.errors import Invalid


class ReasonCode(StrEnum):
    """Why not."""

    NO_ADDRESS = "no_address"
    NOT_FOR_CHANNEL = "not_for_channel"
    FILLER = "filler"
    LOST = "lost"
    STOLEN = "stolen"
    BOUNCED = "bounced"
    NO_CONSENT = "no_consent"
    REFUSED = "refused"
    CONSENT_NOT_TOLD = "consent_not_told"
    CONSENT_TURNED_DOWN = "consent_turned_down"
    CONSENT_UNCLEAR = "consent_unclear"
    NOT_AT_THIS_HOUR = "not_at_this_hour"
    TOO_OFTEN = "too_often"
    SERIOUS_COMPLAINT = "serious_complaint"
    OPEN_COMPLAINT = "open_complaint"
    CANNOT_ASK_CUSTOMER = "cannot_ask_customer"
    CANNOT_ASK_COMPLAINTS = "cannot_ask_complaints"


IN_WORDS: Mapping[ReasonCode, str] = {
    ReasonCode.NO_ADDRESS: "we know nothing by which to reach them on this channel",
    ReasonCode.NOT_FOR_CHANNEL: "it takes no texts",
    ReasonCode.FILLER: "it was typed to fill a field, and is nobody's",
    ReasonCode.LOST: "they have lost it",
    ReasonCode.STOLEN: "it was stolen from them",
    ReasonCode.BOUNCED: "what was sent there came back",
    ReasonCode.NO_CONSENT: "nobody has agreed to it; ask, with a text and a proof",
    ReasonCode.REFUSED: "it was refused",
    ReasonCode.CONSENT_NOT_TOLD: "İYS was not told of the consent in time: it is void; ask anew",
    ReasonCode.CONSENT_TURNED_DOWN: "İYS did not take the consent; see why, and ask anew",
    ReasonCode.CONSENT_UNCLEAR: "more was said of it than is looked through; somebody must look",
    ReasonCode.NOT_AT_THIS_HOUR: "it is not an hour for it",
    ReasonCode.TOO_OFTEN: "they have heard as much of this from us as they should in this time",
    ReasonCode.SERIOUS_COMPLAINT: "a serious complaint of theirs is open; settle it first",
    ReasonCode.OPEN_COMPLAINT: "a complaint of theirs is open; settle it first",
    ReasonCode.CANNOT_ASK_CUSTOMER: "the customer service does not answer; ask again shortly",
    ReasonCode.CANNOT_ASK_COMPLAINTS: "the complaints service does not answer; ask again shortly",
}
_OF_CONSENT = {
    Stands.NEVER_SAID: ReasonCode.NO_CONSENT,
    Stands.REFUSED: ReasonCode.REFUSED,
    Stands.NOT_TOLD: ReasonCode.CONSENT_NOT_TOLD,
    Stands.TURNED_DOWN: ReasonCode.CONSENT_TURNED_DOWN,
    Stands.UNCLEAR: ReasonCode.CONSENT_UNCLEAR,
}
SERIOUS = frozenset({"serious", "safety"})


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One reason, with the address it is about where it is about one."""

    code: ReasonCode
    address: Address | None = None
    cadence: Cadence | None = None  # of too much: the bound, and the segment that it is of
    segment: str | None = None


@dataclass(frozen=True, kw_only=True)
class Point:
    """An address of a person, and whether it is still theirs: in_use, lost or stolen."""

    address: Address
    state: str = "in_use"


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who is asked about: their customer ids, and their contact points, the preferred first.

    `letterboxes` are their postal addresses as they are written on a letter, by customer id.
    """

    ids: tuple[str, ...]
    points: tuple[Point, ...]
    language: str | None = None
    letterboxes: Mapping[str, str] = field(default_factory=dict)
    served: Served = field(default_factory=Served)

    def written(self, address: Address) -> str:
        """An address as a gateway takes it. Raise KeyError for a letterbox that they have not."""
        if address.kind is AddressKind.POST:
            return self.letterboxes[address.value]
        return address.value


@dataclass(frozen=True, kw_only=True)
class Question:
    """What we would say: for which purpose, by which channel, when."""

    name: str
    purpose: Purpose
    channel: Channel
    at: datetime

    @classmethod
    def of(cls, name: str, channel: Channel, at: datetime) -> "Question":
        """The question. Raise Invalid where no rule is known for it."""
        try:
            known = PURPOSES.on(day_in_turkey(at))
        except NoRuleYet as unknown:
            raise Invalid("no rule is known for that day", field="at") from unknown
        if name not in known:
            raise Invalid(
                f"there is no such purpose; there are {', '.join(NAMES)}", field="purpose"
            )
        return cls(name=name, purpose=known[name], channel=channel, at=at)

    def ceiling(self, person: Person | None) -> Ceiling:
        """How often a person may hear such things; of who is not known, what holds for all."""
        served = person.served if person else Served()
        return ceiling_of(self.purpose, served, day_in_turkey(self.at))

    @property
    def is_free(self) -> bool:
        """Whether it takes nobody's consent."""
        return self.purpose.nature is Nature.SERVICE


@dataclass(frozen=True, kw_only=True)
class Known:
    """What was found out. None for what could not be asked.

    `complaints` are the seriousness of each that is open. `contacts` are when they heard from us
    for purposes that count together with this one, the newest first.
    """

    person: Person | None
    complaints: Sequence[str | None] | None
    standings: Mapping[Address, Standing] = field(default_factory=dict)
    bounced: frozenset[Address] = frozenset()
    contacts: Sequence[datetime] = ()


@dataclass(frozen=True, kw_only=True)
class Permission:
    """The answer. A yes names the address and until when it holds; a no all reasons.

    `again_at` is when it may be asked again, where nothing but time stands against it.
    """

    reasons: tuple[Reason, ...] = ()
    address: Address | None = None
    until: datetime | None = None
    again_at: datetime | None = None

    @property
    def may(self) -> bool:
        return not self.reasons


def decide(question: Question, known: Known) -> Permission:
    """The answer to a question. Raise Invalid where the calendar does not reach so far."""
    reasons: list[Reason] = list(_of_sources(question, known))
    address, of_addresses = _address(question, known)
    reasons += of_addresses
    reasons += _of_complaints(question, known)
    in_time, again_at, until = _of_time(question, known)
    is_for_good = bool(reasons)
    reasons += in_time
    if reasons:
        return Permission(reasons=tuple(reasons), again_at=None if is_for_good else again_at)
    told_until = known.standings.get(address, NEVER_SAID).until if address else None
    ends = [one for one in (until, None if question.is_free else told_until) if one is not None]
    return Permission(address=address, until=min(ends, default=None))


def _of_sources(question: Question, known: Known) -> list[Reason]:
    """A service message goes by what is known; without an address nothing goes."""
    found = []
    if known.person is None:
        found.append(Reason(code=ReasonCode.CANNOT_ASK_CUSTOMER))
    if known.complaints is None and question.purpose.trouble is not Trouble.NONE:
        found.append(Reason(code=ReasonCode.CANNOT_ASK_COMPLAINTS))
    return found


def _address(question: Question, known: Known) -> tuple[Address | None, list[Reason]]:
    """The first address that may be used; without one, why none of them may."""
    if known.person is None:
        return None, []
    reasons: list[Reason] = []
    for point in known.person.points:
        address = point.address
        if address.kind is not question.channel.kind:
            continue
        against = list(_against(question, known, point))
        if not against:
            return address, []
        reasons += [Reason(code=code, address=address) for code in against]
    return None, reasons or [Reason(code=ReasonCode.NO_ADDRESS)]


def _against(question: Question, known: Known, point: Point) -> list[ReasonCode]:
    found: list[ReasonCode] = []
    address = point.address
    if not address.takes(question.channel):
        found.append(ReasonCode.NOT_FOR_CHANNEL)
    if address.is_filler:
        found.append(ReasonCode.FILLER)
    if point.state == "stolen":
        found.append(ReasonCode.STOLEN)
    elif point.state != "in_use":
        found.append(ReasonCode.LOST)
    if address in known.bounced:
        found.append(ReasonCode.BOUNCED)
    if not question.is_free:
        held = known.standings.get(address, NEVER_SAID)
        if not held.may_be_written_to:
            found.append(_OF_CONSENT[held.stands])
    return found


def _of_complaints(question: Question, known: Known) -> list[Reason]:
    """One whose seriousness is not told counts as serious."""
    trouble = question.purpose.trouble
    if trouble is Trouble.NONE or not known.complaints:
        return []
    if any(one is None or one in SERIOUS for one in known.complaints):
        return [Reason(code=ReasonCode.SERIOUS_COMPLAINT)]
    return [Reason(code=ReasonCode.OPEN_COMPLAINT)] if trouble is Trouble.ANY else []


def _of_time(
    question: Question, known: Known
) -> tuple[list[Reason], datetime | None, datetime | None]:
    """Why not now, when again, and else until when."""
    reasons: list[Reason] = []
    purpose, at = question.purpose, question.at
    ceiling = question.ceiling(known.person)
    free = [(_free_at(one, known.contacts, at), one) for one in ceiling.cadences]
    free_at, strictest = max(free, key=lambda one: one[0], default=(at, None))
    if free_at > at:
        reasons.append(
            Reason(code=ReasonCode.TOO_OFTEN, cadence=strictest, segment=ceiling.segment)
        )
    if purpose.is_urgent:
        return reasons, free_at, None
    calendar = hours_of(purpose.nature, question.channel, day_in_turkey(at))
    try:
        until = calendar.closing(at)
        if until is None:
            reasons.append(Reason(code=ReasonCode.NOT_AT_THIS_HOUR))
        return reasons, calendar.next_opening(free_at), until
    except (HolidaysUnknown, NoRuleYet) as unknown:
        raise Invalid("the holidays of that time are not known yet", field="at") from unknown


def _free_at(cadence: Cadence, contacts: Sequence[datetime], at: datetime) -> datetime:
    """When one more may be said."""
    recent = sorted((one for one in contacts if at - cadence.within < one <= at), reverse=True)
    return at if len(recent) < cadence.most else recent[cadence.most - 1] + cadence.within
