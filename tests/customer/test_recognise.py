"""Recognising, from what is known to whom it points to, and how often it may be tried."""

from collections.abc import Sequence
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
    TooManyAttempts,
)
from services.customer.ports import Attempts, Customers
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
FACTS = Facts(name="AYŞE IŞIK", district="kadıköy")


@dataclass
class Played:
    """Another service that knows whose something is, or does not answer."""

    ids: Sequence[str] | None = None
    asked: list[tuple[str, str, Caller]] = field(default_factory=list)

    def find(self, kind: str, value: str, caller: Caller, correlation_id: str) -> Sequence[str]:
        self.asked.append((kind, value, caller))
        if self.ids is None:
            raise Unavailable(f"whose {kind} this is cannot be told at the moment")
        return self.ids


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
    caller: Caller = DENIZ,
    attempts: Attempts | None = None,
    external_id: str | None = None,
    facts: Facts | None = None,
) -> use_cases.Answered:
    return use_cases.recognise_customer(
        customers,
        {Evidence.ORDER_ID: orders or Played()},
        attempts or InMemoryAttempts(),
        Known(
            points=points,
            external_id=external_id,
            elsewhere={Evidence.ORDER_ID: "web-7"} if orders else {},
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
