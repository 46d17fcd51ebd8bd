"""Reads infra/platform.yaml and infra/<service>.yaml into one described world."""

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from infra.local.mappings.patterns import UnknownPattern, check_pattern
from infra.local.templates.descriptions import (
    Function,
    Pattern,
    Queue,
    QueueMapping,
    Rule,
    Schedule,
    Service,
    StreamMapping,
    Table,
    Target,
    World,
    named,
)
from infra.local.templates.documents import TemplateError, read_document
from infra.local.templates.kinds import NOT_PLAYED, PLAYED
from infra.local.templates.values import HTTP_API, HTTP_FUNCTION, Account, Stack, Values

PLATFORM, DESK = "platform", "desk"
DEFAULT_FUNCTION_TIMEOUT = 60.0  # seconds; what Chalice gives a function
DEFAULT_MEMORY_MB = 128

# Properties that change nothing on one machine.
_IGNORED = {
    "AWS::DynamoDB::Table": {
        "ContributorInsightsSpecification",
        "DeletionProtectionEnabled",
        "OnDemandThroughput",
        "PointInTimeRecoverySpecification",
        "SSESpecification",
        "TableClass",
        "Tags",
        "TimeToLiveSpecification",
    },
    "AWS::SQS::Queue": {
        "KmsDataKeyReusePeriodSeconds",
        "KmsMasterKeyId",
        "RedriveAllowPolicy",
        "SqsManagedSseEnabled",
        "Tags",
    },
    "AWS::Lambda::EventSourceMapping": {"MetricsConfig", "Tags"},
    "AWS::Scheduler::Schedule": {
        "Description",
        "FlexibleTimeWindow",
        "GroupName",
        "Name",
        "Target.DeadLetterConfig",
        "Target.RoleArn",
    },
    "AWS::Events::Rule": {"Tags"},
    "AWS::KMS::Alias": {"TargetKeyId"},
    "AWS::Events::EventBus": {"Description", "KmsKeyIdentifier", "Tags", "DeadLetterConfig"},
}


def service_names(folder: Path) -> tuple[str, ...]:
    """The services that have a template in the folder."""
    return tuple(sorted({path.stem for path in folder.glob("*.yaml")} - {PLATFORM, DESK}))


def read_world(
    folder: Path,
    services: Sequence[str],
    account: Account,
    *,
    secret: Callable[[str], str],
    parameters: Mapping[str, str] | None = None,
) -> World:
    """Read the platform's template and those of the services named.

    `secret` gives the value of a secret by its name. Raise TemplateError where
    a template cannot be played as it stands.
    """
    given = {"Stage": account.stage, **(parameters or {})}
    stacks = [
        Stack(name, read_document(folder / f"{name}.yaml"), account, given)
        for name in (PLATFORM, *services)
    ]
    unknown = given.keys() - {name for stack in stacks for name in stack.parameters}
    if unknown:
        raise TemplateError(f"no template has a parameter {', '.join(sorted(unknown))}")
    declared: dict[str, Mapping[str, Any]] = {}
    values = Values(stacks, lambda name: _declared_secret(name, declared, secret))
    for stack in stacks:
        for logical_id, _, properties in _of_kind(stack, values, "AWS::SecretsManager::Secret"):
            name = properties.get("Name", f"{stack.name}-{logical_id}")
            declared[name] = properties.get("GenerateSecretString") or {}
    return _Reader(stacks, values, account).world()


def _declared_secret(
    name: str, declared: Mapping[str, Mapping[str, Any]], secret: Callable[[str], str]
) -> str:
    """What a stack's secret holds: text, or a JSON object with the text under one key."""
    generated = declared[name]
    if "GenerateStringKey" not in generated:
        return secret(name)
    rest = json.loads(generated.get("SecretStringTemplate", "{}"))
    return json.dumps({**rest, generated["GenerateStringKey"]: secret(name)})


def _of_kind(stack: Stack, values: Values, kind: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield (logical id, physical name, resolved properties) of the resources of a kind."""
    for logical_id, resource in stack.resources.items():
        if resource.get("Type") == kind and values.holds(resource.get("Condition"), stack):
            kept = _without(resource.get("Properties") or {}, _IGNORED.get(kind, set()))
            yield logical_id, values.physical_name(logical_id, stack), values.resolve(kept, stack)


def _without(properties: Mapping[str, Any], ignored: Collection[str]) -> dict[str, Any]:
    """The properties but those ignored, of which some stand one level deeper: "Target.RoleArn"."""
    kept = {key: value for key, value in properties.items() if key not in ignored}
    for path in ignored:
        outer, _, inner = path.partition(".")
        if inner and isinstance(kept.get(outer), Mapping):
            kept[outer] = {key: value for key, value in kept[outer].items() if key != inner}
    return kept


class _Reader:
    def __init__(self, stacks: Sequence[Stack], values: Values, account: Account) -> None:
        self._stacks = stacks
        self._values = values
        self._account = account

    def world(self) -> World:
        world = World(
            account=self._account.account,
            region=self._account.region,
            stage=self._account.stage,
            skipped=self._skipped(),
            buses=[name for _, _, name, _ in self._all("AWS::Events::EventBus")],
            keys=[name for _, _, name, _ in self._all("AWS::KMS::Alias")],
            tables=[
                self._table(stack, name, properties)
                for stack, _, name, properties in self._all("AWS::DynamoDB::Table")
            ],
            queues=[
                self._queue(stack, logical_id, name, properties)
                for stack, logical_id, name, properties in self._all("AWS::SQS::Queue")
            ],
            rules=[
                self._rule(name, properties)
                for _, _, name, properties in self._all("AWS::Events::Rule")
            ],
            stream_mappings=[
                self._stream_mapping(f"{stack.name}-{logical_id}", properties)
                for stack, logical_id, properties in self._mappings("dynamodb")
            ],
            queue_mappings=[
                self._queue_mapping(f"{stack.name}-{logical_id}", properties)
                for stack, logical_id, properties in self._mappings("sqs")
            ],
            schedules=[
                self._schedule(name, properties)
                for _, _, name, properties in self._all("AWS::Scheduler::Schedule")
                if properties.get("State", "ENABLED") == "ENABLED"
            ],
            services=[self._service(s) for s in self._stacks if s.service != PLATFORM],
        )
        _check_references(world)
        return world

    def _all(self, kind: str) -> Iterator[tuple[Stack, str, str, dict[str, Any]]]:
        for stack in self._stacks:
            for logical_id, name, properties in _of_kind(stack, self._values, kind):
                yield stack, logical_id, name, properties

    def _mappings(self, source: str) -> Iterator[tuple[Stack, str, dict[str, Any]]]:
        for stack, logical_id, _, properties in self._all("AWS::Lambda::EventSourceMapping"):
            arn = str(properties.get("EventSourceArn", ""))
            kind = arn.split(":")[2] if arn.count(":") > 1 else arn
            if kind not in ("dynamodb", "sqs"):
                raise TemplateError(f"{logical_id}: a source of kind {kind!r} is not played here")
            if kind == source and properties.pop("Enabled", True):
                yield stack, logical_id, properties

    def _skipped(self) -> dict[str, str]:
        skipped: dict[str, str] = {}
        for stack in self._stacks:
            for logical_id, resource in stack.resources.items():
                kind = resource.get("Type")
                if kind in NOT_PLAYED:
                    skipped[f"{stack.service}.{logical_id}"] = NOT_PLAYED[kind]
                elif kind is not None and kind not in PLAYED:
                    raise TemplateError(f"{stack.service}: {logical_id} is of unknown kind {kind}")
        return skipped

    def _table(self, stack: Stack, name: str, properties: dict[str, Any]) -> Table:
        stream = properties.pop("StreamSpecification", None)
        definition: dict[str, Any] = {
            key: properties.pop(key)
            for key in (
                "AttributeDefinitions",
                "KeySchema",
                "LocalSecondaryIndexes",
                "GlobalSecondaryIndexes",
                "BillingMode",
                "ProvisionedThroughput",
            )
            if key in properties
        }
        if stream:
            definition["StreamSpecification"] = {"StreamEnabled": True, **stream}
        properties.pop("TableName", None)
        _nothing_left(name, properties)
        return Table(
            name=name,
            arn=self._values.arn("dynamodb", f"table/{name}", stack),
            definition={"TableName": name, **definition},
            has_stream=stream is not None,
        )

    def _queue(
        self, stack: Stack, logical_id: str, name: str, properties: dict[str, Any]
    ) -> Queue:
        properties.pop("QueueName", None)
        attributes: dict[str, str] = {}
        for key in (
            "DelaySeconds",
            "MaximumMessageSize",
            "MessageRetentionPeriod",
            "ReceiveMessageWaitTimeSeconds",
            "VisibilityTimeout",
        ):
            if key in properties:
                attributes[key] = str(properties.pop(key))
        if "RedrivePolicy" in properties:
            attributes["RedrivePolicy"] = json.dumps(properties.pop("RedrivePolicy"))
        _nothing_left(name, properties)
        return Queue(
            name=name,
            arn=self._values.arn("sqs", name, stack),
            url=self._values.text({"Ref": logical_id}, stack),
            attributes=attributes,
        )

    def _rule(self, name: str, properties: dict[str, Any]) -> Rule:
        pattern = properties.pop("EventPattern")
        _known(name, pattern)
        if properties.pop("State", "ENABLED") != "ENABLED":
            raise TemplateError(f"{name}: the engines do not know rules that are off")
        rule = Rule(
            name=name,
            bus=properties.pop("EventBusName", "default").rsplit("/", 1)[-1],
            pattern=pattern,
            targets=[self._target(name, target) for target in properties.pop("Targets", [])],
            description=properties.pop("Description", ""),
        )
        properties.pop("Name", None)
        _nothing_left(name, properties)
        return rule

    def _target(self, rule: str, target: dict[str, Any]) -> Target:
        described = Target(
            target_id=target.pop("Id"),
            queue_arn=target.pop("Arn"),
            dead_letter_arn=target.pop("DeadLetterConfig", {}).get("Arn"),
        )
        target.pop("RetryPolicy", None)  # how often AWS itself tries to reach the queue
        _nothing_left(f"{rule}, target {described.target_id}", target)
        return described

    def _stream_mapping(self, name: str, properties: dict[str, Any]) -> StreamMapping:
        if properties.pop("ParallelizationFactor", 1) != 1:
            raise TemplateError(f"{name}: ParallelizationFactor above 1 is not played here")
        if properties.pop("StartingPosition", None) != "TRIM_HORIZON":
            raise TemplateError(f"{name}: LATEST passes over what was written meanwhile")
        mapping = StreamMapping(
            name=name,
            table=_table_of(properties.pop("EventSourceArn")),
            function=_function_of(properties.pop("FunctionName")),
            batch_size=int(properties.pop("BatchSize", 100)),
            window_seconds=float(properties.pop("MaximumBatchingWindowInSeconds", 0)),
            reports_item_failures=_reports(properties),
            bisects=bool(properties.pop("BisectBatchOnFunctionError", False)),
            maximum_retries=int(properties.pop("MaximumRetryAttempts", -1)),
            maximum_age_seconds=int(properties.pop("MaximumRecordAgeInSeconds", -1)),
            filters=_filters(name, properties),
            on_failure_queue=properties.pop("DestinationConfig", {})
            .get("OnFailure", {})
            .get("Destination"),
        )
        _nothing_left(name, properties)
        return mapping

    def _queue_mapping(self, name: str, properties: dict[str, Any]) -> QueueMapping:
        mapping = QueueMapping(
            name=name,
            queue=properties.pop("EventSourceArn"),
            function=_function_of(properties.pop("FunctionName")),
            batch_size=int(properties.pop("BatchSize", 10)),
            window_seconds=float(properties.pop("MaximumBatchingWindowInSeconds", 0)),
            reports_item_failures=_reports(properties),
            # Without a bound Lambda starts with five pollers.
            maximum_concurrency=int(
                properties.pop("ScalingConfig", {}).get("MaximumConcurrency", 5)
            ),
            filters=_filters(name, properties),
        )
        _nothing_left(name, properties)
        return mapping

    def _schedule(self, name: str, properties: dict[str, Any]) -> Schedule:
        properties.pop("State", None)
        target = properties.pop("Target")
        target.pop("RetryPolicy", None)  # how often the scheduler itself tries to reach Lambda
        schedule = Schedule(
            name=name,
            expression=properties.pop("ScheduleExpression"),
            timezone=properties.pop("ScheduleExpressionTimezone", "UTC"),
            function=_function_of(target.pop("Arn")),
            input=target.pop("Input", None),
        )
        _nothing_left(name, properties)
        _nothing_left(f"{name}, target", target)
        return schedule

    def _service(self, stack: Stack) -> Service:
        shared = stack.globals.get("Function", {})
        default = Function(
            name=f"{stack.name}-{HTTP_FUNCTION}",
            arn=self._values.arn("lambda", f"function:{stack.name}-{HTTP_FUNCTION}", stack),
            service=stack.service,
            logical_id=HTTP_FUNCTION,
            timeout_seconds=float(shared.get("Timeout", DEFAULT_FUNCTION_TIMEOUT)),
            memory_mb=int(shared.get("MemorySize", DEFAULT_MEMORY_MB)),
        )
        environment = self._environment(shared, stack)
        functions = {}
        for logical_id, resource in stack.resources.items():
            if "Type" in resource or logical_id == HTTP_API:
                continue
            properties = resource.get("Properties") or {}
            made = named(default, logical_id)
            functions[logical_id] = Function(
                name=made.name,
                arn=made.arn,
                service=made.service,
                logical_id=logical_id,
                timeout_seconds=float(properties.get("Timeout", default.timeout_seconds)),
                memory_mb=int(properties.get("MemorySize", default.memory_mb)),
            )
            for key, value in self._environment(properties, stack).items():
                if environment.setdefault(key, value) != value:
                    raise TemplateError(
                        f"{stack.service}: {key} differs between functions of one process"
                    )
        return Service(
            name=stack.service,
            path_prefix=self._path_prefix(stack),
            environment=environment,
            functions=functions,
            default_function=default,
        )

    def _environment(self, properties: Mapping[str, Any], stack: Stack) -> dict[str, str]:
        variables = properties.get("Environment", {}).get("Variables", {})
        return {key: self._values.text(value, stack) for key, value in variables.items()}

    def _path_prefix(self, stack: Stack) -> str:
        """Where API Gateway serves the service; the mapping's own domain does not matter here."""
        mappings = [
            resource["Properties"]
            for resource in stack.resources.values()
            if resource.get("Type") == "AWS::ApiGatewayV2::ApiMapping"
        ]
        if len(mappings) != 1:
            raise TemplateError(f"{stack.service}: {len(mappings)} ApiMappings, expected one")
        return "/" + self._values.text(mappings[0]["ApiMappingKey"], stack).strip("/")


def _nothing_left(name: str, properties: Mapping[str, Any]) -> None:
    if properties:
        raise TemplateError(f"{name}: {', '.join(sorted(properties))} is not played here")


def _reports(properties: dict[str, Any]) -> bool:
    return "ReportBatchItemFailures" in properties.pop("FunctionResponseTypes", [])


def _filters(name: str, properties: dict[str, Any]) -> list[Pattern]:
    criteria = properties.pop("FilterCriteria", {}).get("Filters", [])
    patterns = [json.loads(one["Pattern"]) for one in criteria]
    for pattern in patterns:
        _known(name, pattern)
    return patterns


def _known(name: str, pattern: Pattern) -> None:
    try:
        check_pattern(pattern)
    except UnknownPattern as error:
        raise TemplateError(f"{name}: {error}") from error


def _table_of(stream_arn: str) -> str:
    return stream_arn.split(":table/", 1)[1].split("/", 1)[0]


def _function_of(name_or_arn: str) -> str:
    return name_or_arn.rsplit(":function:", 1)[-1]


def _check_references(world: World) -> None:
    """Raise TemplateError if something is to be sent to what does not exist."""
    queues = {queue.arn for queue in world.queues}
    named_arns = [arn for rule in world.rules for t in rule.targets for arn in _arns(t)]
    named_arns += [m.on_failure_queue for m in world.stream_mappings if m.on_failure_queue]
    named_arns += [mapping.queue for mapping in world.queue_mappings]
    missing = sorted(set(named_arns) - queues)
    missing += sorted({rule.bus for rule in world.rules} - {*world.buses, "default"})
    with_stream = {table.name for table in world.tables if table.has_stream}
    missing += sorted({mapping.table for mapping in world.stream_mappings} - with_stream)
    if missing:
        raise TemplateError(f"no template makes {', '.join(missing)}")


def _arns(target: Target) -> list[str]:
    return [target.queue_arn, *([target.dead_letter_arn] if target.dead_letter_arn else [])]
