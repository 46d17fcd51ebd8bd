"""What an order is, what may happen to it, and what it comes to. Plain Python."""

from services.orders.domain.kdv import KdvClass, NoKdvRate, contained_kdv, kdv_rate
from services.orders.domain.order import (
    CustomerUnknown,
    IllegalMove,
    Line,
    Order,
    OrderNotFound,
    Status,
)

__all__ = [
    "CustomerUnknown",
    "IllegalMove",
    "KdvClass",
    "Line",
    "NoKdvRate",
    "Order",
    "OrderNotFound",
    "Status",
    "contained_kdv",
    "kdv_rate",
]
