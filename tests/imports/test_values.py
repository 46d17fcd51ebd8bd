"""Cells of the files."""

from datetime import UTC, datetime

import pytest

from checks.olist.reading import instant
from imports.olist.values import Unfit, centavos, identity, moment, moment_or_none, whole


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# The clocks of São Paulo went forward at midnight on 15 October 2017, and back at midnight on
# 18 February 2018.
TIMES = [
    ("2017-07-09 21:57:05", "2017-07-10T00:57:05"),
    ("2017-12-24 12:00:00", "2017-12-24T14:00:00"),
    ("2017-10-14 23:59:59", "2017-10-15T02:59:59"),
    ("2017-10-15 00:00:00", "2017-10-15T03:00:00"),  # skipped: midnight was one o'clock
    ("2017-10-15 00:30:00", "2017-10-15T03:30:00"),  # skipped
    ("2017-10-15 01:00:00", "2017-10-15T03:00:00"),
    ("2018-02-17 22:59:59", "2018-02-18T00:59:59"),
    ("2018-02-17 23:30:00", "2018-02-18T01:30:00"),  # shown twice: the first
    ("2018-02-18 00:00:00", "2018-02-18T03:00:00"),
]


@pytest.mark.parametrize(("shown", "meant"), TIMES)
def test_a_time_is_what_the_clocks_of_sao_paulo_showed(shown: str, meant: str) -> None:
    assert moment("at", shown) == utc(meant)


@pytest.mark.parametrize(("shown", "meant"), TIMES)
def test_the_check_reads_times_by_another_way_to_the_same(shown: str, meant: str) -> None:
    assert instant(shown) == utc(meant)


@pytest.mark.parametrize(
    "text", ["2018-13-01 00:00:00", "2018-02-30 00:00:00", "2018-01-18 19:1", "yesterday", "NaT"]
)
def test_a_broken_date_is_refused_with_its_column(text: str) -> None:
    with pytest.raises(Unfit, match="order_approved_at"):
        moment("order_approved_at", text)


def test_a_date_may_be_missing_only_where_it_may() -> None:
    assert moment_or_none("at", "") is None
    with pytest.raises(Unfit, match="at is empty"):
        moment("at", "")


@pytest.mark.parametrize(
    ("text", "amount"),
    [("0", 0), ("0.00", 0), ("16.5", 1650), ("19.99", 1999), ("1.1", 110), ("4799.0", 479_900)],
)
def test_an_amount_is_exact_in_centavos(text: str, amount: int) -> None:
    assert centavos("price", text) == amount


@pytest.mark.parametrize("text", ["NaN", "nan", "", "-1", "1e3", "1.005", "inf", "12,50", "٣"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(Unfit, match="price"):
        centavos("price", text)


@pytest.mark.parametrize("text", ["", "-1", "1.0", "NaN", "one"])
def test_what_is_no_whole_number_is_refused(text: str) -> None:
    with pytest.raises(Unfit, match="payment_installments"):
        whole("payment_installments", text)


def test_an_id_holds_no_blanks() -> None:
    assert identity("order_id", "a4591c26") == "a4591c26"
    with pytest.raises(Unfit, match="order_id is not an id"):
        identity("order_id", "a4591 c26")
