"""People who are in the books twice: found, linked, parted, made good."""

from services.customer.domain.duplicates import id_of_pair
from tests.faults import story
from tests.faults.caller import PATIENCE, Reply
from tests.faults.service.asking import move_complaint, worst
from tests.faults.story import CANARY, Told


def create_twins(told: Told) -> Reply:
    """Somebody who is taken into the books twice, at once."""
    for name, phone in (("twin", "+905420003344"), ("other_twin", "+905420005566")):
        body = {
            "name": f"Zübeyde {CANARY}oğlu",
            "contact_points": [{"kind": "phone", "value": phone}],
            "addresses": [{"district": CANARY, "city": CANARY}],
        }
        reply = told.as_("agent").create("/v1/customers", body, name)
        told.created(name, "customer", reply)
    return reply


def walk_through_the_books(told: Told) -> None:
    """As somebody does who repeats it until it is done."""
    described = {each.name: each for each in told.world.described.services}
    function = described["customer"].function("Dedup").name
    for _ in range(PATIENCE):
        if not told.world.invoke(function, {"begin": True}).failed:
            break


def change_a_twin(told: Told) -> Reply:
    """By which the two are still alike, and otherwise."""
    point = {"kind": "phone", "value": "+905420003344"}
    return told.as_("agent").change(
        f"/v1/customers/{told.ids['other_twin']}", {"contact_points": [point]}
    )


def list_duplicates(told: Told) -> Reply:
    agent = told.as_("agent")
    listed = agent.get("/v1/customers/duplicates")
    pair = id_of_pair(told.ids["twin"], told.ids["other_twin"])
    return worst(listed, agent.get(f"/v1/customers/duplicates/{pair}"))


def decide_duplicate(told: Told) -> Reply:
    pair = id_of_pair(told.ids["twin"], told.ids["other_twin"])
    path = f"/v1/customers/duplicates/{pair}/decide"
    word = {"decision": "same", "reason": f"{CANARY} says so"}
    return told.as_("agent").post(path, word)


def link_customers_again(told: Told) -> Reply:
    """Now that each of them has something of every kind."""
    body = {"other_id": told.ids["isik"], "reason": f"{CANARY} has found the papers"}
    path = f"/v1/customers/{told.ids['ayse']}/links"
    return told.created("again", "link", told.as_("agent").create(path, body, "again"))


def preview_link(told: Told) -> Reply:
    path = f"/v1/customers/{told.ids['ayse']}/links/preview"
    return told.as_("agent").post(path, {"other_id": told.ids["isik"]})


def read_links(told: Told) -> Reply:
    links = f"/v1/customers/{told.ids['isik']}/links"
    agent = told.as_("agent")
    return worst(agent.get(links), agent.get(f"{links}/{told.ids['again']}"))


def confirm_link(told: Told) -> Reply:
    path = f"/v1/customers/{told.ids['isik']}/links/{told.ids['again']}/confirm"
    return told.as_("agent").post(path, {})


def review_link(told: Told) -> Reply:
    path = f"/v1/customers/{told.ids['isik']}/links/{told.ids['again']}/review"
    return told.as_("agent").get(path)


def decide_a_name(told: Told) -> Reply:
    """Of the person that they are: it is nobody's own."""
    body = {"name": f"Nur {CANARY}"}
    return told.as_("agent").change(f"/v1/customers/{told.ids['isik']}", body)


def say_whose_it_was(told: Told) -> Reply:
    path = f"/v1/customers/{told.ids['ayse']}/conversations/{told.ids['conversation']}/attribute"
    return told.as_("agent").post(path, {"customer_id": told.ids["isik"]})


def say_whose_the_order_was(told: Told) -> Reply:
    """With what was delivered, and what of that was registered."""
    path = f"/v1/orders/{told.ids['washer']}/attribute"
    return told.as_("agent").post(path, {"customer_id": told.ids["isik"]})


def say_whose_the_complaint_was(told: Told) -> Reply:
    return move_complaint(told, "attribute", customer_id=told.ids["isik"])


def say_whose_the_unit_was(told: Told) -> Reply:
    agent = told.as_("agent")
    registration = agent.get(f"/v1/warranty/registrations/{told.ids['registration']}")
    if registration.status != 200:
        return registration
    path = f"/v1/warranty/units/{registration.body['unit_id']}/attribute"
    return agent.post(path, {"customer_id": told.ids["isik"]})


def part_them_again(told: Told) -> Reply:
    path = f"/v1/customers/{told.ids['ayse']}/links/{told.ids['again']}/end"
    return told.as_("agent").post(path, {"reason": f"{CANARY} is another indeed"})


def reconcile_complaints(told: Told) -> None:
    story.reconcile(told, "complaints")


def rebuild(told: Told) -> None:
    """Make again what people are found by, as one does by hand until it is done."""
    for function in sorted(story.reconcilers(told.world, ("customer", "warranty"))):
        for _ in range(PATIENCE):
            outcome = told.world.invoke(function, {"rebuild": True, "begin": True, "seconds": 60})
            if not outcome.failed:
                break


def reconcile_warranty(told: Told) -> None:
    story.reconcile(told, "warranty")
