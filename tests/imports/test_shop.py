"""What of the files can be taken, and what is said of the rest."""

import csv
from pathlib import Path

import pytest

from imports.olist import files as shop_files
from imports.olist.files import Unusable
from imports.olist.rejects import Rejects
from imports.olist.shop import Person, Shop
from tests.imports import files

Rejected = list[tuple[str, int, str]]


def read(directory: Path, tmp_path: Path) -> tuple[list[Person], Rejected]:
    """The persons that can be taken; and of each other row its file, line and reason."""
    path = tmp_path / "rejects.csv"
    with Rejects(path) as rejects, Shop() as shop:
        shop_files.check(directory)
        shop.read(directory, rejects)
        persons = list(shop.persons())
    if not path.exists():
        return persons, []
    with path.open(encoding="utf-8", newline="") as file:
        told = [(row["file"], int(row["line"]), row["reason"]) for row in csv.DictReader(file)]
    return persons, [(name[6:-12], line, reason) for name, line, reason in told]


def places(rejected: Rejected) -> list[tuple[str, int]]:
    return [(name, line) for name, line, _ in rejected]


def test_a_person_is_all_customers_of_one_unique_id(tmp_path: Path) -> None:
    directory = files.write(
        tmp_path / "shop",
        customers=[
            {"customer_id": "c2", "customer_unique_id": "ana", "customer_city": "curitiba"},
            {"customer_id": "c1", "customer_unique_id": "ana", "customer_city": "niteroi"},
        ],
        orders=[
            {
                "order_id": "late",
                "customer_id": "c2",
                "order_purchase_timestamp": "2018-01-01 10:00:00",
            },
            {
                "order_id": "early",
                "customer_id": "c1",
                "order_purchase_timestamp": "2017-01-01 10:00:00",
            },
        ],
    )

    (ana,), rejected = read(directory, tmp_path)

    assert [one.order.order_id for one in ana.orders] == ["early", "late"]
    assert ana.latest.city == "curitiba"
    assert ana.since == ana.orders[0].order.purchased_at
    assert rejected == []


def test_without_a_reject_there_is_no_file_of_them(tmp_path: Path) -> None:
    (tmp_path / "rejects.csv").write_text("of an earlier run", encoding="utf-8")
    read(files.one_order(tmp_path / "shop", "1"), tmp_path)
    assert not (tmp_path / "rejects.csv").exists()


def test_a_row_with_line_breaks_is_one_row_and_named_by_its_first_line(tmp_path: Path) -> None:
    directory = files.one_order(tmp_path / "shop", "1")
    with files.path_of(directory, "order_reviews").open("a", encoding="utf-8") as file:
        file.write('r2,order-1,4,"two\nlines","and\n""more""",x,2018-01-01 00:00:00\r\n')
        file.write("r3,order-1,9,,,x,2018-01-01 00:00:00\r\n")

    (person,), rejected = read(directory, tmp_path)

    assert person.orders[0].reviews[0].text == 'and\n"more"'
    assert rejected == [
        ("order_reviews", 6, "review_score is not between 1 and 5: 9"),
    ]


def test_a_broken_date_keeps_back_the_order_and_all_that_needs_it(tmp_path: Path) -> None:
    directory = files.one_order(tmp_path / "shop", "1", order_purchase_timestamp="2017-11-31 1:0")

    persons, rejected = read(directory, tmp_path)

    assert persons == []
    assert rejected[0][2].startswith("order_purchase_timestamp is not a time")
    assert places(rejected) == [
        ("orders", 2),
        ("order_items", 2),
        ("order_payments", 2),
        ("order_reviews", 2),
        ("customers", 2),
    ]


@pytest.mark.parametrize("name", ["order_items", "order_payments"])
def test_an_order_is_taken_whole_or_not_at_all(tmp_path: Path, name: str) -> None:
    directory = files.one_order(tmp_path / "shop", "1")
    column, amount = ("price", "89.90") if name == "order_items" else ("payment_value", "102.40")
    files.change(directory, name, amount, "NaN")

    persons, rejected = read(directory, tmp_path)

    assert persons == []
    assert rejected[0] == (name, 2, f"{column} is not an amount such as 12.34: 'NaN'")
    assert ("orders", 2) in places(rejected)


def test_a_broken_review_keeps_nothing_else_back(tmp_path: Path) -> None:
    directory = files.one_order(tmp_path / "shop", "1")
    files.change(directory, "order_reviews", "2017-12-06 10:20:30", "soon")

    (person,), rejected = read(directory, tmp_path)

    assert len(person.orders) == 1
    assert places(rejected) == [("order_reviews", 2)]


def test_an_order_of_an_unknown_person_is_rejected_alone(tmp_path: Path) -> None:
    directory = files.one_order(tmp_path / "shop", "1")
    with files.path_of(directory, "orders").open("a", encoding="utf-8") as file:
        file.write("order-2,nobody,created,2018-01-01 00:00:00,,,,\r\n")

    persons, rejected = read(directory, tmp_path)

    assert [one.person for one in persons] == ["person-1"]
    assert places(rejected) == [("orders", 3)]
    assert "nobody is not in olist_customers_dataset.csv" in rejected[0][2]


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("order_reviews", "r2,order-2,5,,,x,2018-01-01 00:00:00\r\n"),
        ("order_items", "order-2,1,kettle,seller-1,x,1.00,1.00\r\n"),
        ("order_payments", "order-2,1,boleto,1,1.00\r\n"),
    ],
)
def test_what_belongs_to_no_order_is_rejected(tmp_path: Path, name: str, row: str) -> None:
    directory = files.one_order(tmp_path / "shop", "1")
    with files.path_of(directory, name).open("a", encoding="utf-8") as file:
        file.write(row)

    persons, rejected = read(directory, tmp_path)

    assert len(persons) == 1
    assert places(rejected) == [(name, 3)]
    assert "order-2 is not in olist_orders_dataset.csv" in rejected[0][2]


def test_a_row_that_stands_twice_counts_once(tmp_path: Path) -> None:
    directory = files.one_order(tmp_path / "shop", "1")
    path = files.path_of(directory, "order_payments")
    path.write_text(path.read_text("utf-8") + path.read_text("utf-8").splitlines()[1] + "\n")

    (person,), rejected = read(directory, tmp_path)

    assert len(person.orders[0].payments) == 1
    assert rejected == [("order_payments", 3, "it repeats line 2, which counts")]


def test_a_file_cut_in_the_middle_loses_only_what_is_cut(tmp_path: Path) -> None:
    people = [{"customer_id": f"c{i}", "customer_unique_id": f"p{i}"} for i in range(3)]
    orders = [{"order_id": f"o{i}", "customer_id": f"c{i}"} for i in range(3)]
    directory = files.write(tmp_path / "shop", customers=people, orders=orders)
    path = files.path_of(directory, "orders")
    path.write_bytes(path.read_bytes()[:-70])

    persons, rejected = read(directory, tmp_path)

    assert [one.person for one in persons] == ["p0", "p1"]
    assert places(rejected) == [("orders", 4), ("customers", 4)]
    assert "is the file cut off here?" in rejected[0][2]


def test_an_amount_that_may_be_cut_off_is_not_believed(tmp_path: Path) -> None:
    directory = files.one_order(tmp_path / "shop", "1")
    path = files.path_of(directory, "order_payments")
    path.write_bytes(path.read_bytes().removesuffix(b"40\r\n"))  # 102.

    persons, rejected = read(directory, tmp_path)

    assert persons == []
    assert "may be cut off" in rejected[0][2]
    path.write_bytes(path.read_bytes() + b"40")  # whole, though the line has no end
    assert len(read(directory, tmp_path)[0]) == 1


def test_an_open_quotation_mark_loses_only_what_stands_after_it(tmp_path: Path) -> None:
    directory = files.one_order(tmp_path / "shop", "1")
    with files.path_of(directory, "order_reviews").open("a", encoding="utf-8") as file:
        file.write('r2,order-1,4,"never closed,,x,2018-01-01 00:00:00\r\n')

    (person,), rejected = read(directory, tmp_path)

    assert len(person.orders[0].reviews) == 1
    assert places(rejected) == [("order_reviews", 3)]
    assert "cannot be read" in rejected[0][2]


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path: Path) -> None:
    directory = files.one_order(tmp_path / "shop", "1")
    path = files.path_of(directory, "customers")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert len(read(directory, tmp_path)[0]) == 1


def test_columns_may_stand_in_any_order_beside_others(tmp_path: Path) -> None:
    directory = files.one_order(tmp_path / "shop", "1")
    files.path_of(directory, "order_payments").write_text(
        "note,payment_value,payment_type,payment_installments,payment_sequential,order_id\n"
        "hello,0.00,not_defined,0,1,order-1\n",
        encoding="utf-8",
    )
    (person,), _ = read(directory, tmp_path)
    payment = person.orders[0].payments[0]
    assert (payment.kind, payment.amount, payment.instalments) == ("not_defined", 0, 0)


def test_a_directory_without_the_files_is_refused_by_their_names(tmp_path: Path) -> None:
    directory = files.one_order(tmp_path / "shop", "1")
    files.path_of(directory, "orders").unlink()
    with pytest.raises(Unusable, match="lacks olist_orders_dataset"):
        shop_files.check(directory)
    with pytest.raises(Unusable, match="no directory"):
        shop_files.check(tmp_path / "nowhere")


def test_a_missing_column_is_refused_by_its_name(tmp_path: Path) -> None:
    directory = files.one_order(tmp_path / "shop", "1")
    files.change(directory, "order_items", "freight_value", "freight")
    with pytest.raises(Unusable, match="lacks the column freight_value"):
        shop_files.check(directory)


def test_another_encoding_is_refused_by_the_line_that_shows_it(tmp_path: Path) -> None:
    directory = files.one_order(tmp_path / "shop", "1", order_status="delivered")
    path = files.path_of(directory, "customers")
    path.write_bytes(
        "são paulo".join(path.read_text("utf-8").split("sao paulo")).encode("latin-1")
    )
    with pytest.raises(Unusable, match="not UTF-8, as line 2 shows"):
        read(directory, tmp_path)
