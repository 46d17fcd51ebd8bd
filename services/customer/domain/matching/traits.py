"""What of a person is compared: folded, canonical, and without what is no evidence."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from itertools import islice
from typing import Any

from services.customer.domain.address import Address
from services.customer.domain.contact import ContactKind
from services.customer.domain.customer import Customer
from services.customer.domain.matching.fillers import (
    is_filler_birth_date,
    is_filler_email,
    is_filler_name_word,
    is_filler_phone,
)
from services.customer.domain.matching.vocabulary import words
from services.customer.domain.names import folded_name

MOST_WORDS = 5  # of a name or a street; of a longer name the first ones and the last
MOST_VALUES = 5  # phones, e-mails, external ids
LONGEST = 24
_WORD = re.compile(r"[^\W_]+")
_TITLES = words("titles")
_TAILS = words("firm_tails")  # what a firm's name ends in
_FIRMS = words("firms")  # what nobody but a firm is called
_TRADES = words("trades")
_QUARTERS = words("quarters")
_STREETS = words("streets")
_HOUSES = words("houses")


@dataclass(frozen=True, kw_only=True)
class Traits:
    """What a person is told from others by. What is not known is empty."""

    given: tuple[str, ...] = ()  # words of given names
    family: tuple[str, ...] = ()  # of the family's; all words of a firm's name
    birth_date: str | None = None  # as YYYY-MM-DD; as written, so it need not be in the calendar
    phones: tuple[str, ...] = ()  # E.164
    emails: tuple[str, ...] = ()
    tax_id: str | None = None  # the keyed hash of a TCKN or VKN; nothing is read from it
    quarter: tuple[str, ...] = ()  # words of mahalle, village or site
    street: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()  # door, block and flat, as they stand
    district: str | None = None  # ilçe
    city: str | None = None  # il
    postal_code: str | None = None
    external_ids: tuple[str, ...] = ()  # as `system:id`
    is_firm: bool = False

    def document(self) -> dict[str, Any]:
        """What is known, in JSON's types, compact; `from_document` reads it."""
        return {
            short: list(value) if isinstance(value, tuple) else value
            for name, short in _SHORT.items()
            if (value := getattr(self, name))
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Traits":
        """The traits that `document` was made from."""
        known: dict[str, Any] = {
            _LONG[short]: tuple(value) if isinstance(value, list) else value
            for short, value in document.items()
        }
        return cls(**known)

    def without(self, common: Collection[str]) -> "Traits":
        """Without the phones, e-mails and tax id that `common` names by their blocking keys."""
        phones = tuple(one for one in self.phones if phone_key(one) not in common)
        emails = tuple(one for one in self.emails if email_key(one) not in common)
        tax_id = self.tax_id if self.tax_id and tax_id_key(self.tax_id) not in common else None
        if (phones, emails, tax_id) == (self.phones, self.emails, self.tax_id):
            return self
        return replace(self, phones=phones, emails=emails, tax_id=tax_id)


# The letters under which fields stand in documents.
_SHORT = dict(zip((one.name for one in fields(Traits)), "gfbpetqsndczxo", strict=True))
_LONG = {short: name for name, short in _SHORT.items()}


def phone_key(phone: str) -> str:
    """The blocking key of a phone."""
    return f"phone\0{phone}"


def email_key(email: str) -> str:
    """The blocking key of an e-mail."""
    return f"email\0{email}"


def tax_id_key(tax_id: str) -> str:
    """The blocking key of a hashed TCKN or VKN."""
    return f"tax_id\0{tax_id}"


def traits_of(
    customer: Customer, *, birth_date: date | None = None, tax_id: str | None = None
) -> Traits:
    """What a customer is compared by; `tax_id` is the keyed hash of their TCKN or VKN.

    What is lost or stolen, and what was typed to fill a field, is no trait. Of several addresses
    the first counts, which is the one in use.
    """
    given, family, is_firm = name_words(customer.name)
    points = [one for one in customer.contact_points if one.is_evidence]
    phones = [one.value for one in points if one.kind is ContactKind.PHONE]
    emails = [one.value for one in points if one.kind is ContactKind.EMAIL]
    born = birth_date.isoformat() if birth_date else None
    address = next(iter(customer.addresses), Address())
    quarter, street, numbers = address_words(address.lines)
    district = folded_name(address.district or "")[:LONGEST] or None
    city = folded_name(address.city or "")[:LONGEST] or None
    return Traits(
        given=given,
        family=family,
        birth_date=None if born is None or is_firm or is_filler_birth_date(born) else born,
        phones=_some(one for one in phones if not is_filler_phone(one)),
        emails=_some(one for one in emails if not is_filler_email(one)),
        tax_id=tax_id,
        quarter=quarter,
        street=street,
        numbers=numbers,
        district=district,
        city=city,
        # A district has few postal codes: beside the district they would count it twice.
        postal_code=None if district else address.postal_code,
        external_ids=_some(customer.external_ids),
        is_firm=is_firm,
    )


def name_words(name: str | None) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """Given words, family words, and whether it is a firm's name, which stands in the second."""
    written = _words(name)
    if _is_firms_name(written):
        own = [word for word in written if word not in _TAILS] or written
        return (), tuple(own[:MOST_WORDS]), True
    plain = [word for word in written if not is_filler_name_word(word)]
    untitled = [word for word in plain if word not in _TITLES]
    plain = untitled if len(untitled) > 1 else plain
    if len(plain) > MOST_WORDS:
        plain = [*plain[: MOST_WORDS - 1], plain[-1]]
    if len(plain) == 1:
        return (plain[0],), (), False  # whatever name it is
    return tuple(plain[:-1]), tuple(plain[-1:]), False


def address_words(
    lines: str | None,
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Words of the quarter, words of the street, and the numbers, in the order written."""
    quarter: list[str] = []
    street: list[str] = []
    numbers: list[str] = []
    for word in _words(lines):
        if word in _QUARTERS:
            quarter, street = quarter + street, []
        elif word[0].isdigit():
            numbers.append(word)
        elif word not in _STREETS and word not in _HOUSES:
            street.append(word)
    return _first(quarter), _first(street), _first(numbers)


def _is_firms_name(written: list[str]) -> bool:
    return len(written) > 1 and (
        not _FIRMS.isdisjoint(written)
        or written[-2:] == ["a", "s"]
        or (written[-1] == "as" and not _TRADES.isdisjoint(written))
    )


def _words(text: str | None) -> list[str]:
    return [word[:LONGEST] for word in _WORD.findall(folded_name(text or ""))]


def _first(written: list[str]) -> tuple[str, ...]:
    return tuple(written[:MOST_WORDS])


def _some(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(islice(values, MOST_VALUES))
