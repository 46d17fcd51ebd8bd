"""What an order's status does not allow is refused, with what it does allow."""

from collections.abc import Callable

import pytest

from tests.api.asking import ask, must_be_refused
from tests.api.scene import MOVES, WAYS, Scene

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
