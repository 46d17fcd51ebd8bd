"""What units customers own, how long they are covered, and who registered them. Plain Python."""

from services.warranty.domain.cover import STATUTORY_YEARS, covered_until
from services.warranty.domain.product_week import (
    ProductWeek,
    product_weeks_of,
    product_weeks_told,
)
from services.warranty.domain.purchase import Contact, ContactKind, Price, Purchase
from services.warranty.domain.registration import (
    Decision,
    Document,
    DocumentKind,
    IllegalMove,
    Proof,
    Registration,
    RegistrationNotFound,
    following,
    register,
)
from services.warranty.domain.serials import canonical_serial, is_same_product
from services.warranty.domain.unit import (
    MOST_APART,
    CameWithAnOrder,
    CustomerUnknown,
    DeliveredLine,
    State,
    Unit,
    UnitNotFound,
    units_of_delivery,
)
from services.warranty.domain.week import is_in_week, last_day

__all__ = [
    "MOST_APART",
    "STATUTORY_YEARS",
    "CameWithAnOrder",
    "Contact",
    "ContactKind",
    "CustomerUnknown",
    "Decision",
    "DeliveredLine",
    "Document",
    "DocumentKind",
    "IllegalMove",
    "Price",
    "ProductWeek",
    "Proof",
    "Purchase",
    "Registration",
    "RegistrationNotFound",
    "State",
    "Unit",
    "UnitNotFound",
    "canonical_serial",
    "covered_until",
    "following",
    "is_in_week",
    "is_same_product",
    "last_day",
    "product_weeks_of",
    "product_weeks_told",
    "register",
    "units_of_delivery",
]
