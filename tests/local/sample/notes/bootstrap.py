"""Wires the notes to AWS."""

import os
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table
    from mypy_boto3_events import EventBridgeClient


@cache
def table() -> "Table":
    resource: Any = boto3.resource("dynamodb")
    found: Table = resource.Table(os.environ["NOTES_TABLE"])  # noqa: TID251 - as in a service
    return found


@cache
def events() -> "EventBridgeClient":
    return boto3.client("events")


def bus() -> str:
    return os.environ["SAMPLE_BUS"]  # noqa: TID251 - as in a service
