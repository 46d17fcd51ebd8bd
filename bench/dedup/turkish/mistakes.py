"""What becomes of names, numbers and dates when people type them, hear them or have no time."""

import random
from datetime import date

_NEIGHBOURS = ("qwertyuıop", "asdfghjklşi", "zxcvbnmöç")
_HEARD = (("ğ", ""), ("h", ""), ("y", ""), ("d", "t"), ("b", "p"), ("c", "ç"), ("v", "f"),
          ("ll", "l"), ("mm", "m"), ("i", "e"), ("u", "o"), ("ü", "u"), ("a", "e"))  # fmt: skip
_PLAIN = str.maketrans("ığüşöçİĞÜŞÖÇ", "igusocIGUSOC")
_CAPITALS = str.maketrans("iı", "İI")


def capitals(text: str, chance: random.Random) -> str:
    """As a Turkish keyboard, a foreign one or a form without Turkish letters writes it."""
    kind = chance.random()
    if kind < 0.2:
        return text.translate(_CAPITALS).upper()
    if kind < 0.35:
        return text.translate(_PLAIN).upper()
    if kind < 0.5:
        return text.translate(_PLAIN)
    if kind < 0.6:
        return text.lower()  # İ becomes an i with a dot above, as software has it
    return text


def typed(text: str, chance: random.Random) -> str:
    """One letter wrong, missing, twice, or swapped with the next."""
    if len(text) < 3:
        return text
    at = chance.randrange(1, len(text))
    kind = chance.randrange(4)
    if kind == 0:
        return text[:at] + text[at + 1 :]
    if kind == 1:
        return text[:at] + text[at] + text[at:]
    if kind == 2:
        return text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :]
    return text[:at] + _beside(text[at], chance) + text[at + 1 :]


def _beside(letter: str, chance: random.Random) -> str:
    for row in _NEIGHBOURS:
        place = row.find(letter.lower())
        if place >= 0:
            return row[max(0, min(len(row) - 1, place + chance.choice((-1, 1))))]
    return str(chance.randrange(10)) if letter.isdigit() else letter


def heard(word: str, chance: random.Random) -> str:
    """As somebody who heard it would write it."""
    possible = [(old, new) for old, new in _HEARD if old in word[1:]]
    if not possible:
        return word
    old, new = chance.choice(possible)
    return word[0] + word[1:].replace(old, new, 1)


def mistyped_digits(number: str, chance: random.Random) -> str:
    """One of the last seven digits wrong, or two swapped."""
    at = chance.randrange(len(number) - 7, len(number) - 1)
    if chance.random() < 0.5:
        return number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    return number[:at] + str(chance.randrange(10)) + number[at + 1 :]


def mistaken_date(day: date, chance: random.Random) -> date:
    """Day and month swapped, only the year known, or one of the three wrong."""
    kind = chance.random()
    if kind < 0.3 and day.day <= 12:
        return date(day.year, day.day, day.month)
    if kind < 0.6:
        return date(day.year, 1, 1)
    if kind < 0.8:
        return date(day.year, day.month, chance.randint(1, 28))
    return date(day.year + chance.choice((-1, 1, 10, -10)), day.month, min(day.day, 28))
