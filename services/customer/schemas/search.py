"""Bodies of the search for people."""

from typing import Annotated

from pydantic import Field, StringConstraints

from services.customer.domain import Found, Reason
from services.customer.domain.search import Field as Where
from services.customer.domain.search import How
from shared.contracts.model import Body


class SearchCustomers(Body):
    """What is known of somebody, as it comes to mind."""

    text: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)
    ] = Field(
        description="beginnings of words of the name, the district or the city; digits of a "
        "phone, the last four or more; the beginning of an e-mail"
    )
    limit: int = Field(default=20, ge=1, le=20)


class Why(Body):
    """What was found, and how far it is what was asked for."""

    field: Where
    how: How

    @classmethod
    def of(cls, reason: Reason) -> "Why":
        return cls(field=reason.field, how=reason.how)


class SearchedCustomer(Body):
    """One who fits, and why."""

    customer_id: str
    display_name: str | None
    district: str | None
    why: list[Why]


class SearchedCustomers(Body):
    """Those who fit, the best first; several entries may be one person."""

    customers: list[SearchedCustomer]
    more: bool = Field(description="whether others may fit as well")
    advice: str | None = Field(description="what to add, where others may fit as well")

    @classmethod
    def of(cls, found: Found) -> "SearchedCustomers":
        return cls(
            customers=[
                SearchedCustomer(
                    customer_id=fit.listed.customer_id,
                    display_name=fit.listed.name,
                    district=fit.listed.district,
                    why=[Why.of(reason) for reason in fit.why],
                )
                for fit in found.fits
            ],
            more=found.more,
            advice=found.advice,
        )
