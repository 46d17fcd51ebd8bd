"""Which words are one typing mistake apart, and how such words are found without comparing all.

Two words are at most one mistake apart only if they share a word of their neighbourhoods: each
without any one of its letters, and as it is. So a word that is kept under its whole
neighbourhood is found by that of what was typed, in as many keys as the word has letters.
"""

SHORTEST = 4  # letters of a word that has neighbours; shorter ones all look alike


def neighbourhood(word: str) -> frozenset[str]:
    """The word, and each word that it is without one of its letters."""
    if len(word) < SHORTEST:
        return frozenset({word})
    return frozenset({word} | {word[:place] + word[place + 1 :] for place in range(len(word))})


def is_one_mistake(one: str, other: str) -> bool:
    """Whether a letter too many, too few or wrong, or two letters swapped, make one the other."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    half = min(len(one), len(other)) // 2
    rest = half - 1
    if rest > 0 and one[:half] != other[:half] and one[-rest:] != other[-rest:]:
        return False  # a mistake in each half, as in most words
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if at is None:
        return True  # the longer has a letter more at its end
    if len(one) != len(other):
        short, long = sorted((one, other), key=len)
        return short[at:] == long[at + 1 :]
    swapped = one[at : at + 2] == other[at : at + 2][::-1]
    return one[at + 1 :] == other[at + 1 :] or (swapped and one[at + 2 :] == other[at + 2 :])
