"""What is said to be another customer's shows there and nowhere else, however it is heard of."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.aws.items import SUMMARY
from shared.aws.projection import Projector
from shared.aws.rows import Rows, shown
from shared.entity import Via
from tests.account import AwsAccount, contents
from tests.shared.aws.notes import NOON, Note, an_act, projection, row_of
from tests.shared.aws.test_projection import record_of

WHOSE = ["cus_1", "cus_2", "cus_3"]
STEP = st.one_of(st.sampled_from(WHOSE), st.integers(1, 9))


def a_history(note_id: str, steps: list[str | int], via: Via | None = None) -> list[Note]:
    """A note that is rewritten, or said to be somebody's, step by step."""
    history = [Note.write(note_id, worth=1)]
    for step in steps:
        note = history[-1]
        if isinstance(step, str):
            note = note.attributed(an_act(note.version), step)
        else:
            note = note.become(worth=step)
        if note is not history[-1]:
            history.append(note)
    return history


def totals(aws: AwsAccount, table: str, customer_id: str) -> dict[str, int]:
    summary = contents(aws.dynamodb, table).get((f"P#{customer_id}", SUMMARY), {})
    return {name: value for name, value in summary.items() if isinstance(value, int) and value}


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.lists(STEP, max_size=4), min_size=1, max_size=3), st.data())
def test_any_delivery_leaves_each_with_what_is_theirs(
    aws: AwsAccount, table: str, steps: list[list[str | int]], data: st.DataObject
) -> None:
    aws.empty_table(table)
    histories = [a_history(f"note-{place}", some) for place, some in enumerate(steps)]
    projector, rows = Projector(aws.dynamodb, table, projection), Rows(aws.dynamodb, table)
    every = [(place, n) for place, one in enumerate(histories) for n in range(1, len(one) + 1)]
    again = data.draw(st.lists(st.sampled_from(every), max_size=4))
    delivered = data.draw(st.permutations(every + again))
    cuts = sorted(data.draw(st.sets(st.integers(1, len(delivered)), max_size=4)))

    for start, end in zip([0, *cuts], [*cuts, len(delivered)], strict=True):
        records = [
            record_of(histories[place], n, str(sequence))
            for sequence, (place, n) in enumerate(delivered[start:end])
        ]
        assert projector.project_changes({"Records": records}) == {"batchItemFailures": []}

    for customer_id in WHOSE:
        theirs = [one[-1] for one in histories if one[-1].holder == customer_id]
        found = rows.head(customer_id, newest=10).rows
        assert sorted(row["id"] for row in found) == [note.note_id for note in theirs]
        sums: Counter[str] = Counter()
        for note in theirs:
            sums.update(row_of(note).counted)
        assert totals(aws, table, customer_id) == {name: n for name, n in sums.items() if n}


def test_what_has_moved_is_on_no_page_and_among_nothing_live(aws: AwsAccount, table: str) -> None:
    history = a_history("note-1", ["cus_2"])
    rows, projector = Rows(aws.dynamodb, table), Projector(aws.dynamodb, table, projection)

    for version in (1, 2):
        projector.project_changes({"Records": [record_of(history, version)]})

    query: Any = {"size": 5, "cursor": None, "cursors": None, "query": ""}
    assert rows.page("cus_1", **query).rows == []
    assert rows.live("cus_1", place="O#", most=5) == []
    assert [row["id"] for row in rows.page("cus_2", **query).rows] == ["note-1"]


def test_whose_a_thing_is_can_be_said_again_and_otherwise() -> None:
    note = Note.write(customer_id="cus_1")

    hers = note.attributed(an_act(1), "cus_2")

    assert (note.holder, hers.holder, hers.customer_id) == ("cus_1", "cus_2", "cus_1")
    assert hers.attributed(an_act(2), "cus_2") is hers
    back = hers.attributed(an_act(2), "cus_1")
    assert (back.holder, back.shown_under) == ("cus_1", ("cus_2", "cus_1"))


@pytest.mark.parametrize(
    ("shared", "said", "waits"), [(True, None, True), (False, None, False), (True, "cus_1", False)]
)
def test_what_came_by_what_several_have_waits_until_somebody_says_whose_it_is(
    aws: AwsAccount, table: str, shared: bool, said: str | None, waits: bool
) -> None:
    via = Via(kind="phone", shared=shared, at=NOON)
    note = Note(customer_id="cus_1", note_id="note-1", written_at=NOON, via=via).become(worth=1)
    history = [note, *([note.attributed(an_act(1), said)] if said else [])]
    projector = Projector(aws.dynamodb, table, projection)
    for version in range(1, len(history) + 1):
        projector.project_changes({"Records": [record_of(history, version)]})

    hour = timedelta(hours=1)
    rows = Rows(aws.dynamodb, table)
    found, more = rows.waiting("cus_1", since=NOON - hour, until=NOON + hour)
    later, _ = rows.waiting("cus_1", since=NOON + hour, until=NOON + 2 * hour)

    assert ([shown(row)["note_id"] for row in found] == ["note-1"]) is waits
    assert (later, more) == ([], False)
