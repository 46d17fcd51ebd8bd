"""How each trait of two people agrees: a level for each field, which a weight is learnt for."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from services.customer.domain.matching.likeness import Likeness, likeness
from services.customer.domain.matching.sounds import sound_of
from services.customer.domain.matching.traits import Traits
from services.customer.domain.spelling import is_one_mistake


class Field(StrEnum):
    """What is compared."""

    GIVEN = "given"
    FAMILY = "family"
    ORDER = "order"  # of given and family name
    BIRTH_DATE = "birth_date"
    TAX_ID = "tax_id"
    PHONE = "phone"
    EMAIL = "email"
    EXTERNAL_ID = "external_id"
    QUARTER = "quarter"
    STREET = "street"
    NUMBERS = "numbers"
    DISTRICT = "district"
    CITY = "city"
    POSTAL_CODE = "postal_code"

    __hash__ = str.__hash__  # an enumeration's own is ten times slower, and asked all the time


class Level(StrEnum):
    """How far two values agree, from the most to the least."""

    SAME = "same"
    NEW_YEAR = "new_year"  # the same first of January, which stands for a day that nobody knew
    PART = "part"  # some words, year or day of a date, or the home's line of several phones
    CLOSE = "close"  # a typing mistake apart
    ALIKE = "alike"  # some letters or the sound
    SWAPPED = "swapped"  # of given and family name: each in the other's place
    NEAR = "near"  # dates of birth of one generation, and nothing more in common
    DIFFERENT = "different"
    UNKNOWN = "unknown"  # of one of them it is not known: says nothing

    __hash__ = str.__hash__


RANKS = {level: rank for rank, level in enumerate(Level)}
_OF_LIKENESS = {
    Likeness.SAME: Level.SAME,
    Likeness.CLOSE: Level.CLOSE,
    Likeness.ALIKE: Level.ALIKE,
    Likeness.DIFFERENT: Level.DIFFERENT,
}
_NEW_YEAR = "-01-01"
GENERATION = 15  # years; nobody has a child before
_TWO = 2


class Agreement(NamedTuple):
    """The level at which a field agrees, and the words that do."""

    level: Level
    words: tuple[str, ...] = ()


UNKNOWN = Agreement(Level.UNKNOWN)
DIFFERENT = Agreement(Level.DIFFERENT)


def agreements(one: Traits, other: Traits) -> dict[Field, Agreement]:
    """How two people's traits agree, the same whichever stands first."""
    return {
        **_names(one, other),
        Field.BIRTH_DATE: _birth_dates(one.birth_date, other.birth_date),
        Field.TAX_ID: _whole(one.tax_id, other.tax_id),
        Field.PHONE: _phones(one.phones, other.phones),
        Field.EMAIL: _emails(one.emails, other.emails),
        Field.EXTERNAL_ID: _external_ids(one.external_ids, other.external_ids),
        Field.QUARTER: _words(one.quarter, other.quarter, each=False),
        Field.STREET: _words(one.street, other.street, each=False),
        Field.NUMBERS: _numbers(one.numbers, other.numbers),
        **_places(one, other),
    }


def _names(one: Traits, other: Traits) -> dict[Field, Agreement]:
    """Given with given and family with family, or crosswise where that agrees better."""
    given = _words(one.given, other.given)
    family = _families(one, other)
    if _worth((given, family)) < _BOTH and _may_be_crossed(one, other):
        crossed = sorted(
            (_words(one.given, other.family), _words(one.family, other.given)),
            key=lambda each: (RANKS[each.level], each.words),
        )
        # One name crosswise, say a family's, would pass for a given name: both must agree.
        is_both = crossed[0].level in _CROSSWISE and crossed[1].level is not Level.DIFFERENT
        if is_both and _worth(crossed) > _worth((given, family)) + 1:
            return {
                Field.GIVEN: crossed[0],
                Field.FAMILY: crossed[1],
                Field.ORDER: Agreement(Level.SWAPPED),
            }
    # Where the names disagree nobody can see in which order they stand.
    is_told = all(each.level in _CROSSWISE for each in (given, family))
    straight = Agreement(Level.SAME) if is_told else UNKNOWN
    return {Field.GIVEN: given, Field.FAMILY: family, Field.ORDER: straight}


_WORTH = {Level.SAME: 4, Level.PART: 3, Level.CLOSE: 3, Level.ALIKE: 2, Level.UNKNOWN: 1}


_BOTH = 6  # of a pair that agrees as it stands
_CROSSWISE = frozenset({Level.SAME, Level.PART, Level.CLOSE})


def _may_be_crossed(one: Traits, other: Traits) -> bool:
    """Whether a given name of one is, or nearly is, the family name of the other."""
    return any(
        sound_of(a) == sound_of(b) or likeness(a, b) is Likeness.CLOSE
        for given, family in ((one.given, other.family), (other.given, one.family))
        for a in given
        for b in family
    )


def _worth(pair: Sequence[Agreement]) -> int:
    return sum(_WORTH.get(one.level, 0) for one in pair)


def _families(one: Traits, other: Traits) -> Agreement:
    """A family name that the other still carries, or carried before marrying, agrees in part."""
    plain = _words(one.family, other.family)
    if plain.level in (Level.DIFFERENT, Level.ALIKE):
        own = {*one.given} ^ {*other.given}
        carried = own & {*one.family, *other.family}
        if carried:
            return Agreement(Level.PART, tuple(sorted(carried)))
    return plain


def _words(one: tuple[str, ...], other: tuple[str, ...], *, each: bool = True) -> Agreement:
    """All words, some, or words alike; Ayşenur and Ayşe Nur are a space apart.

    Where none is the same, they are compared together, and one by one if `each`.
    """
    if not one or not other:
        return UNKNOWN
    if one == other:
        return Agreement(Level.SAME, one)
    shared = {*one} & {*other}
    if shared:
        all_of_both = len(shared) == max(len(one), len(other))
        return Agreement(Level.SAME if all_of_both else Level.PART, tuple(sorted(shared)))
    return Agreement(_likest(one, other, each=each))


def _likest(one: tuple[str, ...], other: tuple[str, ...], *, each: bool) -> Level:
    """Of words none of which is the same: how alike they are together, or the two likest."""
    together = likeness("".join(one), "".join(other))
    if together in (Likeness.SAME, Likeness.CLOSE):
        return Level.CLOSE
    levels = [_OF_LIKENESS[together]]
    if each and len(one) + len(other) > _TWO:
        levels += [_OF_LIKENESS[likeness(a, b)] for a in one for b in other]
    if _is_initial(one[0], other[0]):
        levels.append(Level.ALIKE)
    return min(levels, key=RANKS.__getitem__)


def _is_initial(one: str, other: str) -> bool:
    return one[0] == other[0] and 1 in (len(one), len(other))


def _birth_dates(one: str | None, other: str | None) -> Agreement:
    if one is None or other is None:
        return UNKNOWN
    if one == other:
        return Agreement(Level.NEW_YEAR if one.endswith(_NEW_YEAR) else Level.SAME)
    return Agreement(_dates_apart(one, other))


def _dates_apart(one: str, other: str) -> Level:
    """Of two dates: day and month swapped, one part of three wrong, or two digits.

    Who knew only the year wrote the first of January.
    """
    year, month, day = one[:4], one[5:7], one[8:]
    if is_one_mistake(one, other) or other == f"{year}-{day}-{month}":
        return Level.CLOSE
    is_same_year = year == other[:4]
    if [is_same_year, month == other[5:7], day == other[8:]].count(True) == _TWO:
        return Level.PART
    if is_same_year and _NEW_YEAR in (one[4:], other[4:]):
        return Level.PART
    if sum(a != b for a, b in zip(one, other, strict=False)) == _TWO:
        return Level.ALIKE
    return Level.NEAR if abs(int(year) - int(other[:4])) < GENERATION else Level.DIFFERENT


def _whole(one: str | None, other: str | None) -> Agreement:
    if one is None or other is None:
        return UNKNOWN
    return Agreement(Level.SAME, (one,)) if one == other else DIFFERENT


def _phones(one: tuple[str, ...], other: tuple[str, ...]) -> Agreement:
    """Of several phones one in common is what counts; a fixed line is its home's."""
    if not one or not other:
        return UNKNOWN
    shared = {*one} & {*other}
    if any(not _is_fixed_line(each) for each in shared):
        return Agreement(Level.SAME)
    if any(is_one_mistake(a, b) for a in one for b in other):
        return Agreement(Level.CLOSE)
    return Agreement(Level.PART) if shared else DIFFERENT


_TURKEY = "+90"
_MOBILE = "+905"  # mobile numbers begin with 5 in Turkey, and no others do


def _is_fixed_line(phone: str) -> bool:
    """Whether it is a line of a place; of other countries' numbers it is not known."""
    return phone.startswith(_TURKEY) and not phone.startswith(_MOBILE)


def _emails(one: tuple[str, ...], other: tuple[str, ...]) -> Agreement:
    """A mailbox that is just a name says little at another provider; with a number it is close."""
    if not one or not other:
        return UNKNOWN
    if not {*one}.isdisjoint(other):
        return Agreement(Level.SAME)
    levels = [_mailboxes(a.partition("@")[0], b.partition("@")[0]) for a in one for b in other]
    return Agreement(min(levels, key=RANKS.__getitem__))


def _mailboxes(one: str, other: str) -> Level:
    if one == other:
        return Level.CLOSE if any(letter.isdigit() for letter in one) else Level.ALIKE
    return Level.ALIKE if is_one_mistake(one, other) else Level.DIFFERENT


def _external_ids(one: tuple[str, ...], other: tuple[str, ...]) -> Agreement:
    """A system that has given each an id of their own takes them for two."""
    if not {*one}.isdisjoint(other):
        return Agreement(Level.SAME)
    systems = {each.partition(":")[0] for each in one}
    theirs = {each.partition(":")[0] for each in other}
    return UNKNOWN if systems.isdisjoint(theirs) else DIFFERENT


def _numbers(one: tuple[str, ...], other: tuple[str, ...]) -> Agreement:
    if not one or not other:
        return UNKNOWN
    if one == other:
        return Agreement(Level.SAME)
    if {*one} & {*other}:
        return Agreement(Level.PART)
    return Agreement(Level.CLOSE) if is_one_mistake(one[0], other[0]) else DIFFERENT


def _places(one: Traits, other: Traits) -> dict[Field, Agreement]:
    """A city says nothing beside a district that agrees, since the district lies in it."""
    district = _place(one.district, other.district)
    city = _place(one.city, other.city)
    if district.level in (Level.SAME, Level.CLOSE) and city.level is not Level.DIFFERENT:
        city = UNKNOWN
    postal = _place(one.postal_code, other.postal_code)
    return {Field.DISTRICT: district, Field.CITY: city, Field.POSTAL_CODE: postal}


def _place(one: str | None, other: str | None) -> Agreement:
    if one is None or other is None:
        return UNKNOWN
    if one == other:
        return Agreement(Level.SAME, (one,))
    return Agreement(_OF_LIKENESS[likeness(one, other)])
