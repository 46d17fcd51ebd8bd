"""Who may be one person: blocks to find them in, a score to judge them by. Plain Python."""

from services.customer.domain.matching.blocking import blocking_keys
from services.customer.domain.matching.fillers import is_filler_tax_id
from services.customer.domain.matching.levels import Field, Level
from services.customer.domain.matching.matcher import (
    FieldScore,
    Matcher,
    Score,
    Verdict,
)
from services.customer.domain.matching.traits import (
    Traits,
    email_key,
    phone_key,
    tax_id_key,
    traits_of,
)
from services.customer.domain.matching.weights import SHIPPED, Weights

__all__ = [
    "SHIPPED",
    "Field",
    "FieldScore",
    "Level",
    "Matcher",
    "Score",
    "Traits",
    "Verdict",
    "Weights",
    "blocking_keys",
    "email_key",
    "is_filler_tax_id",
    "phone_key",
    "tax_id_key",
    "traits_of",
]
