"""Who is forgotten, how a day's lists are made of them, and that breaking off changes nothing."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from services.engagement.adapters.forgotten import DynamoCallLists
from services.engagement.adapters.silences import DynamoRapports
from services.engagement.domain.ceilings import Served
from services.engagement.domain.forgotten import MOST_CALLS, CallList, Keeper, Run
from services.engagement.domain.neglect import Band, Neglect, is_due, neglect_of
from services.engagement.domain.rapport import Heard, Offered
from services.engagement.domain.silence import Silence, Word
from services.engagement.use_cases import forgotten as use_cases
from services.engagement.use_cases.silences import hear
from shared.errors import ChangedMeanwhile, Unavailable
from tests.account import AwsAccount
from tests.engagement.examples import NOON

TODAY = date(2026, 11, 24)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def still(days: int, **days_of: date) -> Silence:
    return Silence(since=ago(900), **{"theirs": ago(days), **days_of})


def test_the_score_explains_itself() -> None:
    score = neglect_of(still(372, offered=ago(3)), ["serious", "normal"], 180, TODAY)

    assert [(one.code, one.found, one.points) for one in score.reasons] == [
        (Neglect.SILENCE, 372, 50),
        (Neglect.NO_CONTACT_BY_US, 900, 20),
        (Neglect.ONLY_OFFERS, 372, 10),
        (Neglect.SERIOUS_CASES, 1, 15),
        (Neglect.OPEN_CASES, 1, 5),
    ]
    assert (score.points, score.band) == (100, Band.FORGOTTEN)
    assert score.points == sum(one.points for one in score.reasons)


@pytest.mark.parametrize(
    ("silence", "cases", "points", "band"),
    [
        (still(0, ours=TODAY), [], 0, Band.CARED_FOR),
        (still(179, ours=ago(10)), [], 1, Band.CARED_FOR),
        (still(179, ours=ago(179)), [], 24 + 9, Band.NEGLECTED),
        (still(180, ours=ago(180)), [], 25 + 10, Band.NEGLECTED),
        (still(360, ours=ago(360)), [], 70, Band.FORGOTTEN),
        (still(1, ours=ago(1)), ["safety", None, "normal"], 20, Band.CARED_FOR),
    ],
)
def test_points_grow_with_silence_and_never_beyond_their_most(
    silence: Silence, cases: list[str | None], points: int, band: Band
) -> None:
    score = neglect_of(silence, cases, 180, TODAY)

    assert (score.points, score.band) == (points, band)


def test_one_is_due_on_the_day_of_the_floor_and_a_stranger_never() -> None:
    assert [is_due(still(days), 180, TODAY) for days in (179, 180)] == [False, True]
    assert not is_due(Silence(), 1, TODAY)


class People:
    """Stands for the customer and complaints services."""

    def __init__(self) -> None:
        self.keepers: dict[str, Keeper] = {}
        self.open: dict[str, list[str | None]] = {}
        self.is_down = False

    def care(self, ids: Collection[str], correlation_id: str) -> Mapping[str, Keeper]:
        if self.is_down:
            raise Unavailable("care cannot be asked")
        return {one: self.keepers[one] for one in ids if one in self.keepers}

    def cases(
        self, ids: Collection[str], correlation_id: str
    ) -> Mapping[str, Sequence[str | None]]:
        return {one: self.open.get(one, []) for one in ids}


class Office:
    """The table, and a day's run on it."""

    def __init__(self, account: AwsAccount) -> None:
        self.rapports = DynamoRapports(account.dynamodb, account.table("engagement"))
        self.lists = DynamoCallLists(account.dynamodb, account.table("engagement"))
        self.people = People()

    def somebody(self, customer_id: str, days: int, *members: str, **kept: Any) -> None:
        self.hear(customer_id, Word.THEIRS, days)
        served = {name: kept.pop(name) for name in ("rank", "groups") if name in kept}
        owned = {"owner": "stf_1", "calls": "stf_1", "calls_subject": "sub-1", **kept}
        fields = {"served": Served(**served), **owned}
        self.people.keepers[customer_id] = Keeper(members=members or (customer_id,), **fields)

    def hear(self, customer_id: str, word: Word, days: int = 0) -> None:
        at = NOON - timedelta(days=days)
        offer = Offered(at=at, told_by="cnv_1", channel="phone") if word is Word.OFFER else None
        hear(self.rapports, [Heard(customer_id=customer_id, word=word, at=at, offer=offer)])

    def run(self, *, steps: int = 99, at: datetime = NOON) -> Run:
        left = iter(range(steps - 1))
        return use_cases.make_lists(
            self.lists,
            self.rapports,
            self.people,
            at,
            correlation_id="run-1",
            has_time=lambda: next(left, None) is not None,
        )

    def listed(self, staff_id: str = "stf_1", today: date = TODAY) -> list[tuple[str, int]]:
        _, _, calls = use_cases.list_of(self.lists, self.rapports, staff_id, today)
        return [(one.customer_id, one.days) for one in calls]


@pytest.fixture
def office(account: AwsAccount) -> Office:
    return Office(account)


def test_each_floor_holds_and_the_most_neglected_come_first(office: Office) -> None:
    office.somebody("cus_best", 61, groups=("profitable",))
    office.somebody("cus_first", 46, rank=1)
    office.somebody("cus_other", 179)
    office.somebody("cus_loyal", 89, groups=("loyal", "loss_making"))
    office.somebody("cus_year", 372)
    office.people.open["cus_first"] = ["safety"]

    run = office.run()

    assert (run.is_done, run.looked_at, run.forgotten) == (True, 5, 3)
    assert office.listed() == [("cus_year", 372), ("cus_first", 46), ("cus_best", 61)]
    assert office.lists.staff_id("sub-1") == "stf_1"
    assert office.lists.staff_id("sub-2") is None


def test_a_person_with_several_ids_is_called_once_and_a_word_under_any_of_them_counts(
    office: Office,
) -> None:
    for one in ("cus_a", "cus_b"):
        office.somebody(one, 400, "cus_b", "cus_a")
    for one, days in (("cus_c", 400), ("cus_d", 5)):
        office.somebody(one, days, "cus_c", "cus_d")

    run = office.run()

    assert (run.looked_at, run.forgotten) == (3, 1)
    assert office.listed() == [("cus_b", 400)]


def test_whoever_takes_the_place_calls_and_nobodys_customers_are_on_nobodys_list(
    office: Office,
) -> None:
    office.somebody("cus_left", 200, calls="stf_2", acting_as="successor", calls_subject="sub-2")
    office.somebody("cus_nobody", 200, owner=None, calls=None, calls_subject=None)
    office.run()

    assert office.listed() == []
    assert office.listed("stf_2") == [("cus_left", 200)]
    assert office.listed("nobody") == [("cus_nobody", 200)]
    [call] = office.lists.of(["stf_2"], TODAY)["stf_2"].calls
    assert (call.owner, call.acting_as) == ("stf_1", "successor")


def test_after_a_word_they_leave_the_list_and_after_an_offer_they_do_not(office: Office) -> None:
    office.somebody("cus_1", 372)
    office.somebody("cus_2", 372)
    office.run()
    office.hear("cus_1", Word.OURS)
    office.hear("cus_2", Word.OFFER)

    assert office.listed() == [("cus_2", 372)]
    tomorrow = office.run(at=NOON + timedelta(days=1))
    assert (tomorrow.day, tomorrow.forgotten) == (ago(-1), 1)
    assert office.listed(today=ago(-1)) == [("cus_2", 373)]


def test_a_run_that_breaks_off_goes_on_where_it_was_and_lists_nobody_twice(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(use_cases, "AT_ONCE", 2)
    for number in range(5):
        office.somebody(f"cus_{number}", 300 + number)

    first = office.run(steps=1)
    office.people.is_down = True
    with pytest.raises(Unavailable):
        office.run()
    office.people.is_down = False
    last = office.run()
    again = office.run()

    assert (first.is_done, first.looked_at) == (False, 2)
    assert (last.is_done, last.looked_at, last.forgotten) == (True, 5, 5)
    assert again == last
    listed = office.lists.of(["stf_1"], TODAY)["stf_1"]
    assert listed.count == 5
    assert [one.customer_id for one in listed.calls] == [f"cus_{n}" for n in (4, 3, 2, 1, 0)]


def test_of_two_runs_at_once_one_is_told_and_the_answer_to_a_note_may_be_lost(
    office: Office,
) -> None:
    before = Run(day=TODAY, began_at=NOON)
    ours = Run(day=TODAY, began_at=NOON, place="b", looked_at=1)
    theirs = Run(day=TODAY, began_at=NOON, place="c", looked_at=2)
    office.lists.note(None, before, [], {})
    office.lists.note(before, ours, [CallList(staff_id="stf_1", day=TODAY, count=1)], {})
    office.lists.note(before, ours, [CallList(staff_id="stf_1", day=TODAY, count=1)], {})

    with pytest.raises(ChangedMeanwhile):
        office.lists.note(before, theirs, [CallList(staff_id="stf_1", day=TODAY, count=9)], {})
    assert office.lists.of(["stf_1"], TODAY)["stf_1"].count == 1


def test_who_is_not_due_by_their_own_floor_is_looked_at_again_within_a_month(
    office: Office,
) -> None:
    office.somebody("cus_1", 100)  # due by the strictest floor, and not by their own
    office.somebody("cus_2", 170)
    office.hear("cus_gone", Word.NONE, 400)  # who is no customer any more
    office.run()

    def due(days: int) -> list[str]:
        return [one for one, _ in office.lists.due(ago(-days), "", 9)]

    assert due(9) == []
    assert due(10) == ["cus_2"]
    assert sorted(due(30)) == ["cus_1", "cus_2", "cus_gone"]


def test_a_list_keeps_the_most_neglected_and_counts_all(office: Office) -> None:
    for number in range(MOST_CALLS + 3):
        office.somebody(f"cus_{number:02}", 300 + number)
    office.run()

    listed = office.lists.of(["stf_1"], TODAY)["stf_1"]
    assert (listed.count, len(listed.calls)) == (MOST_CALLS + 3, MOST_CALLS)
    assert {"cus_00", "cus_01", "cus_02"}.isdisjoint(one.customer_id for one in listed.calls)


def test_silence_comes_back_as_it_went_in_and_repeats_write_nothing(office: Office) -> None:
    for word, days in (
        (Word.OURS, 9),
        (Word.THEIRS, 20),
        (Word.OURS, 30),
        (Word.OFFER, 3),
        (Word.NONE, 50),
        (Word.OURS, 9),
    ):
        office.hear("cus_1", word, days)

    expected = Silence(since=ago(50), theirs=ago(20), ours=ago(9), offered=ago(3))
    assert office.rapports.of(["cus_1", "cus_2"]) == {"cus_1": expected}


def test_words_of_many_are_heard_in_two_calls_and_what_is_known_already_in_one(
    office: Office, account: AwsAccount
) -> None:
    words = [
        Heard(customer_id=f"cus_{number % 40}", word=word, at=NOON - timedelta(days=number))
        for number, word in enumerate([Word.THEIRS, Word.OURS] * 60)
    ] + [Heard(customer_id="", word=Word.THEIRS, at=NOON)]
    calls: list[str] = []

    def note(model: Any, **_: Any) -> None:
        calls.append(model.name)

    events = account.dynamodb.meta.events
    events.register("before-call.dynamodb", note)
    try:
        hear(office.rapports, words)
        hear(office.rapports, words)
    finally:
        events.unregister("before-call.dynamodb", note)

    assert calls == ["BatchGetItem", "TransactWriteItems", "BatchGetItem"]
    assert office.rapports.of(["cus_0", "cus_1"]) == {
        "cus_0": Silence(since=ago(80), theirs=ago(0)),
        "cus_1": Silence(since=ago(81), ours=ago(1)),
    }


def test_a_word_from_before_the_oldest_rule_is_heard(office: Office) -> None:
    office.hear("cus_1", Word.THEIRS, 6500)

    assert [one for one, _ in office.lists.due(TODAY, "", 9)] == ["cus_1"]
