"""The sources behind Lambda's Invoke, and the view's own table."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError
from pydantic import AwareDatetime, BaseModel, TypeAdapter, ValidationError

from services.customer_view.domain import Candidate, Document, LastKnown, Look, Memory, Part
from services.customer_view.ports import Known, LooksPage, Unavailable
from shared.access import Caller
from shared.aws.erasing import Erasure, NotAllErased
from shared.aws.facts import Fact, Facts, Holding, KeptChanging, NotTaken
from shared.aws.invocation import NoAnswer, invoke
from shared.aws.items import (
    Values,
    customer_partition,
    from_item,
    moment,
    to_attribute,
    to_item,
)
from shared.aws.links import Links
from shared.aws.logs import tell, tell_failure
from shared.aws.queue import Delivery
from shared.aws.rows import Rows, shown
from shared.aws.writes import ConditionFailed, write, write_batch
from shared.contracts.customer import CustomerErased, CustomerLinkChanged
from shared.contracts.event import Attributed, Event
from shared.contracts.finding import FindAnswer, FindRequest
from shared.contracts.model import Model
from shared.contracts.summary import (
    CarePart,
    ComplaintsPart,
    ConversationsPart,
    CustomerPart,
    CustomerSummary,
    EngagementPart,
    OrdersPart,
    PaymentsPart,
    ProductsPart,
    RiskPart,
    SummaryAnswer,
    SummaryRequest,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_lambda import LambdaClient

NEWEST = 10  # happenings
MOST_IDS = 50  # that a person may have, joined and newly joined; more is a mistake
LAST_KNOWN = "S#"  # sorts between the summary and the happenings

SCHEMAS: Mapping[str, type[BaseModel]] = {
    "customer": CustomerPart,
    "conversations": ConversationsPart,
    "care": CarePart,
    "orders": OrdersPart,
    "payments": PaymentsPart,
    "risk": RiskPart,
    "complaints": ComplaintsPart,
    "products": ProductsPart,
    "engagement": EngagementPart,
}

_ids = TypeAdapter(list[str])
_time = TypeAdapter(AwareDatetime)


class _Happening(Model):
    """Something that happened, as the timeline keeps it."""

    at: AwareDatetime
    what: str
    about: str
    event_id: str


class SummaryFunction:
    """Implements ports.Source on the `summary` function of a service."""

    def __init__(
        self, client: "LambdaClient", function: str, parts: Sequence[str], deadline_ms: int
    ) -> None:
        self.parts = parts
        self._client = client
        self._function = function
        self._deadline_ms = deadline_ms

    @property
    def deadline(self) -> float:
        return self._deadline_ms / 1000

    def ask(
        self, ids: Sequence[str], parts: Sequence[str], caller: Caller, correlation_id: str
    ) -> Mapping[str, Known]:
        try:
            request = SummaryRequest(
                ids=list(ids),
                caller=caller.document(),
                parts=list(parts),
                deadline_ms=self._deadline_ms,
                correlation_id=correlation_id,
            )
            told = invoke(self._client, self._function, request, SummaryAnswer).customers
            return {one: _known(told.get(one), parts) for one in ids}
        except NoAnswer as error:
            raise Unavailable(str(error)) from error
        except ValidationError as error:
            tell_failure("a source answered nonsense", error, parts=list(parts))
            raise Unavailable("its answer could not be understood") from error


def _known(summary: CustomerSummary | None, wanted: Sequence[str]) -> Known:
    if summary is None:
        raise Unavailable("it would not tell")
    if len(summary.members) + len(summary.newly_joined) > MOST_IDS:
        raise Unavailable("it told of more customers than one person can be")
    parts: dict[str, Any] = {}
    for name in wanted:
        told = summary.parts.get(name)
        if told is None and name in summary.parts:
            parts[name] = None
        else:
            parts[name] = SCHEMAS[name].model_validate(told).model_dump(mode="json", by_alias=True)
    return Known(
        members=summary.members,
        newly_joined=summary.newly_joined,
        parts=parts,
        is_erased=summary.erased_at is not None,
    )


class FindFunction:
    """Implements ports.Finder on the `find` function of a service."""

    def __init__(self, client: "LambdaClient", function: str) -> None:
        self._client = client
        self._function = function

    def find(
        self, kind: str, value: str, caller: Caller, correlation_id: str
    ) -> Sequence[Candidate]:
        request = FindRequest(
            kind=kind, value=value, caller=caller.document(), correlation_id=correlation_id
        )
        try:
            matches = invoke(self._client, self._function, request, FindAnswer).matches
        except NoAnswer as error:
            raise Unavailable(str(error)) from error
        return [Candidate(**match.model_dump()) for match in matches]


class DynamoMemories:
    """Implements ports.Memories on the view's table."""

    def __init__(
        self, client: "DynamoDBClient", table: str, rows: Rows, parts: Sequence[str]
    ) -> None:
        self._client = client
        self._table = table
        self._rows = rows
        self._parts = parts

    def recall(self, customer_id: str) -> Memory:
        try:
            head = self._rows.head(customer_id, newest=NEWEST, beside=len(self._parts))
        except (BotoCoreError, ClientError) as error:
            tell_failure("the view's own table did not answer", error)
            raise Unavailable("it did not answer") from error
        remembered = [row for row in head.rows if row["sk"].startswith(LAST_KNOWN)]
        try:
            return Memory(
                members=_ids.validate_python(head.members),
                newly_joined=_ids.validate_python(head.newly_joined),
                last_known=dict(_last_known(remembered)),
                happenings=[_happening(row) for row in head.rows if row not in remembered],
            )
        except (KeyError, ValueError) as error:
            tell_failure("the view's own table holds nonsense", error)
            raise Unavailable("what it keeps could not be understood") from error

    def remember(self, customer_id: str, parts: Mapping[str, Part]) -> None:
        requests = [_remembered(customer_id, name, part) for name, part in parts.items()]
        try:
            self._client.batch_write_item(RequestItems={self._table: requests})
        except (BotoCoreError, ClientError) as error:
            tell_failure("parts were not remembered", error, parts=list(parts))


def _last_known(rows: Iterable[Values]) -> Iterator[tuple[str, LastKnown]]:
    """What is remembered of each part. What cannot be read will be remembered anew."""
    for row in rows:
        name = row["sk"].removeprefix(LAST_KNOWN)
        try:
            data = SCHEMAS[name].model_validate_json(row["data"])
            known = LastKnown(
                as_of=_time.validate_python(row["as_of"]),
                data=data.model_dump(mode="json", by_alias=True),
                ids=_ids.validate_json(row["ids"]),
            )
        except (KeyError, ValueError) as error:
            tell_failure("a part was remembered as nonsense", error, part=name)
        else:
            yield name, known


def _happening(row: Values) -> Document:
    happening = shown(row)
    _Happening.model_validate(happening)
    return happening


def _remembered(customer_id: str, name: str, part: Part) -> Any:
    item = to_item(
        {
            "pk": customer_partition(customer_id),
            "sk": f"{LAST_KNOWN}{name}",
            "as_of": part.as_of.isoformat() if part.as_of else None,
            "ids": json.dumps(list(part.ids)),
            "data": json.dumps(part.data, ensure_ascii=False, separators=(",", ":")),
        }
    )
    return {"PutRequest": {"Item": item}}


class DynamoLooks:
    """Implements ports.Looks: an item for each customer that was shown, by the time of the look.

    The first write of a look does not touch what is there, the second puts all that was shown in
    its place: so it does not matter which of them comes late.
    """

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def record(self, look: Look) -> None:
        try:
            self._put(look)
        except (BotoCoreError, ClientError) as error:
            tell_failure("a look was not recorded", error)
            tell("a look that stands nowhere else", **_look_item(look))

    def of(
        self,
        customer_id: str,
        *,
        since: datetime | None,
        until: datetime | None,
        most: int,
        before: str | None = None,
    ) -> LooksPage:
        partition = to_attribute(_looks_at(customer_id))
        start: Any = {}
        if before is not None:
            start["ExclusiveStartKey"] = {"pk": partition, "sk": to_attribute(before)}
        found = self._client.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND sk BETWEEN :since AND :until",
            ExpressionAttributeValues={
                ":pk": partition,
                ":since": to_attribute(moment(since) if since else _FIRST),
                ":until": to_attribute(moment(until) if until else _LAST),
            },
            ScanIndexForward=False,
            Limit=most,
            **start,
        )
        last = found.get("LastEvaluatedKey")
        return LooksPage(
            looks=[_look(from_item(item)) for item in found["Items"]],
            older=last["sk"]["S"] if last else None,
        )

    def _put(self, look: Look) -> None:
        keys = [
            {"pk": _looks_at(one), "sk": f"{moment(look.at)}#{look.correlation_id}"}
            for one in look.shown
        ]
        items = [to_item({**key, **_look_item(look)}) for key in keys]
        if not look.is_mixed:
            condition = "attribute_not_exists(pk)"
            put = {"TableName": self._table, "Item": items[0], "ConditionExpression": condition}
            try:
                write(self._client, [{"Put": put}])
            except ConditionFailed:
                return  # this very look, sent again
            return
        puts = [{"PutRequest": {"Item": item}} for item in items]
        if write_batch(self._client, self._table, puts):
            tell("a look that stands in part", **_look_item(look))


# No time is before the one or behind the other.
_FIRST, _LAST = "0", "9999"


def _looks_at(customer_id: str) -> str:
    return f"L#{customer_id}"


def _look_item(look: Look) -> dict[str, str | None]:
    return {
        "by": look.by,
        "at": moment(look.at),
        "request": look.correlation_id,
        "session_id": look.session_id,
        "reason": look.reason,
        "reference": look.reference,
        "department": look.department,
        "view": look.view,
        "ids": json.dumps(list(look.shown)),
    }


def _look(values: Values) -> Look:
    return Look(
        by=values["by"],
        at=datetime.fromisoformat(values["at"]),
        correlation_id=values["request"],
        shown=json.loads(values["ids"]),
        session_id=values.get("session_id"),
        reason=values.get("reason"),
        reference=values.get("reference"),
        department=values.get("department"),
        view=values.get("view"),
    )


_PASSING = (BotoCoreError, ClientError, NotTaken, KeptChanging, NotAllErased)


class Timeline:
    """What has happened to each customer, from the events of all services."""

    def __init__(self, facts: Facts, links: Links, erasure: Erasure) -> None:
        self._facts = facts
        self._links = links
        self._erasure = erasure

    def take(self, deliveries: Sequence[Delivery]) -> dict[str, Exception]:
        """Put each event into its customer's timeline; return what failed, by message."""
        # What is nobody's, such as a segment's new owner, is in nobody's timeline.
        theirs = {one.message_id: one.event for one in deliveries if one.event.customer_id}
        failed = self._facts.put({name: _fact(event) for name, event in theirs.items()})
        for delivery in deliveries:
            try:
                if isinstance(delivery.event, CustomerLinkChanged):
                    self._links.on_customer_link_changed(delivery.event)
                elif isinstance(delivery.event, CustomerErased):
                    self._erasure.on_customer_erased(delivery.event)
                elif isinstance(delivery.event, Attributed):
                    self._facts.hold(_holding(delivery.event))
            except _PASSING as error:
                tell_failure("a link, an attribution or an erasure was not kept", error)
                failed[delivery.message_id] = error
        return failed


def _holding(event: Attributed) -> Holding:
    return Holding(
        about=event.entity_id,
        version=event.version,
        holder=event.holder,
        left=event.left,
        since=event.since,
    )


def _fact(event: Event) -> Fact:
    happening = {
        "at": event.occurred_at.isoformat(),
        "what": event.detail_type.partition(".")[0],
        "about": event.entity_id,
        "event_id": event.event_id,
    }
    return Fact(
        fact_id=event.event_id,
        about=event.entity_id,
        customer_id=event.customer_id,
        at=event.occurred_at,
        shown=json.dumps(happening, separators=(",", ":")),
    )
