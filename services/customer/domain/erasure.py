"""What is kept of somebody whose data was erased, and why: dated rules, told to whoever asked.

KVKK (Law 6698) art. 7 has data erased when what it was kept for is over; what another law wants
kept stays. The terms are from secondary sources; a lawyer confirms them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from shared.calendar import DatedRules, Rule
from shared.errors import Conflict


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Something that stays, for how many years after it was made, and by which law."""

    what: str
    years: int | None  # None for as long as it is asked for
    because: str


KEPT: DatedRules[Sequence[Kept]] = DatedRules(
    Rule(
        since=date(2016, 4, 7),
        holds=(
            Kept(
                what="orders with their payments and invoices, under an id alone",
                years=10,
                because="Law 6102 (TTK) art. 82: commercial books and papers",
            ),
            Kept(
                what="consents and refusals, by a key of the address",
                years=3,
                because="Law 6563 and its regulation: the burden of proof; a refusal is obeyed on",
            ),
            Kept(
                what="units with the end of their cover, under an id alone",
                years=None,
                because="Law 6502: what is covered stays so for whoever has it",
            ),
            Kept(
                what="who saw or erased what, and when",
                years=3,
                because="KVKK regulation of 28 October 2017, art. 7: a record of each erasure",
            ),
        ),
        source="KVKK art. 7 and 11; the other laws from secondary sources",
    ),
)


class SettleFirst(Conflict):
    """Nobody has said yet whether others are this person: what is theirs would go as well."""

    def __init__(self, links: Sequence[str]) -> None:
        super().__init__(
            f"say first whether they are one person: confirm or end {', '.join(links)}"
        )
