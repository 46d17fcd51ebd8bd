"""What people were sent, as this machine shows it."""

import json
from http import HTTPStatus
from pathlib import Path

import pytest

from infra.local.mailbox import FILE, Mailbox
from infra.local.problems import Refused
from infra.local.proxy import HttpRequest, HttpResponse

LINES = (
    {"to": "+905321234567", "text": "123456 is your code", "subject": None},
    {
        "to": "ayse@example.com",
        "text": "<b>Merhaba</b>",
        "subject": "Siparişiniz",
        "channel": "email",
        "message_id": "msg_1",
    },
)


@pytest.fixture
def mailbox(tmp_path: Path) -> Mailbox:
    text = "".join(f"{json.dumps(one)}\n" for one in LINES)
    (tmp_path / FILE).write_text(text + '{"to": "half a li', encoding="utf-8")
    return Mailbox(tmp_path)


def asked(mailbox: Mailbox, *, method: str = "GET", host: str = "127.0.0.1:8360") -> HttpResponse:
    return mailbox.answer(
        HttpRequest(
            method=method,
            path="/mailbox",
            query="",
            headers={"Host": host},
            body=b"",
            source_ip="127.0.0.1",
            request_id="r",
        )
    )


def test_it_has_whole_lines_by_address(mailbox: Mailbox) -> None:
    assert [one.text for one in mailbox.sent_to("+905321234567")] == ["123456 is your code"]
    assert [one.message_id for one in mailbox.all()] == [None, "msg_1"]


def test_the_page_shows_the_newest_first_and_runs_nothing_of_it(mailbox: Mailbox) -> None:
    answer = asked(mailbox)

    page = answer.body.decode()
    assert page.index("Siparişiniz") < page.index("123456")
    assert "&lt;b&gt;Merhaba&lt;/b&gt;" in page
    assert "default-src 'none'" in dict(answer.headers)["Content-Security-Policy"]
    assert mailbox.answers("/mailbox")
    assert not mailbox.answers("/mailbox/x")


def test_without_any_message_there_is_a_page_as_well(tmp_path: Path) -> None:
    assert "Nothing yet" in asked(Mailbox(tmp_path)).body.decode()


def test_no_page_from_elsewhere_reads_it_and_nobody_writes(mailbox: Mailbox) -> None:
    for flaw, status in (
        ({"host": "evil.example"}, HTTPStatus.FORBIDDEN),
        ({"method": "POST"}, HTTPStatus.METHOD_NOT_ALLOWED),
    ):
        with pytest.raises(Refused) as refused:
            asked(mailbox, **flaw)
        assert refused.value.status == status
