from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from services.customer.domain import Person, join
from services.customer.schemas import (
    AddressBody,
    ChangeCustomer,
    ConversationView,
    CreateCustomer,
    CustomerView,
    KeepPromise,
    ListConversations,
    LookUpCustomers,
    RecordConversation,
)
from services.customer.schemas.links import EndLink, LinkCustomers, LinkView
from tests.customer.examples import HOME, MOBILE, a_conversation, a_customer, an_act

DUE = "2026-03-04T12:00:00Z"
TALK = {
    "at": "2026-03-01T12:00:00+03:00",
    "channel": "phone",
    "direction": "in",
    "kind": "service",
}
POINT = {"kind": "phone", "value": "0532 123 45 67"}


@pytest.mark.parametrize(
    ("model", "body", "at_fault"),
    [
        (CreateCustomer, {"name": "  "}, "name"),
        (CreateCustomer, {"name": "x" * 201}, "name"),
        (CreateCustomer, {"name": "\u200b"}, "name"),
        (CreateCustomer, {"name": "Ay\u0007şe"}, "name"),
        (CreateCustomer, {"name": "A", "customer_id": "cus_1"}, "customer_id"),
        (CreateCustomer, {"name": "A", "contact_points": [POINT] * 21}, "contact_points"),
        (CreateCustomer, {"name": "A", "contact_points": [{"kind": "fax", "value": "1"}]}, "kind"),
        (
            CreateCustomer,
            {"name": "A", "contact_points": [POINT | {"verified": True}]},
            "verified",
        ),
        (CreateCustomer, {"name": "A", "external_ids": ["17"]}, "external_ids"),
        (CreateCustomer, {"name": "A", "external_ids": ["LOGO:17"]}, "external_ids"),
        (CreateCustomer, {"name": "A", "external_ids": ["logo:1 7"]}, "external_ids"),
        (CreateCustomer, {"name": "A", "addresses": [{"city": "Ankara"}] * 11}, "addresses"),
        (CreateCustomer, {"name": "A", "addresses": [{"city": " "}]}, "city"),
        (CreateCustomer, {"name": "A", "addresses": [{"town": "Ankara"}]}, "town"),
        (CreateCustomer, {"name": "A", "addresses": [{"postal_code": "ÇÖ 1"}]}, "postal_code"),
        (CreateCustomer, {"name": "A", "addresses": [{"city": "A", "country": "tr"}]}, "country"),
        (CreateCustomer, {"name": "A", "since": "2020-01-01T00:00:00"}, "since"),
        (CreateCustomer, {"name": "A", "lost_to": "B"}, "lost_to"),
        (ChangeCustomer, {"since": "2020-01-01T00:00:00Z"}, "since"),
        (ChangeCustomer, {"lost_to": " "}, "lost_to"),
        (RecordConversation, {}, "at"),
        (RecordConversation, TALK | {"at": "2026-03-01T12:00:00"}, "at"),
        (RecordConversation, TALK | {"channel": "Phone Call"}, "channel"),
        (RecordConversation, TALK | {"direction": "sideways"}, "direction"),
        (RecordConversation, TALK | {"kind": "gossip"}, "kind"),
        (RecordConversation, TALK | {"with": "x" * 201}, "with"),
        (RecordConversation, TALK | {"summary": "x" * 5001}, "summary"),
        (RecordConversation, TALK | {"partner": "Deniz"}, "partner"),
        (RecordConversation, TALK | {"promise": {"what": "a call", "by": "Ece"}}, "due"),
        (RecordConversation, TALK | {"promise": {"what": "", "by": "Ece", "due": DUE}}, "what"),
        (RecordConversation, TALK | {"promise": {"what": "a call", "due": DUE}}, "by"),
        (KeepPromise, {"at": "2026-03-01T12:00:00"}, "at"),
        (ListConversations, {"limit": 0}, "limit"),
        (ListConversations, {"limit": 101}, "limit"),
        (ChangeCustomer, {"version": 3}, "version"),
        (ChangeCustomer, {"merged_into": "cus_2"}, "merged_into"),
        (ChangeCustomer, {"contact_points": [POINT] * 21}, "contact_points"),
        (LinkCustomers, {"other_id": "cus_2"}, "reason"),
        (LinkCustomers, {"other_id": "cus 2", "reason": "x"}, "other_id"),
        (LinkCustomers, {"other_id": "b", "reason": "x", "preview": "1"}, "preview"),
        (LinkCustomers, {"other_id": "b", "reason": "x", "choices": {"id": "b"}}, "choices"),
        (EndLink, {"reason": "\t"}, "reason"),
        (EndLink, {"reason": "x" * 501}, "reason"),
        (LookUpCustomers, {"name": "Ayşe"}, "name"),
    ],
)
def test_a_malformed_body_names_the_field_at_fault(
    model: type[BaseModel], body: dict[str, Any], at_fault: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        model.model_validate(body)

    assert any(at_fault in map(str, one["loc"]) for one in refusal.value.errors())


@pytest.mark.parametrize("body", [{}, {"name": None}, {"name": None, "external_ids": None}])
def test_a_change_that_says_nothing_is_refused(body: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="name at least one field to change"):
        ChangeCustomer.model_validate(body)


@pytest.mark.parametrize("body", [{}, {"phone": "1", "email": "a@b.c"}, {"phone": None}])
def test_one_looks_up_by_exactly_one_thing(body: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="give exactly one of"):
        LookUpCustomers.model_validate(body)


@pytest.mark.parametrize("address", [{}, {"country": "TR"}, {"city": None}])
def test_an_address_says_where_it_is(address: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="say at least one of"):
        AddressBody.model_validate(address)


def test_what_is_not_known_of_an_address_is_not_guessed_but_for_the_country() -> None:
    assert AddressBody.model_validate({"district": " Kadıköy "}).model_dump() == {
        "lines": None,
        "district": "Kadıköy",
        "city": None,
        "postal_code": None,
        "country": "TR",
    }


def test_a_conversation_may_be_told_without_words_and_is_shown_as_it_was_told() -> None:
    assert RecordConversation.model_validate(TALK).at == datetime(2026, 3, 1, 9, tzinfo=UTC)
    shown = ConversationView.of(a_conversation()).model_dump(mode="json", by_alias=True)

    assert shown == {
        "conversation_id": "cnv_1",
        "at": "2026-03-01T12:00:00Z",
        "channel": "phone",
        "direction": "in",
        "kind": "service",
        "with": "Deniz",
        "summary": "asked when the technician comes",
        "promise": None,
    }


@pytest.mark.parametrize("name", ["Ayşe Işık", "Ö", "李雷", "O'Neill-Öz", "5 Yıldız A.Ş."])
def test_a_name_is_kept_as_it_is_written(name: str) -> None:
    assert CreateCustomer.model_validate({"name": f"  {name} "}).name == name


def test_a_customer_is_shown_with_the_one_who_stands_for_them() -> None:
    customer = a_customer(contact_points=(MOBILE,), addresses=(HOME,), heard_from="a friend")

    _, leader, joined = join(
        an_act(1),
        a_customer("cus_9", name="AYSE ISIK"),
        customer,
        link_id="lnk_1",
        asked=("cus_9", "cus_1"),
        reason="she says so",
    )
    person = Person.of(joined, leader, {})

    view = CustomerView.of(person, with_newly_joined=True)

    assert (view.person_id, view.members) == ("cus_9", ["cus_1", "cus_9"])
    assert view.name == "Ayşe Işık"
    assert view.contact_points[0].value == "+905321234567"
    assert view.addresses[0].district == "Kadıköy"
    assert (view.heard_from, view.lost_to) == ("a friend", None)


def test_a_link_that_has_ended_says_who_ended_it_and_where_to_see_who_saw_it() -> None:
    link, _, _ = join(
        an_act(1),
        a_customer("cus_a"),
        a_customer("cus_b"),
        link_id="lnk_1",
        asked=("cus_a", "cus_b"),
        reason="she says so",
    )

    live = LinkView.of(link)
    ended = LinkView.of(link.end(an_act(5, by="ada"), "two people", parted=("cus_b", "cus_a")))

    assert (live.looks, live.ended_by) == ([], None)
    assert (ended.ended_by, ended.end_reason) == ("ada", "two people")
    assert ended.looks == [
        f"/v1/view/customers/{one}/looks"
        "?since=2026-03-01T12:01:00.000000Z&until=2026-03-01T12:05:00.000000Z"
        for one in ("cus_a", "cus_b")
    ]
