"""A shop goes in, and whoever answers the phone sees it."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from checks.olist.__main__ import check
from imports.api import Api, Tokens, Unreachable
from imports.olist.rejects import Rejects
from imports.olist.run import run
from infra.local.system import LocalSystem
from tests.client import Client
from tests.imports import files

pytestmark = pytest.mark.journey


def api_of(system: LocalSystem, role: str) -> Api:
    port = int(system.url.rpartition(":")[2])
    return Api(port, Tokens(lambda: system.token(role)), connections=8)


def feed(system: LocalSystem, directory: Path) -> tuple[bool, str]:
    """Whether all was taken, and the summary."""
    out = io.StringIO()
    with Rejects(directory / "rejects.csv") as rejects:
        complete = run(
            directory,
            feeding=api_of(system, "integration"),
            looking=api_of(system, "agent"),
            rejects=rejects,
            out=out,
        )
    system.settle()
    return complete, out.getvalue()


def counts(summary: str) -> dict[str, list[int]]:
    """New, known and rejected of each kind."""
    lines = (line.split() for line in summary.splitlines())
    kinds = ("persons", "orders", "complaints", "conversations")
    return {words[0]: [int(one) for one in words[1:]] for words in lines if words[0] in kinds}


def differences(system: LocalSystem, directory: Path) -> str:
    """What the check says last."""
    out = io.StringIO()
    check(directory, None, api_of(system, "agent"), out)
    return out.getvalue().splitlines()[-1]


def shop(directory: Path, mark: str) -> Path:
    """Persons as they occur: with many orders, with none that is live, without lines…"""
    statuses = [
        "approved",
        "created",
        "invoiced",
        "shipped",
        "delivered",
        "canceled",
        "unavailable",
    ]
    many = [
        {
            "order_id": f"{mark}-{number:02}",
            "customer_id": f"{mark}-c{number}",
            "order_status": statuses[number % len(statuses)],
            # Some at the same moment, one in the hour that the clocks skipped.
            "order_purchase_timestamp": f"2017-10-{1 + number // 2:02} 00:30:00",
            "order_delivered_customer_date": "" if number == 3 else "2017-12-04 20:11:12",
        }
        for number in range(28)
    ]
    alone = [
        {"order_id": f"{mark}-a", "customer_id": f"{mark}-ca", "order_status": "canceled"},
        {"order_id": f"{mark}-b", "customer_id": f"{mark}-cb", "order_status": "delivered"},
    ]
    orders = many + alone
    persons = [f"{mark}-many"] * 28 + [f"{mark}-gave-up", f"{mark}-paid-nothing"]
    with_lines = [one for one in orders if one["order_status"] != "unavailable"]
    paid = [one for one in orders if one["order_id"] != f"{mark}-b"]
    return files.write(
        directory,
        customers=[
            {"customer_id": one["customer_id"], "customer_unique_id": person}
            for one, person in zip(orders, persons, strict=True)
        ],
        orders=orders,
        order_items=[
            {"order_id": one["order_id"], "order_item_id": number, "product_id": f"p{number}"}
            for one in with_lines
            for number in (1, 2)
        ],
        order_payments=[
            {"order_id": one["order_id"], "payment_sequential": number, "payment_type": kind}
            | {"payment_value": value, "payment_installments": instalments}
            for one in paid
            for number, kind, value, instalments in (
                (1, "credit_card", "100.10", 4),
                (2, "voucher", "0", 1),
                (3, "not_defined", "0.00", 1),
            )
        ],
        order_reviews=[
            {"review_id": f"{mark}-r{number}", "order_id": one["order_id"]}
            | {"review_score": 1 + number % 5, "review_comment_message": f"palavra {number}"}
            for number, one in enumerate(with_lines)
        ],
    )


def test_a_shop_goes_in_and_every_view_shows_it(system: LocalSystem, tmp_path: Path) -> None:
    directory = shop(tmp_path / "shop", "whole")

    complete, summary = feed(system, directory)

    assert complete
    assert counts(summary) == {
        "persons": [3, 0, 0],
        "orders": [30, 0, 0],
        "complaints": [11, 0, 0],  # reviews with one star or two
        "conversations": [15, 0, 0],
    }
    assert "the view shows the persons sent last" in summary
    assert differences(system, directory) == "3 persons compared, 0 differences"


def test_a_second_run_changes_nothing(system: LocalSystem, tmp_path: Path) -> None:
    directory = files.one_order(tmp_path / "shop", "twice")
    feed(system, directory)
    agent = Client(system, "agent")
    asked = {"external_id": "olist:person-twice"}
    before = agent.post("/v1/view/lookup", asked).body

    complete, summary = feed(system, directory)

    assert complete
    assert counts(summary)["persons"] == counts(summary)["orders"] == [0, 1, 0]
    after = agent.post("/v1/view/lookup", asked).body
    for part in ("customer", "orders", "payments", "conversations", "timeline"):
        assert after[part]["data"] == before[part]["data"]


class Wavering(Api):
    """A way to the system that breaks for good after some requests."""

    left = 4

    def create(self, path: str, body: Any, key: str) -> Any:
        self.left -= 1
        if self.left < 0:
            raise Unreachable("the line is dead")
        return super().create(path, body, key)


def test_a_run_that_broke_off_is_completed_by_the_next(
    system: LocalSystem, tmp_path: Path
) -> None:
    directory = shop(tmp_path / "shop", "broken")
    sound = api_of(system, "integration")
    out = io.StringIO()
    with Rejects(tmp_path / "rejects.csv") as rejects, pytest.raises(Unreachable):
        run(
            directory,
            feeding=Wavering(sound.port, sound.tokens, connections=8),
            looking=api_of(system, "agent"),
            rejects=rejects,
            out=out,
        )
    assert counts(out.getvalue())["orders"][0] < 30

    complete, summary = feed(system, directory)

    assert complete
    assert sum(counts(summary)["orders"]) == 30
    assert differences(system, directory) == "3 persons compared, 0 differences"


class Hurried(Api):
    """A system so busy that it has not all of a view in time when it is first asked."""

    asked = 0

    def post(self, path: str, body: Any) -> Any:
        reply = super().post(path, body)
        self.asked += 1
        if self.asked == 1:
            reply.body.update(complete=False, orders={"status": "missing", "data": None})
        return reply


def test_what_a_busy_system_did_not_tell_in_time_is_asked_again_and_is_no_difference(
    system: LocalSystem, tmp_path: Path
) -> None:
    directory = files.one_order(tmp_path / "shop", "hurried")
    feed(system, directory)
    sound = api_of(system, "agent")
    hurried = Hurried(sound.port, sound.tokens)
    out = io.StringIO()

    assert check(directory, None, hurried, out) == 0, out.getvalue()
    assert hurried.asked > 1


def test_a_customer_who_came_in_another_way_is_found(system: LocalSystem, tmp_path: Path) -> None:
    agent = Client(system, "agent")
    known = agent.create(
        "/v1/customers", {"name": "Ana", "external_ids": ["olist:person-known"]}
    ).body["customer_id"]

    _, summary = feed(system, files.one_order(tmp_path / "shop", "known"))

    assert counts(summary)["persons"] == [0, 1, 0]
    assert agent.get(f"/v1/view/customers/{known}").body["orders"]["data"]["count"] == 1


def test_what_the_system_refuses_is_rejected_and_the_rest_goes_on(
    system: LocalSystem, tmp_path: Path
) -> None:
    directory = files.one_order(tmp_path / "shop", "refused")
    feed(system, directory)
    files.change(directory, "order_payments", "102.40", "99.99")

    complete, summary = feed(system, directory)

    assert not complete
    assert counts(summary)["persons"] == [0, 1, 0]
    assert counts(summary)["orders"] == [0, 0, 1]
    with (directory / "rejects.csv").open(encoding="utf-8", newline="") as file:
        told = [(row["file"], row["line"], row["reason"]) for row in csv.DictReader(file)]
    assert [row[:2] for row in told] == [
        ("olist_orders_dataset.csv", "2"),
        ("olist_order_reviews_dataset.csv", "2"),
    ]
    assert "Idempotency-Key was used before" in told[0][2]


CHANGES = [
    ("customers", "sao paulo", "santos", "customer.addresses"),
    ("orders", "delivered,", "shipped,", "orders.pending"),
    ("orders", "2017-11-24 09:30:00", "2017-11-24 09:30:01", "customer.since"),
    ("order_items", "12.5", "12.51", "orders.totals"),
    ("order_items", "kettle", "teapot", "orders.last_order"),
    ("order_payments", "credit_card", "boleto", "payments.methods"),
    ("order_payments", ",3,", ",4,", "payments.max_instalments"),
    ("order_payments", "102.40", "102.41", "payments.paid"),
    ("order_payments", "102.40", "102.00", "payments.owed"),
    ("order_reviews", ",5,,,", ",5,,bom,", "conversations.recent"),
    ("order_reviews", ",5,,,", ",1,,,", "conversations.count"),
]


@pytest.fixture(scope="module")
def fed(system: LocalSystem, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files that went in as they are."""
    directory = files.one_order(tmp_path_factory.mktemp("fed") / "shop", "fed")
    feed(system, directory)
    return directory


@pytest.mark.parametrize("changed", CHANGES, ids=lambda one: one[3])
def test_the_check_sees_what_is_otherwise_in_the_files(
    system: LocalSystem, fed: Path, tmp_path: Path, changed: tuple[str, str, str, str]
) -> None:
    name, old, new, field = changed
    copy = tmp_path / "other"
    copy.mkdir()
    for file in fed.glob("olist_*.csv"):
        (copy / file.name).write_bytes(file.read_bytes())
    files.change(copy, name, old, new)
    out = io.StringIO()

    assert check(copy, None, api_of(system, "agent"), out) == 1

    assert field in out.getvalue()


def test_the_check_sees_who_is_missing(system: LocalSystem, tmp_path: Path) -> None:
    directory = files.one_order(tmp_path / "shop", "never-sent")
    assert differences(system, directory) == "1 persons compared, 1 differences"


def test_the_check_leaves_out_whom_it_cannot_read(system: LocalSystem, tmp_path: Path) -> None:
    directory = files.one_order(tmp_path / "shop", "unread")
    files.change(directory, "order_payments", "102.40", "NaN")
    assert differences(system, directory) == "0 persons compared, 0 differences"
