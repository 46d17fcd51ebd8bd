"""Hearing of words between customers and us."""

from datetime import datetime

from services.engagement.domain.silence import Word
from services.engagement.ports.silences import Silences
from shared.calendar import day_in_turkey


def hear(silences: Silences, customer_id: str, word: Word, at: datetime) -> None:
    """Take in that somebody turned to somebody. What is nobody's is passed over."""
    if customer_id:
        silences.hear(customer_id, word, day_in_turkey(at))
