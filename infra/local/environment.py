"""The environment variables of all services, put into one process and taken out again."""

import os
from collections.abc import Iterable, Mapping

from infra.local.templates.descriptions import Service


class ConflictingEnvironment(Exception):
    """Two services want the same variable with different values, which one process cannot give."""


class Environment:
    """Variables set for as long as the system runs."""

    def __init__(self) -> None:
        self._before: dict[str, str | None] = {}

    def put(self, variables: Mapping[str, str]) -> None:
        """Set variables, remembering what stood there."""
        for name, value in variables.items():
            self._before.setdefault(name, os.environ.get(name))
            os.environ[name] = value

    def restore(self) -> None:
        """Set everything as it was before the first `put`."""
        for name, value in self._before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        self._before.clear()


def united(services: Iterable[Service]) -> dict[str, str]:
    """The variables of all services. Raise ConflictingEnvironment if two disagree."""
    variables: dict[str, str] = {}
    for service in services:
        for name, value in service.environment.items():
            if variables.setdefault(name, value) != value:
                raise ConflictingEnvironment(f"{name} is another thing to {service.name}")
    return variables
