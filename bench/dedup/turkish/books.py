"""How people come to stand in a company's books: more than once, over time, with mistakes."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import islice

from bench.dedup.sets import Records
from bench.dedup.turkish.mistakes import (
    capitals,
    heard,
    mistaken_date,
    mistyped_digits,
    typed,
)
from bench.dedup.turkish.people import Person, Town
from services.customer.domain import Address, ContactKind, ContactPoint, Customer
from services.customer.domain.matching import Traits, traits_of

TWINS = (0.72, 0.2, 0.06, 0.02)  # who stands in the books once, twice, three and four times
MARRIED, MOVED, NEW_PHONE, NEW_EMAIL = 0.08, 0.15, 0.12, 0.12  # between two entries
NAMESAKE = 0.03  # a grandchild of the same name in the same district
FIRM = 0.04  # homes where somebody has a firm
DEALERS = 20  # whose own number or e-mail stands where customers' should
FILLERS = ("+905555555555", "+905550000000", "yok@yok.com", "info@firma.com.tr", "a@a.com")
SINCE = datetime(2024, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Entry:
    """One entry of the books, and whose it is."""

    customer: Customer
    born: date | None
    person: int
    home: int

    def traits(self) -> Traits:
        """What is compared of it."""
        return traits_of(self.customer, birth_date=self.born)


def books(name: str, *, size: int, seed: int) -> Records:
    """So many entries, the same for the same seed."""
    written = [*entries(seed, size)]
    random.Random(seed).shuffle(written)  # noqa: S311 - made-up people, no secret
    return Records(
        name=name,
        traits=[entry.traits() for entry in written],
        persons=[entry.person for entry in written],
        homes=[entry.home for entry in written],
    )


def entries(seed: int, size: int) -> Iterator[Entry]:
    """The first so many entries of the books of a seed."""
    return islice(_entries(seed), size)


def _entries(seed: int) -> Iterator[Entry]:
    town = Town(seed)
    clerk = Clerk(town)
    while True:
        home = town.home()
        if town.chance.random() < NAMESAKE:
            home.append(town.namesake(home[0]))
        for person in home:
            yield from clerk.enter(person, home)
        if town.chance.random() < FIRM:
            yield clerk.firm(home[0])


class Clerk:
    """Writes people down."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self._chance = town.chance
        self._dealers = [town.mobile() for _ in range(DEALERS)]
        self._written = 0
        self._firms = 0

    def enter(self, person: Person, home: Sequence[Person]) -> Iterator[Entry]:
        """All entries of a person; what changed in between stays changed."""
        times = 1 + self._chance.choices(range(len(TWINS)), TWINS)[0]
        if times > 1 and person.maiden and self._chance.random() < 4 * MARRIED:
            person = replace(person, family=person.maiden)
            married = home[0].family
        else:
            married = None
        for time in range(times):
            yield self._entry(person, home)
            if time == 0 and married is not None:
                person = replace(person, family=married)
            person = self._later(person)

    def firm(self, owner: Person) -> Entry:
        """The firm of somebody, who is reached as they are."""
        self._firms += 1
        trade = self._chance.choice(("Elektrik", "Gıda", "Mobilya", "Tekstil", "Otomotiv"))
        tail = self._chance.choice(("Ltd. Şti.", "San. ve Tic. A.Ş.", "Tic. Ltd. Şti."))
        return self._written_down(
            name=f"{owner.family} {trade} {tail}",
            born=None,
            points=[(ContactKind.PHONE, owner.mobile)],
            address=owner.address,
            person=-self._firms,
            home=-self._firms,
        )

    def _later(self, person: Person) -> Person:
        chance = self._chance
        if chance.random() < MOVED:
            fresh = self._town.address()
            stays = chance.random() < 0.7
            city, district = (
                (person.address.city, person.address.district)
                if stays and chance.random() < 0.5
                else (fresh.city, fresh.district)
            )
            person = replace(
                person, address=replace(fresh, city=city, district=district), landline=None
            )
        if chance.random() < NEW_PHONE:
            person = replace(person, mobile=self._town.mobile())
        if chance.random() < NEW_EMAIL:
            fresh_email = self._town.email(person.given, person.family, person.born.year)
            person = replace(person, email=fresh_email)
        return person

    def _entry(self, person: Person, home: Sequence[Person]) -> Entry:
        return self._written_down(
            name=self._name(person),
            born=self._birth_date(person),
            points=[*self._phones(person, home), *self._emails(person, home)],
            address=self._address(person),
            person=person.number,
            home=person.home,
        )

    def _name(self, person: Person) -> str:
        chance = self._chance
        given = self._given(person.given)
        family = [person.family]
        if person.maiden and person.maiden != person.family and chance.random() < 0.08:
            family = [person.maiden, person.family]
        words = [*given, *family]
        for place, word in enumerate(words):
            if chance.random() < 0.05:
                words[place] = typed(word, chance)
            elif chance.random() < 0.03:
                words[place] = heard(word, chance)
        if chance.random() < 0.04:
            words = [words[-1], *words[:-1]]
        return capitals(" ".join(words), chance)

    def _given(self, names: Sequence[str]) -> list[str]:
        """Of two given names often one, an initial, or both as one word."""
        if len(names) == 1:
            return [*names]
        first, second = names
        forms = (
            [first, second],
            [first],
            [second],
            [f"{first[0]}.", second],
            [first + second.lower()],
        )
        return self._chance.choices(forms, (50, 30, 10, 5, 5))[0]

    def _birth_date(self, person: Person) -> date | None:
        chance = self._chance
        if chance.random() >= 0.65:
            return None
        return mistaken_date(person.born, chance) if chance.random() < 0.04 else person.born

    def _phones(self, person: Person, home: Sequence[Person]) -> list[tuple[ContactKind, str]]:
        chance = self._chance
        found = []
        if chance.random() < 0.95:  # who delivers has to call
            kind = chance.random()
            number = person.mobile
            if kind < 0.07:
                number = chance.choice(home).mobile  # a wife's, a father's
            elif kind < 0.085:
                number = mistyped_digits(number, chance)
            elif kind < 0.1:
                number = chance.choice(self._dealers)
            elif kind < 0.11:
                number = chance.choice(FILLERS[:2])
            found.append(number)
        if person.landline and chance.random() < 0.5:
            found.append(person.landline)
        return [(ContactKind.PHONE, one) for one in found]

    def _emails(self, person: Person, home: Sequence[Person]) -> list[tuple[ContactKind, str]]:
        chance = self._chance
        if chance.random() >= 0.55:
            return []
        kind = chance.random()
        email = person.email
        if kind < 0.06:
            email = chance.choice(home).email
        elif kind < 0.09:
            email = typed(email.partition("@")[0], chance) + "@" + email.partition("@")[2]
        elif kind < 0.12:
            email = chance.choice(FILLERS[2:])
        return [(ContactKind.EMAIL, email)]

    def _address(self, person: Person) -> Address | None:
        chance = self._chance
        kind = chance.random()
        if kind < 0.05:
            return None
        address = person.address
        lines = address.lines or ""
        if kind < 0.15:
            return replace(address, lines=None)
        if chance.random() < 0.3:
            lines = lines.partition(" Mah. ")[2]  # many leave it out
        if chance.random() < 0.15:
            lines = typed(lines, chance)
        district = address.district or ""
        if chance.random() < 0.03:
            district = typed(district, chance)
        return Address(
            lines=capitals(lines, chance),
            district=capitals(district, chance),
            city=capitals(address.city or "", chance),
        )

    def _written_down(
        self,
        *,
        name: str,
        born: date | None,
        points: Sequence[tuple[ContactKind, str]],
        address: Address | None,
        person: int,
        home: int,
    ) -> Entry:
        self._written += 1
        customer = Customer(
            customer_id=f"cus_{self._written}",
            name=name,
            since=SINCE,
            contact_points=tuple(ContactPoint(kind=kind, value=value) for kind, value in points),
            addresses=(address,) if address else (),
        )
        return Entry(customer, born, person, home)
