"""What others may send: its published shape, its document, and what is refused."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from infra.local.system import INFRA
from shared.contracts.external import EXTERNAL_EVENTS, ExternalEvent

SNAPSHOTS = Path(__file__).parent / "snapshots" / "external"
DOCUMENT = (INFRA.parent / "docs" / "external-events.md").read_text(encoding="utf-8")
SOURCE = "external.webshop"

SHIPPED = {"event_id": "e1", "occurred_at": "2026-11-20T12:00:00+03:00", "order_id": "7"}
LINE = {"product": "washer", "quantity": 1, "unit_price": 100}
PLACED = SHIPPED | {"customer": {"name": "Ayşe"}, "currency": "TRY", "lines": [LINE]}


def read(name: str, detail: dict[str, Any]) -> ExternalEvent:
    return EXTERNAL_EVENTS[name].read(SOURCE, detail)


def shape(part: Any) -> Any:
    """A schema without its words, which may be put better."""
    if isinstance(part, dict):
        return {
            key: shape(one)
            for key, one in part.items()
            if not (key in {"description", "title"} and isinstance(one, str))
        }
    return [shape(one) for one in part] if isinstance(part, list) else part


@pytest.mark.parametrize("name", sorted(EXTERNAL_EVENTS))
def test_a_published_schema_stays_as_it_is(name: str) -> None:
    """What others send by it cannot be recalled: another shape is another version."""
    published = json.loads((SNAPSHOTS / f"{name}.json").read_text(encoding="utf-8"))

    assert shape(EXTERNAL_EVENTS[name].model_json_schema()) == published


def test_nothing_that_was_published_has_vanished() -> None:
    assert {path.stem for path in SNAPSHOTS.glob("*.json")} == set(EXTERNAL_EVENTS)


def documented(heading: str) -> list[tuple[str, str, str]]:
    """The fields under a heading: name, whether it is needed, meaning."""
    section = DOCUMENT.split(f"\n### {heading}\n")[1].split("\n### ")[0].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    return [(name.strip("`"), needed, meaning) for name, needed, meaning in cells]


def fields(schema: dict[str, Any], passed_over: set[str]) -> list[tuple[str, str, str]]:
    return [
        (
            name,
            "yes" if name in schema.get("required", []) else "no",
            str(part.get("description", "")),
        )
        for name, part in schema["properties"].items()
        if name not in passed_over
    ]


def test_the_envelope_is_documented() -> None:
    assert documented("The envelope") == fields(ExternalEvent.model_json_schema(), set())


@pytest.mark.parametrize("name", sorted(EXTERNAL_EVENTS))
def test_an_event_is_documented_field_by_field(name: str) -> None:
    schema = EXTERNAL_EVENTS[name].model_json_schema()

    assert documented(name) == fields(schema, set(ExternalEvent.model_fields))
    for part, inner in schema.get("$defs", {}).items():
        assert documented(part) == fields(inner, set())


def test_no_other_event_is_documented() -> None:
    headings = {line[4:] for line in DOCUMENT.splitlines() if line.startswith("### External")}

    assert {one for one in headings if one.endswith(".v1")} == set(EXTERNAL_EVENTS)


def test_what_is_not_known_is_passed_over() -> None:
    event = read("ExternalOrderShipped.v1", SHIPPED | {"their": {"own": 1}, "system": "other"})

    assert (event.system, event.source) == ("webshop", SOURCE)
    assert "their" not in event.model_dump()


def test_an_event_told_again_says_the_same() -> None:
    once = read("ExternalOrderShipped.v1", SHIPPED)
    again = read("ExternalOrderShipped.v1", SHIPPED | {"event_id": "e2"})

    assert once != again
    assert once.same() == again.same()


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("ExternalOrderShipped.v1", {"order_id": 7}),
        ("ExternalOrderShipped.v1", {"order_id": ""}),
        ("ExternalOrderShipped.v1", {"order_id": "a b"}),
        ("ExternalOrderShipped.v1", {"order_id": "x" * 121}),
        ("ExternalOrderShipped.v1", {"occurred_at": "2026-11-20T12:00:00"}),
        ("ExternalOrderShipped.v1", {"occurred_at": "2026-11-20"}),
        ("ExternalOrderShipped.v1", {"occurred_at": "1795170000"}),
        ("ExternalOrderShipped.v1", {"occurred_at": 1795170000}),
        ("ExternalOrderShipped.v1", {"occurred_at": "0001-01-01T00:00:00+03:00"}),
        ("ExternalOrderShipped.v1", {"occurred_at": "9999-12-31T23:59:59-03:00"}),
        ("ExternalOrderShipped.v1", {"tracking": "TR\x001"}),
        ("ExternalOrderShipped.v1", {"tracking": "\ud800"}),
        ("ExternalOrderPlaced.v1", {"lines": []}),
        ("ExternalOrderPlaced.v1", {"lines": [LINE] * 101}),
        ("ExternalOrderPlaced.v1", {"lines": [{"product": "w", "quantity": 1}]}),
        ("ExternalOrderPlaced.v1", {"currency": "try"}),
        ("ExternalOrderPlaced.v1", {"customer": {}}),
        ("ExternalOrderPlaced.v1", {"customer": {"name": " \u200b "}}),
        (
            "ExternalOrderPlaced.v1",
            {"lines": [{"product": "w", "quantity": 10**6, "unit_price": 10**12}]},
        ),
        (
            "ExternalOrderPlaced.v1",
            {"lines": [{"product": "w", "quantity": 1, "unit_price": 1.5}]},
        ),
    ],
)
def test_what_does_not_fit_is_refused(name: str, changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        read(name, PLACED | changes)


@pytest.mark.parametrize("field", ["unit_price", "unknown"])
def test_nan_is_refused_also_where_nobody_reads_it(field: str) -> None:
    line = {"product": "w", "quantity": 1, "unit_price": 1, field: float("nan")}

    with pytest.raises(ValueError, match="JSON"):
        read("ExternalOrderPlaced.v1", PLACED | {"lines": [line]})


@pytest.mark.parametrize(
    ("source", "may"),
    [
        (SOURCE, True),
        ("external.crm-2", True),
        ("external.", False),
        ("external.Web Shop", False),
        ("external.a:b", False),
        ("sahip.orders", False),
        ("sahip.external.webshop", False),
    ],
)
def test_only_a_named_external_system_may_tell_it(source: str, may: bool) -> None:
    assert all(event.comes_from(source) is may for event in EXTERNAL_EVENTS.values())
