"""Households and firms: said of several customers, shown with each, and nothing shared by them."""

from collections.abc import Iterator
from typing import Any

import pytest
from chalice.test import Client

from services.customer import bootstrap
from services.customer.adapters import DynamoCustomers
from services.customer.adapters.relations import DynamoRelations
from services.customer.app import app
from services.customer.domain import AlreadyOnePerson, CustomerNotFound
from services.customer.domain.relations import (
    MOST_RELATIONS,
    Relation,
    RelationEnded,
    RelationKind,
    RelationMember,
    RelationRole,
    TooManyRelations,
)
from services.customer.use_cases.links import link_customers
from services.customer.use_cases.relations import end_relation, relate_customers
from shared.errors import Invalid, KeyReused
from tests.account import SECRET, AwsAccount, bootstrapped, contents
from tests.customer.examples import a_customer, an_act

AYSE, CAN = (
    RelationMember(customer_id="cus_a", role=RelationRole.MEMBER),
    RelationMember(customer_id="cus_b", role=RelationRole.MEMBER),
)


class Desk:
    """Somebody who says who belongs together."""

    def __init__(self, aws: AwsAccount) -> None:
        table = aws.table("customer")
        self.customers = DynamoCustomers(aws.dynamodb, table, SECRET)
        self.relations = DynamoRelations(aws.dynamodb, table, SECRET)
        for one in ("cus_a", "cus_b", "cus_c"):
            self.customers.add(a_customer(one), fingerprint="f")

    def relate(
        self,
        *members: RelationMember,
        relation_id: str = "rel_1",
        of: RelationKind = RelationKind.HOUSEHOLD,
        minutes: int = 1,
        fingerprint: str = "f",
    ) -> tuple[Relation, bool]:
        return relate_customers(
            self.customers,
            self.relations,
            an_act(minutes),
            relation_id=relation_id,
            fingerprint=fingerprint,
            of=of,
            members=members or (AYSE, CAN),
            reason="they say so",
        )

    def of(self, customer_id: str) -> list[str]:
        return [one.relation_id for one in self.relations.of(customer_id)]


@pytest.fixture
def desk(aws: AwsAccount) -> Desk:
    return Desk(aws)


@pytest.fixture
def functions(aws: AwsAccount) -> Iterator[Client]:
    with bootstrapped(aws, "customer", bootstrap), Client(app) as client:
        yield client


def test_a_relation_stands_with_each_of_its_members_until_it_is_ended(desk: Desk) -> None:
    relation, replayed = desk.relate()

    assert not replayed
    assert desk.relations.of("cus_a") == desk.relations.of("cus_b") == [relation]
    assert desk.of("cus_c") == []

    ended = end_relation(desk.relations, an_act(2), "rel_1", reason="moved out")

    assert (ended.ended_by, ended.end_reason) == ("agent-1", "moved out")
    assert desk.of("cus_a") == desk.of("cus_b") == []
    assert desk.relations.get("rel_1") == ended


def test_the_same_word_again_makes_no_second_relation(desk: Desk) -> None:
    first, _ = desk.relate()

    assert desk.relate(minutes=2) == (first, True)
    assert desk.of("cus_a") == ["rel_1"]
    with pytest.raises(KeyReused):
        desk.relate(fingerprint="another")


def test_an_end_again_changes_nothing_and_with_another_reason_is_refused(desk: Desk) -> None:
    desk.relate()
    ended = end_relation(desk.relations, an_act(2), "rel_1", reason="moved out")

    assert end_relation(desk.relations, an_act(3), "rel_1", reason="moved out") == ended
    with pytest.raises(RelationEnded):
        end_relation(desk.relations, an_act(3), "rel_1", reason="another")


def test_relations_are_listed_from_the_eldest_on(desk: Desk) -> None:
    desk.relate(relation_id="rel_z", minutes=1)
    desk.relate(relation_id="rel_a", minutes=2)

    assert desk.of("cus_a") == ["rel_z", "rel_a"]


def test_nobody_has_more_than_ten_relations_at_a_time(desk: Desk, aws: AwsAccount) -> None:
    for n in range(MOST_RELATIONS):
        desk.relate(relation_id=f"rel_{n}")
    before = contents(aws.dynamodb, aws.table("customer"))

    with pytest.raises(TooManyRelations, match="cus_a"):
        desk.relate(relation_id="rel_more")

    assert contents(aws.dynamodb, aws.table("customer")) == before
    end_relation(desk.relations, an_act(2), "rel_3", reason="moved out")
    desk.relate(relation_id="rel_more")
    assert len(desk.of("cus_a")) == MOST_RELATIONS


def test_a_relation_is_of_customers_who_exist_each_once_and_each_another_person(
    desk: Desk,
) -> None:
    nobody = RelationMember(customer_id="cus_nobody", role=RelationRole.MEMBER)
    with pytest.raises(CustomerNotFound):
        desk.relate(AYSE, nobody)
    with pytest.raises(Invalid, match="twice"):
        desk.relate(AYSE, AYSE)
    link_customers(
        desk.customers, an_act(1), "cus_a", "cus_b", link_id="lnk_1", fingerprint="f", reason="one"
    )
    with pytest.raises(AlreadyOnePerson):
        desk.relate()


def test_each_kind_of_relation_has_its_roles(desk: Desk) -> None:
    firm = RelationMember(customer_id="cus_c", role=RelationRole.FIRM)
    with pytest.raises(Invalid, match="a household has no firm; say one of member") as refused:
        desk.relate(AYSE, firm)
    assert refused.value.field == "members.1.role"
    with pytest.raises(Invalid, match="a firm has no member"):
        desk.relate(firm, AYSE, of=RelationKind.FIRM)

    employee = RelationMember(customer_id="cus_a", role=RelationRole.EMPLOYEE)
    desk.relate(firm, employee, of=RelationKind.FIRM)

    assert desk.of("cus_c") == ["rel_1"]


def test_a_summary_shows_relations_and_of_the_others_only_how_many_they_are(
    desk: Desk, functions: Client
) -> None:
    desk.relate()

    told = functions.lambda_.invoke(
        "summary",
        {
            "ids": ["cus_a"],
            "caller": {
                "subject": "s",
                "client_id": "c",
                "roles": ["agent"],
                "customer_id": None,
                "grounds": {"reason": "case", "reference": None},
            },
            "parts": ["customer"],
            "deadline_ms": 1000,
            "correlation_id": "request-9",
        },
    ).payload["customers"]["cus_a"]

    [shown] = told["parts"]["customer"]["relations"]
    assert (shown["relation_id"], shown["kind"], shown["role"]) == ("rel_1", "household", "member")
    assert shown["count"] == 2
    assert "cus_b" not in str(shown)


def test_a_relation_makes_nobody_anybody_elses_member(desk: Desk, functions: Client) -> None:
    desk.relate()
    asks: dict[str, Any] = {
        "subject": "s", "client_id": "c", "roles": ["customer"], "customer_id": "cus_a",
    }  # fmt: skip
    told = functions.lambda_.invoke(
        "summary",
        {
            "ids": ["cus_b"],
            "caller": asks,
            "parts": ["customer"],
            "deadline_ms": 1000,
            "correlation_id": "request-9",
        },
    ).payload["customers"]

    assert told == {}
    assert desk.customers.get("cus_a").members == ("cus_a",)
