from collections.abc import Iterator

import pytest

from services.customer.adapters import DynamoCustomers
from services.customer.ports import Customers
from tests.account import SECRET, AwsAccount, aws_account
from tests.customer.fakes import InMemoryCustomers


@pytest.fixture(scope="module")
def account() -> Iterator[AwsAccount]:
    with aws_account("customer") as running:
        yield running


@pytest.fixture
def aws(account: AwsAccount) -> AwsAccount:
    """The customer service's table and queues, empty."""
    account.empty()
    return account


@pytest.fixture(params=["in memory", "dynamodb"])
def customers(request: pytest.FixtureRequest) -> Customers:
    """The books, empty: the fake as well as what it stands for."""
    if request.param == "in memory":
        return InMemoryCustomers()
    aws: AwsAccount = request.getfixturevalue("aws")
    return DynamoCustomers(aws.dynamodb, aws.table("customer"), SECRET)
