"""However a stream delivers, rows and totals end up as if everything had come once, in order."""

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.aws.entities import EntityStore
from shared.aws.items import SUMMARY, entity_key, to_item
from shared.aws.projection import Projection, Projector, Row
from shared.aws.stream import writes_of
from tests.account import SECRET, AwsAccount, contents, stream_record
from tests.shared.aws.notes import NOON, Note, document, projection, row_of

CUSTOMER = "cus_1"


def item_of(note: Note) -> dict[str, Any]:
    """A note as the table has it."""
    values = {"kind": note.kind, "customer_id": note.customer_id, **document.write(note)}
    return entity_key(note.note_id) | to_item(values)


def record_of(history: list[Note], version: int, sequence: str = "1") -> dict[str, Any]:
    """What the stream says of the write that made this version."""
    before = item_of(history[version - 2]) if version > 1 else None
    return stream_record(before, item_of(history[version - 1]), sequence)


def a_history(note_id: str, states: list[tuple[int, bool]]) -> list[Note]:
    history = [Note.write(note_id, worth=1)]
    for worth, done in states:
        history.append(history[-1].become(worth=worth, done=done))
    return history


def shown(aws: AwsAccount, table: str) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """The customer's rows and totals."""
    items = contents(aws.dynamodb, table)
    summary = items.pop((f"P#{CUSTOMER}", SUMMARY), {})
    totals = {name: value for name, value in summary.items() if isinstance(value, int) and value}
    return [one for (pk, _), one in items.items() if pk == f"P#{CUSTOMER}"], totals


def recount(counted: list[dict[str, int]]) -> dict[str, int]:
    sums: Counter[str] = Counter()
    for one in counted:
        sums.update(one)
    return {name: value for name, value in sums.items() if value}


HISTORIES = st.lists(
    st.lists(st.tuples(st.integers(0, 9), st.booleans()), max_size=3), min_size=1, max_size=3
)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(HISTORIES, st.data())
def test_any_delivery_leaves_rows_and_totals_equal_to_a_recount(
    aws: AwsAccount, table: str, states: list[list[tuple[int, bool]]], data: st.DataObject
) -> None:
    aws.empty_table(table)
    histories = [a_history(f"note-{place}", some) for place, some in enumerate(states)]
    projector = Projector(aws.dynamodb, table, projection)
    writes = [(place, n) for place, one in enumerate(histories) for n in range(1, len(one) + 1)]
    last = [(place, len(one)) for place, one in enumerate(histories)]
    # Every last write comes at least once; of the others some, in any order, more than once.
    some = data.draw(st.lists(st.sampled_from(writes), max_size=6))
    delivered = data.draw(st.permutations(some + last))
    cuts = data.draw(st.sets(st.integers(1, len(delivered)), max_size=3))

    start = 0
    for end in [*sorted(cuts), len(delivered)]:
        records = [record_of(histories[place], n) for place, n in delivered[start:end]]
        assert projector.project_changes({"Records": records}) == {"batchItemFailures": []}
        start = end
        found, totals = shown(aws, table)
        assert totals == recount([json.loads(row["counted"]) for row in found])

    rows = {row["id"]: row for row in found}
    assert len(rows) == len(histories)
    for history in histories:
        row, wanted = rows[history[-1].note_id], row_of(history[-1])
        assert row["version"] == history[-1].version
        assert json.loads(row["shown"]) == wanted.shown
        assert json.loads(row["counted"]) == wanted.counted
        assert row.get("live") == wanted.live


@pytest.mark.parametrize("again", [1, 4])
def test_the_same_record_counts_once_however_often_it_comes(
    aws: AwsAccount, table: str, again: int
) -> None:
    history = a_history("note-1", [(5, False)])
    projector = Projector(aws.dynamodb, table, projection)

    for _ in range(again):
        projector.project_changes({"Records": [record_of(history, 2)]})

    assert shown(aws, table)[1] == {"count": 1, "worth": 5, "open": 1}


def test_a_note_projected_without_what_went_before_is_counted_right(
    aws: AwsAccount, table: str
) -> None:
    history = a_history("note-1", [(5, False), (7, True)])
    projector = Projector(aws.dynamodb, table, projection)
    projector.project_changes({"Records": [record_of(history, 2)]})

    projector.project_changes({"Records": [stream_record(None, item_of(history[2]))]})

    assert shown(aws, table)[1] == {"count": 1, "worth": 7}


def test_of_a_customer_who_was_erased_nothing_is_shown_again(aws: AwsAccount, table: str) -> None:
    summary = to_item({"pk": f"P#{CUSTOMER}", "sk": SUMMARY, "erased_at": NOON.isoformat()})
    aws.dynamodb.put_item(TableName=table, Item=summary)
    cards = Projection(document=document, card=lambda note: {"worth": note.worth})

    for one in (projection, cards):
        change = {"Records": [record_of(a_history("note-1", []), 1)]}
        assert Projector(aws.dynamodb, table, one).project_changes(change) == {
            "batchItemFailures": []
        }

    assert shown(aws, table)[0] == []
    assert set(contents(aws.dynamodb, table)[f"P#{CUSTOMER}", SUMMARY]) == {
        "pk",
        "sk",
        "erased_at",
    }


def test_of_two_cards_the_newer_one_holds_in_any_order(aws: AwsAccount, table: str) -> None:
    history = a_history("note-1", [(5, False), (7, False)])
    cards = Projection(document=document, card=lambda note: {"worth": note.worth})
    projector = Projector(aws.dynamodb, table, cards)

    for version in (2, 3, 1, 3):
        projector.project_changes({"Records": [record_of(history, version)]})

    summary = contents(aws.dynamodb, table)[f"P#{CUSTOMER}", SUMMARY]
    assert json.loads(summary["card"]) == {"worth": 7}
    assert summary["card_version"] == 3


def test_a_total_cannot_take_the_place_of_the_index_key() -> None:
    with pytest.raises(ValueError, match="cannot be called live"):
        Row(at=NOON, shown={}, counted={"live": 1})


def test_the_writes_of_a_batch_are_those_of_entities_only(aws: AwsAccount, table: str) -> None:
    store = EntityStore(aws.dynamodb, table, SECRET, document)
    note = Note.write()
    store.create(note, fingerprint="f")
    row = to_item({"pk": "P#cus_1", "sk": "R#1"})
    removal = stream_record(None, item_of(note))
    del removal["dynamodb"]["NewImage"]

    writes = list(writes_of({"Records": [stream_record(None, row), removal]}))

    assert writes == []
