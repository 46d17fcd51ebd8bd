"""What people are to be told, and what became of it."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

from services.engagement import bootstrap
from services.engagement.adapters import message_list
from services.engagement.domain import CustomerUnknown, Message, MessageNotFound
from services.engagement.schemas.messages import (
    AskForMessage,
    ListMessages,
    MessageList,
    MessageRow,
    MessageView,
    ReadTallies,
    ReceiptBody,
    ReceiptView,
    RuleOnMessage,
    TallyList,
)
from services.engagement.use_cases import messages as use_cases
from services.engagement.use_cases.sending import CameTo, send_due
from shared.access import Action
from shared.aws import logs
from shared.aws.http import Answer, Api, Request
from shared.aws.rows import Page, shown
from shared.contracts.customer import CustomerErased
from shared.entity import Act
from shared.errors import Invalid


class SomebodyMustLook(Exception):
    """Some messages failed, or nobody can say whether they have left."""


def open_messages(api: Api) -> None:
    """Serve the routes of messages, their receipts and their lines."""

    @api.route(
        "POST",
        "/messages",
        action=Action.SEND_MESSAGE,
        takes=AskForMessage,
        gives=MessageView,
        creates="msg",
    )
    def ask_for_message(request: Request[AskForMessage]) -> Answer:
        """Have a customer told something, once for its reason, when and by what it may be"""
        body = request.body
        members = bootstrap.rows().members
        if not request.reaches(body.customer_id, members):
            raise CustomerUnknown(body.customer_id)
        message, replayed = use_cases.ask_for(
            bootstrap.outbox(),
            request.act(),
            message_id=request.new_id,
            fingerprint=request.fingerprint,
            customer_id=body.customer_id,
            members=members(body.customer_id),
            purpose=body.purpose,
            reason=body.reason,
            template=body.template,
            values=body.values,
            channel=body.channel,
            language=body.language,
        )
        return Answer(
            body=MessageView.of(message),
            version=message.version,
            status=200 if replayed else 201,
            replayed=replayed,
        )

    @api.route(
        "GET", "/messages", action=Action.READ_MESSAGE, query=ListMessages, gives=MessageList
    )
    def list_messages(request: Request[None]) -> Answer:
        """List what a customer was or is to be told, the newest first, or what is unclear"""
        asked: ListMessages = request.query
        if (asked.customer_id is None) is not asked.unclear:
            raise Invalid("say whose messages, or unclear=true", field="customer_id")
        page = _unclear(request, asked) if asked.unclear else _of_customer(request, asked)
        rows = [MessageRow.model_validate(shown(row)) for row in page.rows]
        return Answer(body=MessageList(messages=rows, cursor=page.cursor))

    @api.route("GET", "/messages/{message_id}", action=Action.READ_MESSAGE, gives=MessageView)
    def read_message(request: Request[None], message_id: str) -> Answer:
        """Read a message"""
        message = _message(request, message_id)
        return Answer(body=MessageView.of(message), version=message.version)

    @api.route(
        "POST",
        "/messages/{message_id}/rule",
        action=Action.RULE_ON_MESSAGE,
        takes=RuleOnMessage,
        gives=MessageView,
    )
    def rule_on_message(request: Request[RuleOnMessage], message_id: str) -> Answer:
        """Say of an unclear message that it was sent, is to be sent again, or is given up"""
        _message(request, message_id)
        message = use_cases.rule(
            bootstrap.outbox(), request.act(), message_id, request.body.ruling
        )
        return Answer(body=MessageView.of(message), version=message.version)

    @api.route(
        "POST",
        "/receipts/{partner}",
        action=Action.GIVE_RECEIPT,
        takes=ReceiptBody,
        gives=ReceiptView,
        public=True,
        signed=bootstrap.webhook_secrets,
    )
    def give_receipt(request: Request[ReceiptBody], partner: str) -> Answer:
        """Tell what became of a message, as often and in whatever order you like"""
        body = request.body
        act = Act(by=f"partner.{partner}", at=request.now, correlation_id=request.correlation_id)
        message, was_known = use_cases.receive(
            bootstrap.outbox(),
            bootstrap.bounces(),
            act,
            message_id=body.message_id,
            kind=body.kind,
            at=body.at.astimezone(UTC),
            gateway_id=body.gateway_id,
        )
        return Answer(
            body=ReceiptView(
                message_id=message.message_id, status=message.status, was_known=was_known
            )
        )

    @api.route("GET", "/lines", action=Action.READ_LINES, query=ReadTallies, gives=TallyList)
    def read_lines(request: Request[None]) -> Answer:
        """Count how often the line to a person went out on a day, and was followed"""
        day = request.query.day
        return Answer(body=TallyList.of(day, list(bootstrap.tallies().of_day(day))))


def send_messages(event: dict[str, Any], run: str) -> dict[str, int]:
    """Send what is due, as of `at` where the event names one; return how many came to what.

    Raise SomebodyMustLook where a message failed, or nobody knows whether it has left; which they
    are is in the log.
    """
    logs.start()
    at = datetime.fromisoformat(event["at"]).astimezone(UTC) if "at" in event else None
    act = Act(by="sahip.engagement", at=at or datetime.now(UTC), correlation_id=run)
    came_to: Counter[str] = Counter()
    with logs.about(correlation_id=run):
        means = bootstrap.means()
        for one in send_due(means, act) if means.gateways else ():
            came_to[one.came_to] += 1
            if one.failure is not None:
                logs.tell_failure("a message failed", one.failure, message=one.message_id)
            else:
                logs.tell("looked at a message", message=one.message_id, came_to=one.came_to)
        logs.tell("messages were sent", **came_to)
    if came_to[CameTo.UNCLEAR] or came_to[CameTo.FAILED]:
        raise SomebodyMustLook(f"{dict(came_to)}; their ids are in the log")
    return {name: count for name, count in sorted(came_to.items()) if count}


def forget(event: CustomerErased) -> None:
    """Take what they say out of the messages to whoever was erased."""
    act = Act(by=event.event_id, at=event.occurred_at, correlation_id=event.correlation_id)
    use_cases.forget_all(bootstrap.outbox(), act, event.customer_id)


def _of_customer(request: Request[None], asked: ListMessages) -> Page:
    customer_id = asked.customer_id or ""
    if not request.reaches(customer_id, bootstrap.rows().members):
        raise CustomerUnknown(customer_id)
    return bootstrap.rows().page_at(
        message_list(customer_id),
        size=asked.limit,
        cursor=asked.cursor,
        cursors=bootstrap.cursors(request.caller),
        query=f"messages of {customer_id}",
    )


def _unclear(request: Request[None], asked: ListMessages) -> Page:
    request.caller.must_be_allowed(Action.LIST_UNCLEAR_MESSAGES)
    return bootstrap.unclear_clocks().due(
        request.now,
        size=asked.limit,
        cursor=asked.cursor,
        cursors=bootstrap.cursors(request.caller),
        query="unclear messages",
    )


def _message(request: Request[Any], message_id: str) -> Message:
    """The message, if it is the caller's business."""
    message = bootstrap.outbox().get(message_id)
    if not request.reaches(message.customer_id, bootstrap.rows().members):
        raise MessageNotFound(message_id)
    return message
