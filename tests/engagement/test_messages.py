"""What is asked to be said: its template, its values, and what may stand in it."""

from string import Formatter
from typing import Any

import pytest

from services.engagement.domain import (
    LANGUAGES,
    OURS,
    PURPOSES,
    TEMPLATES,
    Channel,
    Message,
    MessageStatus,
    purposes,
    spoken,
    template_of,
)
from services.engagement.use_cases.messages import ask_for
from shared.errors import Invalid
from tests.engagement.examples import NOON, ORDER, an_act
from tests.engagement.fakes import InMemoryContacts, InMemoryOutbox

A_PAGE = 460  # characters: three texts to a phone at most


def asked(**other: Any) -> Message:
    particulars: dict[str, Any] = {
        "message_id": "msg_1",
        "fingerprint": "f",
        "customer_id": "cus_1",
        "members": ["cus_2"],
        "purpose": "order",
        "reason": "order:1:taken",
        "template": "order_taken",
        "values": ORDER,
    }
    outbox = InMemoryOutbox(InMemoryContacts())
    message, was_there = ask_for(outbox, an_act(), **particulars | other)
    assert not was_there
    return message


def test_what_is_asked_for_waits_for_all_ids_of_the_person() -> None:
    message = asked()

    assert (message.status, message.due_at) == (MessageStatus.WAITING, NOON)
    assert message.members == ("cus_1", "cus_2")
    assert "A-17" not in str(message.log)


@pytest.mark.parametrize(
    ("flaw", "field"),
    [
        ({"values": {"order": "A-17"}}, "values.total"),
        ({"values": {**ORDER, "colour": "red"}}, "values.colour"),
        ({"values": {**ORDER, "total": " "}}, "values.total"),
        ({"values": {**ORDER, "total": "9" * 41}}, "values.total"),
        ({"values": {**ORDER, "total": "1\n2"}}, "values.total"),
        ({"template": "nothing"}, "template"),
        ({"template": "offer_made"}, "template"),
        ({"purpose": "verification"}, "purpose"),
        ({"purpose": "weather"}, "purpose"),
        ({"channel": Channel.CALL}, "channel"),
    ],
)
def test_what_could_not_be_written_out_is_refused_with_the_field(
    flaw: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        asked(**flaw)
    assert refused.value.field == field


def test_every_purpose_has_a_template_and_every_text_its_lines() -> None:
    assert {one.purpose for one in TEMPLATES.values()} == set(purposes())
    for template in TEMPLATES.values():
        needs = PURPOSES.on(NOON.date())[template.purpose].needs
        ours = OURS if needs else OURS - {"refuse"}
        assert template.wordings.keys() == set(LANGUAGES)
        for wording in template.wordings.values():
            assert _named(wording.short) == template.placeholders.keys() | ours
            assert _named(wording.long) == template.placeholders.keys() | ours
            assert _named(wording.subject) <= template.placeholders.keys()
        values = {name: "x" * most for name, most in template.placeholders.items()}
        for language in LANGUAGES:
            text = template.text(Channel.SMS, language, values, reach="0" * 20, refuse="0" * 40)
            assert len(text.body) <= A_PAGE, template.name


def test_a_text_is_written_out_in_the_persons_language_with_the_houses_line() -> None:
    template = template_of("order_taken", "order")
    sms = template.text(Channel.SMS, "en-GB", ORDER, reach="0850 222 00 00", refuse="")
    mail = template.text(Channel.EMAIL, "de", ORDER, reach="0850 222 00 00", refuse="")

    assert sms.subject is None
    assert sms.body == "We have your order A-17, 1.250 TL. A person: 0850 222 00 00"
    assert mail.subject == "Siparişinizi aldık: A-17"
    assert "Bir insanla görüşmek için: 0850 222 00 00" in mail.body
    assert [spoken(one) for one in (None, "tr", "EN", "fr")] == ["tr", "tr", "en", "tr"]


def test_braces_in_a_value_stay_what_they_are() -> None:
    values = {"order": "{reach}", "total": "{0.__class__}"}
    text = template_of("order_taken", "order").text(
        Channel.SMS, "en", values, reach="R", refuse=""
    )
    assert text.body == "We have your order {reach}, {0.__class__}. A person: R"


def _named(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}
