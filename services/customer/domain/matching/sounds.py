"""How a word sounds, roughly: what is heard at a counter and written down from memory.

A key in the manner of Soundex, for Turkish. Soft g is not heard, h is often lost (Mehmet, Memet),
a word's last b, d and c are said p, t and ç, and vowels are what people mix up most. Of folded
words, so ğ has become g by now: a g behind a vowel is taken for one.
"""

from functools import lru_cache

LONGEST = 4
_VOWELS = frozenset("aeiou")
_SILENT = frozenset("hy")
_CLASSES = {
    letter: sounds[0]
    for sounds in ("pb", "td", "cj", "kgqx", "sz", "fvw", "m", "n", "l", "r")
    for letter in sounds
}


@lru_cache(maxsize=8192)
def sound_of(word: str) -> str:
    """The key of a folded word: a first vowel as `a`, then consonants, repeated ones once."""
    key = "a" if word[:1] in _VOWELS else ""
    before = ""
    for letter in word:
        is_soft = letter == "g" and before in _VOWELS and before != ""
        if letter not in _VOWELS and letter not in _SILENT and not is_soft:
            code = _CLASSES.get(letter, letter)
            if not key.endswith(code) or before in _VOWELS | _SILENT:
                key += code
        before = letter
    return key[:LONGEST] or word[:1]
