"""What was said of whether we may write, and whether we may say this now."""

from datetime import UTC
from typing import Any

from services.engagement import bootstrap, use_cases
from services.engagement.domain import (
    OF_CUSTOMERS,
    OWN_SOURCES,
    Address,
    Consent,
    ConsentNotFound,
    CustomerUnknown,
    Proof,
    ProofKind,
    Question,
    RecipientType,
    Status,
)
from services.engagement.schemas import (
    ConsentList,
    ConsentRow,
    ConsentView,
    ListConsents,
    MayContact,
    PermissionView,
    ReadStanding,
    RecordConsent,
    StandingView,
)
from shared.access import Action, Caller, Reach, Role
from shared.aws.http import Answer, Api, Request
from shared.aws.rows import Page, shown
from shared.calendar import turkish_holidays
from shared.errors import Invalid, Unavailable


def open_consents(api: Api) -> None:
    """Serve the routes of consents and of may-contact."""

    @api.route(
        "POST",
        "/consents",
        action=Action.RECORD_CONSENT,
        takes=RecordConsent,
        gives=ConsentView,
        creates="con",
    )
    def record_consent(request: Request[RecordConsent]) -> Answer:
        """Take in a consent or a refusal, which is obeyed from now on"""
        body = request.body
        if not request.reaches(body.customer_id, bootstrap.rows().members):
            raise CustomerUnknown(body.customer_id)
        address = Address.of(body.channel, body.address, body.customer_id)
        _must_be_theirs_to_say(request, body, address)
        consent, replayed = use_cases.record_consent(
            bootstrap.consents(),
            turkish_holidays(),
            request.act(),
            consent_id=request.new_id,
            fingerprint=request.fingerprint,
            customer_id=body.customer_id,
            members=bootstrap.rows().members(body.customer_id),
            channel=body.channel,
            address=address,
            purpose=body.purpose,
            recipient_type=body.recipient_type,
            status=body.status,
            source=body.source,
            said_at=body.said_at,
            text_version=body.text_version,
            proof=_proof(request, body),
            taken_at=body.iys_taken_at,
        )
        return Answer(
            body=ConsentView.of(consent),
            version=consent.version,
            status=200 if replayed else 201,
            replayed=replayed,
        )

    @api.route(
        "GET", "/consents", action=Action.READ_CONSENT, query=ListConsents, gives=ConsentList
    )
    def list_consents(request: Request[None]) -> Answer:
        """List what a customer has said, the newest first, or what İYS should know by now"""
        asked: ListConsents = request.query
        if asked.late is (asked.customer_id is not None):
            raise Invalid("ask either for a customer_id or for late=true", field="customer_id")
        page = _late(request, asked) if asked.late else _of_customer(request, asked)
        rows = [ConsentRow.model_validate(shown(row)) for row in page.rows]
        return Answer(body=ConsentList(consents=rows, cursor=page.cursor))

    @api.route("GET", "/consents/{consent_id}", action=Action.READ_CONSENT, gives=ConsentView)
    def read_consent(request: Request[None], consent_id: str) -> Answer:
        """Read a consent or a refusal"""
        consent = _consent(request, consent_id)
        return Answer(body=ConsentView.of(consent), version=consent.version)

    @api.route(
        "POST", "/standing", action=Action.READ_CONSENT, takes=ReadStanding, gives=StandingView
    )
    def read_standing(request: Request[ReadStanding]) -> Answer:
        """Read whether an address may be written to, and what was said of it"""
        body = request.body
        members = bootstrap.rows().members
        if not request.reaches(body.customer_id, members):
            raise CustomerUnknown(body.customer_id)
        held, words = use_cases.read_standing(
            bootstrap.consents(),
            request.now,
            address=Address.of(body.channel, body.address, body.customer_id),
            channel=body.channel,
            purpose=body.purpose,
        )
        ids = {body.customer_id, *members(body.customer_id)}
        return Answer(body=StandingView.of(held, words, ids))

    @api.route(
        "POST", "/may-contact", action=Action.MAY_CONTACT, takes=MayContact, gives=PermissionView
    )
    def may_contact(request: Request[MayContact]) -> Answer:
        """Ask whether somebody may be told something by a channel, and by which address"""
        body = request.body
        members = bootstrap.rows().members
        if not request.reaches(body.customer_id, members):
            raise CustomerUnknown(body.customer_id)
        at = body.at.astimezone(UTC) if body.at else request.now
        question = Question.of(body.purpose, body.channel, at)
        permission = use_cases.may_contact(
            bootstrap.consents(),
            bootstrap.sources(),
            bootstrap.contacts(),
            bootstrap.bounces(),
            question,
            customer_id=body.customer_id,
            members=members(body.customer_id),
            correlation_id=request.correlation_id,
        )
        return Answer(body=PermissionView.of(question, permission))


def _consent(request: Request[Any], consent_id: str) -> Consent:
    """The word, if it is the caller's business."""
    consent = bootstrap.consents().get(consent_id)
    if not request.reaches(consent.customer_id, bootstrap.rows().members):
        raise ConsentNotFound(consent_id)
    return consent


def _of_customer(request: Request[None], asked: ListConsents) -> Page:
    customer_id = asked.customer_id or ""
    if not request.reaches(customer_id, bootstrap.rows().members):
        raise CustomerUnknown(customer_id)
    return bootstrap.rows().page(
        customer_id,
        size=asked.limit,
        cursor=asked.cursor,
        cursors=bootstrap.cursors(request.caller),
        query=f"consents of {customer_id}",
    )


def _late(request: Request[None], asked: ListConsents) -> Page:
    request.caller.must_be_allowed(Action.LIST_LATE_CONSENTS)
    return bootstrap.iys_clocks().due(
        request.now,
        size=asked.limit,
        cursor=asked.cursor,
        cursors=bootstrap.cursors(request.caller),
        query="late consents",
    )


def _must_be_theirs_to_say(
    request: Request[RecordConsent], body: RecordConsent, address: Address
) -> None:
    """Raise Invalid for what this caller cannot say, of themselves or of others."""
    if body.iys_taken_at is not None and Role.INTEGRATION not in request.caller.roles:
        raise Invalid("integrations alone may say this; leave it out", field="iys_taken_at")
    if body.source not in OWN_SOURCES:
        raise Invalid(f"take one of {', '.join(sorted(OWN_SOURCES))}", field="source")
    if not _is_customer(request.caller):
        return
    if body.source not in OF_CUSTOMERS:
        raise Invalid(f"take one of {', '.join(sorted(OF_CUSTOMERS))}", field="source")
    if body.recipient_type is not RecipientType.PERSON:
        raise Invalid("leave it out: who is a trader is for us to say", field="recipient_type")
    if body.said_at is not None:
        raise Invalid("leave it out: it is said now", field="said_at")
    if body.proof is not None and body.proof.kind is not ProofKind.CODE:
        raise Invalid("leave it out, or name a code that you had from us", field="proof.kind")
    if body.status is Status.GIVEN and body.address is not None:
        _must_be_theirs(request, body.customer_id, address)


def _must_be_theirs(request: Request[Any], customer_id: str, address: Address) -> None:
    """A customer consents for an address of their own; a refusal is taken for any."""
    ids = {customer_id, *bootstrap.rows().members(customer_id)}
    person = bootstrap.sources().person(ids, request.correlation_id)
    if person is None:
        raise Unavailable("we cannot take this at the moment; send the same request again shortly")
    if address not in [one.address for one in person.points if one.state == "in_use"]:
        raise Invalid("this is not among your contact points; add it there first", field="address")


def _proof(request: Request[RecordConsent], body: RecordConsent) -> Proof | None:
    """Who is signed in as themselves needs no other proof than that."""
    if body.proof is not None:
        return body.proof.proof()
    if _is_customer(request.caller):
        return Proof(kind=ProofKind.ACCOUNT, reference=request.correlation_id)
    return None


def _is_customer(caller: Caller) -> bool:
    return caller.reach(Action.READ_CONSENT) is Reach.OWN
