"""Writes requests and reads answers of AWS's JSON protocol without walking through each value.

What boto3 hands over is almost what goes over the wire, and the other way round. Only bytes and
times differ, and members that go by another name. Where such a one may be, botocore's own
serializer and parser do the work as ever; so they do for errors.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
from botocore.model import OperationModel, Shape
from botocore.utils import parse_timestamp

PLAIN = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS
MULTIPLE_CHOICES = 300
Change = Callable[[Any], Any]


class Plan(NamedTuple):
    """How a shape's JSON becomes its Python value, and back."""

    plain: bool  # otherwise nothing here may touch it
    bytes_in: tuple[bytes, ...]  # texts one of which is there whenever bytes are
    times_in: tuple[bytes, ...]
    change: Change | None  # puts datetimes where the JSON has seconds


def make_plan(shape: Shape | None) -> Plan:
    """Look through a shape and all that is below it."""
    found: dict[str, set[bytes]] = {"blob": set(), "timestamp": set(), "renamed": set()}
    if shape is not None:
        _look(shape, "", frozenset(), found)
    return Plan(
        plain=not found["renamed"],
        bytes_in=tuple(found["blob"]),
        times_in=tuple(found["timestamp"]),
        change=_changes(shape, frozenset()) if found["timestamp"] else None,
    )


def _look(shape: Any, name: str, above: frozenset[str], found: dict[str, set[bytes]]) -> None:
    if {"name", "jsonvalue", "location"} & shape.serialization.keys():
        found["renamed"].add(name.encode())
    if shape.type_name in found:
        found[shape.type_name].add(f'"{name}":'.encode())
    if shape.name in above:
        return
    above |= {shape.name}
    if shape.type_name == "structure":
        if shape.is_document_type or shape.is_tagged_union:
            found["renamed"].add(name.encode())
        for member, below in shape.members.items():
            _look(below, member, above, found)
    elif shape.type_name == "list":
        _look(shape.member, name, above, found)
    elif shape.type_name == "map":
        _look(shape.value, name, above, found)


def _changes(shape: Any, above: frozenset[str]) -> Change | None:
    if shape.type_name == "timestamp":
        return _time
    if shape.name in above:
        return None
    above |= {shape.name}
    if shape.type_name == "structure":
        below = {name: _changes(member, above) for name, member in shape.members.items()}
        wanted = [(name, change) for name, change in below.items() if change]
        return (lambda value: _change_members(value, wanted)) if wanted else None
    if shape.type_name == "list":
        return _each(_changes(shape.member, above), list)
    if shape.type_name == "map":
        return _each(_changes(shape.value, above), dict)
    return None


def _each(change: Change | None, kind: type) -> Change | None:
    if change is None:
        return None
    if kind is list:
        return lambda value: [change(each) for each in value]
    return lambda value: {name: change(each) for name, each in value.items()}


def _change_members(value: dict[str, Any], wanted: list[tuple[str, Change]]) -> dict[str, Any]:
    for name, change in wanted:
        if value.get(name) is not None:
            value[name] = change(value[name])
    return value


@lru_cache(1024)
def _time(value: float | str) -> Any:
    parse: Any = parse_timestamp  # it takes numbers too, whatever its type says
    return parse(value)


class Writer:
    """In place of a client's serializer. Checks names, not types; see `infra.local.transport`."""

    def __init__(self, original: Any) -> None:
        self._original = original
        self._known: dict[str, tuple[Plan, Mapping[str, str], frozenset[str], frozenset[str]]] = {}

    def serialize_to_request(
        self, parameters: dict[str, Any], operation_model: OperationModel
    ) -> dict[str, Any]:
        """Return botocore's description of the request."""
        known = self._known.get(operation_model.name)
        if known is None:
            return self._first(parameters, operation_model)
        plan, headers, members, required = known
        names = parameters.keys()
        if plan.plain and required <= names <= members and None not in parameters.values():
            try:
                body = orjson.dumps(parameters, option=PLAIN)
            except TypeError:  # bytes or a time: not plain after all, or not allowed at all
                pass
            else:
                if not _any_in(body, plan.bytes_in) and not _any_in(body, plan.times_in):
                    return {
                        "url_path": "/", "query_string": "", "method": "POST",
                        "headers": dict(headers), "body": body,
                    }  # fmt: skip
        return self._in_full(parameters, operation_model)

    def _first(self, parameters: dict[str, Any], operation: OperationModel) -> dict[str, Any]:
        request = self._in_full(parameters, operation)
        shape: Any = operation.input_shape
        plan = make_plan(shape)
        usual = (request["url_path"], request["method"], "host_prefix" in request)
        if shape is None or usual != ("/", "POST", False):
            plan = plan._replace(plain=False)
        members = frozenset(shape.members) if shape is not None else frozenset()
        required = frozenset(shape.required_members) if shape is not None else frozenset()
        self._known[operation.name] = plan, dict(request["headers"]), members, required
        return request

    def _in_full(self, parameters: dict[str, Any], operation: OperationModel) -> dict[str, Any]:
        request: dict[str, Any] = self._original.serialize_to_request(parameters, operation)
        return request


class Readers:
    """In place of a client's factory of parsers."""

    def __init__(self, original: Any) -> None:
        self._original = original
        self._readers: dict[str, Reader] = {}

    def create_parser(self, protocol: str) -> "Reader":
        """Return the one parser for that protocol."""
        if protocol not in self._readers:
            self._readers[protocol] = Reader(self._original.create_parser(protocol))
        return self._readers[protocol]


class Reader:
    """In place of a parser."""

    def __init__(self, original: Any) -> None:
        self._original = original
        self._plans: dict[str, tuple[Plan, frozenset[str]]] = {}

    def parse(self, response: dict[str, Any], shape: Any) -> dict[str, Any]:
        """Return the answer as botocore would."""
        if shape is not None and response["status_code"] < MULTIPLE_CHOICES:
            known = self._plans.get(shape.name)
            if known is None:
                known = self._plans[shape.name] = make_plan(shape), frozenset(shape.members)
            plan, members = known
            body = response["body"]
            if body and plan.plain and not _any_in(body, plan.bytes_in):
                try:
                    value = orjson.loads(body)
                except ValueError:  # what orjson refuses (such as huge integers), json may read
                    pass
                else:
                    return _complete(value, plan, members, response)
        parsed: dict[str, Any] = self._original.parse(response, shape)
        return parsed


def _complete(
    value: dict[str, Any], plan: Plan, members: frozenset[str], response: dict[str, Any]
) -> dict[str, Any]:
    if plan.change is not None:
        value = plan.change(value)
    parsed = {name: it for name, it in value.items() if it is not None and name in members}
    headers = response["headers"]
    metadata = {"HTTPStatusCode": response["status_code"], "HTTPHeaders": dict(headers)}
    if request_id := headers.get("x-amzn-requestid"):
        metadata["RequestId"] = request_id
    parsed["ResponseMetadata"] = metadata
    return parsed


def _any_in(text: bytes, needles: tuple[bytes, ...]) -> bool:
    return any(needle in text for needle in needles)
