"""What every Iys must do: the fake, the folder, and the API as its clients describe it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest

from services.engagement.adapters.iys import FileIys, HttpIys, NoIys
from services.engagement.domain import (
    Change,
    Consent,
    ConsentChannel,
    Outcome,
    RecipientType,
    instant_of,
)
from services.engagement.ports import Iys, IysUnavailable
from tests.engagement.examples import EMAIL, OTHER_PHONE, PHONE, a_refusal, a_word
from tests.engagement.fakes import InMemoryIys
from tests.engagement.iys_server import BRAND, PASSWORD, USERNAME, Register, iys_server

CREDENTIALS = json.dumps({"username": USERNAME, "password": PASSWORD})
CHANGE = {
    "consentDate": "2026-11-24 12:30:00",
    "creationDate": "2026-11-24 12:30:01",
    "source": "IYS_WEB",
    "recipient": PHONE.value,
    "recipientType": "BIREYSEL",
    "status": "RET",
    "type": "MESAJ",
    "transactionId": "tx-1",
    "citizenName": "nobody keeps this",
}


class Place(Protocol):
    """An Iys, and how people tell it something."""

    @property
    def iys(self) -> Iys: ...

    def tell(self, *changes: Any) -> None: ...


class _Folder:
    def __init__(self, folder: Path) -> None:
        self.iys = FileIys(folder)
        self._folder = folder

    def tell(self, *changes: Any) -> None:
        self._folder.mkdir(exist_ok=True)
        with (self._folder / "in.jsonl").open("a") as file:
            file.writelines(
                f"{one if isinstance(one, str) else json.dumps(one)}\n" for one in changes
            )


class _Server:
    def __init__(self, url: str, register: Register) -> None:
        self.iys = an_http_iys(url)
        self._register = register

    def tell(self, *changes: Any) -> None:
        self._register.changes += changes


class _Memory:
    def __init__(self) -> None:
        self.iys = InMemoryIys()

    def tell(self, *changes: Any) -> None:
        self.iys.told_by_people += [change_of(one) for one in changes]


def an_http_iys(url: str, *, credentials: str = CREDENTIALS, deadline: float = 5) -> HttpIys:
    return HttpIys(
        url, iys_code="1234", brand_code="5678", credentials=credentials, deadline=deadline
    )


def change_of(told: Any) -> Change:
    return Change(
        change_id=told["transactionId"],
        address=PHONE,
        channel=ConsentChannel(told["type"]),
        recipient_type=told["recipientType"],
        status=told["status"],
        source=told["source"],
        said_at=instant_of(told["consentDate"]),
    )


@pytest.fixture
def server() -> Iterator[tuple[str, Register]]:
    with iys_server() as running:
        yield running


@pytest.fixture(params=["in memory", "folder", "http"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "in memory":
        return _Memory()
    if request.param == "folder":
        return _Folder(tmp_path / "iys")
    return _Server(*request.getfixturevalue("server"))


def test_a_batch_is_taken_and_each_of_it_is_told_what_became_of_it(place: Place) -> None:
    refused_first = a_refusal(2, address=OTHER_PHONE)
    request_id = place.iys.hand_over([a_word(1), refused_first, a_refusal(3)])

    outcomes = place.iys.outcomes(request_id)

    assert {index: one.refused for index, one in outcomes.items()} == {0: None, 1: "H175", 2: None}
    assert outcomes[0].transaction_id


def test_two_batches_are_told_apart(place: Place) -> None:
    first = place.iys.hand_over([a_word(1)])
    second = place.iys.hand_over([a_refusal(2)])

    assert first != second
    assert set(place.iys.outcomes(first)) == set(place.iys.outcomes(second)) == {0}
    assert place.iys.outcomes(second)[0].refused is None


def test_what_people_tell_iys_is_read_page_by_page_and_behind_it_is_nothing(
    place: Place,
) -> None:
    told = [{**CHANGE, "transactionId": f"tx-{number}"} for number in range(5)]
    place.tell(*told)

    found: list[Change] = []
    after: str | None = None
    before: str | None = "none"
    while after != before:
        before = after
        page = place.iys.changes(after)
        found += page.changes
        after = page.after

    assert found == [change_of(one) for one in told]
    assert place.iys.changes(after).changes == ()


@pytest.mark.parametrize("kind", ["folder", "http"])
def test_what_cannot_be_understood_holds_up_nothing_else_and_is_named(
    kind: str, tmp_path: Path, server: tuple[str, Register]
) -> None:
    place = _Folder(tmp_path / "iys") if kind == "folder" else _Server(*server)
    server[1].page = 10
    flaws: dict[str, Any] = {
        "status": "BELKI",
        "type": "FAKS",
        "recipientType": "ESNAF",
        "consentDate": "24.11.2026",
        "recipient": "nobody",
    }
    place.tell(*({**CHANGE, name: flaw, "transactionId": name} for name, flaw in flaws.items()))
    place.tell(CHANGE, [], {**CHANGE, "transactionId": None})

    page = place.iys.changes(None)

    assert [one.status for one in page.changes] == ["RET", "RET"]
    assert set(flaws) < set(page.unreadable)
    assert len(page.unreadable) == 6
    assert all(PHONE.value not in one for one in page.unreadable)


def test_a_word_is_told_in_the_fields_of_iys(server: tuple[str, Register]) -> None:
    url, register = server
    trader = a_word(
        2,
        address=EMAIL,
        channel=ConsentChannel.EMAIL,
        recipient_type=RecipientType.TRADER,
        source="HS_WEB",
    )

    an_http_iys(url).hand_over([a_word(1), trader])

    assert register.batches == [
        [
            {
                "type": "MESAJ",
                "source": "HS_FIZIKSEL_ORTAM",
                "recipient": "+905321234567",
                "status": "ONAY",
                "consentDate": "2026-11-24 12:00:00",
                "recipientType": "BIREYSEL",
            },
            {
                "type": "EPOSTA",
                "source": "HS_WEB",
                "recipient": "ayse@example.com",
                "status": "ONAY",
                "consentDate": "2026-11-24 12:00:00",
                "recipientType": "TACIR",
            },
        ]
    ]


def test_what_we_told_iys_ourselves_is_not_asked_back(server: tuple[str, Register]) -> None:
    url, register = server
    an_http_iys(url).changes("17_ab/c")

    assert (
        register.asked[-1] == f"GET {BRAND}/consents/changes?source=IYS&limit=500&after=17_ab%2Fc"
    )


def test_what_is_still_worked_on_has_no_outcome_yet(server: tuple[str, Register]) -> None:
    url, register = server
    register.batches = [[{"recipient": "queue", "type": "MESAJ", "status": "ONAY"}]]

    assert an_http_iys(url).outcomes("r-0") == {}


def test_one_token_serves_many_calls_and_one_that_is_no_longer_taken_is_renewed(
    server: tuple[str, Register],
) -> None:
    url, register = server
    iys = an_http_iys(url)
    iys.changes(None)
    iys.changes(None)
    assert register.tokens == 1

    register.expire()
    iys.changes(None)

    assert register.tokens == 2


@pytest.mark.parametrize("status", [400, 403, 422, 429, 500, 503])
def test_a_refusal_of_the_api_is_told_as_unavailable(
    server: tuple[str, Register], status: int
) -> None:
    url, register = server
    register.status = status

    told = "slowly" if status == 429 else str(status)
    with pytest.raises(IysUnavailable, match=told):
        an_http_iys(url).changes(None)
    with pytest.raises(IysUnavailable, match=told):
        an_http_iys(url).hand_over([a_word()])


@pytest.mark.parametrize(
    "answer", [b"", b"<html>", b"[]", b'{"requestId": 3}', b'[{"index": "x"}]']
)
def test_nonsense_is_told_as_unavailable(server: tuple[str, Register], answer: bytes) -> None:
    url, register = server
    register.answer = answer
    iys = an_http_iys(url)

    with pytest.raises(IysUnavailable, match="understood"):
        iys.hand_over([a_word()])
    if answer != b"[]":
        with pytest.raises(IysUnavailable, match="understood"):
            iys.outcomes("r-0")


def test_wrong_credentials_and_a_server_that_is_not_there_are_told_as_unavailable(
    server: tuple[str, Register],
) -> None:
    url, _ = server
    wrong = json.dumps({"username": USERNAME, "password": "wrong"})

    with pytest.raises(IysUnavailable, match="401"):
        an_http_iys(url, credentials=wrong).changes(None)
    with pytest.raises(IysUnavailable, match="does not answer"):
        an_http_iys("http://127.0.0.1:9").changes(None)


def test_without_an_iys_nothing_is_told_and_nothing_heard() -> None:
    words: list[Consent] = [a_word()]
    with pytest.raises(IysUnavailable, match="no İYS is set up"):
        NoIys().hand_over(words)
    with pytest.raises(IysUnavailable, match="no İYS is set up"):
        NoIys().outcomes("r")
    assert NoIys().changes("7").after == "7"


def test_a_line_that_is_being_written_is_left_for_the_next_time(tmp_path: Path) -> None:
    whole, half = json.dumps(CHANGE), json.dumps({**CHANGE, "transactionId": "tx-2"})
    (tmp_path / "in.jsonl").write_text(f"{whole}\n{half[:40]}")
    iys = FileIys(tmp_path)
    first = iys.changes(None)
    (tmp_path / "in.jsonl").write_text(f"{whole}\n{half}\n")

    assert [one.change_id for one in first.changes] == ["tx-1"]
    assert [one.change_id for one in iys.changes(first.after).changes] == ["tx-2"]


def test_what_is_told_in_a_folder_only_this_user_may_read(tmp_path: Path) -> None:
    iys = FileIys(tmp_path / "iys")
    request_id = iys.hand_over([a_word()])
    out = tmp_path / "iys" / "out.jsonl"

    assert out.stat().st_mode & 0o077 == 0
    assert json.loads(out.read_text())["requestId"] == request_id
    assert iys.outcomes("another") == {}
    assert iys.outcomes(request_id) == {0: Outcome(transaction_id="file-0")}
