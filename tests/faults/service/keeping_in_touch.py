"""Silence, responses, frictions, spend and influences."""

from datetime import UTC, datetime, timedelta

from tests.faults import story
from tests.faults.caller import Reply
from tests.faults.service.asking import AT, by_schedule, day_ago, say_consent, worst
from tests.faults.story import CANARY, Told


def withdraw_consent(told: Told) -> Reply:
    return say_consent(told, "withdrawn", channel="ARAMA", status="RET")


def read_consents(told: Told) -> Reply:
    agent, ayse = told.as_("agent"), told.ids["ayse"]
    address = {"customer_id": ayse, "channel": "MESAJ", "address": story.MOVED_PHONE}
    return worst(
        agent.get(f"/v1/engagement/consents/{told.ids['given']}"),
        agent.get(f"/v1/engagement/consents?customer_id={ayse}"),
        agent.get("/v1/engagement/consents?late=true"),
        agent.post("/v1/engagement/standing", address),
    )


def make_an_offer(told: Told) -> Reply:
    """By telephone, which counts among the offers that she has heard."""
    body = {
        "at": AT,
        "channel": "phone",
        "direction": "out",
        "kind": "offer",
        "summary": f"{CANARY} may like it",
    }
    path = f"/v1/customers/{told.ids['ayse']}/conversations"
    return told.created("offer", "conversation", told.as_("agent").create(path, body, "offer"))


def ask_whether_we_may(told: Told) -> Reply:
    body = {"customer_id": told.ids["ayse"], "channel": "sms", "purpose": "offer"}
    return told.as_("agent").post("/v1/engagement/may-contact", body)


def neglect_somebody(told: Told) -> Reply:
    """Somebody with whom there was a word a year ago, and none since."""
    agent = told.as_("agent")
    somebody = {"name": f"{CANARY} Uzak", "heard_from": "instagram:autumn"}
    made = agent.create("/v1/customers", somebody, "uzak")
    if told.created("distant", "customer", made).status >= 300:
        return made
    at = (datetime.now(UTC) - timedelta(days=372)).isoformat()
    body = {"at": at, "channel": "phone", "direction": "in", "kind": "service", "summary": CANARY}
    path = f"/v1/customers/{told.ids['distant']}/conversations"
    return told.created("long ago", "conversation", agent.create(path, body, "long-ago"))


def list_the_forgotten(told: Told) -> Reply:
    """The lists of the day are made, and those are read of whom nobody owns."""
    by_schedule(told, "ListForgotten")
    agent = told.as_("agent")
    return worst(
        agent.get("/v1/engagement/forgotten?owner=nobody"),
        agent.get("/v1/engagement/forgotten"),
        agent.get(f"/v1/engagement/silence/{told.ids['distant']}"),
    )


def record_a_response(told: Told) -> Reply:
    """She has seen an offer, and then thanks us for something else."""
    for name, result in (("clicked", {"offer_id": "off_1"}), ("thanked", {})):
        body = {"customer_id": told.ids["ayse"], "medium": "web", "result": name, **result}
        reply = told.as_("agent").create("/v1/engagement/responses", body, name)
        if told.created(name, "response", reply).status >= 300:
            break
    return reply


def record_a_friction(told: Told) -> Reply:
    body = {"customer_id": told.ids["ayse"], "rule": "returns.14-days", "words": f"{CANARY} asked"}
    reply = told.as_("agent").create("/v1/engagement/frictions", body, "friction")
    return told.created("friction", "friction", reply)


def record_spend(told: Told) -> Reply:
    body = {"channel": "instagram", "campaign": "autumn", "day": day_ago(3), "amount": 10_000}
    reply = told.as_("manager").create("/v1/engagement/spend", body | {"currency": "TRY"}, "spend")
    return told.created("spend", "spend", reply)


def say_influence(told: Told) -> Reply:
    body = {"kind": "referred", "reason": f"{CANARY} told us", "customer_id": told.ids["ayse"]}
    reply = told.as_("agent").create(
        "/v1/engagement/influences", body | {"other_id": told.ids["isik"]}, "influence"
    )
    return told.created("influence", "influence", reply)


def close_a_circle(told: Told) -> None:
    """Which is refused."""
    body = {"kind": "referred", "reason": "a circle", "customer_id": told.ids["isik"]}
    told.as_("agent").create(
        "/v1/engagement/influences", body | {"other_id": told.ids["ayse"]}, "circle"
    )


def read_influences(told: Told) -> Reply:
    return told.as_("agent").get(f"/v1/engagement/influences?customer_id={told.ids['ayse']}")


def end_influence(told: Told) -> Reply:
    path = f"/v1/engagement/influences/{told.ids['influence']}/end"
    return told.as_("agent").post(path, {"reason": f"{CANARY} was wrong"})


def read_what_came_of_it(told: Told) -> Reply:
    agent = told.as_("agent")
    return worst(
        agent.get(f"/v1/engagement/responses?customer_id={told.ids['ayse']}"),
        agent.get("/v1/engagement/offers/off_1/responses"),
        agent.get("/v1/engagement/frictions?rule=returns.14-days"),
        agent.get("/v1/engagement/frictions/counts"),
        agent.get("/v1/engagement/acquisition"),
    )


def reconcile_engagement(told: Told) -> None:
    story.reconcile(told, "engagement")
