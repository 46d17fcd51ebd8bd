"""Published contracts keep what they promised.

A new optional field is welcome. Anything else is a new event beside the old
one, with a snapshot of its own; so is a change of what the view asks services.
"""

from copy import deepcopy
from typing import Any

import pytest
from pydantic import BaseModel

from shared.contracts import finding, owning, person, reviewing, summary
from shared.contracts.catalogue import EVENTS
from shared.contracts.event import Event
from shared.contracts.model import Model, Root
from tests.contracts.shapes import broken, snapshots

PROMISED_EVENTS = snapshots("events")
PROMISED_SUMMARIES = snapshots("summaries")
PROMISED_QUESTIONS = snapshots("questions")
# A reason that is one word of a closed list, and nobody's own words.
CODES = {("ComplaintHandedOver.v1", "reason"), ("TaxIdRevealed.v1", "reason")}


def contracts_in(*modules: Any) -> dict[str, type[BaseModel]]:
    """What services ask and answer one another, by name; events are in the catalogue."""
    return {
        name: model
        for module in modules
        for name, model in vars(module).items()
        if isinstance(model, type) and issubclass(model, BaseModel)
        if model not in (BaseModel, Model, Root) and not issubclass(model, Event)
    }


SUMMARIES = contracts_in(summary)
QUESTIONS = contracts_in(finding, owning, person, reviewing)


def test_every_event_has_a_snapshot_and_none_has_vanished() -> None:
    assert set(EVENTS) == set(PROMISED_EVENTS)


def test_every_summary_contract_has_a_snapshot_and_none_has_vanished() -> None:
    assert set(SUMMARIES) == set(PROMISED_SUMMARIES)


def test_every_question_between_services_has_a_snapshot_and_none_has_vanished() -> None:
    assert set(QUESTIONS) == set(PROMISED_QUESTIONS)


@pytest.mark.parametrize("name", sorted(PROMISED_EVENTS))
def test_an_event_keeps_every_field_it_promised(name: str) -> None:
    assert broken(PROMISED_EVENTS[name], EVENTS[name].model_json_schema()) == []


@pytest.mark.parametrize("name", sorted(PROMISED_SUMMARIES))
def test_a_summary_contract_keeps_every_field_it_promised(name: str) -> None:
    assert broken(PROMISED_SUMMARIES[name], SUMMARIES[name].model_json_schema()) == []


@pytest.mark.parametrize("name", sorted(PROMISED_QUESTIONS))
def test_a_question_between_services_keeps_every_field_it_promised(name: str) -> None:
    assert broken(PROMISED_QUESTIONS[name], QUESTIONS[name].model_json_schema()) == []


@pytest.mark.parametrize("event", EVENTS.values(), ids=lambda event: event.detail_type)
def test_an_event_names_its_publisher_and_its_version(event: type[Event]) -> None:
    name, _, version = event.detail_type.rpartition(".v")

    assert event.source.startswith("sahip.")
    assert version.isdecimal()
    assert event.__name__.startswith(name)
    assert set(Event.model_fields) <= set(event.model_fields)


@pytest.mark.parametrize("event", EVENTS.values(), ids=lambda event: event.detail_type)
def test_an_event_has_no_field_for_what_is_personal(event: type[Event]) -> None:
    personal = {"name", "phone", "email", "address", "contact", "reason", "text", "note"}

    suspects = {field for field in event.model_fields if personal & set(field.split("_"))}
    assert not {field for field in suspects if (event.detail_type, field) not in CODES}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda one: one["properties"].pop("currency"), "currency vanished"),
        (lambda one: one["properties"]["amount"].update(type="string"), "amount has another"),
        (lambda one: one["properties"]["amount"].pop("minimum"), "amount has another shape"),
        (lambda one: one["required"].remove("amount"), "required is no longer"),
        (lambda one: one["required"].append("colour"), "required is no longer"),
    ],
)
def test_a_broken_promise_is_noticed(change: Any, told: str) -> None:
    schema = deepcopy(PROMISED_EVENTS["OrderPlaced.v1"])
    change(schema)

    [flaw] = broken(PROMISED_EVENTS["OrderPlaced.v1"], schema)

    assert flaw.startswith(told)


def test_a_new_optional_field_and_other_words_break_no_promise() -> None:
    schema = deepcopy(PROMISED_EVENTS["OrderPlaced.v1"])
    schema["properties"]["channel"] = {"type": "string", "default": "shop"}
    schema["properties"]["amount"]["description"] = "in other words"

    assert broken(PROMISED_EVENTS["OrderPlaced.v1"], schema) == []
