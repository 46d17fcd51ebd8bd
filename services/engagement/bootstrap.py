"""Wires the engagement service to AWS and to İYS. The only reader of the environment."""

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from services.engagement.adapters import (
    IYS,
    MESSAGES,
    DynamoBounces,
    DynamoConsents,
    DynamoContacts,
    DynamoOutbox,
    DynamoPlaces,
    DynamoTallies,
    EngagementProjector,
)
from services.engagement.adapters.acquisition import DynamoAcquisition
from services.engagement.adapters.forgotten import DynamoCallLists
from services.engagement.adapters.gateways import gateway_of
from services.engagement.adapters.influences import DynamoInfluences
from services.engagement.adapters.iys import FileIys, HttpIys, NoIys
from services.engagement.adapters.keepers import KeeperFunctions
from services.engagement.adapters.offers import OFFERS, DynamoHistory, DynamoHolds, DynamoOffers
from services.engagement.adapters.outbox import UNCLEAR
from services.engagement.adapters.outcomes import DynamoOutcomes
from services.engagement.adapters.people import PeopleFunctions
from services.engagement.adapters.silences import DynamoRapports
from services.engagement.adapters.sources import SummaryFunctions
from services.engagement.adapters.summaries import EngagementSummaries
from services.engagement.adapters.votes import DynamoNamedVotes
from services.engagement.domain import WRITTEN, Channel
from services.engagement.events import WORDS, event_of
from services.engagement.ports import Iys
from services.engagement.ports.messages import Gateway
from services.engagement.use_cases.offers import Gate
from services.engagement.use_cases.sending import Lines, Means
from shared.access import Caller
from shared.aws import clients
from shared.aws.clocks import Clocks
from shared.aws.cursors import Cursors
from shared.aws.erasing import Erasure
from shared.aws.links import Links
from shared.aws.publication import EventBus
from shared.aws.queue import DeadLetters, EventReader
from shared.aws.reconciliation import Reconciliation
from shared.aws.rows import Rows
from shared.calendar import day_in_turkey
from shared.contracts.customer import CustomerErased, CustomerLinkChanged
from shared.contracts.event import Event

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class NotSetUp(Exception):
    """Something is missing in the settings without which nothing may be sent."""


DEADLINE = 2.0  # seconds that each source has to answer
IYS_DEADLINE = 20.0  # seconds for each call of İYS


def lookup_key() -> str:
    """The secret that keys of addresses, fingerprints and cursors are made with."""
    return os.environ["LOOKUP_KEY"]


def allowed_origins() -> str:
    return os.environ["ALLOWED_ORIGINS"]


def webhook_secrets() -> str:
    """The partners who may give receipts, and their secrets, as JSON."""
    return os.environ["ENGAGEMENT_WEBHOOK_SECRETS"]


@cache
def consents() -> DynamoConsents:
    return DynamoConsents(_dynamodb(), _table(), lookup_key(), iys_clocks())


@cache
def iys_clocks() -> Clocks:
    return Clocks(_dynamodb(), _table(), kind=IYS)


@cache
def outbox() -> DynamoOutbox:
    return DynamoOutbox(_dynamodb(), _table(), lookup_key(), message_clocks())


@cache
def unclear_clocks() -> Clocks:
    return Clocks(_dynamodb(), _table(), kind=UNCLEAR)


@cache
def message_clocks() -> Clocks:
    return Clocks(_dynamodb(), _table(), kind=MESSAGES)


@cache
def bounces() -> DynamoBounces:
    return DynamoBounces(_dynamodb(), _table(), lookup_key())


@cache
def tallies() -> DynamoTallies:
    return DynamoTallies(_dynamodb(), _table())


@cache
def gateways() -> Mapping[Channel, Gateway]:
    """By channel, where its messages are given; a channel without one is absent."""
    found = {}
    secrets = json.loads(os.environ["GATEWAY_SECRETS"])
    for channel in sorted(WRITTEN):
        url = os.environ[f"{channel.upper()}_URL"]
        gateway = gateway_of(channel, url, secret=secrets.get(channel, ""))
        if gateway is not None:
            found[channel] = gateway
    return found


@cache
def means() -> Means:
    """All that sending takes. Raise NotSetUp where messages would leave without their lines."""
    lines = Lines(reach=os.environ["REACH_LINE"], refuse=os.environ["REFUSE_LINE"])
    if gateways() and not (lines.reach and lines.refuse):
        raise NotSetUp("say what ReachLine and RefuseLine are; see docs/deploying.md")
    return Means(
        outbox=outbox(),
        consents=consents(),
        sources=sources(),
        contacts=contacts(),
        bounces=bounces(),
        gateways=gateways(),
        lines=lines,
        approvals=gate(),
    )


@cache
def contacts() -> DynamoContacts:
    return DynamoContacts(_dynamodb(), _table())


@cache
def rapports() -> DynamoRapports:
    return DynamoRapports(_dynamodb(), _table())


@cache
def call_lists() -> DynamoCallLists:
    return DynamoCallLists(_dynamodb(), _table())


@cache
def outcomes() -> DynamoOutcomes:
    return DynamoOutcomes(_dynamodb(), _table(), lookup_key())


@cache
def acquisition() -> DynamoAcquisition:
    return DynamoAcquisition(_dynamodb(), _table(), lookup_key())


@cache
def influences() -> DynamoInfluences:
    return DynamoInfluences(_dynamodb(), _table(), lookup_key())


@cache
def summaries() -> EngagementSummaries:
    return EngagementSummaries(_dynamodb(), _table(), lambda: day_in_turkey(datetime.now(UTC)))


@cache
def keepers() -> KeeperFunctions:
    return KeeperFunctions(
        clients.functions(deadline=DEADLINE, attempts=clients.ATTEMPTS),
        customer=os.environ["CUSTOMER_SUMMARY"],
        complaints=os.environ["COMPLAINTS_SUMMARY"],
        deadline=DEADLINE,
    )


@cache
def places() -> DynamoPlaces:
    return DynamoPlaces(_dynamodb(), _table())


@cache
def sources() -> SummaryFunctions:
    return SummaryFunctions(
        clients.functions(deadline=DEADLINE, attempts=clients.ATTEMPTS),
        customer=os.environ["CUSTOMER_SUMMARY"],
        complaints=os.environ["COMPLAINTS_SUMMARY"],
        deadline=DEADLINE,
    )


@cache
def offers() -> DynamoOffers:
    clocks = Clocks(_dynamodb(), _table(), kind=OFFERS)
    return DynamoOffers(_dynamodb(), _table(), lookup_key(), clocks)


@cache
def named_votes() -> DynamoNamedVotes:
    return DynamoNamedVotes(_dynamodb(), _table(), lookup_key())


@cache
def gate() -> Gate:
    """What an offer has to do with on its way to somebody, also at the moment of sending."""
    people = PeopleFunctions(
        clients.functions(deadline=DEADLINE, attempts=clients.ATTEMPTS),
        customer=os.environ["CUSTOMER_SUMMARY"],
        complaints=os.environ["COMPLAINTS_SUMMARY"],
        authority=os.environ["CUSTOMER_AUTHORITY"],
        members=os.environ["CUSTOMER_MEMBERS"],
        deadline=DEADLINE,
    )
    return Gate(
        offers=offers(),
        holds=DynamoHolds(_dynamodb(), _table()),
        people=people,
        history=DynamoHistory(_dynamodb(), _table()),
        silences=rapports(),
    )


@cache
def iys() -> Iys:
    """İYS at its address: https://… for the real one, file:///… for a folder, none for none."""
    url = os.environ["IYS_URL"]
    if not url:
        return NoIys()
    if url.startswith("file:"):
        return FileIys(Path(unquote(urlsplit(url).path)))
    return HttpIys(
        url,
        iys_code=os.environ["IYS_CODE"],
        brand_code=os.environ["IYS_BRAND_CODE"],
        credentials=os.environ["IYS_CREDENTIALS"],
        deadline=IYS_DEADLINE,
    )


@cache
def rows() -> Rows:
    return Rows(_dynamodb(), _table())


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
def projector() -> EngagementProjector:
    return EngagementProjector(_dynamodb(), _table(), iys_clocks(), message_clocks())


@cache
def reconciliation() -> Reconciliation:
    return Reconciliation(_dynamodb(), _table(), bus(), event_of, projector())


@cache
def events() -> EventReader:
    dead_letters = DeadLetters(clients.sqs(), os.environ["ENGAGEMENT_EVENTS_DEAD_LETTERS"])
    known: tuple[type[Event], ...] = (CustomerErased, CustomerLinkChanged, *WORDS)
    return EventReader({event.detail_type: event for event in known}, dead_letters)


def cursors(caller: Caller) -> Cursors:
    return Cursors(lookup_key(), caller.subject)


@cache
def _dynamodb() -> "DynamoDBClient":
    return clients.dynamodb()


def _table() -> str:
    return os.environ["ENGAGEMENT_TABLE"]
