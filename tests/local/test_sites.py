"""The files of desk and reference as the gateway gives them."""

from http import HTTPStatus
from pathlib import Path

import pytest

from infra.local import sites
from infra.local.problems import Refused
from infra.local.proxy import HttpRequest, HttpResponse
from infra.local.sites import FOR_GOOD, HEADERS, Site


@pytest.fixture
def desk(tmp_path: Path) -> Site:
    for name in ("index.html", "app-1A2B3C4D.js", "app-5E6F7A8B.css", "mark.svg"):
        (tmp_path / name).write_text(f"this is {name}", encoding="utf-8")
    return sites.desk(tmp_path)


def asked(desk: Site, path: str, method: str = "GET", **headers: str) -> HttpResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return desk.answer(
        HttpRequest(
            method=method,
            path=path,
            query="",
            headers=named,
            body=b"",
            source_ip="127.0.0.1",
            request_id="r",
        )
    )


@pytest.mark.parametrize("path", ["/desk", "/desk/", "/desk/index.html"])
def test_the_page_is_asked_for_anew_each_time(desk: Site, path: str) -> None:
    answer = asked(desk, path)

    headers = dict(answer.headers)
    assert answer.body == b"this is index.html"
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["Cache-Control"] == "no-cache"
    assert asked(desk, path, If_None_Match=headers["ETag"]).status == HTTPStatus.NOT_MODIFIED


@pytest.mark.parametrize("name", ["app-1A2B3C4D.js", "app-5E6F7A8B.css"])
def test_what_is_named_by_its_content_is_kept_for_good(desk: Site, name: str) -> None:
    assert dict(asked(desk, f"/desk/{name}").headers)["Cache-Control"] == FOR_GOOD


def test_every_file_says_what_a_page_may_do(desk: Site) -> None:
    headers = dict(asked(desk, "/desk/mark.svg").headers)

    assert headers.items() >= HEADERS.items()
    assert "unsafe" not in headers["Content-Security-Policy"]


def test_people_sign_in_with_a_token_here(desk: Site) -> None:
    assert asked(desk, "/desk/config.json").body == b'{"sign_in": {"kind": "token"}}'


@pytest.mark.parametrize("path", ["/desk/nothing.js", "/desk/../pyproject.toml", "/desk/%2e%2e/x"])
def test_nothing_else_of_this_machine_is_given(desk: Site, path: str) -> None:
    with pytest.raises(Refused) as refusal:
        asked(desk, path)

    assert refusal.value.status == HTTPStatus.NOT_FOUND


def test_it_is_only_read(desk: Site) -> None:
    with pytest.raises(Refused) as refusal:
        asked(desk, "/desk", "POST")

    assert refusal.value.headers == {"Allow": "GET, HEAD"}


def test_where_it_could_not_be_built_that_is_said() -> None:
    with pytest.raises(Refused, match="not built") as refusal:
        asked(sites.desk(None), "/desk")

    assert refusal.value.status == HTTPStatus.SERVICE_UNAVAILABLE


def test_what_only_begins_like_it_is_not_the_desk() -> None:
    assert not sites.desk(None).answers("/desktop")
    assert not sites.desk(None).answers("/v1/desk")


def test_the_reference_is_beside_it_and_nobody_signs_in_there(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("this is the reference", encoding="utf-8")
    reference = sites.reference(tmp_path)

    assert asked(reference, "/docs").body == b"this is the reference"
    assert "unsafe" not in dict(asked(reference, "/docs/").headers)["Content-Security-Policy"]
    with pytest.raises(Refused):
        asked(reference, "/docs/config.json")
    with pytest.raises(Refused, match="The reference is not built"):
        asked(sites.reference(None), "/docs")
