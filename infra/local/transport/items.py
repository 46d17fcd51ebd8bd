"""Python values to DynamoDB's and back, for the resources of boto3, by exact type first."""

from decimal import Decimal
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

LARGEST = 10**37  # beyond it a number may need more digits than DynamoDB keeps
Described = dict[str, Any]


class ItemWriter(TypeSerializer):
    """boto3's serializer; what is none of the usual types goes its usual way."""

    def serialize(self, value: Any) -> Described:
        """Return the value with its type."""
        kind = type(value)
        if kind is str:
            return {"S": value}
        if kind is dict:
            serialize = self.serialize
            return {"M": {name: serialize(below) for name, below in value.items()}}
        if kind is list:
            return {"L": [self.serialize(each) for each in value]}
        if kind is int and -LARGEST < value < LARGEST:
            return {"N": str(value)}
        if kind is bool:
            return {"BOOL": value}
        described: Described = super().serialize(value)
        return described


class ItemReader(TypeDeserializer):
    """boto3's deserializer, likewise."""

    def deserialize(self, value: Any) -> Any:
        """Return the value that was described with its type."""
        if len(value) == 1:
            ((kind, inner),) = value.items()
            if kind == "S" or kind == "BOOL":  # noqa: PLR1714 - one comparison in most cases
                return inner
            if kind == "N" and len(inner) <= 37:  # noqa: PLR2004 - else it might be inexact
                return Decimal(inner)
            if kind == "M":
                deserialize = self.deserialize
                return {name: deserialize(below) for name, below in inner.items()}
            if kind == "L":
                return [self.deserialize(each) for each in inner]
        return super().deserialize(value)


def copy_parameters(params: Any, **_: Any) -> Any:
    """Copy what boto3 will write into; what containers hold it replaces, never changes."""
    return _copy(params)


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _copy(below) for name, below in value.items()}
    if isinstance(value, list):
        return [_copy(each) for each in value]
    return value


class QuickItems:
    """Mixed into boto3's DynamoDB resources, around boto3's own mixin."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        resource: Any = self
        events, copying = resource.meta.client.meta.events, "dynamodb-create-params-copy"
        events.unregister("provide-client-params.dynamodb", unique_id=copying)
        events.register("provide-client-params.dynamodb", copy_parameters, unique_id=copying)
        resource._injector._serializer = ItemWriter()
        resource._injector._deserializer = ItemReader()
