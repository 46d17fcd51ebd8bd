"""A customer agrees to be written to, and takes it back; what she needs to know still goes."""

from datetime import UTC, datetime, time
from typing import Any

import pytest

from infra.local.system import LocalSystem
from shared.calendar import ISTANBUL, after_working_days, day_in_turkey, turkish_holidays
from tests.client import Client

pytestmark = pytest.mark.journey

PHONE = "+905335550123"


def test_nobody_sells_to_her_after_she_said_no_and_her_delivery_is_told_all_the_same(
    system: LocalSystem, agent: Client
) -> None:
    points = [{"kind": "phone", "value": "0533 555 01 23"}]
    made = agent.create("/v1/customers", {"name": "Nazlı Çınar", "contact_points": points})
    nazli = made.body["customer_id"]
    herself = Client(system, "customer", nazli)
    system.settle()
    noon = _a_working_day_at_noon()

    def may(purpose: str) -> Any:
        asked = {"customer_id": nazli, "channel": "sms", "purpose": purpose, "at": noon}
        told = agent.post("/v1/engagement/may-contact", asked)
        assert told.status == 200, told.text
        return told.body

    def says(status: str) -> str:
        told = {"status": status, "source": "HS_MOBIL", "text_version": "2026-11"}
        address = {"customer_id": nazli, "channel": "MESAJ", "address": PHONE}
        reply = herself.create("/v1/engagement/consents", address | told)
        assert reply.status == 201, reply.text
        return str(reply.body["consent_id"])

    before = may("offer")
    given = says("ONAY")
    after = may("offer")
    withdrawn = says("RET")
    no_more = may("offer")
    delivery = may("delivery")
    system.settle()
    history = herself.get(f"/v1/engagement/consents?customer_id={nazli}").body["consents"]
    view = agent.get(f"/v1/view/customers/{nazli}").body

    said = view["engagement"]["data"]["said"]
    assert [(one["channel"], one["status"]) for one in said] == [("MESAJ", "RET")]
    assert _codes(before) == ["no_consent"]
    assert (after["may"], after["address"]["value"]) == (True, PHONE)
    assert (no_more["may"], _codes(no_more)) == (False, ["refused"])
    assert (delivery["may"], delivery["address"]["value"]) == (True, PHONE)
    assert [one["consent_id"] for one in history] == [withdrawn, given]
    told = [(one["what"], one["about"]) for one in view["timeline"]["data"]["recent"]]
    assert told[:2] == [("ConsentRecorded", withdrawn), ("ConsentRecorded", given)]


def _codes(told: Any) -> list[str]:
    return [one["code"] for one in told["reasons"]]


def _a_working_day_at_noon() -> str:
    """The next one, which is soon enough that İYS need not have heard by then."""
    day = after_working_days(day_in_turkey(datetime.now(UTC)), 1, turkish_holidays())
    return datetime.combine(day, time(12), ISTANBUL).isoformat()
