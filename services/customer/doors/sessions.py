"""With whom somebody of ours talks, and how they are verified."""

from typing import Any

from services.customer import bootstrap
from services.customer.domain import Held, TooManyAttempts, masked
from services.customer.doors.reach import must_reach
from services.customer.schemas.session import (
    CodeSent,
    EndedSession,
    EndSession,
    ListSessions,
    OpenSession,
    SendCode,
    SessionList,
    SessionRow,
    SessionView,
    VerifySession,
)
from services.customer.use_cases import verification as use_cases
from services.customer.use_cases.care import care_of
from shared.access import Action
from shared.aws import logs
from shared.aws.http import Answer, Api, Request
from shared.aws.http.grants import write_grant
from shared.aws.rows import shown
from shared.grounds import Session

PATH = "/{customer_id}/sessions"
ONE = "/{customer_id}/sessions/{session_id}"


def open_sessions(api: Api) -> None:
    """Serve sessions, the codes that are sent in them, and their verification."""

    @api.route(
        "POST",
        PATH,
        action=Action.HOLD_SESSION,
        takes=OpenSession,
        gives=SessionView,
        creates="ses",
    )
    def open_session(request: Request[OpenSession], customer_id: str) -> Answer:
        """Open a session with somebody who is recognised"""
        body = request.body
        held, replayed = use_cases.open_session(
            bootstrap.desk(),
            request.act(),
            session_id=request.new_id,
            fingerprint=request.fingerprint,
            customer_id=customer_id,
            channel=body.channel,
            call_id=body.call_id,
            recognised_by=body.recognised_by,
        )
        _tell("session opened", request, held)
        return _answer(request, held, status=200 if replayed else 201, replayed=replayed)

    @api.route("GET", ONE, action=Action.HOLD_SESSION, gives=SessionView)
    def read_session(request: Request[None], customer_id: str, session_id: str) -> Answer:
        """Read a session that one holds, with its grant"""
        held = use_cases.read_session(bootstrap.desk(), request.act(), customer_id, session_id)
        return _answer(request, held)

    @api.route("GET", PATH, action=Action.LIST_SESSIONS, query=ListSessions, gives=SessionList)
    def list_sessions(request: Request[None], customer_id: str) -> Answer:
        """List who talked with somebody and how they were verified, the newest first"""
        must_reach(request, customer_id)
        asked: ListSessions = request.query
        page = bootstrap.rows().page_at(
            bootstrap.sessions_with(customer_id),
            size=asked.limit,
            cursor=asked.cursor,
            cursors=bootstrap.cursors(request.caller),
            query=f"sessions of {customer_id}",
        )
        listed = [SessionRow.model_validate(shown(row)) for row in page.rows]
        return Answer(body=SessionList(sessions=listed, cursor=page.cursor))

    @api.route(
        "POST", f"{ONE}/end", action=Action.HOLD_SESSION, takes=EndSession, gives=EndedSession
    )
    def end_session(request: Request[EndSession], customer_id: str, session_id: str) -> Answer:
        """End a session that one holds: it gives no grant any more"""
        ended = use_cases.end_session(bootstrap.desk(), request.act(), customer_id, session_id)
        logs.tell("session ended", session=session_id, by=request.caller.subject)
        return Answer(body=EndedSession.of(ended), version=ended.version)

    @api.route(
        "POST",
        f"{ONE}/codes",
        action=Action.HOLD_SESSION,
        takes=SendCode,
        gives=CodeSent,
        creates="cod",
        limited=True,
    )
    def send_code(request: Request[SendCode], customer_id: str, session_id: str) -> Answer:
        """Send a code to one of their own contact points"""
        with _Limited(request, session_id):
            session, to, replayed = use_cases.send_code(
                bootstrap.desk(),
                request.act(),
                customer_id,
                session_id,
                code_id=request.new_id,
                contact_point=request.body.contact_point,
            )
        logs.tell("code sent", session=session_id, by=request.caller.subject, kind=to.point.kind)
        if session.code is None:
            raise ValueError("a code was sent that its session does not know")
        sent = CodeSent(
            code_id=session.code.code_id,
            session_id=session_id,
            masked=masked(to.point),
            holds_until=session.code.holds_until,
            version=session.version,
        )
        status = 200 if replayed else 201
        return Answer(body=sent, status=status, version=session.version, replayed=replayed)

    @api.route(
        "POST",
        f"{ONE}/verification",
        action=Action.HOLD_SESSION,
        takes=VerifySession,
        gives=SessionView,
        limited=True,
    )
    def verify_session(
        request: Request[VerifySession], customer_id: str, session_id: str
    ) -> Answer:
        """Hear a code, or facts that only they know: right, the session is verified"""
        body = request.body
        with _Limited(request, session_id):
            held = use_cases.verify_session(
                bootstrap.desk(),
                request.act(),
                request.caller,
                customer_id,
                session_id,
                code=body.code,
                facts=body.facts.given() if body.facts else {},
            )
        _tell("verification", request, held)
        return _answer(request, held)


class _Limited:
    """Tells the log of what was tried too often."""

    def __init__(self, request: Request[Any], session_id: str) -> None:
        self._by = request.caller.subject
        self._session_id = session_id

    def __enter__(self) -> None: ...

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if isinstance(error, TooManyAttempts):
            logs.tell("verifying was tried too often", session=self._session_id, by=self._by)


def _tell(what: str, request: Request[Any], held: Held) -> None:
    session = held.session
    logs.tell(
        what,
        session=session.session_id,
        customer=session.customer_id,
        by=request.caller.subject,
        state=session.state,
        wrong=session.wrong,
    )


def _answer(
    request: Request[Any], held: Held, *, status: int = 200, replayed: bool = False
) -> Answer:
    session = held.session
    entries = list(held.person.entries.values())
    care = care_of(bootstrap.care(), request.act(), entries)
    grant = write_grant(
        bootstrap.lookup_key(),
        Session(
            session_id=session.session_id,
            customer_ids=held.person.members,
            is_verified=session.verified_at is not None,
        ),
        subject=request.caller.subject,
        until=session.until,
    )
    return Answer(
        body=SessionView.of(held, care, grant=grant),
        status=status,
        version=session.version,
        replayed=replayed,
    )
