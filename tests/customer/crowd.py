"""Many people in the directory at once, and what it takes to find one of them."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from services.customer.adapters.directory import DynamoDirectory
from services.customer.domain import Customer
from services.customer.use_cases.search import search_customers
from tests.account import AwsAccount, all_items
from tests.customer.examples import a_customer

_AT_ONCE = 25  # items


def directory_of(aws: AwsAccount) -> DynamoDirectory:
    return DynamoDirectory(aws.dynamodb, aws.table("customer"))


def ids_found(aws: AwsAccount, text: str, *, most: int = 20) -> list[str]:
    """Who is found, the best first."""
    found = search_customers(directory_of(aws), text, most=most)
    return [fit.listed.customer_id for fit in found.fits]


def list_all(aws: AwsAccount, people: Iterable[Customer]) -> None:
    """List people, the short way: one of each name as it is done, the others as copies of them."""
    directory, table = directory_of(aws), aws.table("customer")
    copied: list[Any] = []
    examples: dict[Any, str] = {}
    for one in people:
        alike = (one.name, one.addresses)
        if alike not in examples:
            directory.keep(one)
            examples[alike] = one.customer_id
        else:
            copied.append((examples[alike], one.customer_id))
    items = all_items(aws.dynamodb, table)
    copies = [
        _copied(item, original, copy)
        for original, copy in copied
        for item in items
        if original in str(item)
    ]
    for begin in range(0, len(copies), _AT_ONCE):
        some = copies[begin : begin + _AT_ONCE]
        puts: Any = [{"PutRequest": {"Item": item}} for item in some]
        aws.dynamodb.batch_write_item(RequestItems={table: puts})


def _copied(item: Any, original: str, copy: str) -> Any:
    return {
        name: {kind: value.replace(original, copy) for kind, value in attribute.items()}
        for name, attribute in item.items()
    }


def people(count: int, name: str, **particulars: Any) -> list[Customer]:
    """So many people of one name."""
    begun = name.replace(" ", "_")
    return [a_customer(f"cus_{begun}_{n}_", name=name, **particulars) for n in range(count)]


@contextmanager
def calls_to(aws: AwsAccount) -> Iterator[list[tuple[str, Any]]]:
    """The calls made meanwhile: which operation, with what."""
    calls: list[tuple[str, Any]] = []

    def note(params: Any, model: Any, **_: Any) -> None:
        calls.append((model.name, params))

    events = aws.dynamodb.meta.events
    events.register("before-parameter-build.dynamodb", note)
    try:
        yield calls
    finally:
        events.unregister("before-parameter-build.dynamodb", note)
