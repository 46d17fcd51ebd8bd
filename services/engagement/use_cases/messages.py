"""What is to be said to somebody: asked for once, for one reason."""

from collections.abc import Collection, Mapping

from services.engagement.domain import Channel, Message, Question
from services.engagement.ports.messages import Outbox
from shared.entity import Act


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
