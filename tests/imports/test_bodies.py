"""How the shop's rows are told to the system."""

from pathlib import Path

import pytest

from imports.olist import bodies
from imports.olist.rejects import Rejects
from imports.olist.shop import Bought, Person, Shop
from tests.imports import files


def person_of(directory: Path) -> Person:
    with Rejects(directory / "rejects.csv") as rejects, Shop() as shop:
        shop.read(directory, rejects)
        (person,) = shop.persons()
    assert rejects.total == 0
    return person


def bought(directory: Path) -> Bought:
    return person_of(directory).orders[0]


def test_a_person_has_no_name_but_an_address_and_a_beginning(tmp_path: Path) -> None:
    person = person_of(files.one_order(tmp_path / "shop", "1"))
    assert bodies.customer_of(person) == {
        "external_ids": ["olist:person-1"],
        "addresses": [
            {"lines": "SP", "city": "sao paulo", "postal_code": "01037", "country": "BR"}
        ],
        "since": "2017-11-24T11:30:00+00:00",
    }


def test_an_order_has_its_lines_payments_and_dates(tmp_path: Path) -> None:
    order = bodies.order_of("cus_1", bought(files.one_order(tmp_path / "shop", "1")))
    assert order == {
        "customer_id": "cus_1",
        "external_id": "olist-order:order-1",
        "currency": "BRL",
        "lines": [
            {
                "product": "kettle",
                "quantity": 1,
                "unit_price": 8990,
                "freight": 1250,
                "partner": "seller-1",
            }
        ],
        "promised_at": "2017-12-15T02:00:00+00:00",
        "past": {
            "status": "delivered",
            "ordered_at": "2017-11-24T11:30:00+00:00",
            "approved_at": "2017-11-24T11:45:10+00:00",
            "shipped_at": "2017-11-27T20:00:00+00:00",
            "delivered_at": "2017-12-04T22:11:12+00:00",
            "payments": [{"method": "credit_card", "amount": 10240, "instalments": 3}],
        },
    }


@pytest.mark.parametrize(
    ("named", "ours"),
    [
        ("created", "placed"),
        ("approved", "approved"),
        ("invoiced", "approved"),
        ("processing", "processing"),
        ("shipped", "shipped"),
        ("delivered", "delivered"),
        ("canceled", "cancelled"),
        ("unavailable", "unavailable"),
    ],
)
def test_a_status_goes_by_our_name_and_only_the_invoiced_have_an_invoice(
    tmp_path: Path, named: str, ours: str
) -> None:
    order = bought(files.one_order(tmp_path / "shop", "1", order_status=named))
    past = bodies.order_of("cus_1", order)["past"]
    assert past["status"] == ours
    assert ("invoice" in past) == (named == "invoiced")


def test_dates_may_be_missing_and_in_any_order(tmp_path: Path) -> None:
    order = bought(
        files.one_order(
            tmp_path / "shop",
            "1",
            order_approved_at="",
            order_delivered_carrier_date="2018-01-02 00:00:00",
            order_delivered_customer_date="2018-01-01 00:00:00",
            order_estimated_delivery_date="",
        )
    )
    told = bodies.order_of("cus_1", order)
    assert (told["promised_at"], told["past"]["approved_at"]) == (None, None)
    assert told["past"]["shipped_at"] > told["past"]["delivered_at"]


@pytest.mark.parametrize(("score", "complaint"), [(1, True), (2, True), (3, False), (5, False)])
def test_the_two_lowest_scores_are_complaints(tmp_path: Path, score: int, complaint: bool) -> None:
    directory = files.one_order(tmp_path / "shop", "1")
    files.change(directory, "order_reviews", ",5,", f",{score},")
    (review,) = bought(directory).reviews
    assert bodies.is_complaint(review) is complaint


def test_a_complaint_was_opened_when_the_customer_answered(tmp_path: Path) -> None:
    directory = files.one_order(tmp_path / "shop", "1")
    files.change(directory, "order_reviews", ",5,,,", ",1,, Cadê? ,")
    (review,) = bought(directory).reviews
    assert bodies.complaint_of("cus_1", "ord_1", review) == {
        "customer_id": "cus_1",
        "title": "",
        "text": " Cadê? ",
        "order_id": "ord_1",
        "channel": "survey",
        "opened_at": "2017-12-06T12:20:30+00:00",
    }


@pytest.mark.parametrize(
    ("title", "text", "summary"),
    [("", "", ""), ("ok", "", "ok"), ("", "bom", "bom"), ("ok", "bom", "ok\nbom")],
)
def test_a_conversation_says_what_title_and_text_say(
    tmp_path: Path, title: str, text: str, summary: str
) -> None:
    directory = files.one_order(tmp_path / "shop", "1")
    files.change(directory, "order_reviews", ",5,,,", f",4,{title},{text},")
    (review,) = bought(directory).reviews
    assert bodies.conversation_of(review) == {
        "at": "2017-12-06T12:20:30+00:00",
        "channel": "survey",
        "direction": "in",
        "kind": "service",
        "summary": summary,
    }
