"""Offers are planned, decided on and sent."""

from tests.faults.caller import PATIENCE, Reply
from tests.faults.service.asking import as_cem, ask_for_offer, by_schedule, move_offer, worst
from tests.faults.story import CANARY, Told


def plan_offers(told: Told) -> Reply:
    """To both, to Ayşe alone, and to a segment."""
    return worst(
        ask_for_offer(told, "offered", channel="whatsapp"),
        ask_for_offer(told, "unwanted"),
        ask_for_offer(told, "tiered", segment=told.ids["platinum"], channel="letter"),
    )


def list_people(told: Told) -> Reply:
    both = [told.ids["ayse"], told.ids["isik"]]
    return worst(
        move_offer(told, "offered", "people", customer_ids=both),
        move_offer(told, "unwanted", "people", customer_ids=both[:1]),
    )


def open_offers(told: Told) -> Reply:
    return worst(*(move_offer(told, one, "open") for one in ("offered", "unwanted", "tiered")))


def decide_on_offers(told: Told) -> Reply:
    """Cem, for all of his and of Selin's, whose deputy he is; but not for Işık."""
    cem, path = as_cem(told), f"/v1/engagement/offers/{told.ids['offered']}"
    said = {"decision": "veto", "reason": f"{CANARY} moves house"}
    return worst(
        cem.create(f"{path}/votes", {"decision": "approve"}, "approved"),
        cem.create(f"{path}/votes", said | {"customer_ids": [told.ids["isik"]]}, "vetoed"),
    )


def read_offers(told: Told) -> Reply:
    agent, path = told.as_("agent"), f"/v1/engagement/offers/{told.ids['offered']}"
    return worst(
        as_cem(told).get(f"{path}/ballot"),
        as_cem(told).get(f"/v1/engagement/ballots?customer_id={told.ids['ayse']}"),
        agent.get(path),
        agent.get(f"{path}/votes"),
        agent.get("/v1/engagement/offers"),
        agent.get(f"/v1/customers/segments/{told.ids['platinum']}/members"),
    )


def send_offers(told: Told) -> None:
    """Until there is nothing to do any more."""
    for _ in range(PATIENCE):
        by_schedule(told, "SendOffers")


def withdraw_an_offer(told: Told) -> Reply:
    return move_offer(told, "tiered", "withdraw")
