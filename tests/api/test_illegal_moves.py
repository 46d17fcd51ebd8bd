"""What the status of a thing does not allow is refused, with what it does allow."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.api.asking import ask, must_be_refused
from tests.api.scene import COMPLAINT_WAYS, MOVES, PROOF, WAYS, Scene, a_key
from tests.client import Reply

BEFORE_SHIPPING = ("cancel", "mark_unavailable")
ILLEGAL: dict[str, dict[str, list[str]]] = {
    "placed": {move: ["approve", *BEFORE_SHIPPING] for move in ("process", "ship", "deliver")},
    "approved": {"deliver": [*BEFORE_SHIPPING, "process", "ship"]},
    "processing": {move: [*BEFORE_SHIPPING, "ship"] for move in ("approve", "deliver")},
    "shipped": {
        move: ["deliver"] for move in ("approve", "process", "cancel", "mark-unavailable")
    },
    "delivered": {
        move: [] for move in ("approve", "process", "ship", "cancel", "mark-unavailable")
    },
    "cancelled": {
        move: [] for move in ("approve", "process", "ship", "deliver", "mark-unavailable")
    },
    "unavailable": {move: [] for move in ("approve", "process", "ship", "deliver", "cancel")},
}


def test_every_move_that_is_neither_legal_nor_a_repeat_is_tried() -> None:
    legal = {(s, m) for s in WAYS for m in MOVES if (*WAYS[s], m) in WAYS.values()}
    giving_up = ("cancel", "mark-unavailable")
    legal |= {(status, move) for status in ("approved", "processing") for move in giving_up}
    legal.add(("processing", "ship"))
    repeats = {(status, way[-1]) for status, way in WAYS.items() if way}

    tried = {(status, move) for status, moves in ILLEGAL.items() for move in moves}

    assert tried == {(status, move) for status in WAYS for move in MOVES} - legal - repeats


@pytest.mark.parametrize("status", WAYS)
def test_an_illegal_move_is_refused_with_the_legal_ones(
    scene: Scene, nothing_changed: Callable[[], None], status: str
) -> None:
    token = scene.system.token("integration")

    for move, legal in ILLEGAL[status].items():
        path = f"/v1/orders/{scene.ids[status]}/{move}"
        reply = ask(scene.system, "POST", path, MOVES[move], token=token)
        problem = must_be_refused(
            reply, 409, f"cannot {move.replace('-', ' ')} an order that is {status}"
        )
        assert problem["legal_moves"] == legal

    nothing_changed()


@pytest.mark.parametrize("status", [status for status, way in WAYS.items() if way])
def test_the_last_move_again_is_answered_as_done_and_changes_nothing(
    scene: Scene, nothing_changed: Callable[[], None], status: str
) -> None:
    move = WAYS[status][-1]

    reply = ask(
        scene.system,
        "POST",
        f"/v1/orders/{scene.ids[status]}/{move}",
        MOVES[move],
        token=scene.system.token("integration"),
    )

    assert reply.status == 200
    assert reply.body["status"] == status
    nothing_changed()


COMPLAINT_MOVES: Mapping[str, Any] = {
    "answer": {"text": "canary"},
    "hand-over": {"to": "another", "reason": "customer_consents"},
    "help": {"of": "stores", "what": "canary"},
    "propose": {"text": "canary"},
    "accept": {"word": "canary"},
    "reopen": {"word": "canary"},
}
COMPLAINT_LEGAL = {
    "open": ["answer", "hand-over", "help", "propose"],
    "proposed": ["accept", "answer", "hand-over", "help", "propose", "reopen"],
    "resolved": ["reopen"],
}


@pytest.mark.parametrize("status", COMPLAINT_WAYS)
def test_an_illegal_move_of_a_complaint_is_refused_with_the_legal_ones(
    scene: Scene, nothing_changed: Callable[[], None], status: str
) -> None:
    token = scene.system.token("agent")
    for move in COMPLAINT_MOVES.keys() - COMPLAINT_LEGAL[status]:
        path = f"/v1/complaints/{scene.ids[status]}/{move}"
        reply = ask(scene.system, "POST", path, COMPLAINT_MOVES[move], token=token)
        problem = must_be_refused(reply, 409, f"cannot {move} a complaint that is {status}")
        assert problem["legal_moves"] == COMPLAINT_LEGAL[status]

    nothing_changed()


@pytest.mark.parametrize("status", ["proposed", "resolved"])
def test_the_last_move_of_a_complaint_again_is_answered_as_done_and_changes_nothing(
    scene: Scene, nothing_changed: Callable[[], None], status: str
) -> None:
    move, said = COMPLAINT_WAYS[status][-1]
    path = f"/v1/complaints/{scene.ids[status]}/{move}"

    reply = ask(scene.system, "POST", path, said, token=scene.system.token("agent"))

    assert (reply.status, reply.body["status"]) == (200, status)
    nothing_changed()


OFFER_MOVES: Mapping[str, tuple[str, Any]] = {
    "people": ("add people to", {"customer_ids": ["cus_1"]}),
    "open": ("open", {}),
    "votes": ("vote on", {"decision": "approve"}),
    "withdraw": ("withdraw", {}),
}
OFFER_LEGAL = {
    "draft": ["open", "people", "withdraw"],
    "open": ["votes", "withdraw"],
    "withdrawn": [],
}


@pytest.mark.parametrize("status", OFFER_LEGAL)
def test_an_illegal_move_of_an_offer_is_refused_with_the_legal_ones(
    scene: Scene, nothing_changed: Callable[[], None], status: str
) -> None:
    path = f"/v1/engagement/offers/{scene.ids[f'{status} offer']}"
    token = scene.system.token("manager")
    again = {"open": "open", "withdrawn": "withdraw"}.get(status, "")  # which is done already

    for move in sorted(OFFER_MOVES.keys() - {*OFFER_LEGAL[status], again}):
        name, body = OFFER_MOVES[move]
        reply = ask(scene.system, "POST", f"{path}/{move}", body, token=token, headers=a_key())
        problem = must_be_refused(reply, 409, f"cannot {name} an offer that is {status}")
        assert problem["legal_moves"] == OFFER_LEGAL[status]
    if again:
        assert ask(scene.system, "POST", f"{path}/{again}", {}, token=token).status == 200

    nothing_changed()


OTHER_PROOF = {**PROOF, "number": "GIB-2"}
REASON = {"reason": "canary"}
GIVE, ACCEPT, REFUSE = ("", OTHER_PROOF), ("/accept", REASON), ("/refuse", REASON)
PROOFS: dict[str, tuple[list[tuple[str, Any]], list[tuple[str, Any]], list[str]]] = {
    # By what became of it: the moves that lead there, those that it forbids, and the legal ones.
    "asked": ([], [ACCEPT, REFUSE], ["give"]),
    "given": ([("", PROOF)], [GIVE], ["accept", "refuse"]),
    "accepted": ([("", PROOF), ACCEPT], [GIVE, REFUSE], []),
    "refused": ([("", PROOF), REFUSE], [ACCEPT, ("/refuse", {"reason": "other"})], ["give"]),
    "waived": ([], [GIVE, ACCEPT, REFUSE], []),
}


@pytest.mark.parametrize("proof", PROOFS)
def test_what_became_of_a_proof_says_what_can_be_done_with_it(scene: Scene, proof: str) -> None:
    way, illegal, legal = PROOFS[proof]
    registration = scene.a_registration("registered" if proof == "waived" else "proof_asked")
    path, token = f"/v1/warranty/registrations/{registration}", scene.system.token("agent")

    def move(to: str, said: Any) -> Reply:
        return ask(scene.system, "POST", f"{path}/proof{to}", said, token=token)

    for one in way:
        assert move(*one).status == 200
    before = ask(scene.system, "GET", path, token=token).body
    assert before["proof"] == proof

    for to, said in illegal:
        name = to.removeprefix("/") or "give"
        problem = must_be_refused(move(to, said), 409, f"cannot {name} a proof that is {proof}")
        assert problem["legal_moves"] == legal
    for one in way[-1:]:
        assert move(*one).status == 200, "the last move again is no other"

    assert ask(scene.system, "GET", path, token=token).body == before


@pytest.mark.parametrize("paid", [0, 1])
def test_more_than_was_paid_is_not_given_back(scene: Scene, paid: int) -> None:
    order = scene.an_order(scene.ids["ayse"])
    for _ in range(paid):
        scene.a_payment(order)
    path, token = f"/v1/orders/{order}", scene.system.token("manager")
    before = ask(scene.system, "GET", path, token=token).body

    reply = ask(
        scene.system,
        "POST",
        f"{path}/refunds",
        {"amount": paid + 1, "reason": "canary"},
        token=token,
        headers=a_key(),
    )

    must_be_refused(reply, 409, f"{paid} minor units of TRY are left")
    assert ask(scene.system, "GET", path, token=token).body == before
