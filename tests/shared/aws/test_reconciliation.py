"""What may not have been heard is said again, from the truth itself."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any, cast

import pytest

from shared.aws import pauses
from shared.aws.entities import EntityStore
from shared.aws.projection import Projector
from shared.aws.publication import EventBus
from shared.aws.reconciliation import NotAllPublished, Reconciliation, since_of
from tests.account import SECRET, AwsAccount, contents
from tests.shared.aws.notes import NOON, Note, document, event_of, projection
from tests.shared.aws.test_publication import PlayedBus


@pytest.fixture
def store(aws: AwsAccount, table: str) -> EntityStore[Note]:
    return EntityStore(aws.dynamodb, table, SECRET, document)


def reconciliation(aws: AwsAccount, table: str, played: PlayedBus) -> Reconciliation:
    return Reconciliation(
        aws.dynamodb,
        table,
        EventBus(cast("Any", played), "sahip"),
        event_of,
        Projector(aws.dynamodb, table, projection),
    )


def test_everything_since_a_time_is_said_and_shown_again(
    aws: AwsAccount, table: str, store: EntityStore[Note]
) -> None:
    for n in range(3):
        store.create(Note.write(f"note-{n}"), fingerprint="f")
    store.save(Note.write("note-1").become(worth=5))
    played = PlayedBus()

    told = reconciliation(aws, table, played).run(NOON)

    assert told == {"entities": 3, "events": 4}
    assert sorted(played.taken) == ["note-0:1:0", "note-1:1:0", "note-1:2:0", "note-2:1:0"]
    assert contents(aws.dynamodb, table)["P#cus_1", "SUMMARY"]["worth"] == 5

    before = contents(aws.dynamodb, table)
    reconciliation(aws, table, PlayedBus()).run(NOON)
    assert contents(aws.dynamodb, table) == before


def test_what_is_older_is_left_alone(
    aws: AwsAccount, table: str, store: EntityStore[Note]
) -> None:
    store.create(Note.write(), fingerprint="f")

    told = reconciliation(aws, table, PlayedBus()).run(NOON + timedelta(microseconds=1))

    assert told == {"entities": 0, "events": 0}


def test_a_reconciliation_that_the_bus_refuses_fails_loudly(
    aws: AwsAccount, table: str, store: EntityStore[Note], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pauses, "LONGEST_PAUSE", 0)
    store.create(Note.write(), fingerprint="f")

    with pytest.raises(NotAllPublished, match="1 of 1"):
        reconciliation(aws, table, PlayedBus({"note-1:1:0": 3})).run(NOON)


def test_since_when_is_said_as_a_time_or_in_hours() -> None:
    istanbul = timezone(timedelta(hours=3))
    asked = datetime(2026, 3, 1, 15, tzinfo=istanbul)

    assert since_of({"since": asked.isoformat()}) == NOON
    assert since_of({"since": asked.isoformat()}).tzinfo is UTC
    two_days_ago = datetime.now(UTC) - timedelta(hours=48)
    assert abs(since_of({"hours": 48}) - two_days_ago) < timedelta(minutes=1)
