"""Wires the complaints service to AWS. The only reader of the environment."""

import os
from functools import cache, partial
from typing import TYPE_CHECKING

from services.complaints import use_cases
from services.complaints.adapters import (
    Clocks,
    ComplaintProjector,
    ComplaintSummaries,
    DynamoComplaints,
)
from services.complaints.events import event_of
from shared.access import Caller
from shared.aws import clients
from shared.aws.cursors import Cursors
from shared.aws.erasing import Erasure
from shared.aws.links import Links
from shared.aws.publication import EventBus
from shared.aws.queue import DeadLetters, EventReader
from shared.aws.reconciliation import Reconciliation
from shared.aws.rows import Rows
from shared.contracts.customer import CustomerErased, CustomerLinkChanged

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def lookup_key() -> str:
    """The secret that fingerprints and cursors are made with."""
    return os.environ["LOOKUP_KEY"]


def allowed_origins() -> str:
    return os.environ["ALLOWED_ORIGINS"]


@cache
def complaints() -> DynamoComplaints:
    return DynamoComplaints(_dynamodb(), _table(), lookup_key())


@cache
def rows() -> Rows:
    return Rows(_dynamodb(), _table())


@cache
def clocks() -> Clocks:
    return Clocks(_dynamodb(), _table())


@cache
def summaries() -> ComplaintSummaries:
    return ComplaintSummaries(rows())


@cache
def links() -> Links:
    return Links(_dynamodb(), _table())


@cache
def erasure() -> Erasure:
    return Erasure(_dynamodb(), _table(), partial(use_cases.forget_complaint, complaints()))


@cache
def bus() -> EventBus:
    return EventBus(clients.events(), os.environ["EVENT_BUS"])


@cache
def projector() -> ComplaintProjector:
    return ComplaintProjector(_dynamodb(), _table())


@cache
def reconciliation() -> Reconciliation:
    return Reconciliation(_dynamodb(), _table(), bus(), event_of, projector())


@cache
def events() -> EventReader:
    dead_letters = DeadLetters(clients.sqs(), os.environ["COMPLAINTS_EVENTS_DEAD_LETTERS"])
    known = (CustomerErased, CustomerLinkChanged)
    return EventReader({event.detail_type: event for event in known}, dead_letters)


def cursors(caller: Caller) -> Cursors:
    return Cursors(lookup_key(), caller.subject)


@cache
def _dynamodb() -> "DynamoDBClient":
    return clients.dynamodb()


def _table() -> str:
    return os.environ["COMPLAINTS_TABLE"]
