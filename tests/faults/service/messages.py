"""Messages are asked for and sent, and what comes back."""

from shared.calendar import day_in_turkey
from tests.faults.caller import PATIENCE, Reply
from tests.faults.service.asking import (
    as_cem,
    ask_for_message,
    give_receipt,
    next_noon,
    say_consent,
    send_what_is_due,
    worst,
)
from tests.faults.service.offers import send_offers
from tests.faults.story import Told


def ask_for_messages(told: Told) -> Reply:
    """A text, and one for a gateway that knows repeats."""
    return worst(ask_for_message(told, "text"), ask_for_message(told, "chat", channel="whatsapp"))


def send_messages(told: Told) -> None:
    """The next working day at noon and, since something may have hung, for a while afterwards."""
    for _ in range(PATIENCE):
        send_what_is_due(told)


def approve_another_offer(told: Told) -> Reply:
    path = f"/v1/engagement/offers/{told.ids['unwanted']}/votes"
    reply = as_cem(told).create(path, {"decision": "approve"}, "another")
    send_offers(told)
    return reply


def refuse_while_it_is_sent(told: Told) -> Reply:
    """After a run has claimed the offer, and before it has called anybody."""
    calls = told.world.calls
    refused: list[Reply] = []

    def meanwhile(actor: str) -> None:
        before, now = [None, *calls.made][-2:]
        is_claimed = before is not None and "Put:R" in before.what and "Put:T" in before.what
        if is_claimed and now is not None and now.handler.endswith("SendMessages") and not refused:
            refused.append(say_consent(told, "refused", status="RET"))

    calls.gate = meanwhile
    try:
        send_messages(told)
    finally:
        calls.gate = None
    return say_consent(told, "refused", status="RET")


def ask_for_a_message_that_is_lost(told: Told) -> Reply:
    return ask_for_message(told, "lost")


def lose_a_message(told: Told) -> None:
    """Its run dies before the gateway is called, which knows no repeats."""
    calls = told.world.calls
    has_died: list[str] = []

    def meanwhile(actor: str) -> None:
        before, now = [None, *calls.made][-2:]
        is_claimed = before is not None and "Put:R" in before.what and "Put:T" in before.what
        is_next = now is not None and now.handler.endswith("SendMessages")
        if is_claimed and is_next and not has_died:
            has_died.append(actor)
            raise RuntimeError("the run dies here")

    calls.gate = meanwhile
    try:
        send_messages(told)
    finally:
        calls.gate = None


def rule_on_a_message(told: Told) -> Reply:
    """Nobody knows whether it has left, and somebody who has looked gives it up."""
    operations, path = told.as_("operations"), f"/v1/engagement/messages/{told.ids['lost']}"
    return worst(
        operations.get("/v1/engagement/messages?unclear=true"),
        operations.post(f"{path}/rule", {"ruling": "give_up"}),
    )


def give_receipts(told: Told) -> Reply:
    """Twice, and the last before the first."""
    kinds = ("opened", "delivered", "delivered", "reached")
    return worst(
        *(give_receipt(told, "chat", kind) for kind in kinds),
        *(give_receipt(told, "text", "bounced_hard") for _ in range(2)),
    )


def read_messages(told: Told) -> Reply:
    agent, ayse = told.as_("agent"), told.ids["ayse"]
    return worst(
        agent.get(f"/v1/engagement/messages/{told.ids['text']}"),
        agent.get(f"/v1/engagement/messages?customer_id={ayse}"),
        agent.get(f"/v1/engagement/lines?day={day_in_turkey(next_noon()).isoformat()}"),
    )
