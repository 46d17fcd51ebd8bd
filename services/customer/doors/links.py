"""Which customers are one person: said, and taken back."""

from services.customer import bootstrap
from services.customer.domain import Link
from services.customer.schemas import ConversationView
from services.customer.schemas.links import (
    ConfirmLink,
    EndLink,
    LinkCustomers,
    LinkList,
    LinkPreview,
    LinkView,
    PreviewLink,
    WaitingList,
)
from services.customer.use_cases import links as use_cases
from shared.access import Action
from shared.aws.http import Answer, Api, Request
from shared.aws.reviewing import what_waits
from shared.contracts.attribution import Attribute
from shared.errors import Unavailable


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
            preview=request.body.preview,
            choices=request.body.choices.made() if request.body.choices else None,
        )
        is_new = link.link_id == request.new_id and not replayed
        return _linked(link, status=201 if is_new else 200, replayed=replayed)

    @api.route(
        "POST",
        "/{customer_id}/links/preview",
        action=Action.LINK_CUSTOMERS,
        takes=PreviewLink,
        gives=LinkPreview,
    )
    def preview_link(request: Request[PreviewLink], customer_id: str) -> Answer:
        """See what two customers would be shown as, were they one person"""
        merged = use_cases.preview_link(
            bootstrap.customers(), request.act(), customer_id, request.body.other_id
        )
        return Answer(body=LinkPreview.of(merged))

    @api.route("GET", "/{customer_id}/links", action=Action.LINK_CUSTOMERS, gives=LinkList)
    def list_links(request: Request[None], customer_id: str) -> Answer:
        """List the links by which a customer is one person with others"""
        found = use_cases.list_links(bootstrap.customers(), customer_id)
        return Answer(body=LinkList(links=[LinkView.of(link) for link in found]))

    @api.route(
        "GET", "/{customer_id}/links/{link_id}", action=Action.LINK_CUSTOMERS, gives=LinkView
    )
    def read_link(request: Request[None], customer_id: str, link_id: str) -> Answer:
        """Read a link, also one that has ended"""
        return _linked(use_cases.read_link(bootstrap.customers(), customer_id, link_id))

    @api.route(
        "POST",
        "/{customer_id}/links/{link_id}/confirm",
        action=Action.LINK_CUSTOMERS,
        takes=ConfirmLink,
        gives=LinkView,
    )
    def confirm_link(request: Request[ConfirmLink], customer_id: str, link_id: str) -> Answer:
        """Say that two whom the system has linked are one person indeed"""
        link = use_cases.confirm_link(bootstrap.customers(), request.act(), customer_id, link_id)
        return _linked(link)

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

    @api.route(
        "GET",
        "/{customer_id}/links/{link_id}/review",
        action=Action.LINK_CUSTOMERS,
        gives=WaitingList,
    )
    def review_link(request: Request[None], customer_id: str, link_id: str) -> Answer:
        """See what waits for somebody to say whose it is, once two have been parted"""
        link = use_cases.read_link(bootstrap.customers(), customer_id, link_id)
        return Answer(body=_waiting(request, link))

    @api.route(
        "POST",
        "/{customer_id}/conversations/{conversation_id}/attribute",
        action=Action.LINK_CUSTOMERS,
        takes=Attribute,
        gives=ConversationView,
    )
    def attribute_conversation(
        request: Request[Attribute], customer_id: str, conversation_id: str
    ) -> Answer:
        """Say whose a conversation was"""
        attributed = use_cases.attribute_conversation(
            bootstrap.customers(),
            request.act(),
            conversation_id,
            request.body.customer_id,
            told_of=customer_id,
        )
        return Answer(body=ConversationView.of(attributed), version=attributed.version)


def _waiting(request: Request[None], link: Link) -> WaitingList:
    """What came while a link lasted by what several had, here and in the other services."""
    since, until = link.meanwhile(request.now)
    answers = [
        what_waits(
            bootstrap.rows(),
            link.parted,
            since=since,
            until=until,
            kind="conversation",
            route=_attribution,
        )
    ]
    unanswered = []
    for service, function in bootstrap.reviewers().items() if link.parted else ():
        try:
            answers.append(
                function.review(
                    link.parted,
                    since=since,
                    until=until,
                    caller=request.caller,
                    correlation_id=request.correlation_id,
                )
            )
        except Unavailable:
            unanswered.append(service)
    return WaitingList(
        waiting=[one for answer in answers for one in answer.waiting],
        more=any(answer.more for answer in answers),
        unanswered=unanswered,
    )


def _attribution(customer_id: str, conversation_id: str) -> str:
    return f"/v1/customers/{customer_id}/conversations/{conversation_id}/attribute"


def _linked(link: Link, *, status: int = 200, replayed: bool = False) -> Answer:
    return Answer(body=LinkView.of(link), version=link.version, status=status, replayed=replayed)
