"""What every Customers must do, the fake as well as DynamoDB; and how customers show."""

import pytest

from services.customer.adapters import CustomerSummaries, DynamoCustomers, projections
from services.customer.domain import Customer, CustomerNotFound, Link, LinkNotFound, join, part
from services.customer.ports import Customers
from shared.aws.projection import Projector
from shared.aws.rows import Rows
from shared.aws.stream import writes_of
from shared.contracts.summary import CustomerPart
from shared.errors import ChangedMeanwhile, Conflict, KeyReused
from tests.account import SECRET, AwsAccount, all_items, contents, stream_record
from tests.customer.examples import EMAIL, MOBILE, a_customer, an_act
from tests.customer.fakes import InMemoryCustomers


@pytest.fixture(params=["in memory", "dynamodb"])
def customers(request: pytest.FixtureRequest) -> Customers:
    if request.param == "in memory":
        return InMemoryCustomers()
    return dynamo(request.getfixturevalue("aws"))


def dynamo(aws: AwsAccount) -> DynamoCustomers:
    return DynamoCustomers(aws.dynamodb, aws.table("customer"), SECRET)


def joined(leader: Customer, newcomer: Customer) -> tuple[Link, Customer, Customer]:
    return join(
        an_act(1),
        leader,
        newcomer,
        link_id="lnk_1",
        asked=(leader.customer_id, newcomer.customer_id),
        reason="she says so",
    )


def add(customers: Customers, *people: Customer) -> None:
    for one in people:
        customers.add(one, fingerprint="f")


def test_a_customer_comes_back_as_they_went_in(customers: Customers) -> None:
    customer = a_customer(contact_points=(MOBILE, EMAIL), external_ids=("logo:17",))

    assert customers.add(customer, fingerprint="f") == (customer, False)
    assert customers.get("cus_1") == customer
    assert customers.add(a_customer(name="Can"), fingerprint="f") == (customer, True)
    with pytest.raises(KeyReused):
        customers.add(a_customer(name="Can"), fingerprint="g")


def test_a_customer_is_found_by_everything_they_are_known_by(customers: Customers) -> None:
    customer = a_customer(contact_points=(MOBILE, EMAIL), external_ids=("logo:17",))
    add(customers, customer, a_customer("cus_2"))

    assert customers.by_phone(MOBILE.value) == [customer]
    assert customers.by_email(EMAIL.value) == [customer]
    assert customers.by_external_id("logo:17") == [customer]
    assert customers.by_external_id("logo:18") == []
    assert customers.by_phone(EMAIL.value) == []


def test_a_phone_may_serve_several_people(customers: Customers) -> None:
    ayse = a_customer("cus_1", contact_points=(MOBILE,))
    can = a_customer("cus_2", contact_points=(MOBILE, EMAIL), name="Can")
    add(customers, ayse, can)

    assert customers.by_phone(MOBILE.value) == [ayse, can]


def test_who_changes_a_phone_is_found_by_the_new_one_and_by_the_old_no_more(
    customers: Customers,
) -> None:
    before = a_customer(contact_points=(MOBILE,), external_ids=("logo:17",))
    add(customers, before)
    after = before.change(an_act(1), contact_points=(EMAIL,), external_ids=("logo:18",))

    customers.save(before, after)

    assert customers.by_phone(MOBILE.value) == []
    assert customers.by_email(EMAIL.value) == [after]
    assert customers.by_external_id("logo:17") == []
    assert customers.by_external_id("logo:18") == [after]


def test_an_external_id_is_taken_until_its_holder_gives_it_up(customers: Customers) -> None:
    holder, other = a_customer("cus_1", external_ids=("logo:17",)), a_customer("cus_2")
    add(customers, holder, other)
    wishing = other.change(an_act(1), external_ids=("logo:17",))

    with pytest.raises(Conflict, match="already belongs to cus_1"):
        customers.save(other, wishing)
    with pytest.raises(Conflict, match="already belongs to cus_1"):
        add(customers, a_customer("cus_3", external_ids=("logo:17",)))
    assert customers.get("cus_2") == other

    customers.save(holder, holder.change(an_act(2), external_ids=()))
    customers.save(other, wishing)
    assert customers.by_external_id("logo:17") == [wishing]


def test_of_two_who_save_the_slower_is_told(customers: Customers) -> None:
    before = a_customer()
    add(customers, before)
    first = before.change(an_act(1), name="Ayşe Demir", contact_points=(MOBILE,))

    customers.save(before, first)
    customers.save(before, first)  # the very same write again is none
    with pytest.raises(ChangedMeanwhile):
        customers.save(before, before.change(an_act(1), name="Can", contact_points=(EMAIL,)))

    assert customers.get("cus_1") == first
    assert customers.by_email(EMAIL.value) == []


def test_a_link_and_both_its_groups_are_stored_together(customers: Customers) -> None:
    a, b = a_customer("cus_a"), a_customer("cus_b")
    add(customers, a, b)
    link, leader, newcomer = joined(a, b)

    assert customers.link(link, leader, newcomer, fingerprint="f") == (link, False)
    assert customers.link(link, leader, newcomer, fingerprint="f") == (link, True)

    assert customers.get_link("lnk_1") == customers.find_link("lnk_1", fingerprint="f") == link
    assert (customers.get("cus_a"), customers.get("cus_b")) == (leader, newcomer)
    with pytest.raises(KeyReused):
        customers.find_link("lnk_1", fingerprint="g")


def test_a_link_of_a_group_that_has_changed_leaves_nothing_behind(customers: Customers) -> None:
    a, b = a_customer("cus_a"), a_customer("cus_b")
    add(customers, a, b)
    renamed = b.change(an_act(1), name="Can")
    customers.save(b, renamed)

    with pytest.raises(ChangedMeanwhile):
        customers.link(*joined(a, b), fingerprint="f")

    assert (customers.get("cus_a"), customers.get("cus_b")) == (a, renamed)
    assert customers.find_link("lnk_1", fingerprint="f") is None
    with pytest.raises(LinkNotFound):
        customers.get_link("lnk_1")


def test_the_end_of_a_link_and_of_the_group_are_stored_together(customers: Customers) -> None:
    a, b = a_customer("cus_a"), a_customer("cus_b")
    add(customers, a, b)
    link, leader, newcomer = joined(a, b)
    customers.link(link, leader, newcomer, fingerprint="f")
    ended = link.end(an_act(2), "two people")
    stayed, left = part(an_act(2), leader, newcomer, "lnk_1")

    customers.end_link(ended, stayed, left)

    assert customers.get_link("lnk_1") == ended
    assert (customers.get("cus_a"), customers.get("cus_b")) == (stayed, left)
    with pytest.raises(ChangedMeanwhile):
        customers.end_link(link.end(an_act(3), "once more"), stayed, left)


def test_nobody_is_not_found(customers: Customers) -> None:
    with pytest.raises(CustomerNotFound, match="customer nobody does not exist"):
        customers.get("nobody")


def test_look_up_keys_do_not_hold_what_they_are_made_of(aws: AwsAccount) -> None:
    add(dynamo(aws), a_customer(contact_points=(MOBILE, EMAIL), external_ids=("logo:17",)))

    keys = [str(one) for one in contents(aws.dynamodb, aws.table("customer")) if "K#" in one[0]]

    assert len(keys) == 3
    for told in ("532", "ayse", "logo:17"):
        assert not any(told in key for key in keys)


class Shown:
    """What the customer service tells the view."""

    def __init__(self, aws: AwsAccount) -> None:
        self._aws, self._table = aws, aws.table("customer")
        self._summaries = CustomerSummaries(Rows(aws.dynamodb, self._table), dynamo(aws))
        self._projector = Projector(aws.dynamodb, self._table, *projections)

    def project(self) -> None:
        for item in all_items(self._aws.dynamodb, self._table):
            for write in writes_of({"Records": [stream_record(None, item)]}):
                self._projector.project(write)

    def part(self, customer_id: str) -> CustomerPart | None:
        part = self._summaries.summarise(customer_id).parts["customer"]
        return None if part is None else CustomerPart.model_validate(part)


def test_a_customer_is_shown_before_their_card_is_made_and_after(aws: AwsAccount) -> None:
    shown, customers = Shown(aws), dynamo(aws)
    add(customers, a_customer(contact_points=(MOBILE,)))

    at_once = shown.part("cus_1")
    shown.project()
    with_card = shown.part("cus_1")

    assert at_once is not None
    assert at_once == with_card
    assert at_once.name == "Ayşe Işık"
    assert [one.value for one in at_once.contact_points] == [MOBILE.value]


def test_of_somebody_who_does_not_exist_it_is_said_so(aws: AwsAccount) -> None:
    assert Shown(aws).part("nobody") is None


def test_a_link_makes_no_row_of_its_own(aws: AwsAccount) -> None:
    shown, customers = Shown(aws), dynamo(aws)
    a, b = a_customer("cus_a"), a_customer("cus_b")
    add(customers, a, b)
    customers.link(*joined(a, b), fingerprint="f")

    shown.project()

    rows = [
        key for key in contents(aws.dynamodb, aws.table("customer")) if key[0].startswith("P#")
    ]
    assert sorted(rows) == [("P#cus_a", "SUMMARY"), ("P#cus_b", "SUMMARY")]
