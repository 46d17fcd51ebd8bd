"""Hearing of words between customers and us."""

from dataclasses import replace
from datetime import datetime

from services.engagement.domain.rapport import Offered, Rapport
from services.engagement.domain.silence import Word
from services.engagement.ports.silences import Rapports
from shared.calendar import day_in_turkey


def hear(
    rapports: Rapports,
    customer_id: str,
    word: Word,
    at: datetime,
    offer: Offered | None = None,
) -> None:
    """Take in that somebody turned to somebody, and with which offer, if it was one.

    What is nobody's is passed over.
    """
    if not customer_id:
        return

    def heard(before: Rapport) -> Rapport:
        after = replace(before, silence=before.silence.after(word, day_in_turkey(at)))
        return after.offered(offer) if offer else after

    rapports.keep(customer_id, heard)
