"""Numbers by which the Turkish state knows people and firms, and what is kept of them."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from shared.errors import Invalid, NotFound


class Scheme(StrEnum):
    """Which number it is, as UBL-TR names it in schemeID."""

    TCKN = "TCKN"  # of a person
    VKN = "VKN"  # of a firm, or of a person as a taxpayer


LENGTHS: Mapping[int, Scheme] = {11: Scheme.TCKN, 10: Scheme.VKN}
SHOWN = 2  # last digits
# What the first nine digits are where somebody had to fill in something, such as 11111111111 for
# a buyer who is not known. By custom: no law that we know says so.
FILLERS = {"123456789", "012345678", "987654321", *(digit * 9 for digit in "0123456789")}


class RevealReason(StrEnum):
    """Why somebody needs to see a whole number."""

    INVOICE = "invoice"
    CUSTOMER_REQUEST = "customer_request"
    AUTHORITY_REQUEST = "authority_request"
    IDENTITY_CHECK = "identity_check"


class NoSuchTaxId(NotFound):
    def __init__(self, scheme: Scheme) -> None:
        super().__init__(f"the customer has no {scheme} in the books")


@dataclass(frozen=True)
class TaxNumber:
    """A number as somebody says it. It is never stored so, and never shows itself in a log."""

    scheme: Scheme
    value: str = field(repr=False)

    @classmethod
    def of(cls, written: str, scheme: Scheme | None = None) -> "TaxNumber":
        """The number that was meant; its length says which one it is.

        Raise Invalid where there can be none such. That there can be does not show that there is.
        """
        value = _digits(written)
        found = LENGTHS.get(len(value))
        if found is None or scheme not in (None, found):
            raise Invalid(f"{_LONG[scheme]}; write its digits and nothing beside them")
        if value[:9] in FILLERS:
            raise Invalid("this is nobody's number but fills a gap; leave it out")
        if not _IS_RIGHT[found](value):
            raise Invalid(f"no such {found} can exist; check its digits")
        return cls(found, value)


@dataclass(frozen=True, kw_only=True)
class TaxId:
    """What is kept of a number: enough to find it and to tell it from another, not to read it."""

    scheme: Scheme
    ends_with: str  # its last two digits
    key: str  # a keyed hash, by which its owner is found
    sealed: str  # the number, encrypted for its owner alone


def tax_numbers(told: Iterable[tuple[Scheme, str | None]]) -> Mapping[Scheme, TaxNumber | None]:
    """The numbers that were told; None of one that is to stay as it is.

    Raise Invalid with the place of the first that can be none, or stands there twice.
    """
    numbers: dict[Scheme, TaxNumber | None] = {}
    for place, (scheme, written) in enumerate(told):
        if scheme in numbers:
            raise Invalid(f"say one {scheme}", field=f"tax_ids.{place}.scheme")
        try:
            numbers[scheme] = None if written is None else TaxNumber.of(written, scheme)
        except Invalid as flaw:
            raise Invalid(str(flaw), field=f"tax_ids.{place}.value") from flaw
    return numbers


def _digits(written: str) -> str:
    """Its digits, of whatever script; nothing where there is anything else but spaces."""
    bare = [one for one in written if not one.isspace() and unicodedata.category(one) != "Cf"]
    if not all(one.isdecimal() for one in bare):
        return ""
    return "".join(str(unicodedata.decimal(one)) for one in bare)


def _is_tckn(value: str) -> bool:
    """Whether the first digit and the two check digits are as those of a TCKN.

    Source: stdnum.tr.tckimlik of python-stdnum, against which the tests hold it.
    """
    digits = [int(one) for one in value]
    tenth = (7 * sum(digits[0:9:2]) - sum(digits[1:8:2])) % 10
    return digits[0] != 0 and digits[9:] == [tenth, (sum(digits[:9]) + tenth) % 10]


def _is_vkn(value: str) -> bool:
    """Whether the check digit is as that of a VKN.

    Source: stdnum.tr.vkn of python-stdnum, against which the tests hold it.
    """
    total = 0
    for weight, digit in zip(range(9, 0, -1), value, strict=False):
        sum_of_both = (int(digit) + weight) % 10
        total += (sum_of_both * 2**weight % 9 or 9) if sum_of_both else 0
    return int(value[9]) == -total % 10


_IS_RIGHT = {Scheme.TCKN: _is_tckn, Scheme.VKN: _is_vkn}
_LONG: Mapping[Scheme | None, str] = {
    None: "a TCKN has 11 digits and a VKN 10",
    Scheme.TCKN: "a TCKN has 11 digits",
    Scheme.VKN: "a VKN has 10 digits",
}
