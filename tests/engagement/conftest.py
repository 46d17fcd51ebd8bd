"""An AWS account with the engagement service's table in it, and no life of its own."""

from collections.abc import Iterator

import pytest

from tests.account import AwsAccount, aws_account


@pytest.fixture(scope="module")
def whole_account() -> Iterator[AwsAccount]:
    with aws_account("customer", "orders", "complaints", "warranty", "engagement") as running:
        yield running


@pytest.fixture
def account(whole_account: AwsAccount) -> AwsAccount:
    """The account, with the table empty."""
    whole_account.empty_table(whole_account.table("engagement"))
    return whole_account
