"""Names as they are compared: one spelling for all that people, keyboards and software write."""

import unicodedata

# Letters that no decomposition leads to their plain ones, and both Turkish pairs of i, which other
# languages' rules would mix up: ISIK, Işık and isik are one name here.
_LETTERS = str.maketrans("İIıŞşĞğÇçÖöÜü", "iiissggccoouu")


def folded_name(name: str) -> str:
    """The key under which names are one: Turkish letters plain, no marks, no case, single spaces.

    For comparing alone; what is shown is the name as it was written.
    """
    composed = unicodedata.normalize("NFC", name)
    small = composed.translate(_LETTERS).casefold()
    plain = "".join(
        one
        for one in unicodedata.normalize("NFD", small)
        if unicodedata.category(one) not in ("Mn", "Cf")
    )
    return " ".join(unicodedata.normalize("NFC", plain).split())
