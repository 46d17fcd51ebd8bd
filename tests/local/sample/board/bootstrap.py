"""Wires the board to AWS."""

import os
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table
    from mypy_boto3_lambda import LambdaClient


@cache
def table() -> "Table":
    resource: Any = boto3.resource("dynamodb")
    found: Table = resource.Table(os.environ["BOARD_TABLE"])  # noqa: TID251 - as in a service
    return found


@cache
def functions() -> "LambdaClient":
    return boto3.client("lambda")


def notes_summary() -> str:
    return os.environ["NOTES_SUMMARY"]  # noqa: TID251 - as in a service
