"""Recognised is not verified: what shows who somebody is, and how often one may try."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from services.customer.adapters.verification import SecretCodes
from services.customer.domain import (
    CODES,
    PERSON,
    Address,
    Channel,
    ContactKind,
    ContactPoint,
    ContactState,
    Customer,
    Evidence,
    Fact,
    Held,
    NoMoreCodes,
    NoMoreTries,
    NotOffered,
    Session,
    SessionNotFound,
    SessionOver,
    TooManyAttempts,
    code_message,
    masked,
    policy_at,
)
from services.customer.domain.streets import is_street_in, streets_in
from services.customer.ports import Owners
from services.customer.use_cases import links as people
from services.customer.use_cases import verification as use_cases
from shared.access import Caller, Role
from shared.errors import Invalid, KeyReused, Unavailable
from tests.customer.examples import EMAIL, HOME, MOBILE, NOON, a_customer, an_act
from tests.customer.fakes import (
    InMemoryAttempts,
    InMemoryCustomers,
    InMemoryMessenger,
    InMemorySessions,
)

DENIZ = Caller(subject="agent-1", client_id="web", roles=frozenset({Role.AGENT}))
POLICY = policy_at(NOON)
LANDLINE = ContactPoint(kind=ContactKind.PHONE, value="+902125551234")


@dataclass
class Played:
    """Another service, which knows whose things are; None does not answer."""

    known: dict[str, Sequence[str]] | None = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def find(
        self, kind: str, value: str, caller: Caller, correlation_id: str, *, among: object = ()
    ) -> Owners:
        self.asked.append(value)
        if self.known is None:
            raise Unavailable("it cannot be told at the moment")
        return Owners(ids=self.known.get(value, []))


class Call:
    """A session with cus_1, minutes after noon, and what was sent meanwhile."""

    def __init__(self, *customers: Customer, by: tuple[Evidence, ...] = ()) -> None:
        self.customers = InMemoryCustomers(*customers)
        self.messenger = InMemoryMessenger()
        self.orders, self.serials = Played(), Played()
        self.desk = use_cases.Desk(
            customers=self.customers,
            sessions=InMemorySessions(),
            attempts=InMemoryAttempts(),
            codes=SecretCodes("secret"),
            messenger=self.messenger,
            finders={Evidence.ORDER_ID: self.orders, Evidence.SERIAL: self.serials},
        )
        self.by = by or (Evidence.NAME, Evidence.DISTRICT)
        self.id = "ses_1"

    def open(self, session_id: str = "ses_1", *, minutes: int = 0, by: str = "agent-1") -> Held:
        self.id = session_id
        held, _ = use_cases.open_session(
            self.desk,
            an_act(minutes, by=by),
            session_id=session_id,
            fingerprint="f",
            customer_id="cus_1",
            channel=Channel.CALL,
            call_id=None,
            recognised_by=self.by,
        )
        return held

    def send(self, held: Held, code_id: str = "cod_1", *, minutes: int = 1, place: int = 0) -> str:
        """Send a code, and read it where it came."""
        use_cases.send_code(
            self.desk,
            an_act(minutes),
            "cus_1",
            held.session.session_id,
            code_id=code_id,
            contact_point=held.points[place].handle,
        )
        return self.messenger.sent[-1][1].text.partition(": ")[2][:6]

    def say(
        self,
        code: str | None = None,
        facts: Mapping[str, str] | None = None,
        *,
        minutes: int = 2,
        by: str = "agent-1",
    ) -> Held:
        return use_cases.verify_session(
            self.desk,
            an_act(minutes, by=by),
            replace(DENIZ, subject=by),
            "cus_1",
            self.id,
            code=code,
            facts={Fact(name): value for name, value in (facts or {}).items()},
        )


def offered(held: Held) -> list[str]:
    return [one.point.value for one in held.points]


def what(held: Held) -> list[str]:
    return [one.what for one in held.session.log]


def wrong_of(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def test_a_code_that_came_to_their_own_phone_verifies_them() -> None:
    call = Call(a_customer(contact_points=(MOBILE,)))
    held = call.open()
    code = call.send(held)

    verified = call.say(code)

    assert held.session.state == "recognised"
    assert verified.session.state == "verified"
    assert verified.session.until == an_act(2).at + POLICY.lasts
    assert what(verified) == ["session_opened", "code_asked", "session_verified"]
    assert call.messenger.sent == [(MOBILE.value, code_message(code, None))]


def test_a_wrong_code_verifies_nobody_and_stands_in_the_log() -> None:
    call = Call(a_customer(contact_points=(MOBILE,)))
    code = call.send(call.open())

    failed = call.say(wrong_of(code))

    assert failed.session.state == "recognised"
    assert what(failed)[-1] == "verification_failed"
    assert failed.session.log[-1].facts == {"by": ["code"]}
    assert code not in str(failed.session)
    assert failed.session.tries_left(POLICY) == POLICY.tries - 1
    assert call.say(code).session.state == "verified"


def test_a_code_that_was_never_sent_is_wrong() -> None:
    call = Call(a_customer(contact_points=(MOBILE,)))
    call.open()
    unsent = SecretCodes("secret").code("ses_1", "", digits=6)

    assert call.say(unsent).session.state == "recognised"


def test_a_code_holds_for_its_time_and_no_longer() -> None:
    call = Call(a_customer(contact_points=(MOBILE,)))
    code = call.send(call.open(), minutes=0)
    minutes = int(POLICY.code_holds.total_seconds() // 60)

    assert call.say(code, minutes=minutes).session.state == "recognised"
    assert call.say(code, minutes=minutes - 1).session.state == "verified"


def test_a_newer_code_takes_the_place_of_an_older_one() -> None:
    call = Call(a_customer(contact_points=(MOBILE,)))
    held = call.open()
    first, second = call.send(held), call.send(held, "cod_2")

    assert first != second
    assert call.say(first).session.state == "recognised"
    assert call.say(second).session.state == "verified"


def test_a_code_opens_the_session_that_it_was_sent_in_and_no_other() -> None:
    call = Call(a_customer(contact_points=(MOBILE,)))
    code = call.send(call.open())
    other = call.open("ses_2")
    call.send(other, "cod_2")

    assert call.say(code).session.state == "recognised"


def test_a_code_used_again_changes_nothing_and_makes_nothing_last_longer() -> None:
    call = Call(a_customer(contact_points=(MOBILE,)))
    code = call.send(call.open())
    verified = call.say(code, minutes=2)

    again = call.say(code, minutes=3)

    assert again.session == verified.session
    later = int(POLICY.lasts.total_seconds() // 60) + 2
    with pytest.raises(SessionOver, match="open another one"):
        call.say(code, minutes=later)


def test_a_session_is_over_after_its_time() -> None:
    call = Call(a_customer(contact_points=(MOBILE,)))
    held = call.open()
    late = int(POLICY.lasts.total_seconds() // 60)

    with pytest.raises(SessionOver):
        call.send(held, minutes=late)
    with pytest.raises(SessionOver):
        use_cases.read_session(call.desk, an_act(late), "cus_1", "ses_1")


def test_who_ends_a_session_has_it_give_no_grant_and_verify_nothing_any_more() -> None:
    call = Call(a_customer(contact_points=(MOBILE,)))
    held = call.open()
    code = call.send(held)

    def end(minutes: int, by: str = "agent-1") -> Session:
        return use_cases.end_session(call.desk, an_act(minutes, by=by), "cus_1", "ses_1")

    with pytest.raises(SessionNotFound):
        end(2, by="agent-2")
    ended = end(3)
    assert end(4) == ended
    assert (ended.ended_at, ended.until) == (an_act(3).at, an_act(3).at)
    assert ended.log[-1].what == "session_ended"
    for late in (
        lambda: call.say(code, minutes=4),
        lambda: call.send(held, "cod_2", minutes=4),
        lambda: call.open(minutes=4),
        lambda: use_cases.read_session(call.desk, an_act(4), "cus_1", "ses_1"),
    ):
        with pytest.raises(SessionOver, match="open another one"):
            late()


def test_what_is_over_by_itself_is_not_ended() -> None:
    call = Call(a_customer(contact_points=(MOBILE,)))
    held = call.open()
    late = an_act(int(POLICY.lasts.total_seconds() // 60))

    assert use_cases.end_session(call.desk, late, "cus_1", "ses_1") == held.session


def test_a_session_is_for_who_opened_it_and_for_its_customer() -> None:
    call = Call(a_customer(contact_points=(MOBILE,)), a_customer("cus_2"))
    code = call.send(call.open())

    with pytest.raises(SessionNotFound):
        call.say(code, by="agent-2")
    with pytest.raises(SessionNotFound):
        use_cases.read_session(call.desk, an_act(), "cus_2", "ses_1")
    assert use_cases.read_session(call.desk, an_act(), "cus_1", "ses_1").session.code


def test_what_is_lost_or_stolen_under_any_of_their_ids_gets_no_code() -> None:
    lost = replace(MOBILE, state=ContactState.LOST)
    stolen = replace(EMAIL, state=ContactState.STOLEN)
    other = replace(MOBILE, value="+905321234568")
    call = Call(
        a_customer(contact_points=(MOBILE, other, EMAIL)),
        a_customer("cus_2", contact_points=(lost, stolen)),
    )
    assert offered(call.open()) == [MOBILE.value, other.value, EMAIL.value]
    people.link_customers(
        call.customers, an_act(), "cus_1", "cus_2", link_id="l", fingerprint="l", reason="one"
    )
    held = call.open("ses_2")

    assert offered(held) == [other.value]
    with pytest.raises(NotOffered, match="as they stand there now"):
        use_cases.send_code(
            call.desk,
            an_act(),
            "cus_1",
            "ses_2",
            code_id="cod_1",
            contact_point=SecretCodes("secret").handle("ses_2", MOBILE),
        )
    assert not call.messenger.sent


def test_what_others_have_as_well_and_what_takes_no_text_gets_no_code() -> None:
    shared = replace(MOBILE, value="+905321234568")
    call = Call(
        a_customer(contact_points=(shared, LANDLINE, MOBILE)),
        a_customer("cus_2", contact_points=(shared,)),
    )

    assert offered(call.open()) == [MOBILE.value]


def test_joined_people_are_one_and_their_numbers_are_theirs() -> None:
    call = Call(
        a_customer(contact_points=(MOBILE,)),
        a_customer("cus_2", contact_points=(MOBILE, EMAIL), language="en"),
    )
    people.link_customers(
        call.customers, an_act(), "cus_2", "cus_1", link_id="l", fingerprint="l", reason="one"
    )
    held = call.open()

    assert set(held.person.members) == {"cus_1", "cus_2"}
    assert (held.person.person_id, held.person.language) == ("cus_2", "en")
    assert offered(held) == [MOBILE.value, EMAIL.value]
    code = call.send(held, place=1)
    assert call.messenger.sent == [(EMAIL.value, code_message(code, "en"))]


def test_the_same_request_sends_the_same_code_again_and_asks_for_no_new_one() -> None:
    call = Call(a_customer(contact_points=(MOBILE, EMAIL)))
    held = call.open()
    call.messenger.down = True
    with pytest.raises(Unavailable):
        call.send(held)
    call.messenger.down = False
    first, again = call.send(held), call.send(held)

    assert first == again
    with pytest.raises(KeyReused):
        call.send(held, place=1)
    assert use_cases.read_session(call.desk, an_act(1), "cus_1", "ses_1").session.codes == 1
    assert len(call.messenger.sent) == 2


def test_a_session_sends_so_many_codes_and_a_person_gets_so_many() -> None:
    call = Call(a_customer(contact_points=(MOBILE,)))
    held = call.open()
    for n in range(POLICY.codes):
        call.send(held, f"cod_{n}")
    with pytest.raises(NoMoreCodes, match="ask for facts"):
        call.send(held, "cod_more")

    with pytest.raises(TooManyAttempts, match=r"sending codes.*ask for facts"):  # noqa: PT012
        for n in range(CODES.most + 1):
            call.send(call.open(f"ses_{n + 2}"), f"cod_of_{n}")
    assert len(call.messenger.sent) == CODES.most - 1  # one was refused by the session


def test_a_session_stands_so_many_wrong_answers_and_then_no_right_one() -> None:
    call = Call(a_customer(contact_points=(MOBILE,)))
    held = call.open()
    code = call.send(held)
    for _ in range(POLICY.tries):
        call.say(wrong_of(code))

    with pytest.raises(NoMoreTries, match="cannot be verified any more"):
        call.say(code)
    with pytest.raises(NoMoreTries):
        call.send(held, "cod_2")


def test_who_guesses_on_in_other_sessions_is_stopped_for_that_person() -> None:
    call = Call(a_customer(contact_points=(MOBILE,)))
    said = 0
    with pytest.raises(TooManyAttempts, match="at verifying came from this person"):  # noqa: PT012
        for n in range(PERSON.most):
            code = call.send(call.open(f"ses_{n}"), minutes=60 * (n // CODES.most))
            for _ in range(POLICY.tries):
                call.say(wrong_of(code))
                said += 1

    assert said == PERSON.most


def books() -> tuple[Customer, ...]:
    return (
        a_customer(
            external_ids=("logo:4711",),
            contact_points=(EMAIL, MOBILE),
            addresses=(HOME, Address(lines="Caferağa Mah. Ferit Tek Sok. No: 3 D:5")),
        ),
        a_customer("cus_2", external_ids=("logo:4712",)),
    )


RIGHT = [
    {"order_id": "web-1", "external_id": "4711"},
    {"order_id": "web-1", "serial": "IR-1"},
    {"external_id": "LOGO:4711", "email": " Ayse@Example.com"},
    {"serial": "IR-1", "street": "moda caddesi"},
    {"external_id": "logo:4711", "street": "FERİT TEK SOKAĞI No 3"},
    {"order_id": "web-1", "serial": "IR-1", "email": "ayse@example.com", "street": "Moda"},
]


@pytest.mark.parametrize("facts", RIGHT, ids="+".join)
def test_two_facts_that_only_they_know_verify_them(facts: dict[str, str]) -> None:
    call = Call(*books())
    call.orders.known = {"web-1": ["cus_1"]}
    call.serials.known = {"IR-1": ["cus_9", "cus_1"]}
    call.open()

    verified = call.say(facts=facts)

    assert verified.session.state == "verified"
    assert verified.session.log[-1].facts == {"by": sorted(facts)}


WRONG = {
    "order_id": "web-2",
    "serial": "IR-2",
    "external_id": "4712",
    "email": "can@example.com",
    "street": "Bağdat Caddesi",
}


@pytest.mark.parametrize("facts", RIGHT, ids="+".join)
def test_one_wrong_fact_is_as_wrong_as_all_and_each_is_asked_for(facts: dict[str, str]) -> None:
    for fact in facts:
        call = Call(*books())
        call.orders.known = {"web-1": ["cus_1"], "web-2": ["cus_2"]}
        call.serials.known = {"IR-1": ["cus_1"]}
        call.open()

        failed = call.say(facts=facts | {fact: WRONG[fact]})

        assert failed.session.state == "recognised"
        assert failed.session.log[-1].facts == {"by": sorted(facts)}
        assert len(call.orders.asked) == ("order_id" in facts)
        assert len(call.serials.asked) == ("serial" in facts)
        assert not [one for one in (*facts.values(), WRONG[fact]) if one in str(failed.session)]


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"external_id": "4711"}, "it takes 2 facts"),
        ({"email": "ayse@example.com", "street": "Moda"}, "of email and street only one counts"),
        ({}, "it takes 2 facts"),
        ({"external_id": "4711", "email": "nonsense"}, "no e-mail address"),
    ],
)
def test_what_could_verify_nobody_is_refused_without_a_try(
    facts: dict[str, str], says: str
) -> None:
    call = Call(*books())
    held = call.open()

    with pytest.raises(Invalid, match=says):
        call.say(facts=facts)

    assert use_cases.read_session(call.desk, an_act(), "cus_1", "ses_1").session == held.session


def test_what_they_were_recognised_by_shows_nothing_more() -> None:
    call = Call(*books(), by=(Evidence.ORDER_ID, Evidence.EMAIL, Evidence.PHONE))
    call.orders.known = {"web-1": ["cus_1"]}
    held = call.open()

    assert held.facts == [Fact.SERIAL, Fact.EXTERNAL_ID, Fact.STREET]
    for fact in ("order_id", "email"):
        with pytest.raises(Invalid, match="they were recognised by it") as refused:
            call.say(facts={"external_id": "4711", fact: "web-1"})
        assert refused.value.field == f"facts.{fact}"


def test_a_service_that_does_not_answer_makes_no_answer_wrong() -> None:
    call = Call(*books())
    call.orders.known = None
    held = call.open()

    with pytest.raises(Unavailable):
        call.say(facts={"order_id": "web-1", "external_id": "4711"})

    assert use_cases.read_session(call.desk, an_act(), "cus_1", "ses_1").session == held.session


def test_who_has_no_contact_point_is_verified_by_facts_alone() -> None:
    call = Call(a_customer(external_ids=("logo:4711",)))
    call.orders.known = {"web-1": ["cus_1"]}
    held = call.open()

    assert held.points == []
    assert call.say(facts={"order_id": "web-1", "external_id": "4711"}).session.state == "verified"


@pytest.mark.parametrize(
    ("lines", "streets"),
    [
        ("Moda Cad. 1/3", {("moda",)}),
        ("Caferağa Mah. Moda Cad. No:12 D:5", {("moda",)}),
        ("Caferağa Mahallesi, Ferit Tek Sokağı 3", {("ferit", "tek")}),
        ("Bağdat Caddesi, Çınar Sk. No 4", {("bagdat",), ("cinar",)}),
        ("Atatürk Mah. 1453. Sokak No 7", {("1453",)}),
        ("Atatürk Bulvarı No 1 Kat 2", {("ataturk",)}),
        ("12 Baker Street", {("baker",)}),
        ("Gülbahçe Sitesi B Blok D 4", set()),
        ("Sokak", set()),
        ("", set()),
    ],
)
def test_the_streets_of_an_address(lines: str, streets: set[tuple[str, ...]]) -> None:
    assert streets_in(lines) == streets


@pytest.mark.parametrize(
    ("said", "is_right"),
    [
        ("Moda Caddesi", True),
        ("moda cd. no 12", True),
        ("MODA", True),
        ("Caferağa Mahallesi Moda Caddesi", True),
        ("Caferağa", False),
        ("Kadıköy", False),
        ("Modam Caddesi", False),
        ("12", False),
        ("No 12", False),
        ("Caddesi", False),
        ("", False),
    ],
)
def test_a_street_is_said_by_its_name(said: str, *, is_right: bool) -> None:
    assert is_street_in(said, "Caferağa Mah. Moda Cad. No:12 D:5") is is_right


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        (ContactKind.PHONE, "+905321234567", "+90 *** ** 67"),
        (ContactKind.PHONE, "+442079460018", "+44 *** ** 18"),
        (ContactKind.EMAIL, "ayse.isik@example.com.tr", "a***@***.tr"),
    ],
)
def test_a_contact_point_shows_as_much_as_its_owner_needs(
    kind: ContactKind, value: str, shown: str
) -> None:
    assert masked(ContactPoint(kind=kind, value=value)) == shown


@pytest.mark.parametrize(
    ("language", "begins"),
    [
        (None, "Görüşmenizi"),
        ("tr", "Görüşmenizi"),
        ("tr-TR", "Görüşmenizi"),
        ("en", "Code to verify"),
        ("de", "Code to verify"),
    ],
)
def test_a_message_holds_the_code_and_its_purpose_in_one_text(
    language: str | None, begins: str
) -> None:
    message = code_message("012345", language)

    assert message.text.startswith(begins)
    assert "012345" in message.text
    assert "012345" not in message.subject
    # One text message: 70 letters where some are not in GSM 03.38, else 160.
    assert len(message.text) <= (70 if begins == "Görüşmenizi" else 160)


def test_a_session_lasts_by_the_policy_of_its_day() -> None:
    held = Call(a_customer()).open()

    assert held.session.until - an_act().at == timedelta(minutes=30)


def test_nothing_of_a_session_is_told_to_the_world() -> None:
    from services.customer.events import event_of

    call = Call(a_customer(contact_points=(MOBILE,)))
    code = call.send(call.open())
    call.say(wrong_of(code))
    log: Any = call.say(code).session.log

    assert len(log) == 4
    assert not [one for one in log if event_of("ses_1", "cus_1", one) is not None]
