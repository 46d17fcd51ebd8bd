"""A number of the state finds its person, and is read by nobody without a reason."""

import pytest

from infra.local.system import LocalSystem
from tests.client import Client

pytestmark = pytest.mark.journey

TCKN = "17291716060"


def test_a_tckn_finds_its_person_and_is_seen_by_who_issues_the_invoice(
    system: LocalSystem, agent: Client
) -> None:
    told = {"name": "Nur Demir", "tax_ids": [{"scheme": "TCKN", "value": "172 917 160 60"}]}
    made = agent.create("/v1/customers", told, "nur")
    again = agent.create("/v1/customers", told, "nur")  # sealed anew, and kept once
    customer_id = made.body["customer_id"]
    system.settle()

    assert (made.status, again.status) == (201, 200)
    assert again.body == made.body
    assert made.body["tax_ids"] == [{"scheme": "TCKN", "ends_with": "60"}]
    seen_at_once = agent.get(f"/v1/view/customers/{customer_id}")
    assert (seen_at_once.status, TCKN in seen_at_once.text) == (200, False)

    recognised = agent.post("/v1/customers/recognition", {"tax_id": TCKN}).body
    assert recognised["outcome"] == "recognised"
    assert recognised["persons"][0]["customer_id"] == customer_id

    path, why = f"/v1/customers/{customer_id}/tax-ids/reveal", {"scheme": "TCKN"}
    curious = agent.post(path, {**why, "reason": "invoice"})
    assert (curious.status, TCKN in curious.text) == (403, False)
    invoicing = Client(system, "operations").post(path, {**why, "reason": "invoice"})
    assert invoicing.body == {"scheme": "TCKN", "value": TCKN}

    system.settle()
    timeline = agent.get(f"/v1/view/customers/{customer_id}").body["timeline"]["data"]
    assert "TaxIdRevealed" in [one["what"] for one in timeline["recent"]]
