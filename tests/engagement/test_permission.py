"""May we say this? Yes, or no with every reason."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.engagement.domain import (
    NAMES,
    Address,
    AddressKind,
    Cadence,
    Channel,
    Known,
    Permission,
    Point,
    Question,
    ReasonCode,
    RecipientType,
    Standing,
    Stands,
    decide,
)
from services.engagement.schemas import ReasonBody
from shared.errors import Invalid
from tests.engagement.examples import (
    EMAIL,
    LANDLINE,
    NOON,
    OTHER_PHONE,
    PHONE,
    a_person,
    a_question,
    known,
)

GIVEN = Standing(stands=Stands.GIVEN)
REFUSED = Standing(stands=Stands.REFUSED)
ALLOWED = {"standings": {PHONE: GIVEN}}
SERVICE = ("order", "delivery", "payment", "complaint", "warranty", "appointment")
NIGHT = datetime(2026, 11, 24, 20, tzinfo=UTC)
REPUBLIC_DAY = datetime(2026, 10, 29, 9, tzinfo=UTC)


def codes(question: Question, known: Known) -> list[ReasonCode]:
    return [one.code for one in decide(question, known).reasons]


def test_a_yes_names_the_address_and_until_when_it_holds() -> None:
    told = decide(a_question(), known(**ALLOWED))

    assert told == Permission(address=PHONE, until=datetime(2026, 11, 24, 17, tzinfo=UTC))
    assert told.may


def test_a_consent_that_iys_has_yet_to_hear_of_lets_us_write_until_it_must_have() -> None:
    soon = NOON + timedelta(hours=1)
    pending = Standing(stands=Stands.GIVEN, until=soon)

    assert decide(a_question(), known(standings={PHONE: pending})).until == soon


@pytest.mark.parametrize("name", SERVICE)
def test_a_service_message_needs_no_consent_and_goes_after_a_refusal(name: str) -> None:
    question = a_question(name)
    told = decide(question, known(standings={PHONE: REFUSED}, complaints=["safety"]))

    assert told.may
    assert told.address == PHONE


@pytest.mark.parametrize("name", ["offer", "greeting", "warranty_extension", "survey"])
@pytest.mark.parametrize(
    ("stands", "code"),
    [
        (Stands.NEVER_SAID, ReasonCode.NO_CONSENT),
        (Stands.REFUSED, ReasonCode.REFUSED),
        (Stands.NOT_TOLD, ReasonCode.CONSENT_NOT_TOLD),
        (Stands.TURNED_DOWN, ReasonCode.CONSENT_TURNED_DOWN),
        (Stands.UNCLEAR, ReasonCode.CONSENT_UNCLEAR),
    ],
)
def test_whatever_sells_or_asks_needs_a_consent_that_holds(
    name: str, stands: Stands, code: ReasonCode
) -> None:
    told = known(standings={PHONE: Standing(stands=stands)})
    assert codes(a_question(name), told) == [code]


def test_a_trader_is_written_to_without_consent_and_not_after_a_refusal() -> None:
    never = Standing(stands=Stands.NEVER_SAID, recipient_type=RecipientType.TRADER)
    refused = Standing(stands=Stands.REFUSED, recipient_type=RecipientType.TRADER)

    assert codes(a_question(), known(standings={PHONE: never})) == []
    assert codes(a_question(), known(standings={PHONE: refused})) == [ReasonCode.REFUSED]


def test_the_first_address_that_may_be_used_is_used_in_the_persons_own_order() -> None:
    person = a_person(
        Point(address=Address(kind=AddressKind.PHONE, value="+905555555555")),
        Point(address=LANDLINE),
        Point(address=PHONE, state="lost"),
        Point(address=OTHER_PHONE),
        EMAIL,
    )
    told = known(person=person, standings={PHONE: GIVEN, OTHER_PHONE: GIVEN})

    assert decide(a_question(), told).address == OTHER_PHONE
    assert decide(a_question("delivery", Channel.CALL), told).address == LANDLINE
    assert decide(a_question("delivery", Channel.EMAIL), told).address == EMAIL


def test_where_no_address_may_be_used_each_is_told_with_all_its_reasons() -> None:
    person = a_person(Point(address=PHONE, state="stolen"), Point(address=LANDLINE, state="lost"))

    reasons = decide(a_question(), known(person=person, bounced={PHONE})).reasons

    assert [(one.code, one.address) for one in reasons] == [
        (ReasonCode.STOLEN, PHONE),
        (ReasonCode.BOUNCED, PHONE),
        (ReasonCode.NO_CONSENT, PHONE),
        (ReasonCode.NOT_FOR_CHANNEL, LANDLINE),
        (ReasonCode.LOST, LANDLINE),
        (ReasonCode.NO_CONSENT, LANDLINE),
    ]


def test_who_cannot_be_reached_on_a_channel_has_no_address_there() -> None:
    assert codes(a_question("delivery", Channel.EMAIL), known()) == [ReasonCode.NO_ADDRESS]


@pytest.mark.parametrize(
    ("name", "complaints", "expected"),
    [
        ("offer", ["normal"], []),
        ("offer", ["normal", "serious"], [ReasonCode.SERIOUS_COMPLAINT]),
        ("offer", ["safety"], [ReasonCode.SERIOUS_COMPLAINT]),
        ("offer", [None], [ReasonCode.SERIOUS_COMPLAINT]),
        ("survey", ["normal"], [ReasonCode.OPEN_COMPLAINT]),
    ],
)
def test_nothing_is_sold_while_something_serious_is_open_and_nothing_asked_while_anything_is(
    name: str, complaints: list[str | None], expected: list[ReasonCode]
) -> None:
    assert codes(a_question(name), known(**ALLOWED, complaints=complaints)) == expected


def test_who_could_not_be_asked_is_sold_nothing_and_still_served() -> None:
    silent = known(**ALLOWED, complaints=None)

    assert codes(a_question(), silent) == [ReasonCode.CANNOT_ASK_COMPLAINTS]
    assert codes(a_question("delivery"), silent) == []
    nobody = known(person=None)
    assert codes(a_question("delivery"), nobody) == [ReasonCode.CANNOT_ASK_CUSTOMER]


@pytest.mark.parametrize(
    ("name", "channel", "at", "may"),
    [
        ("offer", Channel.SMS, NIGHT, False),
        ("delivery", Channel.SMS, NIGHT, False),
        ("verification", Channel.SMS, NIGHT, True),
        ("safety", Channel.CALL, NIGHT, True),
        ("delivery", Channel.EMAIL, NIGHT, True),
        ("offer", Channel.SMS, REPUBLIC_DAY, False),
        ("delivery", Channel.SMS, REPUBLIC_DAY, True),
        ("delivery", Channel.CALL, REPUBLIC_DAY, False),
    ],
)
def test_there_are_hours_for_each_channel_and_purpose(
    name: str, channel: Channel, at: datetime, may: bool
) -> None:
    told = known(person=a_person(PHONE, EMAIL), standings={PHONE: GIVEN, EMAIL: GIVEN})
    expected = [] if may else [ReasonCode.NOT_AT_THIS_HOUR]

    assert codes(a_question(name, channel, at), told) == expected


def test_what_only_time_stands_against_says_when_to_ask_again() -> None:
    at_night = a_question(at=NIGHT)
    in_the_morning = datetime(2026, 11, 25, 7, tzinfo=UTC)

    assert decide(at_night, known(**ALLOWED)).again_at == in_the_morning
    assert decide(at_night, known()).again_at is None


def test_two_offers_a_week_and_four_a_month_are_enough() -> None:
    def heard(*days: float) -> Known:
        return known(**ALLOWED, contacts=[NOON - timedelta(days=one) for one in days])

    assert codes(a_question(), heard(1)) == []
    assert codes(a_question(), heard(1, 2)) == [ReasonCode.TOO_OFTEN]
    assert codes(a_question(), heard(1, 8, 9)) == []
    told = decide(a_question(), heard(1, 8, 9, 10))
    assert [one.code for one in told.reasons] == [ReasonCode.TOO_OFTEN]
    assert told.again_at == NOON + timedelta(days=20)
    assert decide(a_question(at=told.again_at), heard(1, 8, 9, 10)).may


@pytest.mark.parametrize(
    ("served", "whose", "most", "days"),
    [
        ({"tier": "Altın", "rank": 1, "groups": ("loss_making",)}, "Altın", 1, 7),
        ({"tier": "Gümüş", "rank": 2, "groups": ("loyal", "loss_making")}, "loss_making", 1, 30),
        ({"tier": "Gümüş", "rank": 2, "groups": ("can_be_loyal",)}, None, 2, 7),
    ],
)
def test_how_often_is_too_often_goes_by_the_segment_and_says_whose_bound_it_is(
    served: Any, whose: str | None, most: int, days: int
) -> None:
    def heard(many: int) -> Known:
        contacts = [NOON - timedelta(days=days) + timedelta(hours=1)] * many
        return known(person=a_person(**served), **ALLOWED, contacts=contacts)

    assert codes(a_question(), heard(most - 1)) == []
    told = decide(a_question(), heard(most))

    [reason] = told.reasons
    assert (reason.code, reason.segment) == (ReasonCode.TOO_OFTEN, whose)
    assert reason.cadence == Cadence(most=most, within=timedelta(days=days))
    assert told.again_at is not None
    assert f"{most} in {days} days is the bound of {whose or 'everybody'}" in (
        ReasonBody.of(reason).detail
    )
    # What is no advertising is bounded by nothing of the kind.
    assert codes(a_question("order"), heard(most)) == []


def test_all_reasons_are_told_together() -> None:
    told = known(
        standings={PHONE: REFUSED},
        complaints=["serious"],
        contacts=[NIGHT - timedelta(days=1)] * 2,
    )

    assert codes(a_question(at=NIGHT), told) == [
        ReasonCode.REFUSED,
        ReasonCode.SERIOUS_COMPLAINT,
        ReasonCode.TOO_OFTEN,
        ReasonCode.NOT_AT_THIS_HOUR,
    ]


def test_a_purpose_that_is_none_is_refused_with_those_there_are() -> None:
    with pytest.raises(Invalid, match="there are appointment, complaint") as refused:
        a_question("spam")

    assert refused.value.field == "purpose"


@pytest.mark.parametrize("year", [2014, 2099])
def test_a_time_that_no_rule_or_calendar_reaches_is_refused(year: int) -> None:
    with pytest.raises(Invalid) as refused:
        decide(a_question(at=datetime(year, 3, 3, 9, tzinfo=UTC)), known(**ALLOWED))

    assert refused.value.field == "at"


@settings(max_examples=80)
@given(
    name=st.sampled_from(NAMES),
    channel=st.sampled_from(list(Channel)),
    hour=st.integers(0, 24 * 14),
    stands=st.sampled_from(list(Stands)),
    state=st.sampled_from(["in_use", "lost", "stolen"]),
    complaints=st.sampled_from([None, [], ["normal"], ["serious"]]),
    days=st.lists(st.floats(0, 40), max_size=5),
    rank=st.sampled_from([None, 1, 2]),
    group=st.sampled_from(["profitable", "loyal", "can_be_loyal", "loss_making"]),
)
def test_a_yes_is_never_said_where_anything_stands_against_it(**drawn: Any) -> None:
    at = NOON + timedelta(hours=drawn["hour"])
    question = a_question(drawn["name"], drawn["channel"], at)
    told = Known(
        person=a_person(
            Point(address=PHONE, state=drawn["state"]),
            EMAIL,
            rank=drawn["rank"],
            groups=(drawn["group"],),
        ),
        complaints=drawn["complaints"],
        standings=dict.fromkeys((PHONE, EMAIL), Standing(stands=drawn["stands"])),
        contacts=[at - timedelta(days=one) for one in drawn["days"]],
    )

    answer = decide(question, told)

    assert answer.may is (answer.address is not None)
    if answer.may:
        assert question.is_free or drawn["stands"] is Stands.GIVEN
        assert question.is_free or "serious" not in (drawn["complaints"] or [])
        assert question.is_free or drawn["complaints"] is not None
        assert answer.address == EMAIL or drawn["state"] == "in_use"
        assert answer.until is None or answer.until > at
    elif answer.again_at is not None:
        assert answer.again_at >= at
        assert decide(a_question(drawn["name"], drawn["channel"], answer.again_at), told).may
