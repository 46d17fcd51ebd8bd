"""What is asked of recognition and what it answers, at the desk and in a contact flow."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from services.customer.domain import (
    Evidence,
    Facts,
    Known,
    Outcome,
    Purchase,
    Recognised,
    Recognition,
    Scheme,
    Strength,
    TaxNumber,
)
from services.customer.schemas import ChangeCustomer
from services.customer.schemas.recognition import (
    ContactFlowEvent,
    RecogniseCustomer,
    RecognitionView,
    flat,
)
from shared.errors import Invalid
from tests.customer.examples import EMAIL, MOBILE

LINE = "+905321234567"
CONTACT_FLOW_TAKES = 32 * 1024  # bytes of an answer


def a_person(number: int, language: str | None = None) -> Recognised:
    return Recognised(
        customer_id=f"cus_{number}",
        person_id=f"cus_{number}",
        language=language,
        evidence=frozenset({Evidence.NAME, Evidence.PHONE}),
        strength=Strength.SUFFICIENT,
    )


def event(line: str | None = LINE, **told: Any) -> ContactFlowEvent:
    endpoint = {"Address": line, "Type": "TELEPHONE_NUMBER"} if line is not None else None
    data = {"ContactId": "contact-1", "Channel": "VOICE", "CustomerEndpoint": endpoint}
    return ContactFlowEvent.model_validate({"Details": {"ContactData": data, "Parameters": told}})


@pytest.mark.parametrize(
    "enough",
    [
        {"phone": "0532 123 45 67"},
        {"email": "ayse@example.com"},
        {"external_id": "shop:1"},
        {"tax_id": "10000000146"},
        {"order_id": "web-7"},
        {"serial": "IR 42"},
        {"name": "Ayşe", "district": "Kadıköy"},
        {"product": "kettle", "bought": "2026-W07"},
        {"product": "kettle", "bought": "2026-02-14"},
    ],
)
def test_any_one_identifier_or_two_weak_facts_are_enough(enough: dict[str, str]) -> None:
    assert RecogniseCustomer.model_validate(enough).known() != Known()


@pytest.mark.parametrize("known", [{}, {"name": "Ayşe"}, {"district": "Kadıköy"}])
def test_less_is_not_and_never_is_a_certain_thing_demanded(known: dict[str, str]) -> None:
    with pytest.raises(
        ValidationError, match="give a phone, email, external_id, tax_id, order_id or"
    ):
        RecogniseCustomer.model_validate(known)


@pytest.mark.parametrize(
    "half", [{"product": "kettle"}, {"bought": "2026-W07"}, {"bought": "2026-W07", "phone": LINE}]
)
def test_a_product_and_when_it_was_bought_go_together(half: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="product and bought together"):
        RecogniseCustomer.model_validate(half)


@pytest.mark.parametrize("when", ["2026-02-30", "2026-W60", "2025-W53"])
def test_a_day_or_week_that_the_calendar_lacks_is_told(when: str) -> None:
    told = RecogniseCustomer.model_validate({"product": "kettle", "bought": when})

    with pytest.raises(Invalid, match="no such day or week") as refused:
        told.known()
    assert refused.value.field == "bought"
    assert event(product="kettle", bought=when).known() == Known(points=(MOBILE,))


@pytest.mark.parametrize("when", ["14.02.2026", "2026-7", "last week", "0026-02-14"])
def test_what_is_written_as_no_day_and_no_week_is_refused(when: str) -> None:
    with pytest.raises(ValidationError, match="bought"):
        RecogniseCustomer.model_validate({"product": "kettle", "bought": when})


def test_a_contact_flow_tells_what_was_bought_when_and_half_of_it_is_passed_over() -> None:
    kettle = Purchase(product="kettle", when="2026-W07")

    both = event(product="kettle", bought="2026-W07").known()

    assert both == Known(points=(MOBILE,), purchase=kettle)
    assert event(None, product="kettle", bought="2026-W07").known() == Known(purchase=kettle)
    assert event(product="kettle").known() == Known(points=(MOBILE,))
    assert event(bought="2026-W07").known() == Known(points=(MOBILE,))


def test_a_contact_flow_is_told_to_ask_further_where_too_many_fit() -> None:
    crowd = Recognition(outcome=Outcome.CANDIDATES, is_cut=True)

    told = flat(crowd)

    assert (told["outcome"], told["candidates"], told["reason"]) == (
        "candidates",
        "0",
        "ask_further",
    )


@pytest.mark.parametrize("language", ["tr", "en-GB", "ckb", "zh-Hant", "zh-Hant-TW", "es-419"])
def test_a_language_is_written_as_bcp_47_has_it(language: str) -> None:
    assert ChangeCustomer.model_validate({"language": language}).language == language


@pytest.mark.parametrize("language", ["TR", "turkish", "tr_TR", "en-gb", "i-klingon", "t", ""])
def test_what_names_no_language_is_refused(language: str) -> None:
    with pytest.raises(ValidationError, match="language"):
        ChangeCustomer.model_validate({"language": language})


def test_an_answer_tells_how_somebody_is_known_and_never_who_they_are() -> None:
    found = Recognition(outcome=Outcome.RECOGNISED, persons=(a_person(1),))

    told = RecognitionView.of(found, [Evidence.SERIAL], None).model_dump(mode="json")

    assert told == {
        "outcome": "recognised",
        "persons": [
            {
                "customer_id": "cus_1",
                "person_id": "cus_1",
                "evidence": ["phone", "name"],
                "strength": "sufficient",
                "language": None,
                "serves": None,
            }
        ],
        "more": False,
        "unanswered": ["serial"],
    }


def test_a_contact_flow_is_known_by_its_line_and_what_the_caller_typed() -> None:
    known = event(order_id="web-7", name="Ayşe", email="", colour="blue").known()

    assert known == Known(
        points=(MOBILE,),
        elsewhere={Evidence.ORDER_ID: "web-7"},
        facts=Facts(name="Ayşe"),
    )


def test_a_tax_number_is_typed_in_a_contact_flow_as_it_is_read_out() -> None:
    known = event(tax_id="100 000 001 46").known()

    assert known == Known(points=(MOBILE,), tax_number=TaxNumber(Scheme.TCKN, "10000000146"))
    assert "10000000146" not in repr(known)
    assert event(tax_id="11111111111").known() == Known(points=(MOBILE,))


def test_a_phone_that_the_caller_tells_goes_before_the_line() -> None:
    assert event("+902125551234", phone="0532 123 45 67").known() == Known(points=(MOBILE,))


def test_what_nobody_in_a_flow_could_put_right_is_passed_over() -> None:
    assert event(email="canary", phone="12").known() == Known(points=(MOBILE,))
    assert event("anonymous", email="ayse@example.com").known() == Known(points=(EMAIL,))
    for line in ("anonymous", "", None):
        assert event(line).known() is None
        assert event(line, name="Ayşe").known() is None
        assert event(line, name="...", district="Kadıköy").known() is None


def test_the_least_that_a_flow_sends_is_understood() -> None:
    least = ContactFlowEvent.model_validate({"Details": {}})

    assert (least.known(), least.contact_id) == (None, "unknown")


@pytest.mark.parametrize("language", ["tr", None])
def test_a_contact_flow_is_answered_in_words_of_one_person_alone(language: str | None) -> None:
    one = flat(Recognition(outcome=Outcome.RECOGNISED, persons=(a_person(1, language),)))
    several = flat(
        Recognition(outcome=Outcome.CANDIDATES, persons=tuple(map(a_person, range(20))))
    )

    assert one["customer_id"] == "cus_1"
    assert one["language"] == language or one["language"] == "unknown"
    assert several["candidates"] == "20"
    assert several["customer_id"] == several["person_id"] == several["strength"] == ""
    for answer in (one, several, flat(Recognition(outcome=Outcome.UNKNOWN), reason="x")):
        assert {type(part) for pair in answer.items() for part in pair} == {str}
        assert len(json.dumps(answer)) < CONTACT_FLOW_TAKES
        assert answer.keys() == one.keys()
