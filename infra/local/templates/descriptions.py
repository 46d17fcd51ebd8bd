"""What the templates describe, once every reference in them is resolved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Pattern = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Table:
    """A DynamoDB table; `definition` is what CreateTable takes."""

    name: str
    arn: str
    definition: Mapping[str, Any]
    has_stream: bool


@dataclass(frozen=True, kw_only=True)
class Queue:
    """An SQS queue; `attributes` are those of CreateQueue, RedrivePolicy included."""

    name: str
    arn: str
    url: str
    attributes: Mapping[str, str]

    @property
    def visibility_timeout(self) -> int:
        """Seconds for which a received message is hidden from others."""
        return int(self.attributes.get("VisibilityTimeout", "30"))


@dataclass(frozen=True, kw_only=True)
class Target:
    """A queue that a rule sends to, and where goes what could not be delivered."""

    target_id: str
    queue_arn: str
    dead_letter_arn: str | None


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Which events of a bus go to which queues."""

    name: str
    bus: str
    pattern: Pattern
    targets: Sequence[Target]
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class StreamMapping:
    """A function that reads a table's stream."""

    name: str
    table: str
    function: str
    batch_size: int
    window_seconds: float
    reports_item_failures: bool
    bisects: bool
    maximum_retries: int  # -1: until the record is too old
    maximum_age_seconds: int  # -1: never too old
    filters: Sequence[Pattern]
    on_failure_queue: str | None


@dataclass(frozen=True, kw_only=True)
class QueueMapping:
    """A function that works through a queue."""

    name: str
    queue: str
    function: str
    batch_size: int
    window_seconds: float
    reports_item_failures: bool
    maximum_concurrency: int
    filters: Sequence[Pattern]


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """A function that is called at certain times."""

    name: str
    expression: str
    timezone: str
    function: str
    input: str | None


@dataclass(frozen=True, kw_only=True)
class Function:
    """A Lambda function of a service; `logical_id` is its name in the template."""

    name: str
    arn: str
    service: str
    logical_id: str
    timeout_seconds: float
    memory_mb: int


@dataclass(frozen=True, kw_only=True)
class Service:
    """What one service's template adds to the platform."""

    name: str
    path_prefix: str  # such as /v1/orders
    environment: Mapping[str, str]
    functions: Mapping[str, Function]  # by logical id; others take `default_function`
    default_function: Function

    def function(self, logical_id: str) -> Function:
        """The function of that logical id, completed by the template or as Chalice makes it."""
        known = self.functions.get(logical_id)
        if known is not None:
            return known
        return named(self.default_function, logical_id)


@dataclass(frozen=True, kw_only=True)
class World:
    """All that the templates of the platform and of its services ask for."""

    account: str
    region: str
    stage: str
    buses: Sequence[str]
    keys: Sequence[str]  # of KMS, by their aliases
    tables: Sequence[Table]
    queues: Sequence[Queue]
    rules: Sequence[Rule]
    stream_mappings: Sequence[StreamMapping]
    queue_mappings: Sequence[QueueMapping]
    schedules: Sequence[Schedule]
    services: Sequence[Service]
    skipped: Mapping[str, str] = field(default_factory=dict)  # resource → why it is not played

    def queue_of(self, arn: str) -> Queue:
        """The queue with this ARN. Raise KeyError if the templates have none."""
        for queue in self.queues:
            if queue.arn == arn:
                return queue
        raise KeyError(arn)


def named(function: Function, logical_id: str) -> Function:
    """The same function under another logical id."""
    return Function(
        name=f"{function.name.removesuffix(function.logical_id)}{logical_id}",
        arn=f"{function.arn.removesuffix(function.logical_id)}{logical_id}",
        service=function.service,
        logical_id=logical_id,
        timeout_seconds=function.timeout_seconds,
        memory_mb=function.memory_mb,
    )
