"""Wires the customer service to AWS. The only reader of the environment."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from services.customer.adapters import (
    CustomerFinder,
    CustomerSummaries,
    DynamoCustomers,
)
from services.customer.adapters.care import DynamoCare
from services.customer.adapters.directory import DynamoDirectory
from services.customer.adapters.duplicates import DynamoDuplicates
from services.customer.adapters.members import DynamoMembers
from services.customer.adapters.projector import CustomerProjector
from services.customer.adapters.recognition import DynamoAttempts, FindFunction
from services.customer.adapters.relations import DynamoRelations
from services.customer.adapters.review import ReviewFunction
from services.customer.adapters.staff import DynamoStaff
from services.customer.adapters.tax_ids import KmsTaxIds
from services.customer.adapters.verification import (
    AwsMessenger,
    DynamoSessions,
    SecretCodes,
    sessions_of,
)
from services.customer.adapters.walk import DynamoWalks
from services.customer.domain import Customer, Evidence
from services.customer.domain.matching import Matcher
from services.customer.events import COUNTED, event_of
from services.customer.use_cases import erasure as erasing
from services.customer.use_cases.duplicates import Dedupe
from services.customer.use_cases.verification import Desk
from shared.access import Caller
from shared.aws import clients
from shared.aws.cursors import Cursors
from shared.aws.entities import EntityDocument
from shared.aws.erasing import Erasure
from shared.aws.links import Links
from shared.aws.publication import EventBus
from shared.aws.queue import DeadLetters, EventReader
from shared.aws.rebuilding import Rebuilding
from shared.aws.reconciliation import Reconciliation
from shared.aws.rows import Rows
from shared.calendar import day_in_turkey
from shared.contracts.customer import (
    CustomerChanged,
    CustomerCreated,
    CustomerErased,
    CustomerLinkChanged,
)
from shared.contracts.event import Message
from shared.contracts.external import ExternalCallEnded

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_lambda import LambdaClient


DEADLINE = 1.0  # seconds for another service to say whose something is; a caller is waiting
# The functions that know what we do not, by their variable.
FINDERS: Mapping[Evidence, str] = {
    Evidence.ORDER_ID: "ORDERS_FIND",
    Evidence.SERIAL: "WARRANTY_FIND",
    Evidence.PURCHASE: "WARRANTY_FIND",
}

# The functions that know what of theirs waits for somebody to say whose it is, by their variable.
REVIEWERS: Mapping[str, str] = {
    "orders": "ORDERS_REVIEW",
    "complaints": "COMPLAINTS_REVIEW",
    "warranty": "WARRANTY_REVIEW",
}


def lookup_key() -> str:
    """The secret that look-up keys, fingerprints and cursors are made with."""
    return os.environ["LOOKUP_KEY"]


def allowed_origins() -> str:
    return os.environ["ALLOWED_ORIGINS"]


def webhook_secrets() -> str:
    """A JSON object: who may send webhooks, and the secret that each signs with."""
    return os.environ["CUSTOMER_WEBHOOK_SECRETS"]


@cache
def customers() -> DynamoCustomers:
    return DynamoCustomers(_dynamodb(), _table(), lookup_key())


@cache
def relations() -> DynamoRelations:
    return DynamoRelations(_dynamodb(), _table(), lookup_key())


@cache
def duplicates() -> DynamoDuplicates:
    return DynamoDuplicates(_dynamodb(), _table(), lookup_key())


@cache
def dedupe() -> Dedupe:
    return Dedupe(customers=customers(), duplicates=duplicates(), matcher=Matcher())


@cache
def walks() -> DynamoWalks:
    return DynamoWalks(_dynamodb(), _table(), EntityDocument(Customer))


@cache
def rows() -> Rows:
    return Rows(_dynamodb(), _table())


def summaries() -> CustomerSummaries:
    """For one question."""
    return CustomerSummaries(rows(), customers(), care())


@cache
def care() -> DynamoCare:
    return DynamoCare(_dynamodb(), _table(), lookup_key())


@cache
def staff() -> DynamoStaff:
    return DynamoStaff(_dynamodb(), _table(), lookup_key())


@cache
def finder() -> CustomerFinder:
    return CustomerFinder(customers())


@cache
def finders() -> Mapping[Evidence, FindFunction]:
    return {one: FindFunction(_functions(), os.environ[name]) for one, name in FINDERS.items()}


@cache
def reviewers() -> Mapping[str, ReviewFunction]:
    return {one: ReviewFunction(_functions(), os.environ[name]) for one, name in REVIEWERS.items()}


@cache
def attempts() -> DynamoAttempts:
    return DynamoAttempts(_dynamodb(), _table(), lookup_key())


@cache
def desk() -> Desk:
    """What verifying needs."""
    return Desk(
        customers=customers(),
        sessions=DynamoSessions(_dynamodb(), _table(), lookup_key()),
        attempts=attempts(),
        codes=SecretCodes(lookup_key()),
        messenger=AwsMessenger(_sns, _ses, sender=os.environ["CODES_FROM"]),
        finders=finders(),
    )


def sessions_with(customer_id: str) -> str:
    """Where the sessions with a customer are listed."""
    return sessions_of(customer_id)


@cache
def tax_ids() -> KmsTaxIds:
    return KmsTaxIds(clients.kms(), os.environ["TAX_ID_KEY"], lookup_key())


@cache
def links() -> Links:
    return Links(_dynamodb(), _table())


@cache
def erasure() -> Erasure:
    return Erasure(_dynamodb(), _table(), partial(erasing.forget_conversation, customers()))


@cache
def bus() -> EventBus:
    return EventBus(clients.events(), os.environ["EVENT_BUS"])


@cache
def directory() -> DynamoDirectory:
    return DynamoDirectory(_dynamodb(), _table())


@cache
def projector() -> CustomerProjector:
    return CustomerProjector(_dynamodb(), _table(), directory())


@cache
def reconciliation() -> Reconciliation:
    return Reconciliation(_dynamodb(), _table(), bus(), event_of, projector())


@cache
def members() -> DynamoMembers:
    return DynamoMembers(_dynamodb(), _table(), care())


def _again(customer_id: str) -> None:
    """Let a customer be found, and listed in their group, who was there before such keys."""
    customers().find_again(customer_id)
    members().note([customer_id], day_in_turkey(datetime.now(UTC)))


@cache
def rebuilding() -> Rebuilding:
    again = {Customer.kind: _again}
    return Rebuilding(_dynamodb(), _table(), projector(), again)


@cache
def events() -> EventReader:
    dead_letters = DeadLetters(clients.sqs(), os.environ["CUSTOMER_EVENTS_DEAD_LETTERS"])
    known: tuple[type[Message], ...] = (CustomerErased, CustomerLinkChanged, ExternalCallEnded)
    return EventReader({event.detail_type: event for event in known}, dead_letters)


@cache
def news() -> EventReader:
    dead_letters = DeadLetters(clients.sqs(), os.environ["CUSTOMER_NEWS_DEAD_LETTERS"])
    known: tuple[type[Message], ...] = (
        *(CustomerCreated, CustomerChanged, CustomerErased),
        CustomerLinkChanged,
    )
    return EventReader({event.detail_type: event for event in known}, dead_letters)


@cache
def counted() -> EventReader:
    dead_letters = DeadLetters(clients.sqs(), os.environ["CUSTOMER_COUNTED_DEAD_LETTERS"])
    return EventReader({event.detail_type: event for event in COUNTED}, dead_letters)


def cursors(caller: Caller) -> Cursors:
    return Cursors(lookup_key(), caller.subject)


@cache
def _functions() -> "LambdaClient":
    return clients.functions(deadline=DEADLINE, attempts=clients.ATTEMPTS)


@cache
def _sns() -> Any:
    return clients.sns()


@cache
def _ses() -> Any:
    return clients.ses()


@cache
def _dynamodb() -> "DynamoDBClient":
    return clients.dynamodb()


def _table() -> str:
    return os.environ["CUSTOMER_TABLE"]
