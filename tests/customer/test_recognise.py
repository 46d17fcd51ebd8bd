"""Recognising, from what is known to whom it points to, and how often it may be tried."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from services.customer.adapters.recognition import DynamoAttempts
from services.customer.domain import (
    AGENT,
    LINE,
    MACHINE,
    Address,
    ContactKind,
    ContactPoint,
    ContactState,
    Customer,
    Evidence,
    Facts,
    Known,
    Limit,
    Outcome,
    Purchase,
    TooManyAttempts,
)
from services.customer.ports import MOST_AMONG, Attempts, Customers, Owners
from services.customer.use_cases import links
from services.customer.use_cases import recognition as use_cases
from shared.access import Caller, Role
from shared.aws.identifiers import MOST_SHARERS
from shared.errors import Unavailable
from tests.account import SECRET, AwsAccount, contents
from tests.customer.examples import EMAIL, HOME, MOBILE, NOON, a_customer, an_act
from tests.customer.fakes import InMemoryAttempts, InMemoryCustomers

OFFICE = ContactPoint(kind=ContactKind.PHONE, value="+902125551234")
DENIZ = Caller(subject="deniz", client_id="web", roles=frozenset({Role.AGENT}))
SWITCH = Caller(subject="switch", client_id="cti", roles=frozenset({Role.INTEGRATION}))
KETTLE = Purchase(product="kettle", when="2026-W07")
FACTS = Facts(name="AYŞE IŞIK", district="kadıköy")


@dataclass
class Played:
    """Another service that knows whose something is, or does not answer."""

    ids: Sequence[str] | None = None
    asked: list[tuple[str, str, Caller]] = field(default_factory=list)
    too_many: bool = False  # then only those of whom it is asked are told
    among: Collection[str] = ()

    def find(
        self,
        kind: str,
        value: str,
        caller: Caller,
        correlation_id: str,
        *,
        among: Collection[str] = (),
    ) -> Owners:
        self.asked.append((kind, value, caller))
        self.among = among
        if self.ids is None:
            raise Unavailable(f"whose {kind} this is cannot be told at the moment")
        told = [one for one in self.ids if one in among] if self.too_many else self.ids
        return Owners(ids=told, more=self.too_many)


@pytest.fixture(params=["in memory", "dynamodb"])
def attempts(request: pytest.FixtureRequest) -> Attempts:
    if request.param == "in memory":
        return InMemoryAttempts()
    aws: AwsAccount = request.getfixturevalue("aws")
    return DynamoAttempts(aws.dynamodb, aws.table("customer"), SECRET)


def add(customers: Customers, *people: Customer) -> None:
    for one in people:
        customers.add(one, fingerprint="f")


def recognise(
    customers: Customers,
    *points: ContactPoint,
    orders: Played | None = None,
    buyers: Played | None = None,
    caller: Caller = DENIZ,
    attempts: Attempts | None = None,
    external_id: str | None = None,
    facts: Facts | None = None,
) -> use_cases.Answered:
    return use_cases.recognise_customer(
        customers,
        {Evidence.ORDER_ID: orders or Played(), Evidence.PURCHASE: buyers or Played()},
        attempts or InMemoryAttempts(),
        Known(
            points=points,
            external_id=external_id,
            elsewhere={Evidence.ORDER_ID: "web-7"} if orders else {},
            purchase=KETTLE if buyers else None,
            facts=facts or Facts(),
        ),
        use_cases.Asking(caller, NOON, "request-1"),
    )


def whom(answered: use_cases.Answered) -> tuple[str, list[str]]:
    found = answered.recognition
    return found.outcome, [one.person_id for one in found.persons]


def test_who_gives_name_and_district_is_recognised_on_any_line(customers: Customers) -> None:
    add(customers, a_customer("cus_a", addresses=(HOME,), language="tr"), a_customer("cus_b"))

    answered = recognise(customers, OFFICE, facts=FACTS)

    assert whom(answered) == ("recognised", ["cus_a"])
    [person] = answered.recognition.persons
    assert person.language == "tr"
    assert person.evidence == {Evidence.NAME, Evidence.DISTRICT}
    assert customers.get("cus_a").contact_points == ()
    assert customers.by_phone(OFFICE.value) == []


def test_who_moves_or_is_called_otherwise_is_found_by_the_new_and_not_by_the_old(
    customers: Customers,
) -> None:
    before = a_customer(addresses=(HOME,))
    add(customers, before)
    after = before.change(an_act(1), name="Ayşe Demir", addresses=(Address(district="Şişli"),))
    customers.save(before, after)

    assert whom(recognise(customers, facts=FACTS)) == ("unknown", [])
    moved = Facts(name="ayse demir", district="SISLI")
    assert whom(recognise(customers, facts=moved)) == ("recognised", ["cus_1"])


def test_a_household_is_told_as_candidates_and_one_of_them_by_the_name(
    customers: Customers,
) -> None:
    fatma = a_customer("cus_b", name="Fatma Işık", contact_points=(MOBILE,))
    add(customers, a_customer("cus_a", contact_points=(MOBILE,)), fatma)

    assert whom(recognise(customers, MOBILE)) == ("candidates", ["cus_a", "cus_b"])
    by_name = recognise(customers, MOBILE, facts=Facts(name="fatma ışık"))
    assert whom(by_name) == ("recognised", ["cus_b"])


def test_linked_entries_are_one_person(customers: Customers) -> None:
    add(
        customers,
        a_customer("cus_a", contact_points=(MOBILE,), language="de"),
        a_customer("cus_b", name="A. Demir", contact_points=(MOBILE, EMAIL), addresses=(HOME,)),
    )
    links.link_customers(
        customers, an_act(), "cus_b", "cus_a", link_id="lnk_1", fingerprint="f", reason="so"
    )

    assert whom(recognise(customers, MOBILE)) == ("recognised", ["cus_b"])
    other = recognise(customers, MOBILE, facts=Facts(name="A. Demir", district="Kadıköy"))
    [person] = other.recognition.persons
    assert person.evidence == {Evidence.PHONE, Evidence.NAME, Evidence.DISTRICT}
    assert person.language == "de"


def test_what_one_entry_of_a_person_calls_lost_is_no_evidence_by_another(
    customers: Customers,
) -> None:
    lost = replace(MOBILE, state=ContactState.STOLEN, state_since=NOON)
    add(
        customers,
        a_customer("cus_a", contact_points=(lost,)),
        a_customer("cus_b", contact_points=(MOBILE, EMAIL)),
    )
    links.link_customers(
        customers, an_act(), "cus_a", "cus_b", link_id="lnk_1", fingerprint="f", reason="so"
    )

    assert whom(recognise(customers, MOBILE)) == ("unknown", [])
    assert whom(recognise(customers, MOBILE, EMAIL)) == ("recognised", ["cus_a"])


def test_other_services_are_asked_with_the_caller_and_whom_we_do_not_know_is_passed_over(
    customers: Customers,
) -> None:
    add(customers, a_customer("cus_a"))
    orders = Played(ids=["cus_unheard_of", "cus_a"])

    assert whom(recognise(customers, orders=orders)) == ("recognised", ["cus_a"])
    assert orders.asked == [("order_id", "web-7", DENIZ)]


def test_a_service_that_is_silent_is_told_and_nobody_is_unknown_because_of_it() -> None:
    customers = InMemoryCustomers(a_customer("cus_a", contact_points=(MOBILE,)))

    answered = recognise(customers, MOBILE, orders=Played())

    assert whom(answered) == ("recognised", ["cus_a"])
    assert answered.unanswered == (Evidence.ORDER_ID,)
    with pytest.raises(Unavailable):
        recognise(customers, orders=Played())


def test_of_a_number_that_more_share_than_are_looked_at_nobody_is_recognised() -> None:
    crowd = [a_customer(f"cus_{n:02}", name=f"N {n}", contact_points=(OFFICE,)) for n in range(50)]

    answered = recognise(InMemoryCustomers(*crowd), OFFICE, facts=Facts(name="N 7"))

    assert len(crowd) == MOST_SHARERS
    assert (answered.recognition.outcome, answered.recognition.is_cut) == (
        Outcome.CANDIDATES,
        True,
    )


def test_who_bought_what_when_is_one_of_several_until_they_say_a_name_or_whence_they_call(
    customers: Customers,
) -> None:
    add(
        customers,
        a_customer("cus_a", addresses=(HOME,)),
        a_customer("cus_b", name="Can Demir", contact_points=(MOBILE,)),
        a_customer("cus_c", name="Ece Demir", contact_points=(MOBILE,)),
    )
    buyers = Played(ids=["cus_a", "cus_b", "cus_unheard_of"])

    def asked(*points: ContactPoint, **facts: str) -> tuple[str, list[str]]:
        return whom(recognise(customers, *points, buyers=buyers, facts=Facts(**facts)))

    alone = recognise(customers, buyers=Played(ids=["cus_a"])).recognition
    assert (alone.outcome, [one.person_id for one in alone.persons]) == ("candidates", ["cus_a"])
    assert asked() == ("candidates", ["cus_a", "cus_b"])
    assert asked(name="can demir") == ("recognised", ["cus_b"])
    assert asked(district="KADIKOY") == ("recognised", ["cus_a"])
    assert asked(MOBILE) == ("recognised", ["cus_b"])
    assert asked(MOBILE, name="Ece Demir") == ("recognised", ["cus_c"])
    assert buyers.asked[0] == ("purchase", "2026-W07 kettle", DENIZ)


def test_of_what_thousands_bought_in_a_week_it_is_asked_whether_who_is_meant_already_did(
    customers: Customers,
) -> None:
    add(
        customers,
        a_customer("cus_a", addresses=(HOME,)),
        a_customer("cus_b", addresses=(HOME,), contact_points=(MOBILE,)),
        a_customer("cus_c", name="Ece Demir", contact_points=(MOBILE,)),
    )
    buyers = Played(ids=["cus_b", "cus_x"], too_many=True)

    answered = recognise(customers, buyers=buyers)
    assert (whom(answered), answered.recognition.is_cut) == (("candidates", []), True)
    by_name = recognise(customers, buyers=buyers, facts=Facts(name="Ayşe Işık"))
    assert (whom(by_name), by_name.recognition.is_cut) == (("candidates", []), True)
    for answered in (
        recognise(customers, buyers=buyers, facts=FACTS),
        recognise(customers, MOBILE, buyers=buyers),
        recognise(customers, MOBILE, buyers=buyers, facts=Facts(name="ayse isik")),
    ):
        assert whom(answered) == ("recognised", ["cus_b"])
        [person] = answered.recognition.persons
        assert Evidence.PURCHASE in person.evidence
    assert sorted(buyers.among) == ["cus_b", "cus_c"]
    without = recognise(customers, MOBILE, buyers=Played(ids=[], too_many=True), facts=Facts())
    assert (without.recognition.outcome, without.recognition.is_cut) == ("candidates", True)


def test_of_more_than_can_be_asked_for_nobody_is_asked_for_and_nobody_recognised() -> None:
    crowd = [
        a_customer(f"cus_{n:02}", name=f"N {n}", contact_points=(OFFICE,), addresses=(HOME,))
        for n in range(MOST_AMONG - 1)
    ]
    pair = [a_customer(one, addresses=(HOME,)) for one in ("cus_y", "cus_z")]
    buyers = Played(ids=["cus_z"], too_many=True)

    answered = recognise(InMemoryCustomers(*crowd, *pair), OFFICE, buyers=buyers, facts=FACTS)

    assert (answered.recognition.outcome, list(buyers.among)) == ("candidates", [])


@pytest.mark.parametrize(
    ("caller", "points", "counted"),
    [
        (DENIZ, (MOBILE,), (AGENT, "deniz")),
        (SWITCH, (MOBILE, EMAIL), (LINE, MOBILE.value)),
        (SWITCH, (EMAIL,), (MACHINE, "switch")),
    ],
)
def test_attempts_are_counted_by_who_sits_there_or_by_the_line(
    caller: Caller, points: tuple[ContactPoint, ...], counted: tuple[Limit, str]
) -> None:
    assert use_cases.counted(Known(points=points), caller) == counted


TWO = Limit(of="line", most=2, window=timedelta(minutes=10))


def test_so_many_attempts_and_no_more_until_the_window_is_over(attempts: Attempts) -> None:
    for minute in (0, 4):
        attempts.count(TWO, "a", NOON + timedelta(minutes=minute))
    for _ in range(2):
        with pytest.raises(TooManyAttempts) as refusal:
            attempts.count(TWO, "a", NOON + timedelta(minutes=9))
        assert refusal.value.retry_after == 60
        assert "a" not in str(refusal.value).split()

    attempts.count(TWO, "b", NOON)
    attempts.count(replace(TWO, of="agent"), "a", NOON)
    attempts.count(TWO, "a", NOON + timedelta(minutes=10))


def test_a_counter_says_nothing_of_whose_it_is_and_is_forgotten(aws: AwsAccount) -> None:
    counter = DynamoAttempts(aws.dynamodb, aws.table("customer"), SECRET)

    counter.count(TWO, MOBILE.value, NOON)

    [(key, item)] = contents(aws.dynamodb, aws.table("customer")).items()
    assert MOBILE.value not in str(key)
    assert key[0].startswith("T#line#")
    ends = datetime.fromtimestamp(item["expires_at"], tz=NOON.tzinfo)
    assert ends == NOON + timedelta(minutes=10)


def test_who_tries_too_often_is_told_before_anything_is_looked_for() -> None:
    attempts, orders = InMemoryAttempts(), Played(ids=[])
    for _ in range(AGENT.most):
        recognise(InMemoryCustomers(), MOBILE, attempts=attempts)

    with pytest.raises(TooManyAttempts, match="this agent"):
        recognise(InMemoryCustomers(), orders=orders, attempts=attempts)
    assert orders.asked == []
