"""What every Customers must do, the fake as well as DynamoDB; and how customers show."""

from datetime import timedelta

import pytest

from services.customer.adapters import (
    NEWEST,
    CustomerFinder,
    CustomerSummaries,
    DynamoCustomers,
    projections,
)
from services.customer.adapters.care import DynamoCare
from services.customer.domain import (
    Address,
    Customer,
    CustomerNotFound,
    Link,
    LinkNotFound,
    Parting,
    join,
    part,
)
from services.customer.ports import Change, Customers
from shared.aws.projection import Projector
from shared.aws.rows import Rows
from shared.aws.stream import writes_of
from shared.contracts.finding import Match
from shared.contracts.summary import ConversationsPart, CustomerPart
from shared.errors import ChangedMeanwhile, Conflict, KeyReused
from tests.account import SECRET, AwsAccount, all_items, contents, stream_record
from tests.customer.examples import EMAIL, HOME, MOBILE, NOON, a_conversation, a_customer, an_act


def dynamo(aws: AwsAccount) -> DynamoCustomers:
    return DynamoCustomers(aws.dynamodb, aws.table("customer"), SECRET)


def joined(leader: Customer, newcomer: Customer) -> tuple[Link, Change, Change]:
    link, leading, joining = join(
        an_act(1),
        leader,
        newcomer,
        link_id="lnk_1",
        asked=(leader.customer_id, newcomer.customer_id),
        reason="she says so",
    )
    return link, (leader, leading), (newcomer, joining)


def add(customers: Customers, *people: Customer) -> None:
    for one in people:
        customers.add(one, fingerprint="f")


def test_a_customer_comes_back_as_they_went_in(customers: Customers) -> None:
    customer = a_customer(
        contact_points=(MOBILE, EMAIL),
        external_ids=("logo:17",),
        addresses=(HOME, Address(city="Ankara")),
        heard_from="a friend",
        since=NOON - timedelta(days=900),
    )

    assert customers.add(customer, fingerprint="f") == (customer, False)
    assert customers.get("cus_1") == customer
    assert customers.add(a_customer(name="Can"), fingerprint="f") == (customer, True)
    with pytest.raises(KeyReused):
        customers.add(a_customer(name="Can"), fingerprint="g")


def test_who_has_not_told_a_name_comes_back_without_one(customers: Customers) -> None:
    nameless = a_customer(name=None, contact_points=(MOBILE,))
    add(customers, nameless)

    assert customers.get("cus_1") == nameless
    assert customers.by_phone(MOBILE.value) == [nameless]


def test_a_conversation_is_kept_once(customers: Customers) -> None:
    talk, other = a_conversation(), a_conversation(summary="asked again")

    assert customers.add_conversation(talk, fingerprint="f") == (talk, False)
    assert customers.add_conversation(other, fingerprint="f") == (talk, True)
    with pytest.raises(KeyReused):
        customers.add_conversation(other, fingerprint="g")


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
    assert (customers.get("cus_a"), customers.get("cus_b")) == (leader[1], newcomer[1])
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
    parting = Parting.of(leader[1], link)
    stayed, left = part(an_act(2), leader[1], {"cus_b": newcomer[1]}, parting)
    changes = (leader[1], stayed), (newcomer[1], left)

    customers.save_link(ended, *changes)

    assert customers.get_link("lnk_1") == ended
    assert (customers.get("cus_a"), customers.get("cus_b")) == (stayed, left)
    with pytest.raises(ChangedMeanwhile):
        customers.save_link(link.end(an_act(3), "once more"), *changes)


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
        care = DynamoCare(aws.dynamodb, self._table, SECRET)
        self._summaries = CustomerSummaries(Rows(aws.dynamodb, self._table), dynamo(aws), care)
        self._projector = Projector(aws.dynamodb, self._table, *projections)

    def project(self) -> None:
        for item in all_items(self._aws.dynamodb, self._table):
            for write in writes_of({"Records": [stream_record(None, item)]}):
                self._projector.project(write)

    def conversations(self, customer_id: str = "cus_1") -> ConversationsPart:
        part = self._summaries.summarise(customer_id).parts["conversations"]
        return ConversationsPart.model_validate(part)

    def part(self, customer_id: str) -> CustomerPart | None:
        part = self._summaries.summarise(customer_id).parts["customer"]
        return None if part is None else CustomerPart.model_validate(part)


def test_a_customer_is_shown_before_their_card_is_made_and_after(aws: AwsAccount) -> None:
    shown, customers = Shown(aws), dynamo(aws)
    add(customers, a_customer(contact_points=(MOBILE,), addresses=(HOME,), heard_from="a friend"))

    at_once = shown.part("cus_1")
    shown.project()
    with_card = shown.part("cus_1")

    assert at_once is not None
    assert at_once == with_card
    assert at_once.name == "Ayşe Işık"
    assert [one.value for one in at_once.contact_points] == [MOBILE.value]
    assert [one.district for one in at_once.addresses] == ["Kadıköy"]
    assert (at_once.heard_from, at_once.lost_to) == ("a friend", None)


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


def test_with_whom_nobody_talked_there_is_an_empty_part_and_not_a_missing_one(
    aws: AwsAccount,
) -> None:
    assert Shown(aws).conversations() == ConversationsPart(count=0, recent=[])


def test_all_conversations_are_counted_and_the_newest_ten_shown(aws: AwsAccount) -> None:
    shown, customers = Shown(aws), dynamo(aws)
    add(customers, a_customer())
    for n in range(NEWEST + 2):
        talk = a_conversation(f"cnv_{n}", minutes=n, summary=str(n))
        customers.add_conversation(talk, fingerprint="f")
    customers.add_conversation(a_conversation("cnv_x", customer_id="cus_2"), fingerprint="f")

    shown.project()
    shown.project()  # what is told twice counts once

    part = shown.conversations()
    assert part.count == NEWEST + 2
    assert [one.summary for one in part.recent] == [str(n) for n in range(NEWEST + 1, 1, -1)]
    assert (part.recent[0].partner, part.recent[0].kind) == ("Deniz", "service")
    assert shown.conversations("cus_2").count == 1
    assert shown.part("cus_1") is not None


@pytest.mark.parametrize(
    ("kind", "value", "found"),
    [
        ("phone", "0532 123 45 67", ["cus_a", "cus_b"]),
        ("email", "AYSE@example.com", ["cus_a"]),
        ("external_id", "logo:17", ["cus_b"]),
        ("phone", "0532 000 00 00", []),
        ("phone", "not a phone", []),
        ("email", "not an e-mail", []),
        ("external_id", "no such thing", []),
        ("serial", "0532 123 45 67", []),
    ],
)
def test_everybody_is_found_whom_something_may_belong_to_and_nobody_by_what_is_nobodys(
    aws: AwsAccount, kind: str, value: str, found: list[str]
) -> None:
    customers = dynamo(aws)
    add(
        customers,
        a_customer("cus_a", contact_points=(MOBILE, EMAIL)),
        a_customer("cus_b", contact_points=(MOBILE,), external_ids=("logo:17",)),
    )

    matches = CustomerFinder(customers).find(kind, value)

    assert [one.customer_id for one in matches] == found


def test_who_is_found_is_told_with_their_person_their_name_and_their_district(
    aws: AwsAccount,
) -> None:
    customers = dynamo(aws)
    a = a_customer("cus_a", contact_points=(MOBILE,), addresses=(Address(city="Ankara"), HOME))
    b, c = a_customer("cus_b", name=None, contact_points=(MOBILE,)), a_customer("cus_c")
    add(customers, a, b, c)
    customers.link(*joined(b, a), fingerprint="f")
    leader, newcomer = customers.get("cus_c"), customers.get("cus_b")
    link, leading, joining = join(
        an_act(2), leader, newcomer, link_id="lnk_2", asked=("cus_c", "cus_b"), reason="so"
    )
    customers.link(link, (leader, leading), (newcomer, joining), fingerprint="f")

    matches = CustomerFinder(customers).find("phone", MOBILE.value)

    assert matches == [
        Match(
            customer_id="cus_a", person_id="cus_c", display_name="Ayşe Işık", district="Kadıköy"
        ),
        Match(customer_id="cus_b", person_id="cus_c", display_name=None, district=None),
    ]
