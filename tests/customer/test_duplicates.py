"""Who resembles whom: noted once, linked by itself where that is sure, decided by people."""

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest

from services.customer.adapters import DynamoCustomers
from services.customer.adapters.blocks import MOST_MEMBERS
from services.customer.adapters.duplicates import DynamoDuplicates
from services.customer.domain import Address, ContactKind, ContactPoint, Customer
from services.customer.domain.duplicates import (
    Duplicate,
    DuplicateDecided,
    Standing,
    id_of_pair,
)
from services.customer.domain.matching import Matcher, Verdict, traits_of
from services.customer.domain.matching.weights import Thresholds, shipped
from services.customer.ports import MOST_HOME, Neighbourhood
from services.customer.use_cases.duplicates import (
    Dedupe,
    Outcome,
    decide_duplicate,
    find_duplicates,
    settle_duplicates,
)
from services.customer.use_cases.links import confirm_link, end_link, leader_of, link_customers
from shared.aws.cursors import Cursors
from shared.errors import ChangedMeanwhile, Stale
from tests.account import SECRET, AwsAccount, contents
from tests.customer.crowd import calls_to
from tests.customer.examples import a_customer, an_act

MODA = Address(lines="Moda Cad. 1/3", district="Kadıköy", city="İstanbul")
BORNOVA = Address(district="Bornova", city="İzmir")


def a_phone(number: str) -> ContactPoint:
    return ContactPoint.of(ContactKind.PHONE, number)


def somebody(
    customer_id: str, name: str = "Ayşe Işık", phone: str = "0532 123 45 67", **fields: Any
) -> Customer:
    plain: dict[str, Any] = {"addresses": (MODA,), "contact_points": (a_phone(phone),)}
    return a_customer(customer_id, name=name, **(plain | fields))


AYSE = somebody("cus_a")
AGAIN = somebody("cus_b", "AYSE ISIK")  # alike in all
NAMESAKE = somebody("cus_n", phone="0533 765 43 21", addresses=(replace(MODA, lines=None),))
SISTER_IN_LAW = somebody("cus_s", "Fatma Işık")


def a_matcher() -> Matcher:
    """Whose thresholds lie between the examples, whatever was learnt last."""
    plain = Matcher()
    weights = [plain.compare(traits_of(AYSE), traits_of(one)).weight for one in (AGAIN, NAMESAKE)]
    assert (
        weights[0] > weights[1] > plain.compare(traits_of(AYSE), traits_of(SISTER_IN_LAW)).weight
    )
    link, review = sum(weights) / 2, weights[1] - 0.1
    return Matcher(
        replace(shipped(), thresholds=Thresholds(link=link, match=review, review=review))
    )


class Books:
    """The books, and what compares people in them."""

    def __init__(self, aws: AwsAccount) -> None:
        table = aws.table("customer")
        self.aws = aws
        self.customers = DynamoCustomers(aws.dynamodb, table, SECRET)
        self.duplicates = DynamoDuplicates(aws.dynamodb, table, SECRET)
        self.dedupe = Dedupe(
            customers=self.customers, duplicates=self.duplicates, matcher=a_matcher()
        )

    def take(self, *people: Customer) -> Outcome:
        """Take people in and compare each; what came of the last."""
        for one in people:
            self.customers.add(one, fingerprint="f")
            outcome = self.compare(one.customer_id)
        return outcome

    def compare(self, customer_id: str, *, minutes: int = 1) -> Outcome:
        return find_duplicates(self.dedupe, an_act(minutes, by="event"), customer_id)

    def change(self, customer_id: str, **fields: Any) -> Outcome:
        before = self.customers.get(customer_id)
        self.customers.save(before, before.change(an_act(2), **fields))
        return self.compare(customer_id, minutes=2)

    def pair(self, one: str, other: str) -> Duplicate:
        return self.duplicates.get(id_of_pair(one, other))

    def decide(self, pair: Duplicate, *, same: bool, reason: str = "she says so") -> Duplicate:
        return decide_duplicate(
            self.dedupe, an_act(9), pair.duplicate_id, same=same, reason=reason, version=None
        )

    def waiting(self, standing: Standing = Standing.OPEN) -> list[Duplicate]:
        cursors = Cursors(SECRET, "agent-1")
        page = self.duplicates.page(standing, size=100, cursor=None, cursors=cursors)
        return list(page.duplicates)

    def are_one(self, one: str, other: str) -> bool:
        return other in leader_of(self.customers, self.customers.get(one)).members

    def noted(self) -> dict[Any, Any]:
        items = contents(self.aws.dynamodb, self.aws.table("customer"))
        return {key: item for key, item in items.items() if key[0][:2] in ("E#", "B#", "Q#")}


@pytest.fixture
def books(aws: AwsAccount) -> Books:
    return Books(aws)


def test_the_examples_are_what_they_are_meant_to_be() -> None:
    verdicts = [
        a_matcher().compare(traits_of(AYSE), traits_of(one)).verdict
        for one in (AGAIN, NAMESAKE, SISTER_IN_LAW)
    ]

    assert verdicts == [Verdict.LINK, Verdict.REVIEW, Verdict.APART]


def test_who_is_alike_in_all_is_linked_by_itself_and_waits_to_be_confirmed(books: Books) -> None:
    assert books.take(AYSE, AGAIN) == Outcome(found=1, linked=1)

    assert books.are_one("cus_a", "cus_b")
    pair = books.pair("cus_a", "cus_b")
    assert (pair.standing, books.waiting(Standing.JOINED)) == (Standing.JOINED, [pair])
    link = books.customers.get_link(str(pair.link_id))
    assert not link.confirmed
    assert books.waiting() == []


def test_who_may_be_somebody_waits_for_a_person(books: Books) -> None:
    assert books.take(AYSE, NAMESAKE) == Outcome(found=1)

    [pair] = books.waiting()
    assert pair == books.pair("cus_n", "cus_a")
    assert pair.pair == ("cus_a", "cus_n")
    assert not books.are_one("cus_a", "cus_n")


def test_a_pair_says_what_agrees_and_how_much_that_weighs_and_no_value(books: Books) -> None:
    books.take(AYSE, NAMESAKE)

    [pair] = books.waiting()
    levels = {one.field: one.level for one in pair.resemblance.findings}
    assert (levels["given"], levels["phone"]) == ("same", "different")
    weights = sum(one.weight for one in pair.resemblance.findings)
    assert weights == pytest.approx(pair.resemblance.weight, abs=0.1)
    assert "532" not in str(pair.log)
    assert "isik" not in str(pair)


def test_sisters_in_law_with_one_home_phone_are_no_pair(books: Books) -> None:
    assert books.take(AYSE, SISTER_IN_LAW) == Outcome()
    assert books.waiting() == []


GIVEN = ["Ali", "Berk", "Cemile", "Dursun", "Emine", "Fikret", "Gül", "Hülya"]
FAMILY = ["Kaya", "Özdemir", "Toprak", "Zengin", "Uysal", "Pamukçu", "Ergün", "Şimşek"]


@pytest.mark.parametrize("sharers", [MOST_HOME, MOST_MEMBERS, len(GIVEN) * len(FAMILY)])
def test_a_dealers_own_number_links_nobody(books: Books, sharers: int) -> None:
    dealer = "0216 555 12 34"
    for n in range(sharers):
        name = f"{GIVEN[n % 8]} {FAMILY[(n + n // 8) % 8]}"
        books.take(somebody(f"cus_{n:02}", name, dealer, addresses=()))

    outcome = books.take(
        somebody("cus_x", "Ayşe Işık", dealer, addresses=()),
        somebody("cus_y", "Ayşe Işık", dealer, addresses=()),
    )

    assert outcome == Outcome()
    assert books.waiting() == books.waiting(Standing.JOINED) == []


@pytest.mark.parametrize(
    "filler",
    [
        {"contact_points": (ContactPoint(kind=ContactKind.EMAIL, value="yok@yok.com"),)},
        {"contact_points": (ContactPoint(kind=ContactKind.PHONE, value="+905555555555"),)},
        {"name": None, "contact_points": (), "external_ids": ("shop:1",)},
    ],
)
def test_what_was_typed_to_fill_a_field_brings_nobody_together(
    books: Books, filler: dict[str, Any]
) -> None:
    plain: dict[str, Any] = {"addresses": ()}
    one = a_customer("cus_a", **(plain | {"name": "Ali Tekin"} | filler))
    more = filler | ({"external_ids": ("shop:2",)} if "external_ids" in filler else {})
    other = a_customer("cus_b", **(plain | {"name": "Zeynep Or"} | more))

    assert books.take(one, other) == Outcome()


def test_a_newcomer_takes_three_calls_whether_or_not_they_resemble_somebody(
    books: Books, aws: AwsAccount
) -> None:
    books.take(AYSE)
    for newcomer, found in ((SISTER_IN_LAW, 0), (NAMESAKE, 1)):
        books.customers.add(newcomer, fingerprint="f")
        with calls_to(aws) as calls:
            assert books.compare(newcomer.customer_id).found == found
        assert [name for name, _ in calls] == ["GetItem", "BatchGetItem", "TransactWriteItems"]


def test_the_same_news_again_changes_nothing(books: Books) -> None:
    books.take(AYSE, AGAIN, NAMESAKE)
    before = books.noted()

    for one in ("cus_a", "cus_b", "cus_n"):
        assert books.compare(one, minutes=3) == Outcome()

    assert books.noted() == before


class Crash(BaseException):
    """The process is gone."""


def crash_at(books: Books, call: int, when: str) -> Callable[[], None]:
    """Crash before or after a call to DynamoDB, counted from now on; return what ends it."""
    event = {"before": "before-parameter-build.dynamodb", "after": "after-call.dynamodb"}[when]
    events, left = books.aws.dynamodb.meta.events, iter(range(call, -1, -1))

    def crash(**_: Any) -> None:
        if next(left, 1) == 0:
            raise Crash

    events.register(event, crash)
    return lambda: events.unregister(event, crash)


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_crash_around_any_call_is_made_good_by_the_same_news_again(
    books: Books, when: str
) -> None:
    def tell_again(call: int | None) -> dict[Any, Any]:
        """All that is noted once the news of a newcomer was heard, and crashed at a call."""
        books.aws.empty()
        books.take(AYSE)
        books.customers.add(AGAIN, fingerprint="f")
        if call is not None:
            end = crash_at(books, call, when)
            try:
                books.compare("cus_b")
                crashed.append(False)
            except Crash:
                crashed.append(True)
            end()
        books.compare("cus_b")
        return books.noted()

    crashed: list[bool] = []
    wanted = tell_again(None)

    while crashed[-1:] != [False]:
        assert tell_again(len(crashed)) == wanted

    assert len(crashed) > 10


@pytest.mark.parametrize("order", [("cus_a", "cus_n"), ("cus_n", "cus_a")])
def test_of_two_who_are_compared_at_once_at_least_one_finds_the_other(
    books: Books, monkeypatch: pytest.MonkeyPatch, order: tuple[str, str]
) -> None:
    for one in (AYSE, NAMESAKE):
        books.customers.add(one, fingerprint="f")
    first, second = order
    reading: Callable[..., Neighbourhood] = books.duplicates.neighbourhood
    outcomes = []

    def and_another(customer_id: str, keys: Any) -> Neighbourhood:
        seen = reading(customer_id, keys)
        monkeypatch.setattr(books.duplicates, "neighbourhood", reading)
        outcomes.append(books.compare(second))
        return seen

    monkeypatch.setattr(books.duplicates, "neighbourhood", and_another)
    outcomes.append(books.compare(first))

    assert sorted(one.found for one in outcomes) == [0, 1]
    assert len(books.waiting()) == 1


def test_whoever_links_a_pair_may_find_that_the_link_was_told_to_it_already(books: Books) -> None:
    books.take(AYSE)
    books.customers.add(AGAIN, fingerprint="f")
    saving = books.duplicates.save

    def save(before: Duplicate, after: Duplicate) -> None:
        # Between the link and the note of it, the news of the link comes to the other.
        books.duplicates.save = saving  # type: ignore[method-assign]
        settle_duplicates(books.dedupe, an_act(2, by="event"), AYSE.customer_id)
        saving(before, after)

    books.duplicates.save = save  # type: ignore[method-assign]

    assert books.compare(AGAIN.customer_id).found == 1
    assert books.pair(AYSE.customer_id, AGAIN.customer_id).standing is Standing.JOINED


def test_a_change_that_takes_the_evidence_away_withdraws_the_pair(books: Books) -> None:
    books.take(AYSE, NAMESAKE)

    books.change("cus_n", name="Zübeyde Karaca")

    assert books.waiting() == []
    assert books.pair("cus_a", "cus_n").standing is Standing.WITHDRAWN

    books.change("cus_n", name="Ayşe Işık")
    assert [one.standing for one in books.waiting()] == [Standing.OPEN]


def test_a_change_of_the_evidence_is_shown_with_the_pair_in_its_new_place(books: Books) -> None:
    books.take(AYSE, NAMESAKE)
    [before] = books.waiting()

    books.change("cus_n", addresses=(replace(MODA, lines="Moda Cad."),))

    [after] = books.waiting()
    assert (after.duplicate_id, after.version) == (before.duplicate_id, before.version + 1)
    assert after.resemblance != before.resemblance


def test_a_change_may_bring_two_together_who_met_before(books: Books) -> None:
    books.take(AYSE, NAMESAKE)

    outcome = books.change("cus_n", contact_points=AYSE.contact_points, addresses=(MODA,))

    assert outcome == Outcome(linked=1)
    assert books.pair("cus_a", "cus_n").standing is Standing.JOINED


def test_somebodys_word_that_two_are_one_links_them(books: Books) -> None:
    books.take(AYSE, NAMESAKE)
    [pair] = books.waiting()

    decided = books.decide(pair, same=True)

    assert (decided.standing, decided.decided_by) == (Standing.SAME, "agent-1")
    assert books.are_one("cus_a", "cus_n")
    assert books.customers.get_link(str(decided.link_id)).confirmed
    assert books.waiting() == []
    assert books.decide(pair, same=True) == decided
    with pytest.raises(DuplicateDecided):
        books.decide(pair, same=True, reason="another")
    with pytest.raises(DuplicateDecided):
        books.decide(pair, same=False)


def test_somebodys_word_confirms_what_was_linked_by_itself(books: Books) -> None:
    books.take(AYSE, AGAIN)
    pair = books.pair("cus_a", "cus_b")

    decided = books.decide(pair, same=True)

    assert books.customers.get_link(str(pair.link_id)).confirmed
    assert (decided.standing, decided.link_id) == (Standing.SAME, pair.link_id)
    assert books.waiting(Standing.JOINED) == []


def test_somebodys_word_parts_what_was_linked_by_itself_for_ever(books: Books) -> None:
    books.take(AYSE, AGAIN)

    books.decide(books.pair("cus_a", "cus_b"), same=False)

    assert not books.are_one("cus_a", "cus_b")
    assert books.change("cus_b", name="Ayşe Işık") == Outcome()
    assert not books.are_one("cus_a", "cus_b")
    assert books.waiting() == books.waiting(Standing.JOINED) == []


def test_who_was_said_to_be_another_is_never_suggested_again(books: Books) -> None:
    books.take(AYSE, NAMESAKE)
    books.decide(books.waiting()[0], same=False)

    outcome = books.change("cus_n", contact_points=AYSE.contact_points, addresses=(MODA,))

    assert outcome == Outcome()
    assert books.waiting() == []
    assert not books.are_one("cus_a", "cus_n")


def test_who_was_parted_by_hand_before_they_were_ever_compared_is_not_linked_by_itself(
    books: Books,
) -> None:
    for one in (AYSE, AGAIN):
        books.customers.add(one, fingerprint="f")
    link_by_hand(books, "cus_a", "cus_b")
    end_link(books.customers, an_act(2), "cus_a", "lnk_hand", reason="two people")

    books.compare("cus_a")
    books.compare("cus_b")

    assert not books.are_one("cus_a", "cus_b")
    assert books.pair("cus_a", "cus_b").standing is Standing.DIFFERENT


def link_by_hand(books: Books, one: str, other: str) -> None:
    link_customers(
        books.customers, an_act(1), one, other, link_id="lnk_hand", fingerprint="f", reason="hers"
    )


def test_who_is_one_person_already_is_no_pair(books: Books) -> None:
    for one in (AYSE, NAMESAKE):
        books.customers.add(one, fingerprint="f")
    link_by_hand(books, "cus_a", "cus_n")

    assert books.compare("cus_a") == Outcome()
    books.compare("cus_n")

    settle_duplicates(books.dedupe, an_act(3), "cus_n")
    assert books.waiting() == []


@pytest.mark.parametrize("told", ["cus_a", "cus_n"])
def test_a_pair_follows_a_link_that_was_made_elsewhere(books: Books, told: str) -> None:
    books.take(AYSE, NAMESAKE)
    link_by_hand(books, "cus_a", "cus_n")

    settle_duplicates(books.dedupe, an_act(3), told)

    pair = books.pair("cus_a", "cus_n")
    assert (pair.standing, books.waiting()) == (Standing.SAME, [])
    assert books.decide(pair, same=True).reason == "she says so"


def test_a_joined_pair_follows_its_link_when_that_is_confirmed_or_ended(books: Books) -> None:
    for way, standing in ((confirm_link, Standing.SAME), (end_link, Standing.DIFFERENT)):
        books.aws.empty()
        books.take(AYSE, AGAIN)
        pair = books.pair("cus_a", "cus_b")
        settle_duplicates(books.dedupe, an_act(3), "cus_a")
        assert books.pair("cus_a", "cus_b") == pair
        reason = {"reason": "two people"} if way is end_link else {}
        way(books.customers, an_act(4), "cus_a", str(pair.link_id), **reason)

        settle_duplicates(books.dedupe, an_act(5), "cus_b")

        assert books.pair("cus_a", "cus_b").standing is standing
        assert books.waiting(Standing.JOINED) == []


def test_a_decision_on_what_has_changed_since_it_was_read_is_refused(books: Books) -> None:
    books.take(AYSE, NAMESAKE)
    [pair] = books.waiting()
    books.change("cus_n", addresses=(replace(MODA, lines="Moda Cad."),))

    with pytest.raises(Stale):
        decide_duplicate(
            books.dedupe,
            an_act(9),
            pair.duplicate_id,
            same=True,
            reason="she says so",
            version=pair.version,
        )
    assert not books.are_one("cus_a", "cus_n")


def test_nobody_is_linked_by_itself_to_a_person_one_of_whose_entries_they_do_not_resemble(
    books: Books,
) -> None:
    stranger = somebody("cus_z", "Zübeyde Karaca", "0542 111 22 33", addresses=(BORNOVA,))
    for one in (AYSE, stranger):
        books.take(one)
    link_by_hand(books, "cus_a", "cus_z")

    books.take(AGAIN)

    assert not books.are_one("cus_a", "cus_b")
    [pair] = books.waiting()
    assert (pair.pair, pair.by_itself) == (("cus_a", "cus_b"), False)


def test_three_entries_of_one_person_end_as_one_person_or_in_the_queue(books: Books) -> None:
    third = somebody("cus_c", "Ayse ISIK")
    books.take(AYSE, AGAIN, third)

    pairs = [books.pair(*two) for two in combinations(("cus_a", "cus_b", "cus_c"), 2)]

    assert [one.standing for one in pairs if not one.standing.waits] == []
    books.decide(books.pair("cus_a", "cus_b"), same=True)
    for one in [*books.waiting(), *books.waiting(Standing.JOINED)]:
        settle_duplicates(books.dedupe, an_act(10), one.customer_id)
        if (now := books.duplicates.get(one.duplicate_id)).standing.waits:
            books.decide(now, same=True)
        settle_duplicates(books.dedupe, an_act(11), one.customer_id)
    assert len(leader_of(books.customers, books.customers.get("cus_c")).members) == 3


def test_the_queue_shows_the_likeliest_first_a_page_at_a_time(books: Books) -> None:
    books.take(AYSE, NAMESAKE)
    better = replace(MODA, lines="Moda Cad.")
    books.take(somebody("cus_m", phone="0533 765 00 00", addresses=(better,)))
    cursors = Cursors(SECRET, "agent-1")

    everything = books.waiting()
    first = books.duplicates.page(Standing.OPEN, size=1, cursor=None, cursors=cursors)
    rest = books.duplicates.page(Standing.OPEN, size=9, cursor=first.cursor, cursors=cursors)

    likely = [one.resemblance.probability for one in everything]
    assert likely == sorted(likely, reverse=True)
    assert len(everything) >= 2
    assert [*first.duplicates, *rest.duplicates] == everything
    assert rest.cursor is None


def test_an_older_state_that_is_compared_late_changes_nothing(books: Books) -> None:
    books.take(AYSE, NAMESAKE)
    books.change("cus_n", name="Zübeyde Karaca")
    before = books.noted()

    find_duplicates(books.dedupe, an_act(7), "cus_n", known=NAMESAKE)

    assert books.noted() == before


def test_who_keeps_changing_is_left_to_the_news_again(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    books.customers.add(AYSE, fingerprint="f")

    def refused(*_: Any, **__: Any) -> None:
        raise ChangedMeanwhile("again")

    monkeypatch.setattr(books.duplicates, "keep", refused)
    with pytest.raises(ChangedMeanwhile):
        books.compare("cus_a")
