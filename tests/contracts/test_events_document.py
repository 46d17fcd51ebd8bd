"""docs/events.md says what the code says: every event, field, publisher and reader."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from infra.local.system import INFRA
from infra.local.templates import Account, World, read_world, service_names
from shared.contracts.catalogue import EVENTS
from shared.contracts.event import Event
from shared.contracts.ses import EMAIL_TOLD, SOURCE

OF_AWS = "default"  # the account's own bus, on which AWS speaks and none of us
DOCUMENT = (INFRA.parent / "docs" / "events.md").read_text(encoding="utf-8")


def rows(heading: str) -> Iterator[list[str]]:
    """The rows of the table under a heading."""
    section = DOCUMENT.split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    for line in lines:
        yield [cell.strip() for cell in line.strip("|").split("|")]


def quoted(cell: str) -> list[str]:
    return re.findall(r"`([A-Za-z_.0-9]+)`:", cell)


DOCUMENTED = {row[0].strip("`"): row for row in rows("What there is")}


@pytest.fixture(scope="module")
def world() -> World:
    account = Account(account="123456789012", region="eu-central-1", stage="test")
    services = service_names(INFRA)
    return read_world(INFRA, services, account, secret=lambda _: "", parameters={})


def matches(pattern: Mapping[str, Any], event: type[Event]) -> bool:
    """Whether a rule's pattern lets the event through."""
    said = {"source": event.source, "detail-type": event.detail_type}
    assert pattern.keys() <= said.keys(), "a pattern over what this test does not know"
    return all(
        any(
            said[name].startswith(one["prefix"]) if isinstance(one, dict) else said[name] == one
            for one in allowed
        )
        for name, allowed in pattern.items()
    )


def readers_of(world: World, event: type[Event]) -> list[str]:
    """The services whose functions work through a queue that a rule leads the event to."""
    queues = {
        target.queue_arn
        for rule in world.rules
        if rule.bus != OF_AWS and matches(rule.pattern, event)
        for target in rule.targets
    }
    functions = {one.function for one in world.queue_mappings if one.queue in queues}
    return sorted(
        service.name
        for service in world.services
        if any(function.name in functions for function in service.functions.values())
    )


def test_every_event_is_documented_and_no_other() -> None:
    assert set(DOCUMENTED) == set(EVENTS)


def test_the_envelope_is_documented_field_by_field() -> None:
    documented = [row[0].strip("`") for row in rows("What every event carries")]

    assert documented == list(Event.model_fields)


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_an_event_is_documented_with_its_own_fields_and_their_meaning(name: str) -> None:
    own = [field for field in EVENTS[name].model_fields if field not in Event.model_fields]

    assert quoted(DOCUMENTED[name][4]) == own


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_an_event_is_documented_with_who_publishes_it(name: str) -> None:
    assert EVENTS[name].source == f"sahip.{DOCUMENTED[name][2]}"


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_an_event_is_documented_with_all_who_read_it(world: World, name: str) -> None:
    readers = readers_of(world, EVENTS[name])

    assert readers
    assert DOCUMENTED[name][3].split(", ") == readers


def test_what_ses_tells_of_our_emails_is_brought_from_the_accounts_own_bus(world: World) -> None:
    [rule] = [one for one in world.rules if one.bus == OF_AWS]

    assert rule.pattern["source"] == [SOURCE]
    assert rule.pattern["detail-type"] == sorted(one.detail_type for one in EMAIL_TOLD)
    assert rule.pattern["detail"]["mail"]["tags"] == {
        "ses:configuration-set": ["sahip-test-engagement"]
    }
