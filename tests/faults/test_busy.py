"""What is busy is asked three times, with pauses by chance, and then the caller is told so."""

from collections.abc import Sequence
from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from tests.faults.calls import Call, Send
from tests.faults.kinds import BUSY, PARTIAL, At, Kind, asked
from tests.faults.stage import Scene, Stage

ATTEMPTS = 3
_KINDS = {kind.name: kind for kind in (*BUSY, *PARTIAL)}
TROUBLES = ("throttled", "a conflict")


@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize(("times", "status"), [("once", 200), ("twice", 200), ("for ever", 503)])
def test_every_operation_succeeds_within_three_attempts_or_says_when_to_ask_again(
    stage: Stage, pauses: list[float], trouble: str, times: str, status: int
) -> None:
    kind = _KINDS[f"{trouble} {times}"]
    for scene, call in _of_operations(stage, kind):
        told = stage.begin(scene.before, scene.ids)
        heard = _Counting(call, kind)
        stage.world.calls.meddler = heard
        pauses.clear()
        stage.front.heard.clear()

        scene.step(told)

        refused = [reply for reply in stage.front.heard if reply.status >= 300]
        if status == 200 or _done_without(call):
            assert refused == [], str(call)
        else:
            assert {reply.status for reply in refused} == {503}, str(call)
            assert all(int(reply.headers["Retry-After"]) > 0 for reply in refused), str(call)
            assert heard.tries == ATTEMPTS * len(refused), str(call)
        assert len(set(pauses)) == len(pauses), "pauses without jitter come together again"
        assert all(0 <= pause <= 20 for pause in pauses)


@pytest.mark.parametrize("name", ["taken in part once", "taken in part three times"])
def test_only_what_was_refused_is_sent_again(stage: Stage, name: str) -> None:
    kind = _KINDS[name]
    scene = stage.scenes()["link_customers"]
    for call in (one for one in scene.calls if kind.befalls(one.operation)):
        told = stage.begin(scene.before, scene.ids)
        sent = _Listening(call, kind)
        stage.world.calls.meddler = sent

        stage.tell(told, scene.step)

        for before, after in zip(sent.bodies, sent.bodies[1:ATTEMPTS], strict=False):
            assert after == before[::2], str(call)
        assert len(sent.bodies) > 1
        assert stage.invariants.broken() == []


def _done_without(call: Call) -> bool:
    """Whether it is a part of a view, one evidence of several that somebody is recognised by, or
    what is asked before somebody is written to: where that is not told, the answer is no, and on a
    ballot a veto. A review lists the services that did not answer.

    Who it is about, the view must know.
    """
    if call.handler.endswith("/may-contact"):
        return call.what.endswith("-Summary")
    if call.handler.endswith(("/ballot", "/ballots")):
        return call.what.endswith("-complaints-Summary")
    if call.handler.endswith("/review"):
        return call.what.endswith("-Review")
    if call.handler.endswith(("/looks", "/timeline")):
        return False
    finds = call.what.endswith("-Find")
    return (
        finds if call.handler.endswith("/recognition") else "/view/" in call.handler and not finds
    )


class _Counting(At):
    """Counts the tries that it lets go wrong."""

    def __init__(self, call: Call, kind: Kind) -> None:
        super().__init__(call, kind)
        self.tries = 0

    def __call__(self, call: Call) -> Kind | None:
        kind = super().__call__(call)
        self.tries += kind is not None
        return kind


class _Listening:
    """Notes what is asked from one call on, in each try of the same."""

    def __init__(self, call: Call, kind: Kind) -> None:
        self._call = call
        self._at = At(call, kind)
        self._next: Kind | None = None
        self.bodies: list[Sequence[Any]] = []

    def __call__(self, call: Call) -> "_Listening | None":
        self._next = self._at(call)
        same = (call.handler, call.what) == (self._call.handler, self._call.what)
        return self if same else None

    def meddle(self, call: Call, request: AWSPreparedRequest, send: Send) -> AWSResponse:
        body = asked(request)
        [items] = [body["Entries"]] if "Entries" in body else body["RequestItems"].values()
        self.bodies.append(items)
        return self._next.meddle(call, request, send) if self._next else send(call, request)


_METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE")


def _of_operations(stage: Stage, kind: Kind) -> list[tuple[Scene, Call]]:
    return [
        (scene, call)
        for scene, call in stage.calls()
        if kind.befalls(call.operation) and call.handler.startswith(_METHODS)
    ]
