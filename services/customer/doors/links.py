"""Which customers are one person: said, and taken back."""

from services.customer import bootstrap
from services.customer.domain import Link
from services.customer.schemas.links import EndLink, LinkCustomers, LinkView
from services.customer.use_cases import links as use_cases
from shared.access import Action
from shared.aws.http import Answer, Api, Request


def open_links(api: Api) -> None:
    """Serve `POST /{customer_id}/links` and what is done with a link."""

    @api.route(
        "POST",
        "/{customer_id}/links",
        action=Action.LINK_CUSTOMERS,
        takes=LinkCustomers,
        gives=LinkView,
        creates="lnk",
    )
    def link_customers(request: Request[LinkCustomers], customer_id: str) -> Answer:
        """Say that another customer is the same person as this one"""
        link, replayed = use_cases.link_customers(
            bootstrap.customers(),
            request.act(),
            customer_id,
            request.body.other_id,
            link_id=request.new_id,
            fingerprint=request.fingerprint,
            reason=request.body.reason,
        )
        return _linked(link, status=200 if replayed else 201, replayed=replayed)

    @api.route(
        "POST",
        "/{customer_id}/links/{link_id}/end",
        action=Action.LINK_CUSTOMERS,
        takes=EndLink,
        gives=LinkView,
    )
    def end_link(request: Request[EndLink], customer_id: str, link_id: str) -> Answer:
        """Say that two linked customers are not the same person after all"""
        link = use_cases.end_link(
            bootstrap.customers(), request.act(), customer_id, link_id, reason=request.body.reason
        )
        return _linked(link)


def _linked(link: Link, *, status: int = 200, replayed: bool = False) -> Answer:
    return Answer(body=LinkView.of(link), version=link.version, status=status, replayed=replayed)
