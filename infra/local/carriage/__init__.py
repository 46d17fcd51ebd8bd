"""What carries events to functions by itself: in this process, or in one of its own."""

from infra.local.carriage.apart import CarriageApart, CarriageEnded
from infra.local.carriage.child import Order
from infra.local.carriage.here import Carriage

__all__ = ["Carriage", "CarriageApart", "CarriageEnded", "Order"]
