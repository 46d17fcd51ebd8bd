"""Deliveries come more than once, in any order and in any batches; what stays is the same."""

import json
from collections.abc import Sequence
from itertools import combinations, pairwise, permutations
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from infra.local.templates.descriptions import StreamMapping
from tests.faults import story
from tests.faults.carrier import Batches, Record
from tests.faults.events import link_changed, to_queue
from tests.faults.service import complaints, consents, warranty
from tests.faults.stage import Stage
from tests.faults.story import Step, Told

LIFE = (
    story.create_ayse,
    story.create_isik,
    story.place_two_at_once,
    story.cancel_order,
    story.link_customers,
    story.end_link,
)
MOVES = (story.approve_order, story.ship_order, story.deliver_order)

TROUBLE = (
    complaints.open_complaint,
    complaints.answer_complaint,
    complaints.propose,
    complaints.accept,
)
PROOFS = (warranty.register_product, warranty.give_proof)


@pytest.mark.parametrize("times", range(1, 11))
def test_what_is_delivered_several_times_has_one_effect(stage: Stage, times: int) -> None:
    told = stage.begin()
    stage.carrier.times = times

    for step in LIFE:
        stage.tell(told, step)

    assert stage.invariants.broken() == []


def test_the_versions_of_an_order_are_shown_alike_in_every_order(stage: Stage) -> None:
    _tell(stage.begin(), story.create_ayse, story.place_order, *MOVES)
    table = stage.world.table_of("orders")
    _project_in_every_order(stage, "orders", table, stage.carrier.unread(table))


def test_the_versions_of_a_customer_are_shown_alike_in_every_order(stage: Stage) -> None:
    told = stage.begin()
    story.create_ayse(told)
    for name in ("Ayşe", "Aysel", "Aysun", "Ayten", "Aylin"):
        told.as_("agent").change(f"/v1/customers/{told.ids['ayse']}", {"name": name})
    table = stage.world.table_of("customer")
    _project_in_every_order(stage, "customer", table, stage.carrier.unread(table))


def test_the_versions_of_a_complaint_are_shown_alike_in_every_order(stage: Stage) -> None:
    _tell(stage.begin(), story.create_ayse, story.place_order, *TROUBLE)
    table = stage.world.table_of("complaints")
    _project_in_every_order(stage, "complaints", table, stage.carrier.unread(table))


def test_the_versions_of_a_unit_are_shown_alike_in_every_order(stage: Stage) -> None:
    _tell(stage.begin(), story.create_ayse, *PROOFS)
    table = stage.world.table_of("warranty")
    _project_in_every_order(stage, "warranty", table, stage.carrier.unread(table))


def test_the_versions_of_a_consent_are_shown_alike_in_every_order(stage: Stage) -> None:
    told = stage.begin()
    _tell(told, story.create_ayse, consents.give_consent)
    table = stage.world.table_of("engagement")
    project = stage.function("engagement", "ProjectChanges")
    records = stage.carrier.unread(table)
    stage.world.invoke(project, {"Records": records})  # İYS is told of what is shown
    consents.tell_iys(told)
    records = stage.carrier.unread(table)
    assert len(records) == 3

    _project_in_every_order(stage, "engagement", table, records)


def test_the_states_of_a_link_end_alike_in_every_order(stage: Stage) -> None:
    states = [link_changed("cus_a", version, ["cus_a", f"cus_{version}"]) for version in range(5)]
    function = stage.function("orders", "OnEvents")

    kept = set()
    for order in permutations(states[1:] + [link_changed("cus_a", 5, ["cus_a"])]):
        stage.begin()
        stage.world.invoke(function, to_queue(*order))
        kept.add(_summary(stage))

    assert kept == {'["cus_a"]'}


@settings(max_examples=30, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(
    order=st.lists(st.integers(1, 6), min_size=1, max_size=12),
    cuts=st.sets(st.integers(1, 11), max_size=4),
)
def test_the_newest_link_heard_of_holds_for_every_reader(
    whole_stage: Stage, order: list[int], cuts: set[int]
) -> None:
    whole_stage.begin()
    events = [link_changed("cus_a", version, ["cus_a", f"cus_{version}"]) for version in order]
    for service in ("customer", "orders", "customer_view"):
        for batch in _cut(events, cuts):
            whole_stage.world.invoke(whole_stage.function(service, "OnEvents"), to_queue(*batch))

        assert _summary(whole_stage, service) == f'["cus_{max(order)}", "cus_a"]'


@pytest.mark.parametrize("step", ["link_customers", "end_link"])
def test_the_records_of_one_transaction_may_be_split_and_shuffled(stage: Stage, step: str) -> None:
    scene = stage.scenes()[step]

    for order in permutations(range(3)):
        for cuts in _subsets({1, 2}):
            told = stage.begin(scene.before, scene.ids)
            stage.carrier.split = _Shuffled(order, cuts)

            stage.tell(told, scene.step)

            assert stage.invariants.broken() == [], f"order {order}, cut at {cuts}"


@pytest.mark.parametrize(
    "steps",
    [
        ("link_customers", "end_link"),
        ("open_complaint", "answer_complaint", "propose", "accept", "reopen"),
        ("open_two_complaints_at_once",),
        ("deliver_order", "pay", "refund"),
        ("register_product", "give_proof", "refuse_proof"),
        ("give_consent", "give_consent_for_calls"),
    ],
    ids=" and ".join,
)
def test_news_that_come_backwards_change_nothing(stage: Stage, steps: tuple[str, ...]) -> None:
    assert stage.backwards(*steps) == []


def _tell(told: Told, *steps: Step) -> None:
    for step in steps:
        reply = step(told)
        assert reply is not None
        assert reply.status < 300, reply.text


class _Shuffled:
    """Hands over what comes in another order, in batches that end at the cuts."""

    def __init__(self, order: Sequence[int], cuts: set[int]) -> None:
        self._order = order
        self._cuts = cuts

    def __call__(self, mapping: StreamMapping, records: Sequence[Record]) -> Batches:
        if len(records) != len(self._order):
            return [records] if records else []
        return _cut([records[place] for place in self._order], self._cuts)


def _project_in_every_order(
    stage: Stage, service: str, table: str, records: list[dict[str, Any]]
) -> None:
    """In one batch, and each by itself where that does not take too long."""
    function = stage.function(service, "ProjectChanges")
    before = stage.world.save()
    shown = set()
    for order in permutations(records):
        for batches in ([order], [[one] for one in order])[: 2 if len(records) < 5 else 1]:
            stage.world.restore(before)
            for batch in batches:
                assert not stage.world.invoke(function, {"Records": batch}).failed
            shown.add(json.dumps(sorted(map(_written, _projected(stage, table)))))
    assert len(shown) == 1
    stage.reconcile()
    assert stage.invariants.broken() == []


def _projected(stage: Stage, table: str) -> list[Any]:
    """What is shown; a sum of zero shows as none."""
    return [
        {name: value for name, value in item.items() if value != {"N": "0"}}
        for item in stage.world.items(table)
        if item["pk"]["S"].startswith(("P#", "C#"))
    ]


def _written(item: Any) -> str:
    return json.dumps(item, sort_keys=True)


def _summary(stage: Stage, service: str = "orders") -> str:
    [item] = [
        item
        for item in stage.world.items(stage.world.table_of(service))
        if item["pk"]["S"] == "P#cus_a" and item["sk"]["S"] == "SUMMARY"
    ]
    return str(item["members"]["S"])


def _cut(records: Sequence[Any], cuts: set[int]) -> list[Sequence[Any]]:
    places = [0, *sorted(cut for cut in cuts if cut < len(records)), len(records)]
    return [records[start:end] for start, end in pairwise(places)]


def _subsets(cuts: set[int]) -> list[set[int]]:
    return [set(some) for size in range(len(cuts) + 1) for some in combinations(cuts, size)]
