"""Under which keys a person is kept, so that whoever may be the same person shares one of them."""

from itertools import product

from services.customer.domain.matching.sounds import sound_of
from services.customer.domain.matching.traits import Traits, email_key, phone_key, tax_id_key

MOST_GIVEN = 3  # given names of one person that make keys


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
        keys.update(_names_keys(traits))
    return frozenset(keys)


def _names_keys(traits: Traits) -> set[str]:
    given, family = traits.given[:MOST_GIVEN], traits.family
    keys = set()
    for one, other in product(given, family):
        first, second = sorted((one, other))
        sounds = _key(*sorted((sound_of(one), sound_of(other))))
        if traits.district:
            keys.add(_key("name_district", first, second, traits.district))
        if traits.birth_date:
            keys.add(_key("sound_year", sounds, traits.birth_date[:4]))
        if traits.city:
            keys.add(_key("sound_city", sounds, traits.city))
        if traits.postal_code:
            keys.add(_key("sound_postal", sounds, traits.postal_code))
        keys.add(_key("sound", sounds))
    for word in {*given, *family}:
        if traits.birth_date:
            keys.add(_key("birth", sound_of(word), traits.birth_date))
        if traits.street and traits.numbers:
            keys.add(_key("street", word, traits.street[0], traits.numbers[0]))
    return keys


def _firms_keys(traits: Traits) -> set[str]:
    """A firm is known by the first two words of its name, with the place where that is known."""
    words = _key(*sorted(sound_of(word) for word in traits.family[:2]))
    places = [place for place in (traits.district, traits.city) if place]
    return {_key("firm", words, place) for place in places} or {_key("firm", words)}


def _key(*parts: str) -> str:
    return "\0".join(parts)
