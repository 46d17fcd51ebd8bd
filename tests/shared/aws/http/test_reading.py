"""What is unclear in a request is refused with what is wrong, and never quoted."""

from contextlib import suppress
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.access import Caller
from shared.aws.http import reading
from shared.aws.http.problems import Flawed
from shared.errors import DomainError, Invalid, NotFound, PreconditionMissing, TooLarge


class Item(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    quantity: int = 1


class Nothing(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Query(BaseModel):
    model_config = ConfigDict(extra="forbid")

    customer_id: Annotated[str, StringConstraints(pattern="^[a-z_0-9]+$")]
    limit: int = Field(default=20, ge=1, le=100)


def test_a_good_body_becomes_its_model() -> None:
    assert reading.read_body('{"name": "Ayşe"}'.encode(), Item) == Item(name="Ayşe")
    assert reading.read_body(b"", Nothing) == Nothing()


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "the body is empty; send a JSON object"),
        (b"{", "not JSON: expecting property name enclosed in double quotes at line 1, column 2"),
        (b'{"name": "a" "quantity": 1}', "not JSON"),
        (b'{"name": "a", "name": "b"}', "a field stands twice in one object"),
        (b'{"name": "a", "quantity": NaN}', "NaN is no JSON number"),
        (b'{"name": "a", "quantity": -Infinity}', "-Infinity is no JSON number"),
        (b'{"name": "a", "quantity": ' + b"9" * 5000 + b"}", "more than 300 digits"),
        (b'{"name": "a\\u0000b"}', "holds a NUL character; leave it out"),
        (b'{"name": "a\x00b"}', "invalid control character"),
        ('{"name": "Işık"}'.encode("iso-8859-9"), "the body is not UTF-8"),
        ('{"name": "I\ufffd\ufffdk"}'.encode(), "the body is not UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 5_000, "nested too deeply"),
    ],
)
def test_a_body_that_is_no_clear_json_is_refused_with_what_is_wrong(
    body: bytes, message: str
) -> None:
    with pytest.raises(Invalid, match=message):
        reading.read_body(body, Item)


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"null",
        b'"name"',
        b"{}",
        b'{"name": 5}',
        b'{"name": "a", "quantity": "5"}',
        b'{"name": "a", "quantity": 5.0}',
        b'{"name": "a", "quantity": true}',
        b'{"name": "a", "quantity": 1e400}',
        b'{"name": "\\ud800"}',
        b'{"name": "a", "price": 1}',
        b'{"name": ' + b"[" * 300 + b"]" * 300 + b"}",
    ],
)
def test_a_body_of_another_shape_is_refused_and_nothing_is_converted(body: bytes) -> None:
    with pytest.raises(Flawed):
        reading.read_body(body, Item)


def test_a_backslash_before_u0000_is_text_and_no_nul() -> None:
    assert reading.read_body(b'{"name": "C:\\\\u0000"}', Item).name == "C:\\u0000"


def test_a_body_is_read_up_to_its_bound_and_not_a_byte_farther() -> None:
    frame = len(b'{"name": ""}')
    longest = b'{"name": "' + b"x" * (reading.MOST_BYTES - frame) + b'"}'

    assert len(reading.read_body(longest, Item).name) == reading.MOST_BYTES - frame
    with pytest.raises(TooLarge, match="at most 262144 are taken"):
        reading.read_body(longest + b" ", Item)


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused_and_nothing_breaks(raw: bytes) -> None:
    with suppress(DomainError):
        reading.read_body(raw, Item)


def test_a_query_is_read_into_its_model() -> None:
    asked = reading.read_query({"customer_id": ["cus_1"], "limit": ["5"]}, Query)

    assert (asked.customer_id, asked.limit) == ("cus_1", 5)


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"customer_id": ["a#b"]},
        {"customer_id": ["c"], "limit": ["0"]},
        {"customer_id": ["c"], "limit": ["101"]},
        {"customer_id": ["c"], "limit": ["many"]},
        {"customer_id": ["c"], "limit": ["9" * 5000]},
        {"customer_id": ["c"], "sort": ["name"]},
        {"customer_id": ["c", "d"]},
    ],
)
def test_a_query_that_is_not_meant_here_is_refused(query: dict[str, list[str]]) -> None:
    with pytest.raises(Invalid):
        reading.read_query(query, Query)


@pytest.mark.parametrize("key", ["k", "a" * 200, "0f8e-!~"])
def test_a_good_idempotency_key_is_taken_as_it_is(key: str) -> None:
    assert reading.idempotency_key(key) == key


@pytest.mark.parametrize("key", [None, "", "a" * 201, "with space", "şifre", "tab\t"])
def test_without_a_good_idempotency_key_it_is_said_how_one_looks(key: str | None) -> None:
    with pytest.raises(Invalid, match="Idempotency-Key") as refusal:
        reading.idempotency_key(key)

    assert refusal.value.field == "Idempotency-Key"


def test_if_match_names_one_version() -> None:
    assert reading.version_named('"3"', required=True) == 3
    assert reading.version_named(None, required=False) is None
    with pytest.raises(PreconditionMissing, match="If-Match header with the ETag"):
        reading.version_named(None, required=True)


@pytest.mark.parametrize(
    "value", ["3", '"3', '"x"', "*", 'W/"3"', '"3", "4"', f'"{"9" * 16}"', ""]
)
def test_an_if_match_that_is_no_etag_of_ours_is_refused(value: str) -> None:
    with pytest.raises(Invalid, match="takes one ETag"):
        reading.version_named(value, required=True)


@pytest.mark.parametrize(
    ("header", "tags"),
    [
        ('W/"0a1"', {"0a1"}),
        ('"0a1"', {"0a1"}),
        ('W/"0a1", "b2"', {"0a1", "b2"}),
        ("*", set()),
        ("0a1", set()),
        ("", set()),
        (None, set()),
    ],
)
def test_if_none_match_names_tags_weak_or_not(header: str | None, tags: set[str]) -> None:
    assert reading.tags_named(header) == tags


@pytest.mark.parametrize("value", ["a#b", "x" * 65, "a b", "..", "a\x00", "+905321234567", ""])
def test_what_can_be_no_id_in_a_path_is_not_found_and_not_quoted(value: str) -> None:
    with pytest.raises(NotFound, match="nothing has this id") as refusal:
        reading.check_path({"customer_id": "cus_1", "link_id": value})

    assert not value or value not in str(refusal.value)


def test_only_a_decent_correlation_id_of_the_caller_is_taken_over() -> None:
    assert reading.correlation_id("shop-2026-000017", "request-1") == "shop-2026-000017"
    for indecent in (None, "", "short", "x" * 65, 'a"b c d e f', "Ayşe-Işık-1234"):
        assert reading.correlation_id(indecent, "request-1") == "request-1"


def a_caller(subject: str = "s", client_id: str = "web") -> Caller:
    return Caller(subject=subject, client_id=client_id, roles=frozenset())


def test_a_key_leads_to_one_id_for_its_caller_and_to_others_for_everybody_else() -> None:
    ids = {
        reading.new_id(prefix, caller, key)
        for prefix in ("ord", "cus")
        for caller in (a_caller(), a_caller("t"), a_caller(client_id="app"), a_caller("we", "bs"))
        for key in ("k1", "k2")
    }

    assert len(ids) == 16
    assert reading.new_id("ord", a_caller(), "k1") in ids
    assert all(reading._ID.fullmatch(one) for one in ids)


def test_a_fingerprint_is_of_operation_path_and_meaning_but_not_of_spelling() -> None:
    def of(operation: str, path: dict[str, str], body: bytes, key: str = "s") -> str:
        return reading.fingerprint(key, operation, path, reading.read_body(body, Item))

    plain = of("link", {"id": "a"}, b'{"name": "x", "quantity": 1}')

    assert of("link", {"id": "a"}, b'{ "quantity":1,"name":"\\u0078" }') == plain
    assert of("link", {"id": "a"}, b'{"name": "x"}') == plain
    assert plain not in {
        of("link", {"id": "b"}, b'{"name": "x"}'),
        of("create", {"id": "a"}, b'{"name": "x"}'),
        of("link", {"id": "a"}, b'{"name": "y"}'),
        of("link", {"id": "a"}, b'{"name": "x"}', key="t"),
    }


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "tr"),
        ("", "tr"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("tr-TR, en;q=0.8", "tr"),
        ("tr;q=0.2, en;q=0.8", "en"),
        ("de, en;q=0.1", "en"),
        ("de", "tr"),
        ("*", "tr"),
        ("tr;q=0, *;q=0.5", "en"),
        ("tr;q=0, en;q=0", "tr"),
        ("en;q=nonsense", "tr"),
        (",;=" * 2000, "tr"),
    ],
)
def test_the_language_is_the_one_of_ours_that_is_liked_best(
    header: str | None, language: str
) -> None:
    assert reading.language(header) == language
