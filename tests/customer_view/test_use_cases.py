import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from services.customer_view import use_cases
from services.customer_view.domain import (
    Candidate,
    CustomerNotFound,
    CustomerView,
    Memory,
    NobodyFits,
    Status,
)
from services.customer_view.ports import Known
from shared.access import Caller, Role
from shared.errors import Unavailable as TryAgain
from tests.customer_view.examples import (
    NOON,
    a_caller,
    a_candidate,
    a_conversation,
    a_customer,
    a_happening,
    an_order,
    care,
    conversations,
    orders,
    risk,
)
from tests.customer_view.fakes import (
    InMemoryFinder,
    InMemoryLooks,
    InMemoryMemories,
    InMemorySource,
)


@pytest.fixture(scope="module")
def executor() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(max_workers=8) as pool:
        yield pool


@dataclass
class World:
    """Ayşe and Isik in the books, each with an order; whether they are one person is told."""

    executor: ThreadPoolExecutor
    memories: InMemoryMemories = field(default_factory=InMemoryMemories)
    looks: InMemoryLooks = field(default_factory=InMemoryLooks)
    customers: InMemorySource = field(
        default_factory=lambda: InMemorySource(
            "customer",
            {"ayse": a_customer("Ayşe"), "isik": a_customer("Isik")},
            beside={
                "conversations": conversations(a_conversation("asked for a technician")),
                "care": care(),
            },
        )
    )
    orders: InMemorySource = field(
        default_factory=lambda: InMemorySource(
            "orders",
            {
                "ayse": orders(an_order("o1", minutes=1)),
                "isik": orders(an_order("o2", minutes=2)),
                "can": orders(),
            },
            beside={"risk": risk("medium", "a reason")},
        )
    )

    more: list[InMemorySource] = field(default_factory=list)

    def link(self) -> None:
        for source in (self.customers, self.orders):
            source.members = {one: ["ayse", "isik"] for one in ("ayse", "isik")}

    def view(
        self, customer_id: str, caller: Caller | None = None, parts: Collection[str] | None = None
    ) -> CustomerView:
        return use_cases.view_customer(
            customer_id,
            [self.customers, self.orders, *self.more],
            self.memories,
            self.looks,
            use_cases.Question(
                caller=caller or a_caller(),
                correlation_id="request-1",
                now=NOON,
                deadline=5,
                executor=self.executor,
                parts=parts,
            ),
        )


@pytest.fixture
def world(executor: ThreadPoolExecutor) -> World:
    return World(executor)


def order_ids(view: CustomerView) -> list[str]:
    data = view.parts["orders"].data
    assert data is not None
    return [one["order_id"] for one in data["recent"]]


def test_a_customer_is_seen_in_one_round_of_questions(world: World) -> None:
    view = world.view("ayse")

    assert view.is_complete
    assert order_ids(view) == ["o1"]
    assert world.customers.asked == world.orders.asked == [["ayse"]]


def test_of_a_known_customer_only_those_are_asked_who_know_the_wanted_parts(world: World) -> None:
    world.view("ayse")
    world.customers.asked_for.clear()
    world.orders.asked_for.clear()

    view = world.view("ayse", parts={"orders"})

    assert view.parts.keys() == {"orders"}
    assert view.is_complete
    assert (world.customers.asked_for, world.orders.asked_for) == ([], [["orders"]])
    assert world.view("ayse", parts={"timeline"}).parts.keys() == {"timeline"}
    assert (world.customers.asked_for, world.orders.asked_for) == ([], [["orders"]])


def test_who_is_not_known_to_be_there_is_asked_for_before_an_empty_part_stands_for_them(
    world: World,
) -> None:
    with pytest.raises(CustomerNotFound):
        world.view("can", parts={"orders"})

    assert world.view("isik", parts={"orders"}).parts.keys() == {"orders"}
    assert world.customers.asked_for == [["customer"], ["customer"]]


def test_parts_of_a_person_of_two_ids_are_those_of_both(world: World) -> None:
    world.link()

    assert order_ids(world.view("ayse", parts={"orders"})) == ["o2", "o1"]


def test_a_part_that_is_not_for_a_caller_is_not_told_them_by_asking_for_it(world: World) -> None:
    herself = a_caller(Role.CUSTOMER, "ayse", grounds=None)

    assert world.view("ayse", herself, {"risk", "care", "orders"}).parts.keys() == {"orders"}


def test_a_person_of_two_ids_is_seen_whole_under_either_in_two_rounds(world: World) -> None:
    world.link()

    assert order_ids(world.view("ayse")) == order_ids(world.view("isik")) == ["o2", "o1"]
    assert world.orders.asked == [["ayse"], ["isik"], ["isik"], ["ayse"]]


def test_one_source_down_costs_its_own_part_and_no_other(world: World) -> None:
    world.orders.down = "it did not answer in time"

    view = world.view("ayse")

    assert not view.is_complete
    assert view.parts["orders"].status is Status.MISSING
    assert view.parts["orders"].reason == "it did not answer in time"
    assert view.parts["customer"].status is Status.FRESH


def test_what_was_seen_once_is_there_when_its_source_is_down(world: World) -> None:
    world.view("ayse")
    world.orders.down = "it failed"

    view = world.view("ayse")

    assert view.parts["orders"].status is Status.LAST_KNOWN
    assert view.parts["orders"].as_of == NOON
    assert order_ids(view) == ["o1"]


def test_half_of_a_persons_orders_do_not_pass_for_all_of_them(world: World) -> None:
    world.link()
    world.orders.silent_on = "isik"

    view = world.view("ayse")

    assert view.parts["orders"].status is Status.MISSING
    assert view.parts["customer"].status is Status.FRESH


def test_who_is_in_no_book_is_not_found(world: World) -> None:
    with pytest.raises(CustomerNotFound, match="customer can does not exist"):
        world.view("can")


def test_customers_see_themselves_under_all_their_ids_and_nobody_else(world: World) -> None:
    world.link()
    isik = a_caller(Role.CUSTOMER, "isik")

    assert order_ids(world.view("ayse", isik)) == ["o2", "o1"]
    with pytest.raises(CustomerNotFound):
        world.view("ayse", a_caller(Role.CUSTOMER, "can"))
    with pytest.raises(CustomerNotFound):
        world.view("ayse", a_caller(Role.INTEGRATION))


@pytest.mark.parametrize("role", [Role.AGENT, Role.OWNER, Role.MANAGER, Role.OPERATIONS])
def test_staff_see_how_careful_to_be(world: World, role: Role) -> None:
    view = world.view("ayse", a_caller(role))

    assert view.parts["risk"].data == risk("medium", "a reason")
    assert {"conversations", "care"} <= view.parts.keys()


def test_customers_see_neither_their_risk_nor_our_notes_whether_told_or_remembered(
    world: World,
) -> None:
    ayse = a_caller(Role.CUSTOMER, "ayse")

    first = world.view("ayse", ayse)
    world.orders.down = world.customers.down = "it failed"
    later = world.view("ayse", ayse)

    assert set(first.parts) == set(later.parts) == {"customer", "orders", "timeline"}
    assert later.parts["orders"].status is Status.LAST_KNOWN
    assert first.is_complete


def test_what_customers_do_not_see_does_not_make_their_view_incomplete(world: World) -> None:
    notes = InMemorySource("risk", {"ayse": risk()}, down="it failed")
    world.orders.beside = {}
    world.more = [notes]

    assert world.view("ayse", a_caller(Role.CUSTOMER, "ayse")).is_complete
    assert not world.view("ayse").is_complete


def test_nobody_learns_from_a_view_with_all_sources_down_whether_a_customer_exists(
    world: World,
) -> None:
    world.customers.down = world.orders.down = "it did not answer"

    with pytest.raises(CustomerNotFound):
        world.view("ayse", a_caller(Role.CUSTOMER, "isik"))


def test_with_everything_down_the_view_still_answers(world: World) -> None:
    world.customers.down = world.orders.down = world.memories.down = "it did not answer"

    view = world.view("ayse")

    assert {part.status for part in view.parts.values()} == {Status.MISSING}
    told = {"customer", "conversations", "care", "orders", "risk", "timeline"}
    assert set(view.parts) == told


def test_the_timeline_of_a_person_is_that_of_all_their_ids(world: World) -> None:
    world.link()
    world.memories.kept = {
        "ayse": Memory(happenings=[a_happening("o1:1:0", minutes=1)]),
        "isik": Memory(happenings=[a_happening("o2:1:0", minutes=2)]),
    }

    data = world.view("ayse").parts["timeline"].data

    assert data is not None
    assert [one["about"] for one in data["recent"]] == ["o2", "o1"]


def test_whom_nobody_has_confirmed_is_shown_to_us_and_marked_and_never_to_a_customer(
    world: World,
) -> None:
    world.customers.newly_joined = {"ayse": ["isik"], "isik": ["ayse"]}
    herself = a_caller(Role.CUSTOMER, customer_id="ayse")

    ours, hers = world.view("ayse"), world.view("ayse", herself)

    assert ours.newly_joined == ["isik"]
    assert ours.parts["orders"].data == {**(ours.parts["orders"].data or {}), "count": 2}
    assert hers.newly_joined == []
    assert hers.parts["orders"].data == {**(hers.parts["orders"].data or {}), "count": 1}
    with pytest.raises(CustomerNotFound):
        world.view("isik", herself)


def test_after_an_unmerge_what_was_remembered_of_both_is_not_shown_as_that_of_one(
    world: World,
) -> None:
    world.link()
    world.view("ayse")
    world.customers.members = world.orders.members = {}
    world.orders.down = "it failed"

    part = world.view("ayse").parts["orders"]

    assert part.status is Status.MISSING


class Hanging(InMemorySource):
    """A source that says nothing before it is told to, or for two seconds."""

    answering = threading.Event()

    def ask(
        self, ids: Sequence[str], parts: Sequence[str], caller: Caller, correlation_id: str
    ) -> Mapping[str, Known]:
        self.answering.wait(2)  # less than others have
        return super().ask(ids, parts, caller, correlation_id)


def test_each_source_is_waited_for_as_long_as_it_has_and_no_longer(world: World) -> None:
    world.orders = Hanging("orders", world.orders.known, deadline=0.05)

    view = world.view("ayse")
    Hanging.answering.set()

    assert view.parts["orders"].reason == "it did not answer in time"
    assert view.parts["customer"].status is Status.FRESH


def test_looks_write_the_parts_that_say_something_new_and_no_others(world: World) -> None:
    for _ in range(3):
        world.view("ayse")
    world.orders.known["ayse"] = orders(an_order("o9", minutes=9), an_order("o1", minutes=1))
    for _ in range(3):
        world.view("ayse")

    everything = {"customer", "conversations", "care", "orders", "risk"}
    assert world.memories.writes == [everything, {"orders"}]


PHONE = ("phone", "+905321234567")


def look_up(finder: InMemoryFinder, kind: str = "phone") -> Sequence[Candidate]:
    return use_cases.look_up(kind, PHONE[1], finder, a_caller(), "request-1")


def test_all_who_may_be_meant_are_candidates() -> None:
    both = [a_candidate("ayse", "ayse"), a_candidate("can", "can")]

    assert look_up(InMemoryFinder({PHONE: both})) == both
    assert look_up(InMemoryFinder({PHONE: both[:1]})) == both[:1]


def test_one_person_is_one_candidate_however_many_ids_they_have() -> None:
    found = [a_candidate("ayse", "ayse"), a_candidate("can", "can"), a_candidate("isik", "ayse")]

    candidates = look_up(InMemoryFinder({PHONE: found}))

    assert sorted(one.person_id or "" for one in candidates) == ["ayse", "can"]


def test_where_a_service_knows_of_no_persons_each_customer_is_one_candidate() -> None:
    found = [a_candidate("ayse"), a_candidate("can"), a_candidate("ayse")]

    candidates = look_up(InMemoryFinder({PHONE: found}))

    assert [one.customer_id for one in candidates] == ["ayse", "can"]


def test_nobody_is_told_as_nobody_and_not_by_what_was_asked() -> None:
    with pytest.raises(NobodyFits, match="nobody is known by this order id") as refusal:
        look_up(InMemoryFinder(), "order_id")

    assert PHONE[1] not in str(refusal.value)


def test_a_service_that_does_not_answer_is_not_taken_for_nobody() -> None:
    with pytest.raises(TryAgain, match="cannot be told at the moment: it failed"):
        look_up(InMemoryFinder(down="it failed"))
