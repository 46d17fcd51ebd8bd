"""The same request again changes nothing; another one under the same key is refused."""

from typing import Any

import pytest

from infra.local.system import LocalSystem
from tests.api.asking import ask, must_be_refused
from tests.api.scene import (
    LINE,
    SESSION,
    TALK,
    Scene,
    a_key,
    a_person,
    a_product,
    a_refusal,
    a_tier,
    a_warning,
    an_offer,
)
from tests.client import Reply

# By managers.
KEPT = ("/v1/customers/staff", "/v1/customers/segments", "/v1/engagement/offers")


class Desk:
    """An agent who creates things."""

    def __init__(self, scene: Scene) -> None:
        self._system = scene.system
        self._token = scene.system.token("agent", subject="an agent of the tests")

    def create(self, path: str, body: Any, key: dict[str, str]) -> Reply:
        if path.endswith("/votes"):
            owner = self._system.token("owner")
            return ask(self._system, "POST", path, body, token=owner, headers=key)
        if path.startswith(KEPT):
            return self.move_money(path, body, key)
        return ask(self._system, "POST", path, body, token=self._token, headers=key)

    def move_money(self, path: str, body: Any, key: dict[str, str]) -> Reply:
        """Pay, or give back, which takes a manager."""
        token = self._system.token("manager", subject="a manager of the tests")
        return ask(self._system, "POST", path, body, token=token, headers=key)

    def get(self, path: str) -> Reply:
        return ask(self._system, "GET", path, token=self._token)


@pytest.fixture
def desk(scene: Scene) -> Desk:
    return Desk(scene)


def two_bodies(scene: Scene) -> dict[str, tuple[str, Any, Any]]:
    """Of every operation that creates: its path, a body, and another body."""
    one, other, third = (scene.a_customer() for _ in range(3))
    order = {"customer_id": one, "lines": [LINE]}
    link = {"other_id": other, "reason": "they say so"}
    firm = [{"customer_id": one, "role": "firm"}, {"customer_id": other, "role": "contact"}]
    relation = {"kind": "firm", "members": firm, "reason": "they say so"}
    complaint = {"customer_id": one, "text": "canary"}
    person, tier = a_person("customer_owner"), a_tier(scene.ids["keeper"])
    offer = an_offer()
    product, payment = a_product(), {"method": "cash", "amount": 2}
    return {
        "complaint": ("/v1/complaints", complaint, complaint | {"title": "late"}),
        "registration": ("/v1/warranty/registrations", product, product | {"bought_from": "Can"}),
        "conversation": (f"/v1/customers/{one}/conversations", TALK, TALK | {"kind": "offer"}),
        "payment": (
            f"/v1/orders/{scene.an_order(one)}/payments",
            payment,
            payment | {"amount": 3},
        ),
        "consent": ("/v1/engagement/consents", a_refusal(one), a_refusal(other)),
        "message": ("/v1/engagement/messages", a_warning(one), a_warning(one)),
        "offer": ("/v1/engagement/offers", offer, offer | {"what": "another"}),
        "vote": (
            f"/v1/engagement/offers/{scene.ids['offer']}/votes",
            {"decision": "approve"},
            {"decision": "approve", "reason": "they like it"},
        ),
        "customer": ("/v1/customers", {"name": "Can"}, {"name": "Cem"}),
        "order": ("/v1/orders", order, order | {"lines": [LINE, LINE]}),
        "session": (f"/v1/customers/{one}/sessions", SESSION, SESSION | {"channel": "chat"}),
        "link": (f"/v1/customers/{one}/links", link, link | {"other_id": third}),
        "relation": ("/v1/customers/relations", relation, relation | {"kind": "household"}),
        "staff": ("/v1/customers/staff", person, person | {"name": "Can"}),
        "segment": ("/v1/customers/segments", tier, tier | {"queue": "another"}),
    }


CREATED = (
    "customer",
    "order",
    "link",
    "complaint",
    "registration",
    "consent",
    "message",
    "conversation",
    "session",
    "relation",
    "staff",
    "segment",
)


@pytest.mark.parametrize("kind", CREATED)
def test_a_creation_repeated_is_answered_alike_and_says_so(
    scene: Scene, desk: Desk, kind: str
) -> None:
    path, body, other_body = two_bodies(scene)[kind]
    key = a_key()

    first = desk.create(path, body, key)
    again = desk.create(path, body, key)

    assert (first.status, again.status) == (201, 200)
    assert again.body == first.body
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.headers["ETag"] == first.headers["ETag"] == '"1"'

    must_be_refused(desk.create(path, other_body, key), 422, "send a new key with a new request")
    assert desk.create(path, body, key).body == first.body


def test_a_payment_and_a_refund_repeated_move_money_once(scene: Scene, desk: Desk) -> None:
    path, payment, another_payment = two_bodies(scene)["payment"]
    order = path.removesuffix("/payments")
    moves = (
        (path, payment, another_payment, "used before with another payment"),
        (
            f"{order}/refunds",
            {"amount": 1, "reason": "scratched"},
            {"amount": 1, "reason": "late"},
            "used before with another refund",
        ),
    )
    for version, (asked, body, other_body, says) in enumerate(moves, start=2):
        key = a_key()

        first = desk.move_money(asked, body, key)
        again = desk.move_money(asked, body, key)

        assert (first.status, again.status) == (201, 200), first.text
        assert again.body == first.body
        assert again.headers["Idempotency-Replayed"] == "true"
        assert again.headers["ETag"] == first.headers["ETag"] == f'"{version}"'
        must_be_refused(desk.move_money(asked, other_body, key), 422, says)
    read = desk.get(order).body
    assert ([one["amount"] for one in read["payments"]], read["version"]) == ([2], 3)
    assert [one["amount"] for one in read["refunds"]] == [1]


def test_a_code_asked_for_again_is_the_same_code(scene: Scene, desk: Desk) -> None:
    points = [{"kind": "phone", "value": f"+90 532 777 3{n} 55"} for n in (1, 2)]
    customer = scene.a_customer(contact_points=points)
    session = desk.create(f"/v1/customers/{customer}/sessions", SESSION, a_key()).body
    path = f"/v1/customers/{customer}/sessions/{session['session_id']}/codes"
    one, other = ({"contact_point": each["id"]} for each in session["ways"]["contact_points"])
    key = a_key()

    first, again = desk.create(path, one, key), desk.create(path, one, key)

    assert (first.status, again.status) == (201, 200), first.text
    assert again.body == first.body
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.headers["ETag"] == first.headers["ETag"] == '"2"'
    sent = scene.system.mailbox.sent_to("+905327773155")
    assert len(sent) == 2
    assert sent[0] == sent[1]
    must_be_refused(desk.create(path, other, key), 422, "send a new key with a new request")


def test_who_registers_a_product_twice_has_it_once(scene: Scene, desk: Desk) -> None:
    product = a_product() | {"name": "Nil Canary"}  # of that name and phone there is nobody else
    first = desk.create("/v1/warranty/registrations", product, a_key())

    again = desk.create("/v1/warranty/registrations", product, a_key())

    assert (first.status, again.status) == (201, 200)
    assert again.body["registration_id"] == first.body["registration_id"]


def test_a_key_used_for_one_path_is_refused_for_another(scene: Scene, desk: Desk) -> None:
    one, other, third = (scene.a_customer() for _ in range(3))
    body, key = {"other_id": third, "reason": "they say so"}, a_key()
    desk.create(f"/v1/customers/{one}/links", body, key)

    misused = desk.create(f"/v1/customers/{other}/links", body, key)

    must_be_refused(misused, 422, "used before with another request")
    assert desk.get(f"/v1/customers/{other}").body["person_id"] == other


def test_a_repeat_is_answered_as_the_thing_stands_by_now(scene: Scene, desk: Desk) -> None:
    path, body, _ = two_bodies(scene)["order"]
    key = a_key()
    order = desk.create(path, body, key).body["order_id"]
    desk.create(f"/v1/orders/{order}/approve", {}, {})

    again = desk.create(path, body, key)

    assert (again.body["status"], again.headers["ETag"]) == ("approved", '"2"')


def test_the_same_body_in_another_spelling_is_the_same_request(desk: Desk) -> None:
    key = a_key()
    first = desk.create("/v1/customers", b'{"name":"Can","external_ids":[]}', key)

    again = desk.create("/v1/customers", b'{ "external_ids": [ ], "name" : "\\u0043an" }', key)

    assert (again.status, again.body) == (200, first.body)


def test_the_same_key_of_another_caller_is_another_request(system: LocalSystem) -> None:
    key = a_key()

    ids = {
        ask(system, "POST", "/v1/customers", {"name": "Can"}, token=token, headers=key).body[
            "customer_id"
        ]
        for token in (
            system.token("agent", subject="one"),
            system.token("agent", subject="another"),
            system.token("integration"),
        )
    }

    assert len(ids) == 3


def test_a_link_ended_twice_is_ended_once(scene: Scene, desk: Desk) -> None:
    one, other = scene.a_customer(), scene.a_customer()
    path = f"/v1/customers/{one}/links/{scene.a_link(one, other)}/end"

    first = desk.create(path, {"reason": "two people"}, {})
    again = desk.create(path, {"reason": "two people"}, {})
    otherwise = desk.create(path, {"reason": "another reason"}, {})

    assert (first.status, again.status) == (200, 200)
    assert again.body == first.body
    assert must_be_refused(otherwise, 409, "was ended before")["legal_moves"] == []


def test_a_relation_ended_twice_is_ended_once(scene: Scene, desk: Desk) -> None:
    relation = scene.a_relation(scene.a_customer(), scene.a_customer())
    path = f"/v1/customers/relations/{relation}/end"

    first = desk.create(path, {"reason": "moved out"}, {})
    again = desk.create(path, {"reason": "moved out"}, {})
    otherwise = desk.create(path, {"reason": "another reason"}, {})

    assert (first.status, again.status) == (200, 200)
    assert again.body == first.body
    assert must_be_refused(otherwise, 409, "was ended before")["legal_moves"] == []


@pytest.mark.parametrize(("decision", "otherwise"), [("same", "different"), ("different", "same")])
def test_a_pair_decided_twice_is_decided_once(
    scene: Scene, desk: Desk, decision: str, otherwise: str
) -> None:
    path = f"/v1/customers/duplicates/{scene.a_duplicate()}"
    scene.system.settle()
    word = {"decision": decision, "reason": "she says so"}

    first = desk.create(f"{path}/decide", word, {})
    scene.system.settle()
    again = desk.create(f"{path}/decide", word, {})

    assert (first.status, again.status) == (200, 200), first.text
    assert again.body == first.body
    for other in (word | {"decision": otherwise}, word | {"reason": "another"}):
        refused = desk.create(f"{path}/decide", other, {})
        assert must_be_refused(refused, 409, f"is {decision} already")["legal_moves"] == []
    assert desk.get(path).body == first.body


def test_confirming_what_somebody_was_sure_of_changes_nothing(scene: Scene, desk: Desk) -> None:
    one, other = scene.a_customer(), scene.a_customer()
    path = f"/v1/customers/{one}/links/{scene.a_link(one, other)}"
    before = ask(scene.system, "GET", path, token=scene.system.token("agent"))

    confirmed = desk.create(f"{path}/confirm", {}, {})

    assert (confirmed.status, confirmed.body) == (200, before.body)
    assert desk.create(f"{path}/end", {"reason": "two people"}, {}).status == 200
    must_be_refused(desk.create(f"{path}/confirm", {}, {}), 409, "was ended before")


def test_a_link_upon_a_preview_is_made_once_however_often_it_is_asked_for(
    scene: Scene, desk: Desk
) -> None:
    one, other, key = scene.a_customer(), scene.a_customer(), a_key()
    path = f"/v1/customers/{one}/links"
    preview = desk.create(f"{path}/preview", {"other_id": other}, {}).body["preview"]
    body = {"other_id": other, "reason": "one face", "preview": preview}

    first, again = desk.create(path, body, key), desk.create(path, body, key)

    assert (first.status, again.status) == (201, 200)
    assert again.body == first.body


def test_a_change_answers_with_the_version_that_the_next_change_must_name(
    scene: Scene,
) -> None:
    customer = scene.a_customer()
    path, token = f"/v1/customers/{customer}", scene.system.token("agent")
    read = ask(scene.system, "GET", path, token=token)

    def rename(name: str, version: str) -> Reply:
        headers = {"If-Match": version}
        return ask(scene.system, "PATCH", path, {"name": name}, token=token, headers=headers)

    changed = rename("Cem", read.headers["ETag"])
    assert (changed.status, changed.headers["ETag"]) == (200, '"2"')
    must_be_refused(rename("Cenk", read.headers["ETag"]), 412, "at version 2 by now, not 1")
    assert rename("Cem", changed.headers["ETag"]).headers["ETag"] == '"2"'
    assert ask(scene.system, "GET", path, token=token).body["name"] == "Cem"
