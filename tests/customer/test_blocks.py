"""Blocks: one read shows all to compare with, and of two who come at once one sees the other."""

from collections.abc import Iterable
from typing import Any

import pytest

from services.customer.adapters.blocks import MOST_KEYS, MOST_MEMBERS, DynamoBlocks
from services.customer.adapters.duplicates import DynamoDuplicates
from services.customer.domain import Customer
from services.customer.ports import Document
from shared.errors import ChangedMeanwhile
from tests.account import SECRET, AwsAccount, contents
from tests.customer.crowd import calls_to
from tests.customer.examples import a_customer, an_act

AYSE, CAN = a_customer("cus_a"), a_customer("cus_b")
PHONE, EMAIL = "phone\0+905321234567", "email\0ayse@example.com"


def duplicates_of(aws: AwsAccount) -> DynamoDuplicates:
    return DynamoDuplicates(aws.dynamodb, aws.table("customer"), SECRET)


def stand(
    aws: AwsAccount, customer: Customer, keys: Iterable[str], traits: Document | None = None
) -> None:
    """Let somebody stand in the blocks of these keys."""
    duplicates = duplicates_of(aws)
    seen = duplicates.neighbourhood(customer.customer_id, set(keys))
    duplicates.keep(customer, traits or {"g": customer.customer_id}, seen)


def others(aws: AwsAccount, customer_id: str, *keys: str) -> list[str]:
    return sorted(duplicates_of(aws).neighbourhood(customer_id, keys).others)


def block_items(aws: AwsAccount) -> dict[Any, Any]:
    items = contents(aws.dynamodb, aws.table("customer"))
    return {key: item for key, item in items.items() if key[0].startswith("B#")}


def test_who_shares_a_key_is_seen_with_what_they_are_compared_by(aws: AwsAccount) -> None:
    stand(aws, AYSE, [PHONE, EMAIL], {"g": ["ayse"]})

    seen = duplicates_of(aws).neighbourhood("cus_b", {PHONE})

    assert seen.others == {"cus_a": {"g": ["ayse"]}}
    assert (seen.version, seen.traits) == (0, None)
    assert others(aws, "cus_b", "phone\0+905320000000") == []


def test_all_blocks_are_read_in_one_call_and_written_in_one(aws: AwsAccount) -> None:
    stand(aws, CAN, [PHONE, EMAIL])
    keys = [PHONE, EMAIL, *(f"sound\0{n}" for n in range(MOST_KEYS))]

    with calls_to(aws) as calls:
        stand(aws, AYSE, keys)

    assert [name for name, _ in calls] == ["BatchGetItem", "TransactWriteItems"]
    assert others(aws, "cus_c", *keys) == ["cus_a", "cus_b"]


def test_of_too_many_keys_the_commonest_kind_goes(aws: AwsAccount) -> None:
    sounds = [f"sound\0{n:02}" for n in range(MOST_KEYS)]

    stand(aws, AYSE, [PHONE, *sounds])

    assert others(aws, "cus_b", PHONE) == ["cus_a"]
    assert others(aws, "cus_b", sounds[0]) == ["cus_a"]
    assert others(aws, "cus_b", sounds[-1]) == []


def test_no_key_stands_there_in_plain(aws: AwsAccount) -> None:
    stand(aws, AYSE, [PHONE, EMAIL])

    places = str(list(block_items(aws)))
    assert "5321234567" not in places
    assert "example.com" not in places


def test_what_somebody_shares_no_more_shows_them_no_more(aws: AwsAccount) -> None:
    stand(aws, AYSE, [PHONE, EMAIL])
    stand(aws, CAN, [PHONE])

    stand(aws, AYSE.change(an_act(1), name="Nil"), [EMAIL], {"g": "nil"})

    assert others(aws, "cus_c", PHONE) == ["cus_b"]
    assert duplicates_of(aws).neighbourhood("cus_c", {EMAIL}).others == {"cus_a": {"g": "nil"}}


def test_nothing_is_left_of_a_block_that_nobody_shares(aws: AwsAccount) -> None:
    stand(aws, AYSE, [EMAIL])
    as_if_never = block_items(aws).keys()

    stand(aws, AYSE.change(an_act(1), name="Nil"), [PHONE])
    stand(aws, AYSE.change(an_act(1), name="Nil"), [EMAIL])

    assert block_items(aws).keys() == as_if_never


def test_of_two_who_come_at_once_one_sees_the_other(aws: AwsAccount) -> None:
    duplicates = duplicates_of(aws)
    for keys in ({PHONE, EMAIL}, {PHONE}):
        aws.empty()
        one = duplicates.neighbourhood("cus_a", keys)
        other = duplicates.neighbourhood("cus_b", {PHONE})
        assert not one.others
        assert not other.others

        duplicates.keep(AYSE, {"g": "a"}, one)
        with pytest.raises(ChangedMeanwhile):
            duplicates.keep(CAN, {"g": "b"}, other)

        assert others(aws, "cus_b", PHONE) == ["cus_a"]


def test_who_went_and_came_back_meanwhile_as_they_were_is_seen_as_they_are(
    aws: AwsAccount,
) -> None:
    duplicates = duplicates_of(aws)
    stand(aws, AYSE, [PHONE])
    seen = duplicates.neighbourhood("cus_b", {PHONE})
    stand(aws, AYSE.change(an_act(1), name="Nil"), [EMAIL])
    stand(aws, AYSE.change(an_act(1), name="Nil"), [PHONE])

    duplicates.keep(CAN, {"g": "b"}, seen)

    assert others(aws, "cus_c", PHONE) == ["cus_a", "cus_b"]


def test_a_state_that_was_seen_before_a_newer_one_was_stored_changes_nothing(
    aws: AwsAccount,
) -> None:
    duplicates = duplicates_of(aws)
    late = duplicates.neighbourhood("cus_a", {PHONE})
    stand(aws, AYSE.change(an_act(1), name="Nil"), [EMAIL], {"g": "nil"})
    before = block_items(aws)

    with pytest.raises(ChangedMeanwhile):
        duplicates.keep(AYSE, {"g": "ayse"}, late)

    assert block_items(aws) == before


def test_what_more_than_fifty_share_is_common_and_shows_nobody(aws: AwsAccount) -> None:
    people = [a_customer(f"cus_{n:02}") for n in range(MOST_MEMBERS)]
    for one in people:
        stand(aws, one, [PHONE])
    assert len(others(aws, "cus_x", PHONE)) == MOST_MEMBERS

    stand(aws, a_customer("cus_x"), [PHONE, EMAIL])

    seen = duplicates_of(aws).neighbourhood("cus_y", {PHONE, EMAIL})
    assert (list(seen.others), seen.common) == (["cus_x"], frozenset({PHONE}))
    [common] = [item for item in block_items(aws).values() if item.get("common")]
    assert common.keys() == {"pk", "sk", "common"}


def test_coming_to_what_is_common_and_leaving_it_writes_nothing_there(aws: AwsAccount) -> None:
    for n in range(MOST_MEMBERS + 1):
        stand(aws, a_customer(f"cus_{n:02}"), [PHONE])
    first = a_customer("cus_00")

    with calls_to(aws) as calls:
        stand(aws, a_customer("cus_new"), [PHONE])
    assert [name for name, _ in calls] == ["BatchGetItem", "PutItem"]
    stand(aws, first.change(an_act(1), name="Nil"), [EMAIL])

    assert duplicates_of(aws).neighbourhood("cus_y", {PHONE}).common == {PHONE}
    assert others(aws, "cus_y", EMAIL) == ["cus_00"]


def test_who_stands_in_all_that_is_not_common_stands_right(aws: AwsAccount) -> None:
    stand(aws, AYSE, [PHONE, EMAIL], {"g": "a"})
    blocks = DynamoBlocks(aws.dynamodb, aws.table("customer"), SECRET)

    assert blocks.read("cus_a", {PHONE, EMAIL}).holds({"g": "a"})
    assert not blocks.read("cus_a", {PHONE, EMAIL}).holds({"g": "b"})
    assert not blocks.read("cus_a", {PHONE, "phone\0new"}).holds({"g": "a"})
