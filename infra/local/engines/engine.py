"""What every engine can do, and the settings that lead boto3 to it."""

import os
from collections.abc import Mapping
from typing import Protocol

import boto3

REGION = "eu-central-1"

# No request may ever reach a real account from here, whoever is signed in on this machine.
STRANGERS = {
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_DEFAULT_REGION": REGION,
    "AWS_REGION": REGION,
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}
UNSET = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN")


class EngineError(Exception):
    """The engine could not start, save or stop; the text says why."""


class Engine(Protocol):
    """DynamoDB and the other services behind our code, for as long as it runs.

    `fresh_shard_iterators` says how a reader of a stream moves on: by asking for a new iterator
    after the last sequence number it has done, or with the `NextShardIterator` it was given.
    """

    name: str
    fresh_shard_iterators: bool

    def start(self) -> None:
        """Lead boto3's default session here. Raises `EngineError`."""

    def stop(self) -> None:
        """Keep what is to be kept, and put boto3 back as it was."""

    def alive(self) -> bool:
        """Say whether calls would be answered."""


class Settings:
    """Environment variables of ours in place of those found, until `restore`."""

    def __init__(self) -> None:
        self._found: dict[str, str | None] = {}

    def put(self, ours: Mapping[str, str]) -> None:
        """Set the variables, and let boto3 forget what it knew."""
        endpoints = [name for name in os.environ if name.startswith("AWS_ENDPOINT_URL")]
        lambda_api = "AWS_ENDPOINT_URL_LAMBDA"  # that one is the functions', not the engine's
        for name in {*STRANGERS, *UNSET, *endpoints, *ours} - {lambda_api}:
            self._found.setdefault(name, os.environ.pop(name, None))
        os.environ.update(STRANGERS | dict(ours))
        boto3.DEFAULT_SESSION = None

    def restore(self) -> None:
        """Put back what was found."""
        for name, value in self._found.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        self._found.clear()
        boto3.DEFAULT_SESSION = None
