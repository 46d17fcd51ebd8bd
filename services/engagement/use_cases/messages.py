"""What is to be said to somebody, asked for once for one reason; and what came of it."""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import partial

from services.engagement.domain import (
    BOUNCE_HOLDS_FOR,
    Channel,
    Message,
    MessageStatus,
    Nature,
    Question,
    ReceiptKind,
    Ruling,
)
from services.engagement.ports.messages import Bounces, Outbox
from shared.calendar import day_in_turkey
from shared.entity import Act
from shared.errors import ChangedMeanwhile, Invalid
from shared.meanwhile import until_unchanged

ROUNDS = 3  # of taking in a receipt, while others change its message


def ask_for(
    outbox: Outbox,
    act: Act,
    *,
    message_id: str,
    fingerprint: str,
    customer_id: str,
    members: Collection[str],
    purpose: str,
    reason: str,
    template: str,
    values: Mapping[str, str],
    channel: Channel | None = None,
    language: str | None = None,
    offer_id: str | None = None,
) -> tuple[Message, bool]:
    """Have a message wait to be sent, once for one reason; return whether it was there already.

    Whether it may be sent is found out when it is. Raise Invalid where it could not be written
    out, KeyReused where its id came from another request, and ReasonUsed where the person was
    asked to be told something else for the same reason.
    """
    known = Question.of(purpose, channel or Channel.SMS, act.at)
    if known.purpose.nature is Nature.MARKETING and offer_id is None:
        raise Invalid(
            "what sells goes by an offer, which is put to the owners of those it is for; plan one",
            field="purpose",
        )
    message = Message.ask(
        act,
        message_id=message_id,
        customer_id=customer_id,
        members=members,
        purpose=purpose,
        nature=known.purpose.nature,
        reason=reason,
        template=template,
        values=values,
        channel=channel,
        language=language,
        offer_id=offer_id,
    )
    return outbox.add(message, fingerprint=fingerprint)


def receive(
    outbox: Outbox,
    bounces: Bounces,
    act: Act,
    *,
    message_id: str,
    kind: ReceiptKind,
    at: datetime,
    gateway_id: str | None = None,
) -> tuple[Message, bool]:
    """Take in what a gateway tells of a message; return whether it was heard before.

    Repeats and disorder change nothing, and whoever tells it may be quicker than the run that
    sent it. Raise MessageNotFound, NeverSent, and ChangedMeanwhile where it keeps changing.
    """
    for _ in range(ROUNDS):
        message = outbox.get(message_id)
        heard = message.received(act, kind, at, gateway_id)
        if heard is message:
            return message, True
        key = message.claim.address_key if message.claim else ""
        if kind is ReceiptKind.BOUNCED_HARD and key:  # of who was erased, none is known
            # First, and harmless to repeat: the next time the message itself says no more.
            holds = BOUNCE_HOLDS_FOR.on(day_in_turkey(act.at))
            bounces.put(key, min(at, act.at) + holds)
        try:
            if message.status in (MessageStatus.WAITING, MessageStatus.WITHHELD):
                outbox.restore(heard)  # its gateway had said that it does not have it
            else:
                outbox.save(heard)
        except ChangedMeanwhile:
            continue
        return heard, False
    raise ChangedMeanwhile("it keeps changing; send the same receipt again")


def rule(outbox: Outbox, act: Act, message_id: str, ruling: Ruling) -> Message:
    """Take in what somebody says of a message who has looked whether it left.

    What is sent again counts as not said yet; what is given up may have been said. Raise
    NothingToDecide where that is not to be decided.
    """
    message = outbox.get(message_id)
    ruled = message.ruled(act, ruling)
    if ruled is message:
        return message
    if ruling is Ruling.SEND_AGAIN:
        outbox.release(ruled, claimed=message)
    else:
        outbox.save(ruled)
    return ruled


def forget_all(outbox: Outbox, act: Act, customer_id: str) -> None:
    """Take what they say out of the messages to a customer who was erased. Safe to repeat.

    Raise ChangedMeanwhile where one of them keeps changing.
    """
    for message_id in outbox.listed(customer_id):
        until_unchanged(partial(_forget, outbox, act, message_id), attempts=ROUNDS)


def _forget(outbox: Outbox, act: Act, message_id: str) -> None:
    message = outbox.get(message_id)
    forgotten = message.forgotten(act)
    if forgotten is not message:
        outbox.save(forgotten)
