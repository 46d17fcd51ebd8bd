"""Keeping tax numbers, and showing them to who needs them."""

from collections.abc import Iterable, Sequence

from services.customer.domain import (
    REVEALER,
    REVEALING_MACHINE,
    Customer,
    Scheme,
    TaxId,
    TaxNumber,
    tax_numbers,
)
from services.customer.domain.tax_id import RevealReason
from services.customer.ports import Attempts, Customers, TaxIds
from services.customer.use_cases import ATTEMPTS
from shared.access import Caller, Role
from shared.entity import Act
from shared.errors import ChangedMeanwhile, Invalid


def kept_tax_ids(
    safe: TaxIds,
    told: Iterable[tuple[Scheme, str | None]],
    customer_id: str,
    known: Sequence[TaxId] = (),
) -> tuple[TaxId, ...]:
    """What is to be kept of the numbers that were told, one for each scheme.

    Only what is new is sealed. Raise Invalid, before anything is sealed, where one cannot be.
    """
    there = {one.scheme: one for one in known}
    numbers = tax_numbers(told)
    for place, (scheme, number) in enumerate(numbers.items()):
        if number is None and scheme not in there:
            raise Invalid(f"there is no {scheme} to keep; give it", field=f"tax_ids.{place}.value")
    return tuple(
        _kept(safe, numbers[scheme], there.get(scheme), customer_id)
        for scheme in Scheme
        if scheme in numbers
    )


def reveal_tax_id(
    customers: Customers,
    safe: TaxIds,
    attempts: Attempts,
    act: Act,
    customer: Customer,
    *,
    caller: Caller,
    scheme: Scheme,
    reason: RevealReason,
) -> tuple[Customer, TaxNumber]:
    """A customer's whole number, once it is recorded who saw it and why.

    Raise TooManyAttempts where they want to see too many, NoSuchTaxId where there is none, and
    Unavailable where it cannot be opened; then nothing is recorded. Whoever changes the customer
    meanwhile is not in the way: then it is read again.
    """
    customer.tax_id(scheme)  # that there is none, the profile says to everybody
    limit = REVEALER if caller.roles - {Role.INTEGRATION} else REVEALING_MACHINE
    attempts.count(limit, caller.subject, act.at)
    for _ in range(ATTEMPTS):
        number = safe.reveal(customer.tax_id(scheme), customer.customer_id)
        noted = customer.note_reveal(act, scheme, reason)
        try:
            customers.save(customer, noted)
        except ChangedMeanwhile:
            customer = customers.get(customer.customer_id)
        else:
            return noted, number
    raise ChangedMeanwhile("it was changed meanwhile; repeat the request")


def _kept(safe: TaxIds, number: TaxNumber | None, known: TaxId | None, customer_id: str) -> TaxId:
    if known is not None and (number is None or safe.is_same(known, number)):
        return known
    assert number is not None  # noqa: S101 - what is not known was refused above
    return safe.seal(number, customer_id)
