"""How long the law covers a product: from its delivery on, whatever is or is not registered.

Law 6502 on the Protection of Consumers and the Warranty Certificate Regulation of 13 June 2014.
Known from secondary sources only: a lawyer has to confirm it before anyone relies on it.
"""

from calendar import monthrange
from datetime import date

from shared.calendar import DatedRules, NoRuleYet, Rule

# Years of cover for what was delivered to the consumer since that day.
STATUTORY_YEARS = DatedRules(
    Rule(
        since=date(2014, 6, 13),
        holds=2,
        source="Law 6502 and the Warranty Certificate Regulation of 13.06.2014",
    ),
)


def covered_until(delivered_on: date | None) -> date | None:
    """The last day of the statutory cover of what was delivered on a day in Turkey.

    A term counted in years ends on the day with the number of its first one, or
    on the month's last where there is none (Code of Obligations 6098, art. 92).
    None where the day of delivery is not known, and for days too far back for
    the rules known here. Nothing but the delivery goes into it: neither proof
    nor registration can make it shorter.
    """
    if delivered_on is None:
        return None
    try:
        year = delivered_on.year + STATUTORY_YEARS.on(delivered_on)
    except NoRuleYet:
        return None
    last = monthrange(year, delivered_on.month)[1]
    return delivered_on.replace(year=year, day=min(delivered_on.day, last))
