"""Sending what waits: each message at most once, and nothing that was refused before it left."""

import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from time import monotonic

from services.engagement.domain import (
    CUSTOMER_UNKNOWN,
    GATEWAY_REFUSED,
    NO_GATEWAY,
    REFUSED_MEANWHILE,
    SAID_ALREADY,
    SILENT,
    TOO_LATE,
    Address,
    AddressKind,
    Channel,
    Claim,
    CustomerUnknown,
    Message,
    MessageStatus,
    Permission,
    Person,
    Question,
    ReasonCode,
    opens_at,
    spoken,
    standing,
    template_of,
)
from services.engagement.ports import Consents, Contacts, Sources
from services.engagement.ports.messages import (
    Bounces,
    Gateway,
    NotTaken,
    Outbox,
    SaidAlready,
    Silent,
    Taken,
)
from services.engagement.ports.offers import Approvals
from services.engagement.use_cases import may_contact
from shared.calendar import HolidaysUnknown
from shared.entity import Act
from shared.errors import ChangedMeanwhile, Invalid, Unavailable

MOST = 200  # messages in one run
PATIENCE = 150.0  # seconds after which a run begins no further message
SHORTLY = timedelta(minutes=5)  # after which is asked again what did not answer
CALENDAR_UNKNOWN = "calendar_unknown"
NOT_APPROVED = "not_approved"  # by the owner, or something stands against the offer by itself
CANNOT_ASK_OWNERS = "cannot_ask_owners"
_BY_KIND = {
    AddressKind.PHONE: Channel.SMS,  # whether they have WhatsApp is not known
    AddressKind.EMAIL: Channel.EMAIL,
    AddressKind.POST: Channel.LETTER,
}
_OF_TIME = frozenset({ReasonCode.NOT_AT_THIS_HOUR, ReasonCode.TOO_OFTEN})
_PASSING = _OF_TIME | {ReasonCode.CANNOT_ASK_CUSTOMER, ReasonCode.CANNOT_ASK_COMPLAINTS}


@dataclass(frozen=True, kw_only=True)
class Lines:
    """The house's own lines: by what a person is reached, and how marketing is refused."""

    reach: str
    refuse: str


@dataclass(frozen=True, kw_only=True)
class Means:
    """All that sending takes."""

    outbox: Outbox
    consents: Consents
    sources: Sources
    contacts: Contacts
    bounces: Bounces
    gateways: Mapping[Channel, Gateway]
    lines: Lines
    approvals: Approvals


class CameTo(StrEnum):
    """What a run made of a message."""

    SENT = "sent"
    PUT_OFF = "put_off"
    WITHHELD = "withheld"
    NOT_TAKEN = "not_taken"
    SILENT = "silent"
    UNCLEAR = "unclear"
    FAILED = "failed"
    ANOTHERS = "anothers"  # another run, or a receipt, was quicker


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a run made of one message."""

    message_id: str
    came_to: CameTo
    failure: Exception | None = None


@dataclass(frozen=True, kw_only=True)
class _Way:
    """By which channel and to which address of whom, or why by none."""

    person: Person | None = None
    question: Question | None = None
    address: Address | None = None
    reasons: tuple[str, ...] = ()
    again_at: datetime | None = None


class _Remembered:
    """Implements ports.Sources, and asks each once, however many channels are looked at."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._people: dict[tuple[str, ...], Person | None] = {}
        self._complaints: dict[tuple[str, ...], Sequence[str | None] | None] = {}

    def person(self, ids: Collection[str], correlation_id: str) -> Person | None:
        key = tuple(sorted(ids))
        if key not in self._people:
            self._people[key] = self._sources.person(ids, correlation_id)
        return self._people[key]

    def complaints(self, ids: Collection[str], correlation_id: str) -> Sequence[str | None] | None:
        key = tuple(sorted(ids))
        if key not in self._complaints:
            self._complaints[key] = self._sources.complaints(ids, correlation_id)
        return self._complaints[key]


def send_due(means: Means, act: Act) -> Iterator[Outcome]:
    """Send what is due, the longest due first; tell what came of each as it comes.

    At most two hundred, and none that would begin after two and a half minutes: what a run has
    claimed must be answered for before another takes it for stale. One that fails holds up none.
    """
    began = monotonic()
    for message in means.outbox.due(act.at, MOST):
        if monotonic() - began > PATIENCE:
            break
        try:
            came_to, failure = _look_at(means, act, message), None
        except Exception as error:  # noqa: BLE001 whatever is wrong with one, the others wait
            came_to, failure = CameTo.FAILED, error
        yield Outcome(message_id=message.message_id, came_to=came_to, failure=failure)


def _look_at(means: Means, act: Act, message: Message) -> CameTo:
    try:
        if message.status is MessageStatus.CLAIMED:
            return _again(means, act, message)
        return _send(means, act, message)
    except ChangedMeanwhile:
        return CameTo.ANOTHERS


def _send(means: Means, act: Act, message: Message) -> CameTo:
    if act.at >= message.until:
        return _withheld(means, message.withheld(act, (*message.reasons, TOO_LATE)))
    way = _way(means, act, message)
    if way.address is None or way.question is None or way.person is None:
        if way.again_at is None:
            return _withheld(means, message.withheld(act, way.reasons))
        return _put_off(means, message.put_off(act, way.again_at, way.reasons))
    claimed = message.claimed(
        act,
        Claim(
            at=act.at,
            channel=way.question.channel,
            language=spoken(message.language or way.person.language),
            address_key=means.bounces.key_of(way.address),
            hint=way.address.hint,
            ids=tuple(sorted({*way.person.ids, *message.members})),
            counted_as=way.question.purpose.counted_as,
            run=secrets.token_hex(8),
        ),
    )
    try:
        means.outbox.claim(claimed)
    except SaidAlready:
        return _withheld(means, message.withheld(act, (SAID_ALREADY,)))
    return _let_go(
        means, act, claimed, question=way.question, person=way.person, address=way.address
    )


def _let_go(
    means: Means,
    act: Act,
    claimed: Message,
    *,
    question: Question,
    person: Person,
    address: Address,
) -> CameTo:
    """Give what is claimed to its gateway, unless something stands against it by now."""
    try:
        against = _against(means, act, claimed, question, address)
    except Unavailable:
        means.outbox.release(claimed.not_taken(act, CANNOT_ASK_OWNERS), claimed=claimed)
        return CameTo.NOT_TAKEN
    if against is not None:
        means.outbox.release(claimed.called_off(act, (against,)), claimed=claimed)
        return CameTo.WITHHELD
    return _given(means, act, claimed, person.written(address))


def _given(means: Means, act: Act, claimed: Message, to: str) -> CameTo:
    """Give it to its gateway for the first time, and keep what that said."""
    try:
        answer = _call(means, claimed, to)
    except Silent:
        return CameTo.SILENT  # it stays claimed; a later run looks into it
    if isinstance(answer, Taken):
        means.outbox.save(claimed.sent(act, answer.gateway_id))
        return CameTo.SENT
    if answer.for_good:
        means.outbox.release(claimed.withheld(act, (GATEWAY_REFUSED,)), claimed=claimed)
        return CameTo.WITHHELD
    means.outbox.release(claimed.not_taken(act, answer.why), claimed=claimed)
    return CameTo.NOT_TAKEN


def _again(means: Means, act: Act, message: Message) -> CameTo:
    """Look into a claim that nobody has answered for: its run died, or its gateway was silent.

    The same is given to the same gateway once more, where that knows a repeat.
    """
    claim = message.claim
    gateway = means.gateways.get(claim.channel) if claim else None
    if claim is None or gateway is None or not gateway.knows_repeats or act.at >= message.until:
        return _unclear(means, message.unclear(act, SILENT))
    person = _person(means, act, message)
    if person is None:
        return _kept(means, message.kept_claimed(act, act.at + SHORTLY))
    question = Question.of(message.purpose, claim.channel, act.at)
    address = _same(means, person, claim)
    if address is None:
        return _unclear(means, message.unclear(act, REFUSED_MEANWHILE))
    return _once_more(means, act, message, question=question, person=person, address=address)


def _once_more(
    means: Means,
    act: Act,
    message: Message,
    *,
    question: Question,
    person: Person,
    address: Address,
) -> CameTo:
    """Give the same to its gateway again, where it may be said and at an hour for it."""
    try:
        against = _against(means, act, message, question, address)
    except Unavailable:
        return _kept(means, message.kept_claimed(act, act.at + SHORTLY))
    if against is not None:
        return _unclear(means, message.unclear(act, against))
    opens = _opens_at(question)
    if opens > act.at:
        return _kept(means, message.kept_claimed(act, opens))
    return _repeated(means, act, message, person.written(address))


def _repeated(means: Means, act: Act, message: Message, to: str) -> CameTo:
    """Give it to its gateway again. One that does not take it now may have taken it then."""
    # Before the call, so that of two runs one asks.
    mine = message.kept_claimed(act, act.at + SHORTLY, run=secrets.token_hex(8))
    means.outbox.save(mine)
    try:
        answer = _call(means, mine, to)
    except Silent:
        return CameTo.SILENT
    if isinstance(answer, Taken):
        means.outbox.save(mine.sent(act, answer.gateway_id))
        return CameTo.SENT
    return _unclear(means, mine.unclear(act, answer.why)) if answer.for_good else CameTo.SILENT


def _person(means: Means, act: Act, message: Message) -> Person | None:
    try:
        return means.sources.person(_ids(message), act.correlation_id)
    except CustomerUnknown:
        return None


def _call(means: Means, message: Message, to: str) -> Taken | NotTaken:
    claim = message.claim
    if claim is None:
        raise ValueError("nothing leaves unclaimed")
    text = template_of(message.template, message.purpose).text(
        claim.channel,
        claim.language,
        message.values,
        reach=means.lines.reach,
        refuse=means.lines.refuse,
    )
    return means.gateways[claim.channel].send(message.message_id, text, to)


def _way(means: Means, act: Act, message: Message) -> _Way:
    """The first channel that the person prefers and that may be used now."""
    remembered = replace(means, sources=_Remembered(means.sources))
    try:
        person = remembered.sources.person(_ids(message), act.correlation_id)
    except CustomerUnknown:  # the newest are known there a moment later than here
        return _Way(reasons=(CUSTOMER_UNKNOWN,), again_at=act.at + SHORTLY)
    nos: list[Permission] = []
    for channel in _channels(message, person):
        if channel not in means.gateways:
            continue
        if message.channel is None and channel is Channel.LETTER and _some_wait(nos):
            continue  # no letter, where a text goes in the morning
        question = Question.of(message.purpose, channel, act.at)
        try:
            permission = may_contact(
                remembered.consents,
                remembered.sources,
                remembered.contacts,
                remembered.bounces,
                question,
                customer_id=message.customer_id,
                members=message.members,
                correlation_id=act.correlation_id,
            )
        except Invalid:  # the holidays of that time are not known yet
            return _Way(reasons=(CALENDAR_UNKNOWN,), again_at=act.at + timedelta(hours=1))
        if permission.may:
            return _Way(person=person, question=question, address=permission.address)
        nos.append(permission)
    if not nos:
        return _Way(reasons=(NO_GATEWAY,), again_at=act.at + timedelta(hours=1))
    return _no_way(nos, act.at)


def _no_way(nos: Sequence[Permission], at: datetime) -> _Way:
    codes = {one.code for no in nos for one in no.reasons}
    times = [no.again_at for no in nos if no.again_at is not None]
    if _some_wait(nos):
        return _Way(reasons=tuple(sorted(codes)), again_at=min(times, default=at + SHORTLY))
    return _Way(reasons=tuple(sorted(codes)))


def _some_wait(nos: Sequence[Permission]) -> bool:
    return any({one.code for one in no.reasons} <= _PASSING for no in nos)


def _channels(message: Message, person: Person | None) -> list[Channel]:
    """In the order in which they are tried; letters come last, unless they are asked for."""
    if message.channel is not None:
        return [message.channel]
    kinds = [one.address.kind for one in person.points] if person else []
    found = list(dict.fromkeys(_BY_KIND[one] for one in kinds)) or [Channel.SMS]
    return sorted(found, key=lambda one: one is Channel.LETTER)


def _is_agreed(means: Means, question: Question, address: Address) -> bool:
    """Whether no refusal stands against it, as it is at this very moment."""
    needs = question.purpose.needs
    if needs is None:
        return True
    key = means.consents.key_of(address, question.channel.consent, needs)
    said, is_all = means.consents.said_of(key)
    # Of what is there, nothing is still to come, whatever time this run goes by.
    now = max([question.at, *(one.said_at for one in said)])
    return standing(said, now, is_all=is_all).may_be_written_to


def _against(
    means: Means, act: Act, message: Message, question: Question, address: Address
) -> str | None:
    """What stands against it at this very moment: a refusal, or an owner's word on an offer.

    Raise Unavailable where the latter cannot be found out.
    """
    if not _is_agreed(means, question, address):
        return REFUSED_MEANWHILE
    offer_id = message.offer_id
    if offer_id is not None and not means.approvals.allows(offer_id, _ids(message), act.at):
        return NOT_APPROVED
    return None


def _same(means: Means, person: Person, claim: Claim) -> Address | None:
    """The address that it was claimed for, if it is still theirs and in use."""
    for point in person.points:
        if point.state == "in_use" and means.bounces.key_of(point.address) == claim.address_key:
            return point.address
    return None


def _opens_at(question: Question) -> datetime:
    if question.purpose.is_urgent:
        return question.at
    try:
        return opens_at(question.purpose.nature, question.channel, question.at)
    except HolidaysUnknown:
        return question.at + timedelta(hours=1)


def _ids(message: Message) -> list[str]:
    return sorted({message.customer_id, *message.members})


def _put_off(means: Means, message: Message) -> CameTo:
    means.outbox.save(message)
    is_over = message.status is MessageStatus.WITHHELD
    return CameTo.WITHHELD if is_over else CameTo.PUT_OFF


def _withheld(means: Means, message: Message) -> CameTo:
    means.outbox.save(message)
    return CameTo.WITHHELD


def _kept(means: Means, message: Message) -> CameTo:
    means.outbox.save(message)
    return CameTo.PUT_OFF


def _unclear(means: Means, message: Message) -> CameTo:
    means.outbox.save(message)
    return CameTo.UNCLEAR
