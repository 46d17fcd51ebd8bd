from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.entity import KEPT_ENTRIES, KEPT_FOR, MOST_ENTRIES, Act, Happening
from shared.errors import Stale
from tests.shared.aws.notes import NOON, Note, an_act


def test_every_change_is_the_next_version_and_says_who_when_and_in_which_request() -> None:
    note = Note.write().become(worth=5)

    entry = note.log[-1]
    assert (note.version, note.worth) == (2, 5)
    assert (entry.version, entry.n, entry.what) == (2, 0, "rewritten")
    assert (entry.by, entry.at, entry.correlation_id) == (
        "agent-1",
        NOON + timedelta(minutes=1),
        "request-1",
    )
    assert note.changed_at == entry.at


def test_one_change_may_mean_several_things_each_numbered() -> None:
    note = Note.write().after(an_act(1), Happening(what="moved"), Happening(what="renamed"))

    assert [(entry.version, entry.n, entry.what) for entry in note.log[1:]] == [
        (2, 0, "moved"),
        (2, 1, "renamed"),
    ]


def test_what_happened_before_it_was_recorded_keeps_both_times() -> None:
    long_ago = NOON - timedelta(days=900)
    note = Note.write().after(an_act(1), Happening(what="moved", happened_at=long_ago))

    assert (note.log[-1].happened_at, note.log[-1].at) == (long_ago, an_act(1).at)
    assert note.log[0].happened_at is None
    assert note.changed_at == an_act(1).at


def test_a_change_does_not_touch_what_was_there_before() -> None:
    before = Note.write()
    before.become(worth=5)

    assert (before.version, before.worth, len(before.log)) == (1, 0, 1)


def test_who_speaks_of_another_version_is_told_which_one_it_is_at() -> None:
    note = Note.write().become(worth=1)

    note.must_be_at(None)
    note.must_be_at(2)
    for other in (1, 3):
        with pytest.raises(Stale, match=f"at version 2 by now, not {other}; read it again"):
            note.must_be_at(other)


@given(st.lists(st.integers(min_value=0, max_value=200), max_size=80))
def test_a_log_keeps_the_newest_entries_and_all_of_the_last_month(days: list[int]) -> None:
    note, now = Note.write(), NOON
    written = [note.log[0]]
    for pause in days:
        now += timedelta(days=pause)
        act = Act(by="agent-1", at=now, correlation_id="request-1")
        note = note.after(act, Happening(what="rewritten"))
        written.append(note.log[-1])

    *earlier, newest = written
    expected = {entry.version for entry in written[-KEPT_ENTRIES - 1 :]}
    expected |= {entry.version for entry in earlier if newest.at - entry.at < KEPT_FOR}
    kept = [entry.version for entry in note.log]
    assert kept == sorted(kept)
    assert expected <= set(kept)
    assert all(
        entry.version in expected or written[index + 1].at - entry.at < KEPT_FOR
        for index, entry in enumerate(written[:-1])
        if entry.version in kept
    )


def test_a_log_never_grows_without_bound_however_often_something_changes() -> None:
    note = Note.write()
    act = an_act()

    for _ in range(MOST_ENTRIES + 20):
        note = note.after(act, Happening(what="rewritten"), Happening(what="touched"))

    assert len(note.log) == MOST_ENTRIES
    assert note.log[-1].version == note.version
    assert [entry.version for entry in note.log[-2:]] == [note.version] * 2
