"""What every Complaints must do, the fake as well as DynamoDB; and how complaints show."""

from datetime import datetime, timedelta

import pytest

from services.complaints.adapters import MOST_OPEN, NEWEST, row_of
from services.complaints.domain import ComplaintNotFound, HandOverReason
from services.complaints.ports import Complaints
from shared.aws.cursors import Cursors
from shared.aws.rows import shown
from shared.contracts.summary import ComplaintsPart
from shared.errors import ChangedMeanwhile, Invalid, KeyReused
from tests.complaints.books import SECRET, Books
from tests.complaints.examples import (
    NOON,
    a_complaint,
    a_proposed_one,
    a_resolved_one,
    an_act,
)
from tests.complaints.fakes import InMemoryComplaints

MUCH_LATER = NOON + timedelta(days=365)


@pytest.fixture(params=["in memory", "dynamodb"])
def complaints(request: pytest.FixtureRequest) -> Complaints:
    if request.param == "in memory":
        return InMemoryComplaints()
    books: Books = request.getfixturevalue("books")
    return books.complaints


def test_a_complaint_comes_back_as_it_went_in(complaints: Complaints) -> None:
    plain = a_complaint(
        title="", text="", order_id="ord_1", product="washer", serial="S1", channel="phone"
    )
    assert complaints.add(plain, fingerprint="f") == (plain, False)
    assert complaints.get("cmp_1") == plain


def test_everything_that_happened_to_a_complaint_comes_back(complaints: Complaints) -> None:
    eventful = (
        a_resolved_one()
        .reopen(an_act(70), word="Broken again.")
        .ask_help(an_act(71), of="stores", what="Is there another one?")
        .hand_over(an_act(72), to="agent-2", reason=HandOverReason.OTHER, text="moved")
        .answer(an_act(73, by="agent-2"), text="We look into it.")
    )
    complaints.add(eventful, fingerprint="f")

    assert complaints.get("cmp_1") == eventful


def test_the_same_request_adds_once(complaints: Complaints) -> None:
    first = a_complaint()
    complaints.add(first, fingerprint="f")

    assert complaints.add(a_complaint(minutes=1), fingerprint="f") == (first, True)


def test_an_id_of_another_request_is_refused(complaints: Complaints) -> None:
    complaints.add(a_complaint(), fingerprint="f")

    with pytest.raises(KeyReused):
        complaints.add(a_complaint(title="Another story"), fingerprint="g")

    assert complaints.get("cmp_1").title == "Open parcel"


def test_of_two_who_save_the_slower_is_told(complaints: Complaints) -> None:
    complaints.add(a_complaint(), fingerprint="f")
    seen_by_both = complaints.get("cmp_1")

    complaints.save(seen_by_both.answer(an_act(1), text="We look into it."))

    with pytest.raises(ChangedMeanwhile):
        complaints.save(seen_by_both.answer(an_act(2), text="Send it back."))


def test_the_very_same_save_again_is_no_conflict(complaints: Complaints) -> None:
    complaints.add(a_complaint(), fingerprint="f")
    answered = complaints.get("cmp_1").answer(an_act(1), text="We look into it.")

    complaints.save(answered)
    complaints.save(answered)

    assert complaints.get("cmp_1") == answered


def test_a_complaint_that_nobody_made_is_not_found(complaints: Complaints) -> None:
    with pytest.raises(ComplaintNotFound, match="complaint nobody does not exist"):
        complaints.get("nobody")


def test_a_complaint_counts_as_open_until_it_is_resolved() -> None:
    counted = [row_of(one).counted for one in (a_complaint(), a_proposed_one(), a_resolved_one())]
    live = [row_of(one).live is not None for one in (a_complaint(), a_resolved_one())]

    assert counted == [{"count": 1, "open": 1}, {"count": 1, "open": 1}, {"count": 1}]
    assert live == [True, False]


def test_who_never_complained_has_an_empty_part_and_not_a_missing_one(books: Books) -> None:
    assert books.part() == ComplaintsPart(count=0, open_count=0, open=[], recent=[])


def test_a_summary_shows_a_customers_own_complaints_the_newest_first(books: Books) -> None:
    books.keep(
        a_resolved_one("cmp_1"),
        a_complaint("cmp_2", minutes=1, heard_by=None, title=""),
        a_complaint("cmp_3", minutes=2, customer_id="cus_2"),
    )

    part = books.part()

    assert (part.count, part.open_count) == (2, 1)
    assert [(one.complaint_id, one.title, one.owner) for one in part.open] == [("cmp_2", "", None)]
    assert [(one.complaint_id, one.status) for one in part.recent] == [
        ("cmp_2", "open"),
        ("cmp_1", "resolved"),
    ]


def test_what_is_open_is_told_even_if_it_is_older_than_the_newest_ten(books: Books) -> None:
    done = [a_resolved_one(f"cmp_{n}", minutes=n) for n in range(1, NEWEST + 3)]
    books.keep(a_complaint("cmp_old"), *done)

    part = books.part()

    assert [one.complaint_id for one in part.open] == ["cmp_old"]
    assert len(part.recent) == NEWEST
    assert part.count == NEWEST + 3


def test_a_summary_lists_no_more_open_complaints_than_it_promises(books: Books) -> None:
    books.keep(*(a_complaint(f"cmp_{n:02}", minutes=n) for n in range(MOST_OPEN + 2)))

    part = books.part()

    assert part.open_count == MOST_OPEN + 2
    assert len(part.open) == MOST_OPEN
    assert part.open[0].complaint_id == f"cmp_{MOST_OPEN + 1}"


def test_late_is_what_fell_due_before_now_the_longest_overdue_first(books: Books) -> None:
    first, second = a_complaint("cmp_1"), a_complaint("cmp_2", minutes=10)
    books.keep(second, first, a_resolved_one("cmp_3"))

    assert _ids(books, at=first.answer_due) == []
    assert _ids(books, at=first.answer_due + timedelta(seconds=1)) == ["cmp_1"]
    assert _ids(books, at=MUCH_LATER) == ["cmp_1", "cmp_2"]


def test_an_answer_stops_its_clock_and_leaves_that_of_the_resolution(books: Books) -> None:
    complaint = a_complaint()
    books.keep(complaint)
    books.change(complaint.answer(an_act(1), text="We look into it."))

    [row] = books.late(MUCH_LATER).rows

    assert _ids(books, at=complaint.resolution_due) == []
    assert shown(row)["waits_for"] == "resolution"
    assert shown(row)["due_at"] == complaint.resolution_due.isoformat()


def test_a_resolved_complaint_is_late_no_more_until_it_is_reopened(books: Books) -> None:
    complaint = a_proposed_one()
    books.keep(complaint)
    resolved = a_resolved_one()
    books.change(resolved)
    before = _ids(books, at=MUCH_LATER)
    books.change(resolved.reopen(an_act(120)))

    assert before == []
    assert _ids(books, at=MUCH_LATER) == ["cmp_1"]


def test_records_of_the_stream_may_come_twice_and_in_any_order(books: Books) -> None:
    books.keep(a_proposed_one())
    proposed = books.item("cmp_1")
    books.change(a_resolved_one())
    resolved = books.item("cmp_1")
    after = books.items()

    books.project(proposed)
    books.project(resolved, proposed)
    books.project(resolved)

    assert books.items() == after
    assert _ids(books, at=MUCH_LATER) == []


def test_the_list_of_late_ones_goes_on_where_its_cursor_says(books: Books) -> None:
    books.keep(*(a_complaint(f"cmp_{n:02}", minutes=n // 2) for n in range(11)))

    found: list[str] = []
    cursor, pages = None, 0
    while pages == 0 or cursor is not None:
        page = books.late(MUCH_LATER, size=3, cursor=cursor)
        found += [shown(row)["complaint_id"] for row in page.rows]
        cursor, pages = page.cursor, pages + 1

    assert found == [f"cmp_{n:02}" for n in range(11)]
    assert pages == 4


def test_a_cursor_of_another_list_is_refused(books: Books) -> None:
    foreign = Cursors(SECRET, "agent-1").write({"behind": ""}, "complaints of cus_1")

    with pytest.raises(Invalid, match="does not belong"):
        books.late(MUCH_LATER, cursor=foreign)


def _ids(books: Books, *, at: datetime) -> list[str]:
    return [shown(row)["complaint_id"] for row in books.late(at).rows]
