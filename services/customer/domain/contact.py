"""Where a customer can be reached, each point in its one canonical spelling."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import zip_longest

from shared.errors import Invalid

HOME = "TR"  # numbers without a country are Turkish
# Digits of any script and what people put between them. Words and extensions are not dropped
# in silence: a number with something beside it may be somebody else's.
_PHONE = re.compile(r"[\d\s+().\-\u2010-\u2015/]+")
_ROUNDED = re.compile(r"\d([.,]\d+)?E\+\d+", re.IGNORECASE)  # what spreadsheets make of numbers
_PART = r"[^@\s.()<>,;:\\\"\[\]\x00-\x1f\x7f]+"
_EMAIL = re.compile(rf"(?=[^@]{{1,64}}@){_PART}(\.{_PART})*@{_PART}(\.{_PART})+")
LONGEST_EMAIL = 254  # RFC 5321


class ContactKind(StrEnum):
    """What kind of thing a contact point is."""

    PHONE = "phone"
    EMAIL = "email"


class ContactState(StrEnum):
    """Whether a contact point is still its owner's alone."""

    IN_USE = "in_use"
    LOST = "lost"
    STOLEN = "stolen"


@dataclass(frozen=True, kw_only=True)
class ContactPoint:
    """A phone in E.164 form, such as +905321234567, or an e-mail in lower case.

    What is lost or stolen stays in the books, since when, but is evidence of nobody any more:
    whoever has it now may be anybody.
    """

    kind: ContactKind
    value: str
    state: ContactState = ContactState.IN_USE
    state_since: datetime | None = None  # of what is lost or stolen

    @property
    def is_evidence(self) -> bool:
        """Whether it speaks for its owner."""
        return self.state is ContactState.IN_USE

    def is_same(self, other: "ContactPoint") -> bool:
        """Whether both are one phone or one e-mail, in whatever state."""
        return (self.kind, self.value) == (other.kind, other.value)

    @classmethod
    def of(cls, kind: ContactKind, written: str) -> "ContactPoint":
        """The contact point that was meant. Raise Invalid where there can be none such."""
        read = _phone if kind is ContactKind.PHONE else _email
        return cls(kind=kind, value=read(_visible(written)))


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What is said of a contact point's state. None leaves the state, or its time, as it is."""

    state: ContactState | None = None
    since: datetime | None = None


def contact_points(
    pairs: Iterable[tuple[ContactKind, str]],
    *,
    marks: Sequence[Mark] = (),
    known: Sequence[ContactPoint] = (),
    now: datetime | None = None,
) -> tuple[ContactPoint, ...]:
    """The contact points in the order given, which is that of preference; each once.

    `marks` say their states, place by place; of what is `known` the rest stays as it is. Raise
    Invalid with the place of the first that can be none, or cannot be so.
    """
    points: list[ContactPoint] = []
    for place, (pair, mark) in enumerate(zip_longest(pairs, marks)):
        try:
            plain = ContactPoint.of(*pair)
        except Invalid as flaw:
            raise Invalid(str(flaw), field=f"contact_points.{place}.value") from flaw
        before = next((one for one in known if one.is_same(plain)), plain)
        try:
            point = _marked(before, mark or Mark(), now)
        except Invalid as flaw:
            raise Invalid(str(flaw), field=f"contact_points.{place}.{flaw.field}") from flaw
        twin = next((one for one in points if one.is_same(point)), None)
        if twin is None:
            points.append(point)
        elif twin != point:
            raise Invalid(
                "it stands here twice, in two states; say one",
                field=f"contact_points.{place}.state",
            )
    return tuple(points)


def _marked(point: ContactPoint, mark: Mark, now: datetime | None) -> ContactPoint:
    """The contact point as it is said to be."""
    state = mark.state or point.state
    if state is ContactState.IN_USE:
        if mark.since is not None:
            raise Invalid(
                "only what is lost or stolen is so since a time; leave it out", field="state_since"
            )
        return replace(point, state=state, state_since=None)
    if mark.since is not None and now is not None and mark.since > now:
        raise Invalid("that time is still to come; say since when it is so", field="state_since")
    unchanged = point.state_since if state is point.state else None
    return replace(point, state=state, state_since=mark.since or unchanged or now)


def _visible(written: str) -> str:
    """Without the invisible marks that come along when a contact is copied."""
    return "".join(one for one in written if unicodedata.category(one) != "Cf").strip()


def _phone(written: str) -> str:
    import phonenumbers  # a tenth of a cold start, and only a phone at hand needs it

    try:
        number = phonenumbers.parse(written, HOME) if _PHONE.fullmatch(written) else None
    except phonenumbers.NumberParseException:
        number = None
    if number is None and _ROUNDED.fullmatch(written):
        raise Invalid(
            "this is no phone number but what a spreadsheet made of one, and its last digits are "
            "lost; take it from where it came from"
        )
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
