"""Under which keys a person is kept, so that whoever may be the same person shares one of them."""

from collections.abc import Iterator
from itertools import combinations

from services.customer.domain.matching.sounds import sound_of
from services.customer.domain.matching.traits import Traits, email_key, phone_key, tax_id_key

MOST_GIVEN = 3  # given names of one person that make keys
NEW_YEAR = "-01-01"  # so many are said to be born on it that the day alone makes no block


def blocking_keys(traits: Traits) -> frozenset[str]:
    """The keys of a person's blocks: some fifteen of one of whom all is known.

    A key holds personal data in plain; whoever stores one hashes it. Two words of a name make one
    key whichever stands first, so that swapped names meet.
    """
    keys = {phone_key(one) for one in traits.phones}
    keys.update(email_key(one) for one in traits.emails)
    if traits.tax_id:
        keys.add(tax_id_key(traits.tax_id))
    if traits.is_firm:
        keys.update(_firms_keys(traits))
    else:
        keys.update(_persons_keys(traits))
    return frozenset(keys)


def _persons_keys(traits: Traits) -> set[str]:
    words = list(dict.fromkeys([*traits.given[:MOST_GIVEN], *traits.family]))
    keys = {key for pair in combinations(words, 2) for key in _names_keys(traits, *pair)}
    for word in words:
        keys.update(_word_keys(traits, sound_of(word)))
    if traits.birth_date and not traits.birth_date.endswith(NEW_YEAR):
        keys.add(_key("birth", traits.birth_date))
    place = traits.city or traits.district or traits.postal_code
    if traits.street and traits.numbers and place:
        keys.add(_key("door", place, traits.street[0], *traits.numbers))
    if traits.street and traits.postal_code:
        keys.add(_key("street_postal", traits.street[0], traits.postal_code))
    return keys


def _names_keys(traits: Traits, one: str, other: str) -> Iterator[str]:
    """Two words of a name, spelt or as they sound, with what is known beside them."""
    names = _key(*sorted((one, other)))
    sounds = _key(*sorted((sound_of(one), sound_of(other))))
    yield _key("sound", sounds)
    if traits.district:
        yield _key("name_district", names, traits.district)
    if traits.birth_date:
        yield _key("sound_year", sounds, traits.birth_date[:4])
    if traits.city:
        yield _key("sound_city", sounds, traits.city)


def _word_keys(traits: Traits, sound: str) -> Iterator[str]:
    """One word of a name, of which more must be known."""
    if traits.birth_date and traits.birth_date.endswith(NEW_YEAR):
        yield _key("birth", traits.birth_date, sound)
    if traits.street and traits.district:
        yield _key("street", sound, traits.street[0], traits.district)
    if traits.postal_code:
        yield _key("sound_postal", sound, traits.postal_code)


def _firms_keys(traits: Traits) -> set[str]:
    """A firm is known by the first two words of its name, with the place where that is known."""
    words = _key(*sorted(sound_of(word) for word in traits.family[:2]))
    places = [place for place in (traits.district, traits.city) if place]
    return {_key("firm", words, place) for place in places} or {_key("firm", words)}


def _key(*parts: str) -> str:
    return "\0".join(parts)
