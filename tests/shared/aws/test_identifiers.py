import pytest

from shared.aws.identifiers import MOST_SHARERS, Identifier, Identifiers
from shared.aws.writes import ConditionFailed, write
from tests.account import SECRET, AwsAccount, contents

PHONE = Identifier(kind="phone", value="+905321234567")
LOGO = Identifier(kind="external_id", value="logo:17", unique=True)


@pytest.fixture
def identifiers(aws: AwsAccount, table: str) -> Identifiers:
    return Identifiers(aws.dynamodb, table, SECRET)


def test_a_shared_identifier_finds_all_who_share_it(
    aws: AwsAccount, identifiers: Identifiers
) -> None:
    for one in ("cus_2", "cus_1", "cus_2"):
        write(aws.dynamodb, [identifiers.claim(PHONE, one)])

    assert identifiers.find(PHONE) == ["cus_1", "cus_2"]


def test_a_unique_identifier_is_one_things_until_it_gives_it_up(
    aws: AwsAccount, identifiers: Identifiers
) -> None:
    write(aws.dynamodb, [identifiers.claim(LOGO, "cus_1")])
    write(aws.dynamodb, [identifiers.claim(LOGO, "cus_1")])  # its own once more

    with pytest.raises(ConditionFailed):
        write(aws.dynamodb, [identifiers.claim(LOGO, "cus_2")])
    with pytest.raises(ConditionFailed):
        write(aws.dynamodb, [identifiers.release(LOGO, "cus_2")])
    assert identifiers.find(LOGO) == ["cus_1"]

    write(aws.dynamodb, [identifiers.release(LOGO, "cus_1")])
    write(aws.dynamodb, [identifiers.claim(LOGO, "cus_2")])
    assert identifiers.find(LOGO) == ["cus_2"]


def test_the_same_value_of_two_kinds_is_two_identifiers(
    aws: AwsAccount, identifiers: Identifiers
) -> None:
    write(aws.dynamodb, [identifiers.claim(Identifier(kind="a", value="b\0c"), "cus_1")])

    assert identifiers.find(Identifier(kind="b", value="b\0c")) == []
    assert identifiers.find(Identifier(kind="a", value="b")) == []


def test_only_what_differs_is_written(identifiers: Identifiers) -> None:
    other = Identifier(kind="phone", value="+905330000000")

    assert identifiers.changes("cus_1", [PHONE, LOGO], [LOGO, PHONE]) == []
    assert [
        next(iter(one)) for one in identifiers.changes("cus_1", [PHONE, LOGO], [PHONE, other])
    ] == ["Put", "Delete"]


def test_a_key_holds_a_keyed_hash_and_not_the_value(
    aws: AwsAccount, table: str, identifiers: Identifiers
) -> None:
    write(aws.dynamodb, [identifiers.claim(PHONE, "cus_1")])
    elsewhere = Identifiers(aws.dynamodb, table, "another secret")

    [(pk, sk)] = contents(aws.dynamodb, table)

    assert "532" not in pk.replace(pk.rpartition("#")[2], "") + sk
    assert len(pk.rpartition("#")[2]) == 64
    assert elsewhere.find(PHONE) == []


def test_no_more_are_found_than_somebody_can_choose_among(
    aws: AwsAccount, identifiers: Identifiers
) -> None:
    for n in range(MOST_SHARERS + 2):
        write(aws.dynamodb, [identifiers.claim(PHONE, f"cus_{n:02}")])

    assert len(identifiers.find(PHONE)) == MOST_SHARERS
