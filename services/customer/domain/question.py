"""What somebody at the desk types to find people, taken apart."""

import re
from dataclasses import dataclass
from itertools import groupby

from services.customer.domain.listings import ENDING, HOME_CODE, words_in
from services.customer.domain.names import folded_name
from shared.errors import Invalid

MOST_WORDS = 8
_NUMERIC = re.compile(r"[\d()+./\-\u2010-\u2015]+")
_ABROAD, _LONG = "00", 9  # fewer digits are a number's last ones
NATIONAL = 10  # digits of a Turkish number without 0
_ENOUGH = (
    "this says too little; write at least two letters of a name or of a place, "
    f"the last {ENDING} digits of a phone, or the beginning of an e-mail"
)


@dataclass(frozen=True, kw_only=True)
class Question:
    """Folded words, digits of a phone and the beginning of an e-mail; any may be missing.

    `whole` is all of it where it has no blank: it might be an e-mail before its @.
    """

    words: tuple[str, ...] = ()
    digits: str = ""
    email: str = ""
    whole: str = ""

    @property
    def by_words(self) -> bool:
        """Whether words are all there is to look by."""
        return not (self.digits or self.email)

    @classmethod
    def of(cls, text: str) -> "Question":
        """What was asked. Raise Invalid where it is too little, or too much, to look for."""
        chunks = folded_name(text).split()
        emails = [one for one in chunks if "@" in one[1:]]
        digits = _phone(chunks)
        words = words_in(" ".join(one for one in chunks if "@" not in one[1:]))
        if digits:
            words = [one for one in words if not one.isdecimal()]
        letters = "".join(one for one in words if not one.isdecimal())
        if not emails and not digits and len(letters) < 2:  # noqa: PLR2004
            raise Invalid(_ENOUGH, field="text")
        if len(words) > MOST_WORDS:
            raise Invalid(f"write at most {MOST_WORDS} words", field="text")
        return cls(
            words=tuple(words),
            digits=digits,
            email=emails[0] if emails else "",
            whole=chunks[0] if len(chunks) == 1 and not digits and not emails else "",
        )


def _phone(chunks: list[str]) -> str:
    """The longest run of figures that could be of a phone, without the code of the country."""
    runs = [
        "".join(run)
        for numeric, run in groupby(chunks, lambda one: bool(_NUMERIC.fullmatch(one)))
        if numeric
    ]
    written = max(runs, key=len, default="")
    digits = "".join(str(int(one)) for one in written if one.isdecimal())
    if len(digits) < ENDING:
        return ""
    abroad = written.startswith(("+", "(+"))
    if digits.startswith(_ABROAD) and len(digits) >= _LONG:
        abroad, digits = True, digits.removeprefix(_ABROAD)
    if digits.startswith(HOME_CODE) and (abroad or len(digits) == NATIONAL + len(HOME_CODE)):
        return digits.removeprefix(HOME_CODE)
    return digits.removeprefix("0") if len(digits) > NATIONAL else digits
