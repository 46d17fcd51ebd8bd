"""Wires the orders service to AWS. The only reader of the environment."""

import os
from functools import cache
from typing import TYPE_CHECKING

from services.orders.adapters import (
    CustomerFunction,
    DynamoOrders,
    DynamoWaitingNews,
    OrderSummaries,
    projection,
)
from services.orders.events import READ, event_of
from shared.access import Caller
from shared.aws import clients
from shared.aws.cursors import Cursors
from shared.aws.erasing import Erasure
from shared.aws.links import Links
from shared.aws.projection import Projector
from shared.aws.publication import EventBus
from shared.aws.queue import DeadLetters, EventReader
from shared.aws.reconciliation import Reconciliation
from shared.aws.rows import Rows
from shared.contracts.customer import CustomerErased, CustomerLinkChanged
from shared.contracts.event import Message

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


DEADLINE = 2.5  # seconds for the customer service, so that a batch of ten comes to an end in time


def lookup_key() -> str:
    """The secret that look-up keys, fingerprints and cursors are made with."""
    return os.environ["LOOKUP_KEY"]


def allowed_origins() -> str:
    return os.environ["ALLOWED_ORIGINS"]


def webhook_secrets() -> str:
    """A JSON object: who may send webhooks, and the secret that each signs with."""
    return os.environ["ORDERS_WEBHOOK_SECRETS"]


@cache
def orders() -> DynamoOrders:
    return DynamoOrders(_dynamodb(), _table(), lookup_key())


@cache
def people() -> CustomerFunction:
    # The same question never makes two customers, so it may be asked again.
    client = clients.functions(deadline=DEADLINE, attempts=clients.ATTEMPTS)
    return CustomerFunction(client, os.environ["CUSTOMER_FIND_OR_CREATE"])


@cache
def waiting() -> DynamoWaitingNews:
    return DynamoWaitingNews(_dynamodb(), _table(), _dead_letters())


@cache
def rows() -> Rows:
    return Rows(_dynamodb(), _table())


@cache
def summaries() -> OrderSummaries:
    return OrderSummaries(rows())


@cache
def links() -> Links:
    return Links(_dynamodb(), _table())


@cache
def erasure() -> Erasure:
    return Erasure(_dynamodb(), _table())


@cache
def bus() -> EventBus:
    return EventBus(clients.events(), os.environ["EVENT_BUS"])


@cache
def projector() -> Projector:
    return Projector(_dynamodb(), _table(), projection)


@cache
def reconciliation() -> Reconciliation:
    return Reconciliation(_dynamodb(), _table(), bus(), event_of, projector())


@cache
def events() -> EventReader:
    known: tuple[type[Message], ...] = (CustomerErased, CustomerLinkChanged, *READ)
    return EventReader({event.detail_type: event for event in known}, _dead_letters())


def cursors(caller: Caller) -> Cursors:
    return Cursors(lookup_key(), caller.subject)


@cache
def _dead_letters() -> DeadLetters:
    return DeadLetters(clients.sqs(), os.environ["ORDERS_EVENTS_DEAD_LETTERS"])


@cache
def _dynamodb() -> "DynamoDBClient":
    return clients.dynamodb()


def _table() -> str:
    return os.environ["ORDERS_TABLE"]
