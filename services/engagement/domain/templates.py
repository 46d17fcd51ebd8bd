"""What is said, in Turkish and in English, and what has to be filled in.

Every text has `{reach}`, by which a person is reached, and what needs a consent also has
`{refuse}`, by which it is refused (6563). These two are the house's own; all others are given by
whoever asks.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from services.engagement.domain.address import Channel
from shared.errors import Invalid

LANGUAGES = ("tr", "en")  # the first where somebody's own is not known, or none of these
REACH, REFUSE = "reach", "refuse"
OURS = frozenset({REACH, REFUSE})
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")


@dataclass(frozen=True, kw_only=True)
class Wording:
    """One language's words: a short text for phones, a subject and a longer one for the rest."""

    short: str
    subject: str
    long: str


@dataclass(frozen=True, kw_only=True)
class Text:
    """What goes out. Texts to phones have no subject."""

    subject: str | None
    body: str


@dataclass(frozen=True, kw_only=True)
class Template:
    """What is said for one purpose. Each of its `placeholders` has at most so many characters."""

    name: str
    purpose: str
    placeholders: Mapping[str, int]
    wordings: Mapping[str, Wording]

    def check(self, values: Mapping[str, str]) -> None:
        """Raise Invalid where a value is missing, is not asked for, is empty or too long."""
        for name in sorted(self.placeholders.keys() - values.keys()):
            raise Invalid(f"{self.name} needs it; say what it is", field=f"values.{name}")
        for name in sorted(values.keys() - self.placeholders.keys()):
            raise Invalid(
                f"{self.name} has no such placeholder; it takes "
                f"{', '.join(sorted(self.placeholders))}",
                field=f"values.{name[:60]}",
            )
        for name, longest in self.placeholders.items():
            value = values[name]
            if not value.strip():
                raise Invalid("it is empty; say what it is", field=f"values.{name}")
            if len(value) > longest:
                raise Invalid(
                    f"it has {len(value)} characters; at most {longest} are taken",
                    field=f"values.{name}",
                )
            if _UNPRINTABLE.search(value):
                raise Invalid("it must be one line of plain text", field=f"values.{name}")

    def text(
        self,
        channel: Channel,
        language: str | None,
        values: Mapping[str, str],
        *,
        reach: str,
        refuse: str,
    ) -> Text:
        """The text as it goes out by a channel; `reach` and `refuse` are the house's own lines."""
        wording = self.wordings[spoken(language)]
        filled = {name: value.strip() for name, value in values.items()}
        filled |= {REACH: reach, REFUSE: refuse}
        if channel in (Channel.SMS, Channel.WHATSAPP):
            return Text(subject=None, body=wording.short.format_map(filled))
        return Text(
            subject=wording.subject.format_map(filled), body=wording.long.format_map(filled)
        )


def spoken(language: str | None) -> str:
    """In which of our languages somebody of this one is written to."""
    primary = (language or "").partition("-")[0].lower()
    return primary if primary in LANGUAGES else LANGUAGES[0]
