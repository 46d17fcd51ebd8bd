"""JSON by orjson says what the standard library says."""

import json
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.local.engines.keeper.quick_json import QuickJson
from infra.local.engines.keeper.quicker import QuickCopy

NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
LEAVES = st.none() | st.booleans() | NUMBERS | st.text()
VALUES = st.recursive(
    LEAVES, lambda below: st.lists(below) | st.dictionaries(st.text(), below), max_leaves=20
)


@given(value=VALUES)
def test_what_is_written_and_read_is_what_it_was(value: Any) -> None:
    text = QuickJson.dumps(value, ensure_ascii=False)

    assert json.loads(text) == QuickJson.loads(text) == json.loads(json.dumps(value))
    assert QuickJson.loads(json.dumps(value).encode()) == json.loads(json.dumps(value))


def test_what_json_does_not_know_is_written_as_asked() -> None:
    moment = datetime(2026, 11, 23, tzinfo=UTC)

    assert QuickJson.dumps([moment], default=str) == f'["{moment}"]'
    with pytest.raises(TypeError):
        QuickJson.dumps([moment])


def test_what_is_asked_of_the_order_or_of_constants_is_done() -> None:
    assert QuickJson.dumps({"b": 1, "a": 2}, sort_keys=True) == '{"a": 2, "b": 1}'
    assert QuickJson.loads("[NaN]", parse_constant=lambda _: None) == [None]


@pytest.mark.parametrize("text", ["", "{", '{"a":}', "[1,]"])
def test_what_is_not_json_is_refused_in_the_same_words(text: str) -> None:
    with pytest.raises(json.JSONDecodeError) as ours:
        QuickJson.loads(text)
    with pytest.raises(json.JSONDecodeError) as theirs:
        json.loads(text)

    assert str(ours.value) == str(theirs.value)


@given(value=VALUES)
def test_a_copy_is_the_same_and_shares_nothing_that_can_change(value: Any) -> None:
    copied = QuickCopy.deepcopy(value)

    assert copied == value
    assert type(copied) is type(value)
    if isinstance(value, list | dict) and value:
        assert copied is not value
        copied.clear()
        assert copied != value


def test_what_is_no_plain_value_is_copied_as_ever() -> None:
    value = defaultdict(list, {"a": [1]})

    copied = QuickCopy.deepcopy({"kept": value})["kept"]
    copied["a"].append(2)

    assert (type(copied), value["a"]) == (defaultdict, [1])
