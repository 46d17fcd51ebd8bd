"""What we write or call for: which purposes are service, which are marketing, and how often.

Rules with the day from which they hold. Which messages are commercial is law (6563 and its
regulation of 15 July 2015, from secondary sources; a lawyer confirms); how often is our own word.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from shared.calendar import DatedRules, Rule


class Nature(StrEnum):
    """What kind of thing is said. Service needs no consent, the others one of their own."""

    SERVICE = "service"
    MARKETING = "marketing"
    SURVEY = "survey"


class ConsentPurpose(StrEnum):
    """What a consent is for. One code never stands for two of them (KVKK 2025/1072).

    The first two let us write. The others are kept here since a code may have been taken for
    them; they open nothing.
    """

    MARKETING = "marketing"
    SURVEY = "survey"
    EXPLICIT_CONSENT = "explicit_consent"  # açık rıza, KVKK art. 3
    MEMBERSHIP = "membership"


class Trouble(StrEnum):
    """Which open complaints stand against it."""

    NONE = "none"
    SERIOUS = "serious"
    ANY = "any"


@dataclass(frozen=True, kw_only=True)
class Cadence:
    """At most so many within a time."""

    most: int
    within: timedelta


@dataclass(frozen=True, kw_only=True)
class Purpose:
    """What holds for everything that is said for one purpose.

    `counted_as` is what its contacts are counted under, together with others; an urgent one goes
    at any hour.
    """

    nature: Nature
    counted_as: str
    cadences: tuple[Cadence, ...]
    trouble: Trouble = Trouble.NONE
    is_urgent: bool = False

    @property
    def needs(self) -> ConsentPurpose | None:
        """The consent that it takes; None for none."""
        return _NEEDS.get(self.nature)


_NEEDS = {Nature.MARKETING: ConsentPurpose.MARKETING, Nature.SURVEY: ConsentPurpose.SURVEY}

DAY = timedelta(days=1)
OFFERS = "offers"
SURVEYS = "surveys"
# Under which a conversation is counted in which nothing was offered.
HEARD, TOLD = "heard", "told"  # they turned to us, or we to them


def _service(counted_as: str, *, most: int = 10, is_urgent: bool = False) -> Purpose:
    """A bound on service is there to stop what runs wild, and nobody who needs to know."""
    return Purpose(
        nature=Nature.SERVICE,
        counted_as=counted_as,
        cadences=(Cadence(most=most, within=DAY),),
        is_urgent=is_urgent,
    )


_OFFER = Purpose(
    nature=Nature.MARKETING,
    counted_as=OFFERS,
    cadences=(Cadence(most=2, within=7 * DAY), Cadence(most=4, within=30 * DAY)),
    trouble=Trouble.SERIOUS,
)

PURPOSES: DatedRules[Mapping[str, Purpose]] = DatedRules(
    Rule(
        since=date(2015, 5, 1),
        holds={
            "order": _service("order"),
            "delivery": _service("delivery"),
            "payment": _service("payment", most=3),
            "complaint": _service("complaint"),
            "warranty": _service("warranty", most=3),
            "appointment": _service("appointment"),
            "verification": _service("verification", is_urgent=True),
            "safety": _service("safety", is_urgent=True),
            "offer": _OFFER,
            # What makes the firm better known is commercial, good wishes for a feast included.
            "greeting": _OFFER,
            # A reminder that also sells is marketing.
            "warranty_extension": _OFFER,
            "survey": Purpose(
                nature=Nature.SURVEY,
                counted_as=SURVEYS,
                cadences=(Cadence(most=1, within=30 * DAY),),
                trouble=Trouble.ANY,
            ),
        },
        source="Law 6563 for what is commercial; the company's own word for how often",
    ),
)
NAMES = tuple(sorted(PURPOSES.on(date(2026, 1, 1))))
