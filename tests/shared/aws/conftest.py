from collections.abc import Iterator

import pytest

from tests.account import AwsAccount, aws_account


@pytest.fixture(scope="package")
def account() -> Iterator[AwsAccount]:
    with aws_account("customer", "orders") as running:
        yield running


@pytest.fixture
def aws(account: AwsAccount) -> AwsAccount:
    """Tables and queues, empty."""
    account.empty()
    return account


@pytest.fixture
def table(aws: AwsAccount) -> str:
    """A table with rows, keys and a sparse index."""
    return aws.table("orders")
