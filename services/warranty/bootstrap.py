"""Wires the warranty service to AWS. The only reader of the environment."""

import os
from functools import cache
from typing import TYPE_CHECKING

from services.warranty.adapters import (
    CustomerFunction,
    DynamoBuyers,
    DynamoRegistrations,
    DynamoUnits,
    UnitSummaries,
    projections,
)
from services.warranty.domain import Unit
from services.warranty.events import event_of
from shared.access import Caller
from shared.aws import clients
from shared.aws.cursors import Cursors
from shared.aws.erasing import Erasure
from shared.aws.links import Links
from shared.aws.projection import Projector
from shared.aws.publication import EventBus
from shared.aws.queue import DeadLetters, EventReader
from shared.aws.rebuilding import Rebuilding
from shared.aws.reconciliation import Reconciliation
from shared.aws.rows import Rows
from shared.contracts.customer import CustomerErased, CustomerLinkChanged
from shared.contracts.orders import OrderAttributed, OrderDelivered

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

DEADLINE = 5.0  # seconds that the customer service has to answer, its cold start included


def lookup_key() -> str:
    """The secret that look-up keys, fingerprints and cursors are made with."""
    return os.environ["LOOKUP_KEY"]


def allowed_origins() -> str:
    return os.environ["ALLOWED_ORIGINS"]


@cache
def units() -> DynamoUnits:
    return DynamoUnits(_dynamodb(), _table(), lookup_key(), rows())


@cache
def registrations() -> DynamoRegistrations:
    return DynamoRegistrations(_dynamodb(), _table(), lookup_key())


@cache
def buyers() -> DynamoBuyers:
    return DynamoBuyers(_dynamodb(), _table(), lookup_key())


@cache
def people() -> CustomerFunction:
    # The same question never makes two customers, so it may be asked again.
    client = clients.functions(deadline=DEADLINE, attempts=clients.ATTEMPTS)
    return CustomerFunction(client, os.environ["CUSTOMER_FIND_OR_CREATE"])


@cache
def rows() -> Rows:
    return Rows(_dynamodb(), _table())


@cache
def summaries() -> UnitSummaries:
    return UnitSummaries(rows())


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
    return Projector(_dynamodb(), _table(), *projections)


@cache
def reconciliation() -> Reconciliation:
    return Reconciliation(_dynamodb(), _table(), bus(), event_of, projector())


@cache
def rebuilding() -> Rebuilding:
    return Rebuilding(_dynamodb(), _table(), projector(), {Unit.kind: units().find_again})


@cache
def events() -> EventReader:
    dead_letters = DeadLetters(clients.sqs(), os.environ["WARRANTY_EVENTS_DEAD_LETTERS"])
    known = (CustomerErased, CustomerLinkChanged, OrderDelivered, OrderAttributed)
    return EventReader({event.detail_type: event for event in known}, dead_letters)


def cursors(caller: Caller) -> Cursors:
    return Cursors(lookup_key(), caller.subject)


@cache
def _dynamodb() -> "DynamoDBClient":
    return clients.dynamodb()


def _table() -> str:
    return os.environ["WARRANTY_TABLE"]
