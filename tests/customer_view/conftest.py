from collections.abc import Iterator

import pytest

from tests.account import AwsAccount, aws_account


@pytest.fixture(scope="module")
def account() -> Iterator[AwsAccount]:
    with aws_account(
        "customer", "orders", "complaints", "warranty", "engagement", "customer_view"
    ) as running:
        yield running


@pytest.fixture
def aws(account: AwsAccount) -> AwsAccount:
    """The view's own table and queues, empty."""
    account.empty()
    return account
