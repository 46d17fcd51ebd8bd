"""Tells the story, as it should be and with faults in it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import boto3
from chalice.utils import to_cfn_resource_name

from infra.local.dead_letters import redrive
from tests.faults.caller import Front, Reply
from tests.faults.calls import Call, Meddler
from tests.faults.carrier import Carrier
from tests.faults.invariants import Invariants, dead_letters
from tests.faults.kinds import At, Kind
from tests.faults.service import WHOLE
from tests.faults.story import STEPS, Step, Told, name_of, reconcilers
from tests.faults.world import Saved, World


@dataclass(frozen=True)
class Scene:
    """A step of the story: the moment before it, and the calls that it makes if all goes well."""

    step: Step
    before: Saved
    ids: dict[str, str]
    calls: list[Call]


class Stage:
    """A world in which things can be made to happen."""

    def __init__(self, state: Path) -> None:
        self.world = World(state)
        self.world.start()
        self.front = Front(self.world)
        self.carrier = Carrier(self.world)
        self.invariants = Invariants(self.front)
        self._scenes: dict[str, Scene] = {}

    def begin(self, saved: Saved | None = None, ids: dict[str, str] | None = None) -> Told:
        """Go back to a moment, or to the very beginning."""
        self.world.restore(saved)
        self.front.heard.clear()
        self.carrier.start_over()
        return Told(self.front, dict(ids or {}))

    def scenes(self) -> dict[str, Scene]:
        """The story as it should be, told once."""
        if not self._scenes:
            told = self.begin()
            after = self.world.save()
            for step in WHOLE:
                before, ids = after, dict(told.ids)
                told = self.begin(before, ids)
                reply = self.tell(told, step)
                self._scenes[name_of(step)] = Scene(step, before, ids, self.world.calls.made[:])
                # Looked at only then, since the view remembers what it was asked.
                after = self.world.save()
                broken = [*_unhappy(reply), *self.invariants.broken()]
                if broken:
                    raise AssertionError(f"{name_of(step)}: {broken}")
        return self._scenes

    def handlers(self) -> set[str]:
        """Every HTTP operation and every function of every service."""
        found = set()
        for service in self.world.described.services:
            module = import_module(f"services.{service.name}.app")
            for each in module.api.operations:
                found.add(f"{each.method} {service.path_prefix}{each.path}".rstrip("/"))
            for function in module.app.pure_lambda_functions:
                found.add(f"{service.name}.{to_cfn_resource_name(function.name)}")
        return found

    def function(self, service: str, logical_id: str) -> str:
        """The name of a service's function."""
        found = {each.name: each for each in self.world.described.services}
        return found[service].function(logical_id).name

    def tell(self, told: Told, step: Step) -> Reply | None:
        """Tell one step, and wait until all is quiet."""
        reply = step(told)
        self.carrier.settle()
        return reply

    def calls(self) -> list[tuple[Scene, Call]]:
        """Every call of every handler, each in the first scene that has it.

        A call is told from others by its handler, by what it is about, and by how many like it
        the handler has made before in the same run.
        """
        found: dict[tuple[str, str, int], tuple[Scene, Call]] = {}
        for scene in self.scenes().values():
            for call in scene.calls:
                found.setdefault((call.handler, call.what, call.nth), (scene, call))
        return list(found.values())

    def with_fault(self, scene: Scene, call: Call, kind: Kind) -> list[str]:
        """Tell a step with a fault in it. What then does not hold, in words."""
        told = self.begin(scene.before, scene.ids)
        fault = At(call, kind)
        self.world.calls.meddler = fault
        reply = self.tell(told, scene.step)
        if not kind.passes:
            self.repair(told, scene.step)
        broken = [] if kind.passes is False else _unhappy(reply)
        if not fault.happened:
            broken.append("the call was never made")
        self.world.calls.meddler = None
        broken += self.invariants.broken()
        return [f"{kind} at {call}: {each}" for each in broken]

    def with_faults(self, scene: Scene, meddler: Meddler) -> list[str]:
        """Tell a step with faults in it that pass. What then does not hold, in words."""
        told = self.begin(scene.before, scene.ids)
        self.world.calls.meddler = meddler
        broken = _unhappy(self.tell(told, scene.step))
        self.world.calls.meddler = None
        broken += self.invariants.broken()
        return [f"{meddler} while {name_of(scene.step)}: {each}" for each in broken]

    def backwards(self, *steps: str) -> list[str]:
        """Tell these steps in haste, and let the news of them come in the opposite order."""
        scenes = [self.scenes()[step] for step in steps]
        told = self.begin(scenes[0].before, scenes[0].ids)
        broken = [flaw for scene in scenes for flaw in _unhappy(scene.step(told))]
        self.carrier.split = lambda _, records: [[one] for one in reversed(records)]
        self.carrier.settle()
        broken += self.invariants.broken()
        return [f"backwards: {each}" for each in broken]

    def plainly(self, step: str) -> list[str]:
        """Tell one step as it should be. What then does not hold, in words."""
        return self.with_faults(self.scenes()[step], lambda _: None)

    def flaws(self, *kinds: Kind) -> Iterator[str]:
        """Everything that does not hold in any case of these kinds, and when all goes well."""
        yield from self.backwards("link_customers", "end_link")
        for kind in kinds:
            for scene, call in self.calls():
                if scene.step in STEPS and kind.befalls(call.operation):
                    yield from self.with_fault(scene, call, kind)
        for scene in self.scenes().values():
            if scene.step in STEPS:  # the others take long, and these notice enough
                yield from self.plainly(name_of(scene.step))

    def repair(self, told: Told, *steps: Step) -> None:
        """End all faults, and do what one does after an outage."""
        self.world.calls.meddler = None
        for step in steps:
            step(told)
        self.carrier.settle()
        self.send_back()
        if self.world.ledger.given_up:
            self.world.ledger.given_up.clear()
            self.reconcile()

    def reconcile(self) -> None:
        """Say again what may not have been heard."""
        for function in reconcilers(self.world):
            self.world.invoke(function, {"hours": 1})
        self.carrier.settle()

    def send_back(self) -> None:
        """Send the dead letters back to where they came from."""
        if not dead_letters(self.world):
            return
        sqs = boto3.client("sqs")
        for mapping in self.world.described.queue_mappings:
            policy = self.world.described.queue_of(mapping.queue).attributes["RedrivePolicy"]
            redrive(sqs, json.loads(policy)["deadLetterTargetArn"].rpartition(":")[2], wait=0)
        self.carrier.settle()


def _unhappy(reply: Reply | None) -> list[str]:
    if reply is None or reply.status < 300:
        return []
    return [f"in the end the answer was {reply.status}: {reply.text}"]
