"""Where people are listed: as of the newest version alone, whatever comes again, late or never."""

from collections.abc import Callable
from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest

from services.customer.adapters.projector import CustomerProjector
from services.customer.domain import Address, ContactPoint, Customer, join, listings_of
from services.customer.domain.contact import ContactKind, ContactState
from shared.aws.writes import write as real_write
from tests.account import AwsAccount, all_items, contents
from tests.customer.crowd import calls_to, directory_of, ids_found
from tests.customer.examples import EMAIL, HOME, MOBILE, a_customer, an_act

PERSON = a_customer(contact_points=(MOBILE, EMAIL), addresses=(HOME,))
RENAMED = PERSON.change(an_act(1), name="Zübeyde Çelik")
MOVED = RENAMED.change(an_act(2), addresses=(Address(district="Bornova", city="İzmir"),))
LONGEST = a_customer(
    name=" ".join(f"{letter}bcdefghijklmnopqrstuvwxyzabc" for letter in "abcdefghij"),
    addresses=(Address(district="Ondokuz Mayıs Köyü", city="Afyonkarahisar"),),
    contact_points=tuple(
        ContactPoint(kind=kind, value=f"{value}{n}")
        for kind, value in ((ContactKind.PHONE, "+90532123456"), (ContactKind.EMAIL, "a@b.co"))
        for n in range(9)
    ),
)


def directory_items(aws: AwsAccount) -> dict[Any, Any]:
    items = contents(aws.dynamodb, aws.table("customer"))
    return {key: item | {"words": sorted(item.get("words", ()))} if key[0][:3] == "D#~" else item
            for key, item in items.items() if key[0].startswith("D#")}  # fmt: skip


def as_kept_at_once(aws: AwsAccount, *people: Customer) -> dict[Any, Any]:
    """The directory as it is where each was only ever so."""
    aws.empty()
    for one in people:
        directory_of(aws).keep(one)
    return directory_items(aws)


def test_somebody_is_listed_by_their_words_by_pairs_of_them_and_by_what_reaches_them() -> None:
    drawers = sorted(one.drawer for one in listings_of(PERSON))

    assert drawers == [
        "2#ays isi", "2#ays ist", "2#ays kad", "2#isi ist", "2#isi kad",
        "M#ays", "P#4567", "T#532123", "W#ays", "W#isi", "W#ist", "W#kad",
    ]  # fmt: skip


def test_listing_somebody_takes_one_transaction_of_a_bounded_number_of_small_items(
    aws: AwsAccount,
) -> None:
    directory_of(aws).keep(a_customer("cus_2", addresses=(HOME,)))  # whose words are known then

    with calls_to(aws) as calls:
        directory_of(aws).keep(PERSON)

    [(_, listed)] = [one for one in calls if one[0] == "TransactWriteItems"]
    assert [name for name, _ in calls] == ["GetItem", "TransactWriteItems", "BatchGetItem"]
    assert len(listed["TransactItems"]) == 13
    assert all(len(str(one)) < 1024 for one in all_items(aws.dynamodb, aws.table("customer")))


def test_the_longest_name_and_all_it_changes_to_fit_into_one_transaction(aws: AwsAccount) -> None:
    directory = directory_of(aws)
    directory.keep(LONGEST)
    other = "".join(str(LONGEST.name)[::-1])
    after = LONGEST.change(an_act(1), name=other, contact_points=(MOBILE,), addresses=(HOME,))

    with calls_to(aws) as calls:
        directory.keep(after)

    assert len(listings_of(LONGEST)) <= 42
    sizes = [len(asked["TransactItems"]) for name, asked in calls if name == "TransactWriteItems"]
    assert max(sizes) <= 100
    assert directory_items(aws) == as_kept_at_once(aws, after)


@pytest.mark.parametrize("order", list(permutations([PERSON, RENAMED, MOVED])))
def test_the_newest_version_alone_is_listed_whatever_order_they_come_in_and_how_often(
    aws: AwsAccount, order: tuple[Customer, ...]
) -> None:
    expected = as_kept_at_once(aws, MOVED)
    aws.empty()

    for version in (*order, *order):
        directory_of(aws).keep(version)

    assert directory_items(aws) == expected


def test_who_changes_their_name_is_found_by_the_new_one_and_nothing_of_the_old_is_left(
    aws: AwsAccount,
) -> None:
    directory = directory_of(aws)
    directory.keep(PERSON)
    directory.keep(RENAMED, before=PERSON)

    assert ids_found(aws, "zubeyde") == ids_found(aws, "celik") == ["cus_1"]
    assert ids_found(aws, "isik") == ids_found(aws, "işık kadıköy") == []
    left = str(directory_items(aws))
    assert "isik" not in left
    assert "Işık" not in left


def test_a_crash_before_any_call_of_a_change_of_name_is_healed_by_the_record_coming_again(
    aws: AwsAccount,
) -> None:
    expected = as_kept_at_once(aws, RENAMED)
    events = aws.dynamodb.meta.events

    for survived in range(15):
        aws.empty()
        directory_of(aws).keep(PERSON)

        die = _dies_after(survived)
        events.register("before-parameter-build.dynamodb", die)
        try:
            with pytest.raises(_Crash):
                directory_of(aws).keep(RENAMED, before=PERSON)
        finally:
            events.unregister("before-parameter-build.dynamodb", die)

        directory_of(aws).keep(RENAMED, before=PERSON)
        assert directory_items(aws) == expected, survived


class _Crash(BaseException):
    """The process dies."""


def _dies_after(calls: int) -> Callable[..., None]:
    left = iter(range(calls))

    def die(**_: Any) -> None:
        if next(left, None) is None:
            raise _Crash

    return die


def test_a_word_that_another_has_stays_known_when_one_gives_it_up(aws: AwsAccount) -> None:
    other = a_customer("cus_2")
    for one in (PERSON, other, RENAMED):
        directory_of(aws).keep(one)

    assert ids_found(aws, "isk") == ["cus_2"]
    assert directory_items(aws) == as_kept_at_once(aws, RENAMED, other)


def test_who_takes_a_name_while_another_gives_it_up_is_found_by_it_all_the_same(
    aws: AwsAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between looking whether a word is still needed and taking it out."""
    directory, other = directory_of(aws), a_customer("cus_2")
    directory.keep(PERSON)

    def write(client: Any, writes: Any) -> None:
        if any("Delete" in one for one in writes) and "~" in str(writes):
            monkeypatch.undo()
            directory.keep(other)
        real_write(client, writes)

    monkeypatch.setattr("services.customer.adapters.directory.write", write)
    directory.keep(RENAMED)

    assert ids_found(aws, "isk") == ["cus_2"]
    assert directory_items(aws) == as_kept_at_once(aws, RENAMED, other)


def test_what_changes_nothing_that_is_listed_costs_nothing(aws: AwsAccount) -> None:
    directory_of(aws).keep(PERSON)
    after = PERSON.change(an_act(1), heard_from="a friend")

    with calls_to(aws) as calls:
        directory_of(aws).keep(after, before=PERSON)

    assert calls == []


def test_a_name_that_went_and_came_back_is_listed_though_the_record_joins_both_changes(
    aws: AwsAccount,
) -> None:
    back = RENAMED.change(an_act(2), name=PERSON.name)
    for version in (PERSON, RENAMED):
        directory_of(aws).keep(version)

    directory_of(aws).keep(back, before=PERSON)

    assert ids_found(aws, "isik") == ["cus_1"]
    assert ids_found(aws, "celik") == []


def test_who_has_no_name_is_found_by_their_phone_and_who_loses_all_by_nothing(
    aws: AwsAccount,
) -> None:
    nameless = a_customer(name=None, contact_points=(MOBILE,))
    directory_of(aws).keep(nameless)
    assert ids_found(aws, "4567") == ["cus_1"]

    directory_of(aws).keep(nameless.change(an_act(1), contact_points=()))

    assert [key for key in directory_items(aws) if not key[0].startswith("D#=")] == []


@pytest.mark.parametrize("state", [ContactState.LOST, ContactState.STOLEN])
def test_what_is_lost_or_stolen_finds_nobody_and_leaves_no_trace(
    aws: AwsAccount, state: ContactState
) -> None:
    directory_of(aws).keep(PERSON)
    gone = tuple(replace(one, state=state) for one in PERSON.contact_points)
    after = PERSON.change(an_act(1), contact_points=gone)

    directory_of(aws).keep(after, before=PERSON)

    assert ids_found(aws, "4567") == ids_found(aws, EMAIL.value) == []
    assert ids_found(aws, "isik") == [PERSON.customer_id]
    traces = ("5321234567", "7654321235", EMAIL.value)
    assert not [key for key in directory_items(aws) if any(one in str(key) for one in traces)]


def test_links_and_conversations_are_nothing_to_the_directory(aws: AwsAccount) -> None:
    projector = CustomerProjector(aws.dynamodb, aws.table("customer"), directory_of(aws))
    link, leader, _ = join(
        an_act(1), PERSON, a_customer("cus_2"), link_id="l", asked=("cus_1", "cus_2"), reason="so"
    )

    with calls_to(aws) as calls:
        directory_of(aws).keep(leader, before=PERSON)
        projector.keep(link, None)

    assert calls == []


NEWCOMERS = [
    a_customer(f"cus_{n}", name=name, contact_points=(MOBILE,), addresses=(HOME,))
    for n, name in enumerate(("Ayşe Işık", "Veli Çelik", "Zübeyde Işık", "Ali Can Öz") * 5)
]


def kept_together(aws: AwsAccount, people: list[Customer]) -> set[str]:
    return set(directory_of(aws).keep_newcomers(people))


def test_newcomers_are_listed_together_as_they_would_be_one_by_one(aws: AwsAccount) -> None:
    expected = as_kept_at_once(aws, *NEWCOMERS)
    aws.empty()

    with calls_to(aws) as calls:
        kept = kept_together(aws, NEWCOMERS)

    assert kept == {one.customer_id for one in NEWCOMERS}
    assert directory_items(aws) == expected
    assert len(calls) <= len(NEWCOMERS) / 2


def test_who_is_listed_already_is_left_as_they_are_with_those_in_their_transaction(
    aws: AwsAccount,
) -> None:
    later = NEWCOMERS[0].change(an_act(1), name="Zehra Işık")
    expected = as_kept_at_once(aws, later, *NEWCOMERS[1:])
    aws.empty()
    directory_of(aws).keep(later)

    kept = kept_together(aws, NEWCOMERS)
    for one in NEWCOMERS:
        if one.customer_id not in kept:
            directory_of(aws).keep(one)

    assert NEWCOMERS[0].customer_id not in kept
    assert kept
    assert directory_items(aws) == expected


def test_a_crash_before_any_call_of_listing_newcomers_is_healed_by_the_records_coming_again(
    aws: AwsAccount,
) -> None:
    some = NEWCOMERS[:8]
    expected = as_kept_at_once(aws, *some)
    events = aws.dynamodb.meta.events

    for survived in range(3):
        aws.empty()
        die = _dies_after(survived)
        events.register("before-parameter-build.dynamodb", die)
        try:
            with pytest.raises(_Crash):
                kept_together(aws, some)
        finally:
            events.unregister("before-parameter-build.dynamodb", die)

        kept = kept_together(aws, some)
        for one in some:
            if one.customer_id not in kept:
                directory_of(aws).keep(one)
        assert directory_items(aws) == expected, survived
