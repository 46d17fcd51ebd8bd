"""Products are registered, proved and covered."""

from tests.faults.caller import Reply
from tests.faults.service.asking import SERIAL, Visitor, day_ago, register, worst
from tests.faults.story import CANARY, Told


def register_product(told: Told) -> Reply:
    """Somebody new, by a serial number; long after the week, so that a document is asked for."""
    return register(told, "registration", serial=SERIAL, name=f"Nil {CANARY}")


def register_what_was_delivered(told: Told) -> Reply:
    """Ayşe, whom we know, and a unit that we know."""
    name = f"Ayşe {CANARY} Yılmaz"
    return register(
        told, "known", product="washer", order_id=told.ids["washer"], name=name
    )  # fmt: skip


def give_proof(told: Told, number: str = "1") -> Reply:
    proof = {
        "kind": "invoice",
        "number": number,
        "dated": day_ago(20),
        "reference": f"{CANARY}'s desk",
    }
    path = f"/v1/warranty/registrations/{told.ids['registration']}/proof"
    return Visitor(told.front).post(path, proof)


def refuse_proof(told: Told) -> Reply:
    path = f"/v1/warranty/registrations/{told.ids['registration']}/proof/refuse"
    return told.as_("agent").post(path, {"reason": f"not of {CANARY}"})


def give_proof_again(told: Told) -> Reply:
    return give_proof(told, number="2")


def accept_proof(told: Told) -> Reply:
    path = f"/v1/warranty/registrations/{told.ids['registration']}/proof/accept"
    return told.as_("agent").post(path, {"reason": f"it shows {CANARY}"})


def read_registration(told: Told) -> Reply:
    agent = told.as_("agent")
    path = f"/v1/warranty/registrations/{told.ids['registration']}"
    if (registration := agent.get(path)).status != 200:
        return registration
    return worst(
        agent.get(f"/v1/warranty/units/{registration.body['unit_id']}"),
        agent.get(f"/v1/warranty/units?customer_id={registration.body['customer_id']}"),
    )
