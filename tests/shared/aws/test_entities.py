"""The store that every service keeps its truth in."""

import json
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from shared.aws.entities import EntityStore, IdentifierTaken
from shared.aws.identifiers import Identifier
from shared.aws.items import from_item, to_item
from shared.errors import ChangedMeanwhile, KeyReused
from tests.account import SECRET, AwsAccount, contents
from tests.shared.aws.notes import Note, document

NUMBER = Identifier(kind="note_number", value="17", unique=True)


@pytest.fixture
def store(aws: AwsAccount, table: str) -> EntityStore[Note]:
    return EntityStore(aws.dynamodb, table, SECRET, document)


@given(
    st.dictionaries(
        st.text(min_size=1, max_size=5),
        st.one_of(st.text(max_size=9), st.integers(-(10**37), 10**37), st.booleans()),
    )
)
def test_plain_values_come_back_from_an_item_as_they_went_in(values: dict[str, Any]) -> None:
    back = from_item(to_item(values))

    assert back == values
    assert [type(one) for one in back.values()] == [type(one) for one in values.values()]


def test_what_is_none_is_left_out_of_an_item() -> None:
    assert to_item({"something": 1, "nothing": None}) == {"something": {"N": "1"}}


def test_an_item_says_openly_what_the_stream_and_an_auditor_need(
    aws: AwsAccount, table: str, store: EntityStore[Note]
) -> None:
    store.create(Note.write(worth=5), fingerprint="f")

    item = contents(aws.dynamodb, table)["E#note-1", "A"]

    assert item["kind"] == "note"
    assert item["customer_id"] == "cus_1"
    assert item["version"] == 1
    assert item["changed_at"] == "2026-03-01T12:00:00+00:00"
    [entry] = json.loads(item["log"])
    assert (entry["by"], entry["correlation_id"]) == ("agent-1", "request-0")
    assert not {"customer_id", "version", "log"} & json.loads(item["state"]).keys()


def test_creating_again_answers_what_there_is_by_now(store: EntityStore[Note]) -> None:
    note = Note.write()
    store.create(note, fingerprint="f")
    newer = note.become(worth=5)
    store.save(newer)

    assert store.create(note, fingerprint="f") == (newer, True)
    assert store.created("note-1", fingerprint="f") == newer
    assert store.created("note-2", fingerprint="f") is None
    with pytest.raises(KeyReused, match="send a new key with a new request"):
        store.create(note, fingerprint="g")


def test_a_unique_identifier_that_is_taken_stops_all_of_a_creation(
    aws: AwsAccount, table: str, store: EntityStore[Note]
) -> None:
    store.create(Note.write(), fingerprint="f", found_by=[NUMBER])
    before = contents(aws.dynamodb, table)

    with pytest.raises(IdentifierTaken, match="this note number already belongs to note-1"):
        store.create(Note.write("note-2"), fingerprint="g", found_by=[NUMBER])

    assert contents(aws.dynamodb, table) == before


def test_a_save_whose_answer_was_lost_is_no_conflict_when_it_is_repeated(
    store: EntityStore[Note],
) -> None:
    note = Note.write()
    store.create(note, fingerprint="f")
    changed = note.become(worth=5)

    store.save(changed)
    store.save(changed)

    assert store.get("note-1") == changed


def test_a_version_is_never_skipped_or_written_over(store: EntityStore[Note]) -> None:
    note = Note.write()
    store.create(note, fingerprint="f")
    store.save(note.become(worth=5))

    for stale in (note.become(worth=6), note.become(worth=7).become(worth=8).become(worth=9)):
        with pytest.raises(ChangedMeanwhile, match="read it again"):
            store.save(stale)
    with pytest.raises(ChangedMeanwhile):
        store.save(replace(note.become(worth=5), note_id="note-9"))

    saved = store.get("note-1")
    assert saved is not None
    assert saved.worth == 5


def test_an_error_of_ours_is_not_taken_for_a_conflict(aws: AwsAccount) -> None:
    elsewhere = EntityStore(aws.dynamodb, "no-such-table", SECRET, document)

    with pytest.raises(ClientError):
        elsewhere.create(Note.write(), fingerprint="f")
