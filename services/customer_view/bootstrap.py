"""Wires the customer view to AWS. The only reader of the environment."""

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING

from services.customer_view.adapters import (
    SCHEMAS,
    DynamoLooks,
    DynamoMemories,
    FindFunction,
    SummaryFunction,
    Timeline,
)
from shared.access import Caller
from shared.aws import clients
from shared.aws.cursors import Cursors
from shared.aws.erasing import Erasure
from shared.aws.facts import Facts
from shared.aws.links import Links
from shared.aws.queue import DeadLetters, EventReader
from shared.aws.rows import Rows
from shared.contracts.catalogue import EVENTS

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_lambda import LambdaClient

DEADLINE = 1.5  # seconds for our own table and for finders, and for a source without a setting
THREADS = 32
# The functions that are asked, by their variable, and the parts that each of them knows.
SOURCES: Mapping[str, Sequence[str]] = {
    "CUSTOMER_SUMMARY": ("customer", "conversations", "care"),
    "ORDERS_SUMMARY": ("orders", "payments", "risk"),
    "COMPLAINTS_SUMMARY": ("complaints",),
    "WARRANTY_SUMMARY": ("products",),
    "ENGAGEMENT_SUMMARY": ("engagement",),
}
# The functions that know whose something is, by their variable, for each kind of identifier.
FINDERS: Mapping[str, str] = {
    "phone": "CUSTOMER_FIND",
    "email": "CUSTOMER_FIND",
    "external_id": "CUSTOMER_FIND",
    "order_id": "ORDERS_FIND",
    "serial": "WARRANTY_FIND",
}


def lookup_key() -> str:
    """The secret that fingerprints and cursors are made with."""
    return os.environ["LOOKUP_KEY"]


def allowed_origins() -> str:
    return os.environ["ALLOWED_ORIGINS"]


@cache
def executor() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="view")


@cache
def sources() -> Sequence[SummaryFunction]:
    return tuple(
        SummaryFunction(_functions(), os.environ[function], parts, deadline_ms(function))
        for function, parts in SOURCES.items()
    )


def deadline_ms(function: str) -> int:
    """How many milliseconds a source has; its setting stands beside it in infra/."""
    name = function.replace("_SUMMARY", "_DEADLINE_MS")
    return int(os.environ.get(name, DEADLINE * 1000))


@cache
def finder(kind: str) -> FindFunction:
    return FindFunction(_patient_functions(), os.environ[FINDERS[kind]])


@cache
def memories() -> DynamoMemories:
    return DynamoMemories(_dynamodb(), _table(), rows(), list(SCHEMAS))


@cache
def rows() -> Rows:
    return Rows(_dynamodb(), _table())


@cache
def looks() -> DynamoLooks:
    return DynamoLooks(_dynamodb(), _table())


def cursors(caller: Caller) -> Cursors:
    return Cursors(lookup_key(), caller.subject)


@cache
def timeline() -> Timeline:
    dynamodb, table = _dynamodb(), _table()
    return Timeline(Facts(dynamodb, table), Links(dynamodb, table), Erasure(dynamodb, table))


@cache
def events() -> EventReader:
    dead_letters = DeadLetters(clients.sqs(), os.environ["CUSTOMER_VIEW_EVENTS_DEAD_LETTERS"])
    return EventReader(EVENTS, dead_letters)


@cache
def _functions() -> "LambdaClient":
    longest = max(deadline_ms(function) for function in SOURCES) / 1000
    return clients.functions(deadline=longest, concurrency=THREADS)


@cache
def _patient_functions() -> "LambdaClient":
    # Who waits for a part gets the others meanwhile; who looks somebody up has nothing else.
    return clients.functions(deadline=DEADLINE, concurrency=THREADS, attempts=clients.ATTEMPTS)


@cache
def _dynamodb() -> "DynamoDBClient":
    return clients.dynamodb()


def _table() -> str:
    return os.environ["CUSTOMER_VIEW_TABLE"]
