"""Comparing everybody who is in the books: step by step, broken off and gone on with."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from chalice.test import Client

from services.customer import bootstrap
from services.customer.app import app
from services.customer.domain.duplicates import Standing, id_of_pair
from services.customer.use_cases import dedup as use_cases
from services.customer.use_cases.dedup import dedup
from services.customer.use_cases.duplicates import find_duplicates
from shared.errors import ChangedMeanwhile
from tests.account import AwsAccount, all_items, bootstrapped, sqs_event, stream_record
from tests.customer.examples import an_act
from tests.customer.test_duplicates import AGAIN, AYSE, NAMESAKE, SISTER_IN_LAW, Books, somebody


@pytest.fixture
def functions(aws: AwsAccount) -> Iterator[Client]:
    with bootstrapped(aws, "customer", bootstrap), Client(app) as client:
        yield client


@pytest.fixture
def books(aws: AwsAccount) -> Books:
    """Those who were in the books before anybody was compared."""
    books = Books(aws)
    for one in (AYSE, NAMESAKE, SISTER_IN_LAW):
        books.customers.add(one, fingerprint="f")
    return books


def walk(functions: Client, **asked: Any) -> Any:
    return functions.lambda_.invoke("dedup", {"begin": True, **asked}).payload


def test_whoever_was_there_before_is_compared(books: Books, functions: Client) -> None:
    told = walk(functions)

    assert (told["done"], told["people"], told["found"], told["linked"]) == (True, 3, 1, 0)
    assert books.pair("cus_a", "cus_n").standing is Standing.OPEN


@pytest.mark.usefixtures("books")
def test_a_walk_again_finds_nothing_new_and_changes_nothing(
    books: Books, functions: Client
) -> None:
    walk(functions)
    before = books.noted()

    again = walk(functions)

    assert (again["done"], again["people"], again["found"]) == (True, 3, 0)
    assert books.noted() == before


@pytest.mark.usefixtures("books")
def test_a_walk_that_was_broken_off_goes_on_where_it_was(
    functions: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(use_cases, "STEP", 3)
    first = walk(functions, seconds=0)
    assert (first["done"], first["items"]) == (False, 3)

    told = [first]
    while not told[-1]["done"]:
        told.append(walk(functions, seconds=0))

    assert len(told) > 2
    assert (told[-1]["people"], told[-1]["found"]) == (3, 1)
    assert [one["items"] for one in told] == sorted(one["items"] for one in told)


@pytest.mark.usefixtures("books")
def test_a_walk_that_is_done_begins_anew_only_when_told_to(functions: Client) -> None:
    done = walk(functions)

    assert walk(functions, begin=False) == done


def test_a_walk_links_what_a_crash_kept_from_being_linked(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    books.customers.add(AGAIN, fingerprint="f")
    books.compare("cus_a")
    with monkeypatch.context() as patched:
        patched.setattr(books.customers, "link", crash)
        with pytest.raises(KeyboardInterrupt):
            books.compare("cus_b")
    pair = books.pair("cus_a", "cus_b")
    assert pair.is_due

    again = find_duplicates(books.dedupe, an_act(3), "cus_b", known=books.customers.get("cus_b"))

    assert again.linked == 1
    assert books.pair("cus_a", "cus_b").standing is Standing.JOINED


def test_of_two_who_walk_at_once_one_gives_way(books: Books, functions: Client) -> None:
    walks = bootstrap.walks()
    step = walks.step

    def and_another(place: str | None, items: int) -> Any:
        walks.step = step  # type: ignore[method-assign]
        walk(functions)
        return step(place, items)

    walks.step = and_another  # type: ignore[method-assign]
    with pytest.raises(ChangedMeanwhile):
        dedup(books.dedupe, walks, an_act(5), begin=True, has_time=lambda: True)

    assert len(books.waiting()) == 1


def test_news_of_a_customer_goes_over_the_bus_to_what_compares_them(
    aws: AwsAccount, books: Books, functions: Client
) -> None:
    items = all_items(aws.dynamodb, aws.table("customer"))
    stream = {"Records": [stream_record(None, one, str(n)) for n, one in enumerate(items)]}
    functions.lambda_.invoke("publish_changes", stream)
    messages = aws.messages("customer-news")
    assert {json.loads(one["Body"])["detail-type"] for one in messages} == {"CustomerCreated.v1"}

    for _ in range(2):
        answer = functions.lambda_.invoke("compare_customers", sqs_event(messages)).payload
        assert answer == {"batchItemFailures": []}

    [pair] = books.waiting()
    assert pair.duplicate_id == id_of_pair("cus_a", "cus_n")
    assert pair.log[0].by.startswith("cus_")


def test_news_of_nobody_is_parked_and_holds_up_nobody(
    aws: AwsAccount, books: Books, functions: Client
) -> None:
    books.customers.add(somebody("cus_gone"), fingerprint="f")
    items = all_items(aws.dynamodb, aws.table("customer"))
    stream = {"Records": [stream_record(None, one, str(n)) for n, one in enumerate(items)]}
    functions.lambda_.invoke("publish_changes", stream)
    key = {"pk": {"S": "E#cus_gone"}, "sk": {"S": "A"}}
    aws.dynamodb.delete_item(TableName=aws.table("customer"), Key=key)

    messages = aws.messages("customer-news")
    answer = functions.lambda_.invoke("compare_customers", sqs_event(messages)).payload

    assert answer == {"batchItemFailures": []}
    [letter] = aws.messages("customer-news-dead")
    assert letter["MessageAttributes"]["reason"]["StringValue"].endswith("does not exist")
    assert len(books.waiting()) == 1
