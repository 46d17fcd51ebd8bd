"""Serial numbers: shown as they were written, found under one canonical spelling."""

import unicodedata

from shared.errors import Invalid

SHORTEST = 4  # letters and digits; what is shorter is no serial number but a word for "none"
_LETTERS = str.maketrans("İIıŞşĞğÇçÖöÜü", "iiissggccoouu")


def canonical_serial(written: str) -> str:
    """The letters and digits alone, in capitals: people leave out the rest, or make it up.

    Letters that only a Turkish keyboard has are those they stand for. Raise
    Invalid where this can be no serial number.
    """
    plain = unicodedata.normalize("NFKC", written).translate(_LETTERS).upper()
    kept = "".join(one for one in plain if one.isascii() and one.isalnum())
    if len(kept) < SHORTEST or not any(one.isdigit() for one in kept):
        raise Invalid(
            "this is no serial number; copy it from the label, or leave it out and name the "
            "product",
            field="serial",
        )
    return kept


def is_same_product(one: str | None, other: str | None) -> bool:
    """Whether two spellings may mean one product; a product that is not named may be any."""
    return one is None or other is None or _folded(one) == _folded(other)


def _folded(product: str) -> str:
    return " ".join(product.translate(_LETTERS).casefold().split())
