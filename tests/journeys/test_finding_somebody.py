"""Searching for people through the front door, by a story from being taken in to a new name."""

import pytest

from infra.local.system import LocalSystem
from tests.client import Client

pytestmark = pytest.mark.journey


def test_who_was_taken_in_is_found_by_part_of_the_name_and_by_the_new_one_after_a_change(
    system: LocalSystem, agent: Client
) -> None:
    person = {
        "name": "Ayşe Işık",
        "contact_points": [{"kind": "phone", "value": "0532 123 45 67"}],
        "addresses": [{"district": "Kadıköy", "city": "İstanbul"}],
    }
    customer_id = agent.create("/v1/customers", person).body["customer_id"]
    system.settle()

    found = agent.post("/v1/customers/search", {"text": "kadikoy isk"})

    assert found.status == 200
    assert found.body == {
        "customers": [
            {
                "customer_id": customer_id,
                "display_name": "Ayşe Işık",
                "district": "Kadıköy",
                "why": [
                    {"field": "district", "how": "whole"},
                    {"field": "name", "how": "alike"},
                ],
            }
        ],
        "more": False,
        "advice": None,
    }
    assert "532" not in found.text

    agent.patch(f"/v1/customers/{customer_id}", {"name": "Ayşe Demir"}, **{"If-Match": '"1"'})
    system.settle()

    def ids(text: str) -> list[str]:
        answer = agent.post("/v1/customers/search", {"text": text}).body
        return [one["customer_id"] for one in answer["customers"]]

    assert customer_id not in ids("isik kadikoy")
    assert customer_id in ids("demır ayse")
    assert customer_id in ids("4567")


def test_one_letter_is_refused_with_what_to_write_instead(agent: Client) -> None:
    refused = agent.post("/v1/customers/search", {"text": "ı"})

    assert refused.status == 400
    assert "write at least two letters" in refused.body["detail"]
