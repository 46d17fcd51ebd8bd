"""Whose business a customer is, by the person that their ids are linked to."""

from typing import Any

from services.customer import bootstrap
from services.customer.domain import CustomerNotFound
from shared.aws.http import Request


def must_reach(request: Request[Any], customer_id: str) -> None:
    """Raise CustomerNotFound for a customer who is none of the caller's business."""
    if not request.reaches(customer_id, bootstrap.rows().members):
        raise CustomerNotFound(customer_id)
