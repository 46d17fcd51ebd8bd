"""Who is related to whom, and who cares for whom."""

from datetime import UTC, datetime, timedelta

from shared.calendar import day_in_turkey
from tests.faults.caller import Reply
from tests.faults.service.asking import create_segment, worst
from tests.faults.story import CANARY, Told


def relate_customers(told: Told) -> Reply:
    members = [{"customer_id": told.ids[one], "role": "member"} for one in ("ayse", "isik")]
    body = {"kind": "household", "members": members, "reason": f"{CANARY} says so"}
    reply = told.as_("agent").create("/v1/customers/relations", body, "relation")
    return told.created("relation", "relation", reply)


def list_relations(told: Told) -> Reply:
    return told.as_("agent").get(f"/v1/customers/{told.ids['isik']}/relations")


def end_relation(told: Told) -> Reply:
    path = f"/v1/customers/relations/{told.ids['relation']}/end"
    return told.as_("agent").post(path, {"reason": f"{CANARY} has moved out"})


def engage_owners(told: Told) -> Reply:
    """Two who own customers, one after the other."""
    for name in ("selin", "cem"):
        body = {
            "subject": f"subject-of-{name}",
            "name": f"{name.title()} {CANARY}",
            "departments": ["customers"],
            "roles": ["customer_owner"],
            "languages": ["tr"],
            "most_customers": 2,
        }
        reply = told.as_("manager").create("/v1/customers/staff", body, name)
        told.created(name, "staff", reply)
    return reply


def engage_a_brand_manager(told: Told) -> Reply:
    """Who is on no roster."""
    body = {"subject": "subject-of-eda", "name": f"Eda {CANARY}", "roles": ["brand_manager"]}
    reply = told.as_("operations").create("/v1/customers/staff", body, "eda")
    return told.created("eda", "staff", reply)


def say_who_is_away(told: Told) -> Reply:
    today = day_in_turkey(datetime.now(UTC))
    days = {"since": today.isoformat(), "until": (today + timedelta(days=6)).isoformat()}
    body = {"absences": [{**days, "deputy": told.ids["cem"]}]}
    return told.as_("manager").change(f"/v1/customers/staff/{told.ids['selin']}", body)


def open_the_default_segment(told: Told) -> Reply:
    return create_segment(told, "standard", rank=3, is_default=True, owner=told.ids["selin"])


def open_a_segment(told: Told) -> Reply:
    """That of whom much money came from."""
    # The first tier hears of one offer a week; this story makes two.
    return create_segment(told, "platinum", rank=2, group="profitable", owner=told.ids["cem"])


def hand_over_a_segment(told: Told) -> Reply:
    path = f"/v1/customers/segments/{told.ids['platinum']}"
    body = {"owner": told.ids["selin"], "queue": "first", "reason": f"{CANARY} asked"}
    return told.as_("manager").change(path, body)


def assign_care(told: Told) -> Reply:
    body = {
        "owner": told.ids["cem"],
        "segment": told.ids["platinum"],
        "reason": f"{CANARY} knows her",
    }
    return told.as_("manager").post(f"/v1/customers/{told.ids['ayse']}/care", body)


def see_who_cares(told: Told) -> Reply:
    return worst(
        told.as_("agent").get(f"/v1/customers/{told.ids['isik']}/care"),
        told.as_("agent").get(f"/v1/view/customers/{told.ids['ayse']}"),
    )


def ask_who_cares(told: Told) -> None:
    """As another service does, of a person who has another entry and of somebody else."""
    described = {each.name: each for each in told.world.described.services}
    caller = {"subject": "s", "client_id": "c", "roles": ["agent"], "customer_id": None}
    question = {
        "ids": [told.ids["ayse"], told.ids["firm"]],
        "caller": caller,
        "parts": ["care"],
        "deadline_ms": 1000,
        "correlation_id": "as-it-was-told",
    }
    told.world.invoke(described["customer"].function("Summary").name, question)


def leave_staff(told: Told) -> Reply:
    path = f"/v1/customers/staff/{told.ids['cem']}/leave"
    return told.as_("manager").post(path, {"successor": told.ids["selin"]})


def list_staff_and_what_is_left(told: Told) -> Reply:
    manager = told.as_("manager")
    return worst(
        manager.get("/v1/customers/staff"),
        manager.get("/v1/customers/segments"),
        manager.get("/v1/customers/unattended"),
        manager.get(f"/v1/customers/staff/{told.ids['cem']}/customers"),
    )


def give_to_another(told: Told) -> Reply:
    """What is said of two who are one person is said of both."""
    body = {"owner": told.ids["selin"], "reason": f"{CANARY} has left"}
    return told.as_("operations").post(f"/v1/customers/{told.ids['isik']}/care", body)
