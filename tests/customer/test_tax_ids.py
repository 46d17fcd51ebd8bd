"""TCKN and VKN: which can be, how they are kept, and who is shown them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from hypothesis import given
from hypothesis import strategies as st
from stdnum.tr import tckimlik, vkn

from services.customer.adapters import DynamoCustomers
from services.customer.adapters.tax_ids import KmsTaxIds, tax_key
from services.customer.domain import (
    REVEALER,
    REVEALING_MACHINE,
    Customer,
    NoSuchTaxId,
    Scheme,
    TaxId,
    TaxNumber,
    TooManyAttempts,
)
from services.customer.domain.tax_id import FILLERS, RevealReason
from services.customer.ports import Attempts, Customers, TaxIds
from services.customer.use_cases.tax_ids import kept_tax_ids, reveal_tax_id
from shared.access import Caller, Role
from shared.errors import ChangedMeanwhile, Invalid, Unavailable
from tests.account import SECRET, AwsAccount, all_items
from tests.customer.examples import NOON, a_customer, an_act
from tests.customer.fakes import InMemoryAttempts, InMemoryCustomers, InMemoryTaxIds

TCKN, VKN = "10000000146", "4540536920"
A_TCKN, A_VKN = TaxNumber(Scheme.TCKN, TCKN), TaxNumber(Scheme.VKN, VKN)


def digits(length: int) -> st.SearchStrategy[str]:
    return st.text(alphabet="0123456789", min_size=length, max_size=length)


def can_be(written: str) -> bool:
    try:
        TaxNumber.of(written)
    except Invalid:
        return False
    return True


@given(digits(11) | digits(9).map(lambda nine: nine + tckimlik.calc_check_digits(nine)))
def test_a_tckn_can_be_what_the_library_takes_and_fills_no_gap(written: str) -> None:
    assert can_be(written) == (tckimlik.is_valid(written) and written[:9] not in FILLERS)


@given(digits(10) | digits(9).map(lambda nine: nine + vkn.calc_check_digit(nine)))
def test_a_vkn_can_be_what_the_library_takes_and_fills_no_gap(written: str) -> None:
    assert can_be(written) == (vkn.is_valid(written) and written[:9] not in FILLERS)


@given(digits(9), st.integers(0, 10), st.integers(1, 9))
def test_one_wrong_digit_of_a_tckn_is_noticed(nine: str, place: int, more: int) -> None:
    right = nine + tckimlik.calc_check_digits(nine)
    wrong = f"{right[:place]}{(int(right[place]) + more) % 10}{right[place + 1 :]}"

    assert not (can_be(right) and can_be(wrong))


@pytest.mark.parametrize(
    ("written", "number"),
    [
        (TCKN, A_TCKN),
        (" 100 000 001 46 ", A_TCKN),
        ("\u200e10000000146\u202c", A_TCKN),  # as it comes out of a contact
        ("١٠٠٠٠٠٠٠١٤٦", A_TCKN),
        (VKN, A_VKN),
        ("454 053 6920", A_VKN),
    ],
)
def test_a_number_is_one_however_it_is_written(written: str, number: TaxNumber) -> None:
    assert TaxNumber.of(written) == TaxNumber.of(written, number.scheme) == number


@pytest.mark.parametrize(
    ("written", "scheme", "says"),
    [
        ("11111111111", None, "nobody's number"),
        ("11111111110", None, "nobody's number"),  # whose check digits fit
        ("2222222222", Scheme.VKN, "nobody's number"),
        ("12345678950", None, "nobody's number"),
        ("00000000000", None, "nobody's number"),
        ("10000000147", None, "no such TCKN can exist"),
        ("4540536921", None, "no such VKN can exist"),
        ("01234567890", Scheme.TCKN, "nobody's number"),
        ("07291716092", None, "no such TCKN"),  # a TCKN begins with no 0
        ("123", None, "a TCKN has 11 digits and a VKN 10"),
        (VKN, Scheme.TCKN, "a TCKN has 11 digits"),
        (TCKN, Scheme.VKN, "a VKN has 10 digits"),
        (f"{TCKN} (eşi)", None, "nothing beside them"),
        ("1000000014\u00b2", None, "nothing beside them"),
        ("", None, "a TCKN has 11 digits"),
    ],
)
def test_what_can_be_nobodys_number_is_refused_in_words(
    written: str, scheme: Scheme | None, says: str
) -> None:
    with pytest.raises(Invalid, match=says) as refused:
        TaxNumber.of(written, scheme)
    assert written not in str(refused.value) or not written


def test_a_number_does_not_show_itself() -> None:
    assert TCKN not in f"{A_TCKN} {A_TCKN!r} {[A_TCKN]}"


@pytest.fixture(params=["in memory", "kms"])
def safe(request: pytest.FixtureRequest) -> TaxIds:
    """What seals: the fake as well as what it stands for."""
    if request.param == "in memory":
        return InMemoryTaxIds()
    aws: AwsAccount = request.getfixturevalue("aws")
    return kms(aws)


def kms(aws: AwsAccount) -> KmsTaxIds:
    [described] = [one for one in aws.world.services if one.name == "customer"]
    return KmsTaxIds(aws.kms, described.environment["TAX_ID_KEY"], SECRET)


@pytest.mark.parametrize("number", [A_TCKN, A_VKN])
def test_what_is_sealed_shows_its_end_and_opens_for_its_customer(
    safe: TaxIds, number: TaxNumber
) -> None:
    sealed = safe.seal(number, "cus_1")

    assert (sealed.scheme, sealed.ends_with) == (number.scheme, number.value[-2:])
    assert number.value not in repr(sealed)
    assert safe.is_same(sealed, number)
    assert not safe.is_same(sealed, A_VKN if number is A_TCKN else A_TCKN)
    assert safe.reveal(sealed, "cus_1") == number


def test_what_is_sealed_opens_for_nobody_else(safe: TaxIds) -> None:
    sealed = safe.seal(A_TCKN, "cus_1")

    with pytest.raises((ClientError, ValueError)):
        safe.reveal(sealed, "cus_2")
    with pytest.raises((ClientError, ValueError)):
        safe.reveal(replace(sealed, scheme=Scheme.VKN), "cus_1")


def test_a_number_sealed_twice_looks_different_and_is_found_by_one_key(aws: AwsAccount) -> None:
    one, other = (kms(aws).seal(A_TCKN, "cus_1") for _ in range(2))

    assert one.sealed != other.sealed
    assert one.key == other.key == tax_key(SECRET, A_TCKN)
    assert tax_key("another secret", A_TCKN) != one.key


def test_the_numbers_told_are_kept_and_only_a_new_one_is_sealed() -> None:
    safe = InMemoryTaxIds()
    first = kept_tax_ids(safe, [(Scheme.TCKN, TCKN)], "cus_1")

    again = kept_tax_ids(safe, [(Scheme.TCKN, f"{TCKN[:3]} {TCKN[3:]}")], "cus_1", first)
    both = kept_tax_ids(safe, [(Scheme.VKN, VKN), (Scheme.TCKN, None)], "cus_1", first)

    assert again == first
    assert [one.scheme for one in both] == [Scheme.TCKN, Scheme.VKN]
    assert both[:1] == first
    assert safe.count == 2
    assert kept_tax_ids(safe, [], "cus_1", both) == ()


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ([(Scheme.VKN, VKN), (Scheme.TCKN, "11111111111")], "tax_ids.1.value"),
        ([(Scheme.TCKN, TCKN), (Scheme.TCKN, TCKN)], "tax_ids.1.scheme"),
        ([(Scheme.VKN, VKN), (Scheme.TCKN, None)], "tax_ids.1.value"),
    ],
)
def test_nothing_is_sealed_where_one_number_is_refused(
    told: Sequence[tuple[Scheme, str | None]], field: str
) -> None:
    safe = InMemoryTaxIds()

    with pytest.raises(Invalid) as refused:
        kept_tax_ids(safe, told, "cus_1")

    assert refused.value.field == field
    assert safe.count == 0


def sealed_with_key(number: TaxNumber) -> TaxId:
    return InMemoryTaxIds().seal(number, "cus_1")


def test_a_customer_is_found_by_their_number_as_long_as_it_is_theirs(customers: Customers) -> None:
    ayse = a_customer("cus_1", tax_ids=(sealed_with_key(A_TCKN),))
    twin = a_customer("cus_2", tax_ids=(sealed_with_key(A_TCKN), sealed_with_key(A_VKN)))
    for one in (ayse, twin):
        customers.add(one, fingerprint="f")

    assert list(customers.by_tax_number(A_TCKN)) == [ayse, twin]
    assert list(customers.by_tax_number(A_VKN)) == [twin]

    alone = twin.change(an_act(1), tax_ids=twin.tax_ids[1:])
    customers.save(twin, alone)

    assert list(customers.by_tax_number(A_TCKN)) == [ayse]
    assert customers.get("cus_2") == alone


def test_the_table_holds_no_number(aws: AwsAccount) -> None:
    customers = DynamoCustomers(aws.dynamodb, aws.table("customer"), SECRET)
    tax_ids = kept_tax_ids(kms(aws), [(Scheme.TCKN, TCKN), (Scheme.VKN, VKN)], "cus_1")
    customers.add(a_customer("cus_1", tax_ids=tax_ids), fingerprint="f")

    [customer] = customers.by_tax_number(A_VKN)

    assert customer.tax_ids == tax_ids
    written = repr(all_items(aws.dynamodb, aws.table("customer")))
    assert "K#tax_id#" in written
    assert not [one for one in (TCKN, VKN) if one in written]


def test_who_sees_a_whole_number_is_recorded_with_the_reason() -> None:
    safe = InMemoryTaxIds()
    customer = a_customer(tax_ids=(safe.seal(A_TCKN, "cus_1"),))
    customers = InMemoryCustomers(customer)

    noted, number = reveal(customers, safe, customer)

    assert number == A_TCKN
    assert customers.peek("cus_1") == noted
    assert noted.log[-1].what == "tax_id_revealed"
    assert noted.log[-1].by == "agent-1"
    assert noted.log[-1].facts == {"scheme": "TCKN", "reason": "invoice"}
    assert TCKN not in repr(noted)


def test_a_change_meanwhile_is_not_in_the_way_of_seeing_a_number() -> None:
    safe = InMemoryTaxIds()
    customer = a_customer(tax_ids=(safe.seal(A_TCKN, "cus_1"),))
    customers = InMemoryCustomers(customer)
    moved = customer.change(an_act(1), name="Ayşe Yılmaz")
    customers.save(customer, moved)

    noted, number = reveal(customers, safe, customer)

    assert (noted.name, noted.version, number) == ("Ayşe Yılmaz", 3, A_TCKN)


def test_nobody_sees_what_was_not_recorded() -> None:
    safe = InMemoryTaxIds()
    customer = a_customer(tax_ids=(safe.seal(A_TCKN, "cus_1"),))
    customers = InMemoryCustomers(customer)

    def somebody_is_faster(customer_id: str) -> None:
        there = customers.peek(customer_id)
        customers.save(there, there.change(an_act(1), name=f"{there.name} X"))

    customers.after_get = somebody_is_faster

    with pytest.raises(ChangedMeanwhile):
        reveal(customers, safe, customers.get("cus_1"))
    assert not [one for one in customers.peek("cus_1").log if one.what == "tax_id_revealed"]


def test_there_is_nothing_to_see_where_nothing_is_kept() -> None:
    customer = a_customer(tax_ids=(sealed_with_key(A_VKN),))

    with pytest.raises(NoSuchTaxId, match="no TCKN"):
        reveal(InMemoryCustomers(customer), InMemoryTaxIds(), customer)


ERP = Caller(subject="erp", client_id="erp", roles=frozenset({Role.INTEGRATION}))
MANAGER = Caller(subject="agent-1", client_id="web", roles=frozenset({Role.MANAGER}))


@pytest.mark.parametrize(
    ("caller", "most"), [(MANAGER, REVEALER.most), (ERP, REVEALING_MACHINE.most)]
)
def test_who_would_see_too_many_numbers_is_stopped_before_one_is_opened_or_recorded(
    caller: Caller, most: int
) -> None:
    safe, attempts = InMemoryTaxIds(), InMemoryAttempts()
    customer = a_customer(tax_ids=(safe.seal(A_TCKN, "cus_1"),))
    customers = InMemoryCustomers(customer)
    for _ in range(most):
        attempts.count(REVEALER if caller is MANAGER else REVEALING_MACHINE, caller.subject, NOON)

    with pytest.raises(TooManyAttempts, match="see the last two digits") as refused:
        reveal(customers, safe, customer, attempts, caller)

    assert refused.value.retry_after >= 1
    assert customers.peek("cus_1") == customer
    other = replace(caller, subject="another")
    assert reveal(customers, safe, customer, attempts, other)[1] == A_TCKN


class BrokenKey:
    """KMS, which answers nothing but this error."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def encrypt(self, **_: object) -> None:
        raise self._error

    decrypt = encrypt


def refusal(code: str, status: int = 400) -> ClientError:
    response: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(response, "Encrypt")


@pytest.mark.parametrize(
    "error",
    [
        EndpointConnectionError(endpoint_url="https://kms.invalid"),
        refusal("DisabledException"),
        refusal("KMSInvalidStateException"),
        refusal("KeyUnavailableException", 500),
        refusal("DependencyTimeoutException", 503),
        refusal("KMSInternalException", 500),
        refusal("ThrottlingException"),
        refusal("AccessDeniedException"),
    ],
)
def test_while_the_key_is_out_of_reach_it_is_said_and_nothing_is_half_done(
    error: Exception,
) -> None:
    client: Any = BrokenKey(error)
    safe = KmsTaxIds(client, "key", SECRET)
    customer = a_customer(tax_ids=(sealed_with_key(A_TCKN),))
    customers = InMemoryCustomers(customer)

    with pytest.raises(Unavailable, match="nothing was changed") as unsealed:
        kept_tax_ids(safe, [(Scheme.VKN, VKN)], "cus_1")
    with pytest.raises(Unavailable, match="nothing was changed"):
        reveal(customers, safe, customer)

    assert unsealed.value.retry_after == 30
    assert customers.peek("cus_1") == customer


def test_what_does_not_open_since_it_is_anothers_is_no_want_of_the_key(aws: AwsAccount) -> None:
    sealed = kms(aws).seal(A_TCKN, "cus_1")

    with pytest.raises(ClientError):
        kms(aws).reveal(sealed, "cus_2")


def reveal(
    customers: Customers,
    safe: TaxIds,
    customer: Customer,
    attempts: Attempts | None = None,
    caller: Caller = MANAGER,
) -> tuple[Customer, TaxNumber]:
    return reveal_tax_id(
        customers,
        safe,
        attempts or InMemoryAttempts(),
        an_act(2),
        customer,
        caller=caller,
        scheme=Scheme.TCKN,
        reason=RevealReason.INVOICE,
    )
