"""Who is in a segment, listed each once, and for whom somebody speaks."""

from datetime import timedelta
from typing import Any

import pytest

from services.customer.adapters.care import ALL, member_key
from services.customer.adapters.directory import DynamoDirectory
from services.customer.adapters.members import DynamoMembers
from services.customer.adapters.projector import CustomerProjector
from services.customer.domain.care import decides, spoken_for
from services.customer.domain.customer import ErasureReason
from services.customer.domain.groups import PAID
from services.customer.domain.segments import Segment
from services.customer.domain.staff import Absence
from services.customer.ports.care import Counted
from shared.aws.links import Links
from shared.aws.stream import writes_of
from shared.contracts.customer import CustomerLinkChanged
from tests.account import AwsAccount, all_items, stream_record
from tests.customer.examples import NOON, a_customer, an_act
from tests.customer.test_care import CEM, DENIZ, SELIN, TODAY, Company, a_roster, keeper

RICH = {f"{PAID}:TRY": 10_000_000}
HALF = {f"{PAID}:TRY": 5_000_000}


class Books(Company):
    """A company whose customers are counted and listed."""

    def __init__(self, aws: AwsAccount) -> None:
        super().__init__(aws)
        self.members = DynamoMembers(aws.dynamodb, self.table, self.care)
        self._number = 0

    def count(self, customer_id: str, counts: dict[str, int]) -> None:
        self._number += 1
        event = f"evt_{self._number}"
        self.care.count([Counted(event_id=event, customer_id=customer_id, counts=counts)])
        self.members.note([customer_id], TODAY)

    def link(self, one: str, other: str, version: int) -> None:
        """Two are one person, as the events of it are heard."""
        for customer_id in (one, other):
            Links(self.aws.dynamodb, self.table).on_customer_link_changed(
                CustomerLinkChanged(
                    event_id=f"{customer_id}:{version}:0",
                    entity_id=customer_id,
                    customer_id=customer_id,
                    version=version,
                    occurred_at=NOON,
                    correlation_id="r",
                    link_version=version,
                    person_id=one,
                    members=[one, other],
                )
            )
            self.members.note([customer_id], TODAY)

    def project(self) -> None:
        directory = DynamoDirectory(self.aws.dynamodb, self.table)
        projector = CustomerProjector(self.aws.dynamodb, self.table, directory)
        for item in all_items(self.aws.dynamodb, self.table):
            for one in writes_of({"Records": [stream_record(None, item)]}):
                projector.project(one)

    def listed(self, segment: Segment, size: int = 50) -> list[str]:
        """All members, page by page."""
        found: list[str] = []
        after = None
        while True:
            page = self.members.page(
                segment,
                after=after,
                size=size,
                day=TODAY,
                is_default=segment.segment_id == "standard",
            )
            found += page.customer_ids
            if page.after is None:
                return found
            after = page.after


@pytest.fixture
def books(aws: AwsAccount) -> Books:
    return Books(aws)


def platinum(books: Books) -> Segment:
    books.begin()
    for name in ("cus_c", "cus_d"):
        books.customers.add(a_customer(name), fingerprint="f")
    books.project()
    return books.staff.get_segment("platinum")


def test_members_by_hand_and_by_rule_are_listed_each_once_and_who_left_is_not(
    books: Books,
) -> None:
    segment = platinum(books)
    assert books.listed(segment) == []

    books.assign("cus_a", segment="platinum")
    books.count("cus_a", RICH)
    books.count("cus_b", RICH)
    books.count("cus_c", HALF)
    books.assign("cus_d", segment="platinum")
    books.project()

    assert sorted(books.listed(segment)) == ["cus_a", "cus_b", "cus_d"]
    assert sorted(books.listed(segment, size=1)) == ["cus_a", "cus_b", "cus_d"]
    books.assign("cus_d", minutes=2, segment=None)
    books.assign("cus_b", minutes=2, segment="standard")
    books.project()
    assert books.listed(segment) == ["cus_a"]
    books.count("cus_c", HALF)
    assert books.listed(segment) == ["cus_a", "cus_c"]


def test_a_person_of_several_entries_is_listed_by_the_leader(books: Books) -> None:
    segment = platinum(books)
    books.count("cus_a", HALF)
    books.count("cus_b", HALF)
    assert books.listed(segment) == []

    books.link("cus_b", "cus_a", 2)
    assert books.listed(segment) == ["cus_b"]
    books.assign("cus_a", segment="platinum")
    books.project()
    assert books.listed(segment) == ["cus_b"]
    books.count("cus_b", RICH)
    assert books.listed(segment, size=1) == ["cus_b"]


def test_in_the_default_segment_is_everybody_who_is_in_no_other_each_once(books: Books) -> None:
    platinum(books)
    segment = books.staff.get_segment("standard")
    books.assign("cus_a", segment="platinum")
    books.count("cus_b", RICH)
    books.project()
    assert sorted(books.listed(segment)) == ["cus_c", "cus_d"]

    books.link("cus_d", "cus_c", 2)
    assert books.listed(segment, size=1) == ["cus_d"]
    books.assign("cus_a", minutes=2, segment=None)
    books.project()
    assert sorted(books.listed(segment, size=2)) == ["cus_a", "cus_d"]
    books.assign("cus_a", minutes=3, segment="standard")
    assert sorted(books.listed(segment)) == ["cus_a", "cus_d"]


def test_who_is_erased_is_in_no_segment_in_whatever_order_that_is_heard(books: Books) -> None:
    platinum(books)
    segment = books.staff.get_segment("standard")
    customer = books.customers.get("cus_c")
    gone = customer.erase(an_act(5), ErasureReason.REQUEST)
    books.customers.save(customer, gone)
    books.project()
    listed = books.listed(segment)
    key = member_key(ALL, "cus_c")
    books.aws.dynamodb.put_item(TableName=books.table, Item=key)  # their first record comes late

    assert listed == books.listed(segment)
    assert "cus_c" not in listed


def test_whom_another_rule_would_add_comes_when_all_is_made_again(books: Books) -> None:
    segment = platinum(books)
    books.assign("cus_a", segment="platinum")
    books.care.count([Counted(event_id="e", customer_id="cus_b", counts=RICH)])
    books.project()
    for key in [key for key in books.contents() if key[0].startswith("IN#")]:
        books.aws.dynamodb.delete_item(
            TableName=books.table, Key={"pk": {"S": key[0]}, "sk": {"S": key[1]}}
        )

    assert books.listed(segment) == []
    books.project()
    books.members.note(["cus_a", "cus_b", "cus_c"], TODAY)
    assert books.listed(segment) == ["cus_a", "cus_b"]


def test_one_speaks_for_ones_own_and_for_whom_one_stands_in_today() -> None:
    week = Absence(since=TODAY, until=TODAY + timedelta(days=6), deputy=DENIZ)
    gone: dict[str, Any] = {"left_at": NOON - timedelta(days=30), "successor": DENIZ}
    away = a_roster(keeper(SELIN, absences=(week,)), keeper(CEM, **gone))

    assert spoken_for(f"sub-{SELIN}", a_roster(), TODAY) == ([SELIN], ["platinum"])
    assert spoken_for(f"sub-{SELIN}", away, TODAY) == ([SELIN], ["platinum"])
    assert spoken_for(f"sub-{CEM}", away, TODAY) == ([], [])
    assert spoken_for(f"sub-{DENIZ}", away, TODAY) == (
        [CEM, DENIZ, SELIN],
        ["platinum", "loyal", "standard"],
    )
    assert spoken_for("sub-of-nobody", away, TODAY) == ([], [])


def test_a_segment_whose_owner_and_all_others_have_left_is_decided_by_nobody() -> None:
    gone = {"left_at": NOON - timedelta(days=30)}
    roster = a_roster(*(keeper(one, **gone) for one in (SELIN, CEM, DENIZ)))

    assert decides(roster.segments["loyal"], roster, TODAY) is None
    here = decides(a_roster().segments["loyal"], a_roster(), TODAY)
    assert here is not None
    assert here.staff_id == CEM
