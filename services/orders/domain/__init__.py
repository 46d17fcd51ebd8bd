"""What an order is, what may happen to it, and what it comes to. Plain Python."""

from services.orders.domain.kdv import KdvClass, NoKdvRate, contained_kdv, kdv_rate
from services.orders.domain.money import AlreadyInvoiced, Invoice, MoreThanPaid, Payment, Refund
from services.orders.domain.news import (
    Announcement,
    News,
    OtherCurrency,
    Person,
    Sighting,
    ToldDifferently,
)
from services.orders.domain.order import (
    CustomerUnknown,
    IllegalMove,
    Line,
    Order,
    OrderNotFound,
    Past,
    Status,
)
from services.orders.domain.risk import Band, risk_of

__all__ = [
    "AlreadyInvoiced",
    "Announcement",
    "Band",
    "CustomerUnknown",
    "IllegalMove",
    "Invoice",
    "KdvClass",
    "Line",
    "MoreThanPaid",
    "News",
    "NoKdvRate",
    "Order",
    "OrderNotFound",
    "OtherCurrency",
    "Past",
    "Payment",
    "Person",
    "Refund",
    "Sighting",
    "Status",
    "ToldDifferently",
    "contained_kdv",
    "kdv_rate",
    "risk_of",
]
