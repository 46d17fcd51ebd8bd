"""Talking with one person: recognised first, verified by a code or by what only they know."""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.customer.domain import (
    CODE,
    CODES,
    ELSEWHERE,
    PERSON,
    VERIFIER,
    Channel,
    ContactKind,
    ContactPoint,
    Evidence,
    Fact,
    Held,
    NotOffered,
    Offered,
    Person,
    Policy,
    Session,
    SessionNotFound,
    State,
    code_message,
    is_known_of,
    must_do,
    points_in_use,
    policy_at,
    takes_messages,
)
from services.customer.ports import (
    MOST_FOUND,
    Attempts,
    Codes,
    Customers,
    Finder,
    Messenger,
    Sessions,
)
from services.customer.use_cases.links import person_of
from shared.access import Caller
from shared.entity import Act
from shared.errors import KeyReused

MOST_POINTS = 5  # contact points that are offered for a code


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What verifying needs from outside."""

    customers: Customers
    sessions: Sessions
    attempts: Attempts
    codes: Codes
    messenger: Messenger
    finders: Mapping[Evidence, Finder]


def open_session(
    desk: Desk,
    act: Act,
    *,
    session_id: str,
    fingerprint: str,
    customer_id: str,
    channel: Channel,
    call_id: str | None,
    recognised_by: Sequence[Evidence],
) -> tuple[Held, bool]:
    """Begin to talk with somebody whom we recognise, once.

    Raise SessionOver where that was done before and is over.
    """
    person = _person(desk, customer_id)
    session = Session.open(
        act,
        policy_at(act.at),
        session_id=session_id,
        customer_id=customer_id,
        channel=channel,
        call_id=call_id,
        recognised_by=recognised_by,
    )
    opened, replayed = desk.sessions.add(session, fingerprint=fingerprint)
    opened.must_be_open(act.at)
    return _held(desk, act, opened, person), replayed


def read_session(desk: Desk, act: Act, customer_id: str, session_id: str) -> Held:
    """The session, if the caller holds it. Raise SessionNotFound, SessionOver."""
    session = _session(desk, act, customer_id, session_id)
    return _held(desk, act, session, _person(desk, customer_id))


def end_session(desk: Desk, act: Act, customer_id: str, session_id: str) -> Session:
    """Let a session that the caller holds be over. Raise SessionNotFound.

    It gives no grant any more and verifies nothing; what it gave holds as long as was said.
    """
    session = _held_by(desk, act, customer_id, session_id)
    ended = session.end(act)
    if ended is not session:
        desk.sessions.save(ended)
    return ended


def send_code(
    desk: Desk,
    act: Act,
    customer_id: str,
    session_id: str,
    *,
    code_id: str,
    contact_point: str,
) -> tuple[Session, Offered, bool]:
    """Send a code to one of their contact points.

    The same request again sends the same code again: a message that comes twice is better than
    none. Return also whether it was that. Raise TooManyAttempts, NotOffered, NoMoreCodes, and
    Unavailable where it could not be sent.
    """
    session = _session(desk, act, customer_id, session_id)
    person, policy = _person(desk, customer_id), policy_at(act.at)
    known = session.code
    replayed = known is not None and known.code_id == code_id
    if replayed and known is not None and known.contact_point != contact_point:
        raise KeyReused(
            "this Idempotency-Key was used before with another request; "
            "send a new key with a new request"
        )
    offered = {one.handle: one for one in _offered(desk, session, person)}
    if contact_point not in offered:
        raise NotOffered
    desk.attempts.count(CODES, person.person_id, act.at)
    if not replayed:
        session = session.ask_code(act, policy, code_id=code_id, contact_point=contact_point)
        desk.sessions.save(session)
    code = desk.codes.code(session_id, code_id, digits=policy.code_digits)
    to = offered[contact_point]
    desk.messenger.send(to.point, code_message(code, person.language))
    return session, to, replayed


def verify_session(
    desk: Desk,
    act: Act,
    caller: Caller,
    customer_id: str,
    session_id: str,
    *,
    code: str | None,
    facts: Mapping[Fact, str],
) -> Held:
    """Hear what they say to show who they are: a code, or facts.

    Which of the facts were wrong is not told. A session that is verified already stays as it is.
    Raise TooManyAttempts, NoMoreTries, Invalid where facts could not do, and Unavailable where
    another service could not be asked about one.
    """
    session = _session(desk, act, customer_id, session_id)
    person, policy = _person(desk, customer_id), policy_at(act.at)
    session.must_have_tries(policy)
    if code is None:
        must_do(facts, session.recognised_by, policy)
    desk.attempts.count(VERIFIER, act.by, act.at)
    desk.attempts.count(PERSON, person.person_id, act.at)
    if code is not None:
        is_right = _is_code(desk, act, session, policy, code)
    else:
        is_right = _are_known(desk, act, caller, person, facts)
    by = [CODE] if code is not None else list(facts)
    after = session.verify(act, policy, by) if is_right else session.fail(act, by)
    if after is not session:
        desk.sessions.save(after)
    return _held(desk, act, after, person)


def _session(desk: Desk, act: Act, customer_id: str, session_id: str) -> Session:
    session = _held_by(desk, act, customer_id, session_id)
    session.must_be_open(act.at)
    return session


def _held_by(desk: Desk, act: Act, customer_id: str, session_id: str) -> Session:
    session = desk.sessions.get(session_id)
    if session.customer_id != customer_id or session.held_by != act.by:
        raise SessionNotFound(session_id)
    return session


def _person(desk: Desk, customer_id: str) -> Person:
    return person_of(desk.customers, desk.customers.get(customer_id))


def _held(desk: Desk, act: Act, session: Session, person: Person) -> Held:
    is_done = session.state is State.VERIFIED
    points = [] if is_done else _offered(desk, session, person)
    return Held(session=session, person=person, policy=policy_at(act.at), points=points)


def _offered(desk: Desk, session: Session, person: Person) -> list[Offered]:
    """Where a code can be sent: what is theirs, in use, takes messages, and is theirs alone.

    A number that others have as well would verify any of them.
    """
    points = [
        one
        for one in points_in_use(list(person.entries.values()))
        if takes_messages(one) and desk.messenger.can_reach(one)
    ]
    return [
        Offered(handle=desk.codes.handle(session.session_id, one), point=one)
        for one in points[:MOST_POINTS]
        if _is_theirs_alone(desk.customers, one, person)
    ]


def _is_theirs_alone(customers: Customers, point: ContactPoint, person: Person) -> bool:
    ways = {ContactKind.PHONE: customers.by_phone, ContactKind.EMAIL: customers.by_email}
    found = {one.customer_id for one in ways[point.kind](point.value)}
    return found <= set(person.members) and len(found) < MOST_FOUND


def _is_code(desk: Desk, act: Act, session: Session, policy: Policy, said: str) -> bool:
    if session.code is None or act.at >= session.code.holds_until:
        return False
    right = desk.codes.code(session.session_id, session.code.code_id, digits=policy.code_digits)
    return hmac.compare_digest(right.encode(), said.encode())


def _are_known(
    desk: Desk, act: Act, caller: Caller, person: Person, facts: Mapping[Fact, str]
) -> bool:
    """Whether all are right. Each is looked up, so that no time tells which was wrong."""

    def is_known(fact: Fact, said: str) -> bool:
        if fact not in ELSEWHERE:
            return is_known_of(fact, said, list(person.entries.values()))
        evidence = ELSEWHERE[fact]
        found = desk.finders[evidence].find(evidence, said, caller, act.correlation_id)
        return not set(found.ids).isdisjoint(person.members)

    answers = [is_known(fact, said) for fact, said in facts.items()]
    return all(answers)
