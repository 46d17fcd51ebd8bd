"""Where a customer can be reached, each point in its one canonical spelling."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from shared.errors import Invalid

HOME = "TR"  # numbers without a country are Turkish
# Digits of any script and what people put between them. Words and extensions are not dropped
# in silence: a number with something beside it may be somebody else's.
_PHONE = re.compile(r"[\d\s+().\-\u2010-\u2015/]+")
_PART = r"[^@\s.()<>,;:\\\"\[\]\x00-\x1f\x7f]+"
_EMAIL = re.compile(rf"(?=[^@]{{1,64}}@){_PART}(\.{_PART})*@{_PART}(\.{_PART})+")
LONGEST_EMAIL = 254  # RFC 5321


class ContactKind(StrEnum):
    """What kind of thing a contact point is."""

    PHONE = "phone"
    EMAIL = "email"


@dataclass(frozen=True, kw_only=True)
class ContactPoint:
    """A phone in E.164 form, such as +905321234567, or an e-mail in lower case."""

    kind: ContactKind
    value: str

    @classmethod
    def of(cls, kind: ContactKind, written: str) -> "ContactPoint":
        """The contact point that was meant. Raise Invalid where there can be none such."""
        read = _phone if kind is ContactKind.PHONE else _email
        return cls(kind=kind, value=read(_visible(written)))


def contact_points(pairs: Iterable[tuple[ContactKind, str]]) -> tuple[ContactPoint, ...]:
    """The contact points in the order given, which is that of preference; each once.

    Raise Invalid with the place of the first that can be none.
    """
    points: dict[ContactPoint, None] = {}
    for place, (kind, written) in enumerate(pairs):
        try:
            points[ContactPoint.of(kind, written)] = None
        except Invalid as flaw:
            raise Invalid(str(flaw), field=f"contact_points.{place}.value") from flaw
    return tuple(points)


def _visible(written: str) -> str:
    """Without the invisible marks that come along when a contact is copied."""
    return "".join(one for one in written if unicodedata.category(one) != "Cf").strip()


def _phone(written: str) -> str:
    import phonenumbers  # a tenth of a cold start, and only a phone at hand needs it

    try:
        number = phonenumbers.parse(written, HOME) if _PHONE.fullmatch(written) else None
    except phonenumbers.NumberParseException:
        number = None
    if number is None:
        raise Invalid(
            "this is no phone number; write one alone, as 0532 123 45 67 or +44 20 7946 0018"
        )
    if not phonenumbers.is_valid_number(number):
        raise Invalid("no such phone number can exist; check its digits")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _email(written: str) -> str:
    address = written.replace("İ", "i").lower()  # a Turkish keyboard's capital i
    if len(address) > LONGEST_EMAIL or not _EMAIL.fullmatch(address):
        raise Invalid("this is no e-mail address; write it as name@example.com")
    return address
