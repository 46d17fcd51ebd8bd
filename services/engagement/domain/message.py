"""A message to somebody: asked for once, sent at most once, and what became of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar

from services.engagement.domain.address import Channel
from services.engagement.domain.consent import NOBODY
from services.engagement.domain.purposes import NAMES, Nature
from services.engagement.domain.wordings import template_of
from shared.calendar import DatedRules, Rule, day_in_turkey
from shared.entity import Act, Entity, Happening
from shared.errors import Conflict, Invalid, NotFound

CODES = "verification"  # the one purpose that has no template: the customer service sends codes
WRITTEN = frozenset(Channel) - {Channel.CALL}
STALE_AFTER = timedelta(minutes=5)  # a claim whose run has not come back by then is looked into
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)

# How long it is tried. What comes too late is worse than nothing; our own word.
WORTH_SAYING_FOR: DatedRules[Mapping[Nature, timedelta]] = DatedRules(
    Rule(
        since=date(2015, 1, 1),
        holds={
            Nature.SERVICE: timedelta(days=3),
            Nature.MARKETING: timedelta(days=7),
            Nature.SURVEY: timedelta(days=7),
        },
        source="the company's own word",
    )
)
# How long an address is left alone that a gateway says does not exist; our own word.
BOUNCE_HOLDS_FOR = DatedRules(
    Rule(since=date(2015, 1, 1), holds=timedelta(days=180), source="the company's own word")
)

TOO_LATE = "too_late"
SAID_ALREADY = "said_already"
GATEWAY_REFUSED = "gateway_refused"
GATEWAY_BUSY = "gateway_busy"
NO_GATEWAY = "no_gateway"
SILENT = "gateway_silent"  # it never said whether it has it
REFUSED_MEANWHILE = "refused_meanwhile"
GIVEN_UP = "given_up"  # somebody has looked, and lets it be
ERASED = "erased"  # the person was, and with them what there was to say
CUSTOMER_UNKNOWN = "customer_unknown"


class MessageStatus(StrEnum):
    """How far it has come."""

    WAITING = "waiting"
    CLAIMED = "claimed"  # a run is sending it just now, and nobody else may
    SENT = "sent"  # a gateway has taken it
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    UNCLEAR = "unclear"  # it may have been sent or not; a person must look
    WITHHELD = "withheld"


class ReceiptKind(StrEnum):
    """What a gateway, or the call centre, tells of a message."""

    DELIVERED = "delivered"
    BOUNCED_HARD = "bounced_hard"  # there is no such address
    BOUNCED_SOFT = "bounced_soft"  # it was not there this time
    OPENED = "opened"
    CLICKED = "clicked"
    REACHED = "reached"  # by the line in it they came to speak with a person


class Ruling(StrEnum):
    """What somebody says who has looked whether an unclear message has left."""

    SENT = "sent"
    SEND_AGAIN = "send_again"
    GIVE_UP = "give_up"


class MessageNotFound(NotFound):
    def __init__(self, message_id: str) -> None:
        super().__init__(f"message {message_id} does not exist")


class ReasonUsed(Conflict):
    """The person was, or is to be, told something for this reason already."""

    def __init__(self, message_id: str) -> None:
        super().__init__(
            f"{message_id} was asked for with this reason already, and one reason is said once"
        )
        self.message_id = message_id


class NeverSent(Conflict):
    def __init__(self, message_id: str) -> None:
        super().__init__(f"message {message_id} has never been given to a gateway")


class NothingToDecide(Conflict):
    """Whether it has left is known, or it cannot be sent again."""

    def __init__(self, message_id: str, why: str) -> None:
        super().__init__(f"{message_id} {why}", legal_moves=())


@dataclass(frozen=True, kw_only=True)
class Claim:
    """By which way a run is sending it, since when, and for whose ids its reason is said.

    `address_key` is the keyed hash of the address; nothing else of it is kept but the hint.
    """

    at: datetime
    channel: Channel
    language: str
    address_key: str
    hint: str
    ids: tuple[str, ...]
    counted_as: str
    run: str  # a name of its own, so that none takes another's claim for its own


@dataclass(frozen=True, kw_only=True)
class Message(Entity):
    """What somebody is to be told, for a reason, and what became of it.

    `channel` is the one that it must go by, or in the end went by; None for the person's own
    choice. `again_at` is when a run next looks at it, `until` when it is worth saying no more.
    """

    kind: ClassVar[str] = "message"

    message_id: str
    members: tuple[str, ...]  # the ids that were one person when it was asked for
    purpose: str
    reason: str
    template: str
    values: Mapping[str, str]
    asked_at: datetime
    until: datetime
    channel: Channel | None = None
    language: str | None = None
    offer_id: str | None = None
    status: MessageStatus = MessageStatus.WAITING
    again_at: datetime | None = None
    claim: Claim | None = None  # the last one
    attempts: int = 0
    reasons: tuple[str, ...] = ()
    gateway_id: str | None = None
    sent_at: datetime | None = None
    heard: Mapping[str, datetime] = field(default_factory=dict)  # when each receipt happened
    forgotten_at: datetime | None = None  # since when nothing stands in it that names anybody

    @property
    def entity_id(self) -> str:
        return self.message_id

    @property
    def due_at(self) -> datetime | None:
        """When a run has to look at it; None where none has to any more."""
        is_open = self.status in (MessageStatus.WAITING, MessageStatus.CLAIMED)
        return self.again_at if is_open else None

    @property
    def sent_by(self) -> Channel | None:
        """The channel that it goes or went by, once that is known."""
        return self.claim.channel if self.claim else self.channel

    @classmethod
    def ask(
        cls,
        act: Act,
        *,
        message_id: str,
        customer_id: str,
        members: Collection[str],
        purpose: str,
        nature: Nature,
        reason: str,
        template: str,
        values: Mapping[str, str],
        channel: Channel | None = None,
        language: str | None = None,
        offer_id: str | None = None,
    ) -> "Message":
        """A message that waits. Raise Invalid where it could not be written out."""
        if purpose == CODES:
            raise Invalid(
                "codes are sent by the customer service alone; open a session and ask for one",
                field="purpose",
            )
        if channel not in (None, *WRITTEN):
            raise Invalid(
                f"nobody can be written to by it; take one of {', '.join(sorted(WRITTEN))}",
                field="channel",
            )
        template_of(template, purpose).check(values)
        message = cls(
            message_id=message_id,
            customer_id=customer_id,
            members=tuple(sorted({customer_id, *members} - {NOBODY})),
            purpose=purpose,
            reason=reason,
            template=template,
            values=dict(values),
            asked_at=act.at,
            until=act.at + WORTH_SAYING_FOR.on(day_in_turkey(act.at))[nature],
            channel=channel,
            language=language,
            offer_id=offer_id,
            again_at=act.at,
        )
        return message.after(act, Happening(what="asked", facts=message._facts()))

    def claimed(self, act: Act, claim: Claim) -> "Message":
        """A run is about to send it; until it says what came of it, nobody else touches it."""
        return self.after(
            act,
            Happening(what="claimed", facts=self._facts(claim)),
            status=MessageStatus.CLAIMED,
            claim=claim,
            attempts=self.attempts + 1,
            reasons=(),
            again_at=act.at + STALE_AFTER,
        )

    def sent(self, act: Act, gateway_id: str | None) -> "Message":
        """A gateway has taken it."""
        return self.after(
            act,
            Happening(what="sent", facts=self._facts()),
            status=MessageStatus.SENT,
            gateway_id=gateway_id,
            sent_at=act.at,
            again_at=None,
            reasons=(),
        )

    def put_off(self, act: Act, again_at: datetime, reasons: Collection[str]) -> "Message":
        """It waits, since nothing but time stands against it."""
        if again_at >= self.until:
            return self.withheld(act, (*reasons, TOO_LATE))
        return self.after(
            act,
            Happening(what="put_off", facts={"reasons": sorted(reasons)}),
            status=MessageStatus.WAITING,
            again_at=again_at,
            reasons=tuple(sorted(reasons)),
        )

    def not_taken(self, act: Act, why: str) -> "Message":
        """A gateway surely has it not, and may have it the next time."""
        pause = min(FIRST_PAUSE * 2 ** min(self.attempts - 1, 10), LONGEST_PAUSE)
        return self.put_off(act, act.at + pause, (why,))

    def withheld(self, act: Act, reasons: Collection[str]) -> "Message":
        """It is not sent, for these reasons, and will not be."""
        told = tuple(sorted(set(reasons)))
        return self.after(
            act,
            Happening(what="withheld", facts={**self._facts(), "reasons": list(told)}),
            status=MessageStatus.WITHHELD,
            reasons=told,
            again_at=None,
        )

    def called_off(self, act: Act, reasons: Collection[str]) -> "Message":
        """It was claimed, and may not be sent after all; no gateway has heard of it."""
        return replace(self.withheld(act, reasons), claim=None)

    def kept_claimed(self, act: Act, again_at: datetime, *, run: str | None = None) -> "Message":
        """Whether a gateway has it is not known; the same is tried again then.

        `run` is who tries it now; None where nobody does.
        """
        claim = self.claim
        if claim is not None and run is not None:
            claim = replace(claim, run=run)
        return self.after(act, Happening(what="kept_claimed"), again_at=again_at, claim=claim)

    def unclear(self, act: Act, why: str) -> "Message":
        """Whether a gateway has it cannot be found out; a person must look."""
        return self.after(
            act,
            Happening(what="unclear", facts={"reason": why}),
            status=MessageStatus.UNCLEAR,
            reasons=(why,),
            again_at=None,
        )

    def ruled(self, act: Act, ruling: Ruling) -> "Message":
        """What somebody says of it who has looked whether it left; itself where that was said.

        Raise NothingToDecide where it is not unclear, or is not to be sent again.
        """
        told = Happening(what="ruled", facts={"ruling": ruling.value})
        if self.status is not MessageStatus.UNCLEAR or self.claim is None:
            if self.log[-1].what != "ruled" or self.log[-1].facts != told.facts:
                raise NothingToDecide(self.message_id, "is not unclear; read what became of it")
            return self
        if ruling is Ruling.SENT:
            sent = Happening(what="sent", facts=self._facts(), happened_at=self.claim.at)
            return self.after(
                act,
                sent,
                told,
                status=MessageStatus.SENT,
                sent_at=self.claim.at,
                reasons=(),
            )
        if ruling is Ruling.GIVE_UP:
            given_up = Happening(what="withheld", facts={**self._facts(), "reasons": [GIVEN_UP]})
            return self.after(
                act, given_up, told, status=MessageStatus.WITHHELD, reasons=(GIVEN_UP,)
            )
        if self.forgotten_at is not None or act.at >= self.until:
            raise NothingToDecide(
                self.message_id, "is not to be said any more; say that it was sent, or give it up"
            )
        return self.after(act, told, status=MessageStatus.WAITING, again_at=act.at, reasons=())

    def forgotten(self, act: Act) -> "Message":
        """It without what it says, since whoever it was to was erased; nothing leaves any more.

        Itself where that was so before. What was being sent may have left.
        """
        if self.forgotten_at is not None:
            return self
        silent = replace(self, values={}, forgotten_at=act.at)
        if silent.claim is not None:
            silent = replace(silent, claim=replace(silent.claim, hint="", address_key=""))
        if self.status is MessageStatus.WAITING:
            return silent.withheld(act, (ERASED,))
        if self.status is MessageStatus.CLAIMED:
            return silent.unclear(act, ERASED)
        return silent.after(act, Happening(what="forgotten"))

    def received(
        self, act: Act, kind: ReceiptKind, at: datetime, gateway_id: str | None = None
    ) -> "Message":
        """It with a receipt; itself where that was heard before. In whatever order they come.

        What has a receipt was sent, whatever we thought. Raise NeverSent where that cannot be.
        """
        if self.claim is None:
            raise NeverSent(self.message_id)
        if kind in self.heard:
            return self
        happened_at = min(at, act.at)  # clocks differ
        heard = {**self.heard, kind.value: happened_at}
        happenings = []
        changes: dict[str, Any] = {}
        if self.sent_at is None:
            happenings.append(
                Happening(what="sent", facts=self._facts(), happened_at=self.claim.at)
            )
            changes |= {"sent_at": self.claim.at, "again_at": None, "reasons": ()}
        if gateway_id is not None and self.gateway_id is None:
            changes["gateway_id"] = gateway_id
        happenings.append(
            Happening(
                what=kind.value,
                facts=self._facts(),
                happened_at=happened_at,
            )
        )
        return self.after(act, *happenings, heard=heard, status=_status(heard), **changes)

    def _facts(self, claim: Claim | None = None) -> dict[str, Any]:
        by = claim.channel if claim else self.sent_by
        facts = {"purpose": self.purpose, "template": self.template}
        facts |= {"channel": by.value} if by else {}
        return facts | ({"offer_id": self.offer_id} if self.offer_id else {})


def _status(heard: Mapping[str, datetime]) -> MessageStatus:
    """What the receipts come to: that there is no such address outweighs that it was taken there.

    What was opened was delivered. A delivery after a soft bounce is a delivery.
    """
    if ReceiptKind.BOUNCED_HARD in heard:
        return MessageStatus.BOUNCED
    if heard.keys() & {ReceiptKind.DELIVERED, ReceiptKind.OPENED, ReceiptKind.CLICKED}:
        return MessageStatus.DELIVERED
    if ReceiptKind.BOUNCED_SOFT in heard:
        return MessageStatus.BOUNCED
    return MessageStatus.SENT


def purposes() -> tuple[str, ...]:
    """What messages may be for."""
    return tuple(one for one in NAMES if one != CODES)
