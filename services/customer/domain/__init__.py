"""Who a customer is, how they are reached, and which customers are one person. Plain Python."""

from services.customer.domain.contact import ContactKind, ContactPoint, contact_points
from services.customer.domain.customer import Customer, CustomerNotFound, Edge
from services.customer.domain.links import (
    AlreadyOnePerson,
    Link,
    LinkEnded,
    LinkNotFound,
    TooManyMembers,
    join,
    part,
)

__all__ = [
    "AlreadyOnePerson",
    "ContactKind",
    "ContactPoint",
    "Customer",
    "CustomerNotFound",
    "Edge",
    "Link",
    "LinkEnded",
    "LinkNotFound",
    "TooManyMembers",
    "contact_points",
    "join",
    "part",
]
