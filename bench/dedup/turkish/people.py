"""Households made up by a seed: who lives there, what they are called and how they are reached."""

import csv
import json
import random
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path

from services.customer.domain import Address

YOUNGEST = 2007  # year of birth of who buys by themselves
RARE_GIVEN, RARE_FAMILY = 0.12, 0.45  # shares of names that are on no list
NEW_YEAR_OLD, NEW_YEAR = 0.06, 0.01  # registered on a first of January, born before 1965 and since
SECOND_NAME = 0.25
_WORDS: dict[str, list[str]] = json.loads(
    Path(__file__).with_name("words.json").read_text(encoding="utf-8")
)
_PLAIN = str.maketrans("ığüşöçİÇĞÖŞÜ", "igusocICGOSU")


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody as they are at one time."""

    number: int
    home: int
    is_woman: bool
    given: tuple[str, ...]
    family: str
    maiden: str | None  # the family name before marrying
    born: date
    mobile: str
    landline: str | None  # the home's
    email: str
    address: Address


class Weighted:
    """A choice by weights that is quick to repeat."""

    def __init__(self, weights: Sequence[float]) -> None:
        self._sums = list(accumulate(weights))

    def choose(self, chance: random.Random) -> int:
        """The place of one of them."""
        return bisect(self._sums, chance.random() * self._sums[-1])


class Town:
    """Makes homes; the same seed makes the same ones."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - made-up people, no secret
        self._persons = 0
        self._homes = 0

    def home(self) -> list[Person]:
        """Who lives in the next home: one, a couple, or a family with children."""
        chance = self.chance
        self._homes += 1
        address, landline = self.address(), self.landline() if chance.random() < 0.2 else None
        family, elder = self.family_name(), chance.randint(1940, 1995)
        size = chance.choices((1, 2, 3, 4, 5), (22, 26, 22, 20, 10))[0]
        found = []
        for place in range(size):
            is_woman = place == 1 or (place != 0 and chance.random() < 0.5)
            if size == 1:
                is_woman = chance.random() < 0.5
            is_child = place > 1
            year = elder + (chance.randint(20, 35) if is_child else chance.randint(-4, 6))
            if year > YOUNGEST:
                continue
            married = is_woman and not is_child and chance.random() < 0.7
            found.append(
                self.person(
                    is_woman=is_woman,
                    family=family,
                    maiden=self.family_name() if married else None,
                    year=year,
                    address=address,
                    landline=landline,
                )
            )
        return found

    def person(
        self,
        *,
        is_woman: bool,
        family: str,
        maiden: str | None,
        year: int,
        address: Address,
        landline: str | None,
    ) -> Person:
        """Somebody of the home that was made last."""
        self._persons += 1
        given = self.given_names(is_woman=is_woman)
        return Person(
            number=self._persons,
            home=self._homes,
            is_woman=is_woman,
            given=given,
            family=family,
            maiden=maiden,
            born=self.birth_date(year),
            mobile=self.mobile(),
            landline=landline,
            email=self.email(given, family, year),
            address=address,
        )

    def namesake(self, other: Person) -> Person:
        """A grandchild or cousin named after somebody, in a home in the same district."""
        self._homes += 1
        street = replace(self.address(), district=other.address.district, city=other.address.city)
        youngest = YOUNGEST - self.chance.randint(0, 20)
        fresh = self.person(
            is_woman=other.is_woman,
            family=other.family,
            maiden=None,
            year=min(other.born.year + self.chance.randint(10, 60), youngest),
            address=street,
            landline=None,
        )
        return replace(fresh, given=other.given)

    def given_names(self, *, is_woman: bool) -> tuple[str, ...]:
        """One or two given names."""
        first = self._given(is_woman=is_woman)
        if self.chance.random() >= SECOND_NAME:
            return (first,)
        second = self._given(is_woman=is_woman)
        return (first,) if second == first else (first, second)

    def _given(self, *, is_woman: bool) -> str:
        if self.chance.random() < RARE_GIVEN:
            one, other = self.chance.sample(_WORDS["halves"], 2)
            return one + other.lower()
        names, weighted = _names("female" if is_woman else "male")
        return names[weighted.choose(self.chance)]

    def family_name(self) -> str:
        """A name of the list, or a rare one put together as such names are."""
        chance = self.chance
        if chance.random() >= RARE_FAMILY:
            names, weighted = _names("family")
            return names[weighted.choose(chance)]
        if chance.random() < 0.3:
            return chance.choice(_WORDS["jobs"]) + chance.choice(
                ("oğlu", "oğulları", "er", "soy", "can")
            )
        middle = chance.choice(("", "", chance.choice(_WORDS["stems"]).lower().replace("i̇", "i")))
        return chance.choice(_WORDS["stems"]) + middle + chance.choice(_WORDS["endings"])

    def birth_date(self, year: int) -> date:
        """A day of the year; of the old, more often its first, since nobody knew the day."""
        if self.chance.random() < (NEW_YEAR_OLD if year < 1965 else NEW_YEAR):
            return date(year, 1, 1)
        return date(year, 1, 1) + timedelta(days=self.chance.randrange(365))

    def mobile(self) -> str:
        """A number of an operator in Turkey."""
        operator = self.chance.choice(_WORDS["mobiles"])
        return f"+90{operator}{self.chance.randrange(10**7):07}"

    def landline(self) -> str:
        """A number of a home."""
        area = self.chance.choice(_WORDS["areas"])
        return f"+90{area}{self.chance.randrange(2 * 10**6, 7 * 10**6):07}"

    def email(self, given: Sequence[str], family: str, year: int) -> str:
        """An address made of a name, as most are."""
        chance = self.chance
        one, other = plain(given[0]), plain(family)
        mailbox = chance.choice(
            (f"{one}.{other}", f"{one}{other}", f"{one[0]}{other}", f"{other}.{one}")
        )
        provider = chance.choice(_WORDS["providers"])
        digits = chance.choice(("", str(year), str(year)[2:], str(chance.randrange(1000))))
        return f"{mailbox}{digits}@{provider}"

    def address(self) -> Address:
        """An address in some district, of many more people in the large ones."""
        places, weighted = _places()
        city, district = places[weighted.choose(self.chance)]
        chance = self.chance
        name = chance.choice(_WORDS["streets"])
        if chance.random() < 0.25:
            name = f"{chance.randrange(1, 2500)}."
        street = f"{name} {chance.choice(_WORDS['kinds'])}"
        flat = f"/{chance.randint(1, 24)}" if chance.random() < 0.8 else ""
        quarter = chance.choice(_WORDS["quarters"])
        lines = f"{quarter} Mah. {street} No:{chance.randint(1, 120)}{flat}"
        return Address(lines=lines, district=district, city=city)


def plain(word: str) -> str:
    """A word in the letters of an e-mail address."""
    return word.translate(_PLAIN).lower()


@cache
def _names(kind: str) -> tuple[list[str], Weighted]:
    """Names with their counts; where none was published, one that falls with the place."""
    with Path(__file__).with_name("names.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] == kind]
    known = [int(row["people"]) for row in rows if row["people"]]
    counts = [
        float(row["people"] or known[-1] * len(known) / place) for place, row in enumerate(rows, 1)
    ]
    return [row["name"] for row in rows], Weighted(counts)


@cache
def _places() -> tuple[list[tuple[str, str]], Weighted]:
    with Path(__file__).with_name("places.csv").open(encoding="utf-8", newline="") as file:
        rows = [*csv.DictReader(file)]
    return (
        [(row["city"], row["district"]) for row in rows],
        Weighted([float(row["people"]) for row in rows]),
    )
