"""What an order's status does not allow is refused, with what it does allow."""

from collections.abc import Callable

import pytest

from tests.api.asking import ask, must_be_refused
from tests.api.scene import MOVES, WAYS, Scene

ILLEGAL: dict[str, dict[str, list[str]]] = {
    "placed": {"ship": ["approve", "cancel"], "deliver": ["approve", "cancel"]},
    "approved": {"deliver": ["cancel", "ship"]},
    "shipped": {"approve": ["deliver"], "cancel": ["deliver"]},
    "delivered": {"approve": [], "ship": [], "cancel": []},
    "cancelled": {"approve": [], "ship": [], "deliver": []},
}


def test_every_move_that_is_neither_legal_nor_a_repeat_is_tried() -> None:
    legal = {(s, m) for s in WAYS for m in MOVES if (*WAYS[s], m) in WAYS.values()}
    legal.add(("approved", "cancel"))
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
        problem = must_be_refused(reply, 409, f"cannot {move} an order that is {status}")
        assert problem["legal_moves"] == legal

    nothing_changed()


@pytest.mark.parametrize("status", ["approved", "shipped", "delivered", "cancelled"])
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
