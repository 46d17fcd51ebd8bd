"""Where somebody stands in the directory in which people are searched for at the desk.

The directory has drawers, and each drawer is sorted. A word of a name or of a place stands in the
drawer of its first letters, two words of one person in the drawer of both, so that two words that
are common each are rare together. Whoever types the beginning of what stands there finds it in
one look, however many drawers there are.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, islice

from services.customer.domain.contact import ContactKind
from services.customer.domain.customer import Customer
from services.customer.domain.names import folded_name

HEAD = 3  # letters of a word that name its drawer
LONGEST = 24  # letters of a word that are kept
MOST_NAME_WORDS = 5
MOST_PLACE_WORDS = 2  # of a district; a province has one
MOST_REST = 4  # words that stand behind those of the drawer
MOST_POINTS = 3  # phones, and as many e-mails
ENDING, OPENING = 4, 6  # digits of a phone that name its two drawers
HOME_CODE = "90"
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, kw_only=True)
class Listed:
    """What the directory shows of somebody: no phone and no e-mail."""

    customer_id: str
    name: str | None
    district: str | None
    city: str | None

    @classmethod
    def of(cls, customer: Customer) -> "Listed":
        """Of several addresses the first counts, which is the one in use."""
        places = customer.addresses
        return cls(
            customer_id=customer.customer_id,
            name=customer.name,
            district=next((one.district for one in places if one.district), None),
            city=next((one.city for one in places if one.city), None),
        )


@dataclass(frozen=True, order=True)
class Listing:
    """A place in a drawer. It may be looked for by any beginning of `place`."""

    drawer: str
    place: str


def words_in(text: str | None) -> list[str]:
    """The words of a text, folded, each once."""
    found = _WORD.findall(folded_name(text or ""))
    return list(dict.fromkeys(one[:LONGEST] for one in found))


def words_of(listed: Listed) -> frozenset[str]:
    """All words that somebody is listed under by themselves."""
    return frozenset(word for word in _all_words(listed) if len(word) > 1)


def listings_of(customer: Customer) -> frozenset[Listing]:
    """Every place at which a customer stands: a bounded number, usually about a dozen."""
    listed = Listed.of(customer)
    return frozenset({*_by_words(listed), *_by_phones(customer), *_by_emails(customer)})


def head(word: str) -> str:
    """The letters of a word that name its drawer; all of it, where it is short."""
    return word[:HEAD]


def word_drawer(word: str) -> str:
    return f"W#{head(word)}"


def pair_drawer(one: str, other: str) -> str:
    return "2#" + " ".join(sorted((head(one), head(other))))


def ending_drawer(digits: str) -> str:
    return f"P#{digits[-ENDING:]}"


def opening_drawer(digits: str) -> str:
    return f"T#{digits[:OPENING]}"


def email_drawer(email: str) -> str:
    return f"M#{head(email.partition('@')[0])}"


def _by_words(listed: Listed) -> list[Listing]:
    names, all_words = _name_words(listed), _all_words(listed)
    single = [
        Listing(word_drawer(word), _line([word], all_words)) for word in all_words if len(word) > 1
    ]
    pairs = [
        Listing(pair_drawer(*pair), _line(sorted(pair), all_words))
        for pair in combinations(all_words, 2)
        if pair[0] in names  # no two words of places: that would be nobody's name
    ]
    return single + pairs


def _all_words(listed: Listed) -> list[str]:
    return list(dict.fromkeys([*_name_words(listed), *_place_words(listed)]))


def _line(first: Sequence[str], all_words: Sequence[str]) -> str:
    rest = [word for word in all_words if word not in first]
    return " ".join([*first, *rest[:MOST_REST]])


def _by_phones(customer: Customer) -> list[Listing]:
    listings = []
    for value in _points(customer, ContactKind.PHONE):
        digits = value.removeprefix("+").removeprefix(HOME_CODE)
        listings.append(Listing(ending_drawer(digits), digits[::-1]))
        listings.append(Listing(opening_drawer(digits), digits))
    return listings


def _by_emails(customer: Customer) -> list[Listing]:
    emails = [folded_name(value) for value in _points(customer, ContactKind.EMAIL)]
    return [Listing(email_drawer(email), email) for email in emails]


def _points(customer: Customer, kind: ContactKind) -> list[str]:
    found = (one for one in customer.contact_points if one.kind is kind and one.is_evidence)
    return [one.value for one in islice(found, MOST_POINTS)]


def _name_words(listed: Listed) -> list[str]:
    """Of a long name the first words and the last, which is the family's."""
    words = words_in(listed.name)
    if len(words) <= MOST_NAME_WORDS:
        return words
    return [*words[: MOST_NAME_WORDS - 1], words[-1]]


def _place_words(listed: Listed) -> list[str]:
    return [*words_in(listed.district)[:MOST_PLACE_WORDS], *words_in(listed.city)[:1]]
