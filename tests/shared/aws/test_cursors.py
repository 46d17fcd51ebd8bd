import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.aws.cursors import Cursors
from shared.errors import Invalid

KEY = {"pk": {"S": "P#cus_1"}, "sk": {"S": "R#2026#ord_1"}}
MINE = Cursors("secret", "me")


def test_a_cursor_leads_its_owner_back_to_the_place_it_was_written_for() -> None:
    assert MINE.read(MINE.write(KEY, "orders of cus_1"), "orders of cus_1") == KEY


@pytest.mark.parametrize(
    "cursors", [Cursors("secret", "another"), Cursors("another secret", "me")]
)
def test_a_cursor_of_another_caller_or_another_stage_is_refused(cursors: Cursors) -> None:
    with pytest.raises(Invalid, match="start again without one") as refusal:
        cursors.read(MINE.write(KEY, "orders of cus_1"), "orders of cus_1")

    assert refusal.value.field == "cursor"


def test_a_cursor_of_another_list_is_refused() -> None:
    with pytest.raises(Invalid):
        MINE.read(MINE.write(KEY, "orders of cus_1"), "orders of cus_2")


def test_names_cannot_be_shifted_between_caller_and_list() -> None:
    cursor = Cursors("secret", "me\0orders").write(KEY, "of cus_1")

    with pytest.raises(Invalid):
        Cursors("secret", "me").read(cursor, "orders\0of cus_2")


@given(st.data())
def test_a_cursor_with_any_byte_changed_is_refused(data: st.DataObject) -> None:
    cursor = MINE.write(KEY, "orders of cus_1")
    raw = bytearray(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] ^= data.draw(st.integers(1, 255))

    with pytest.raises(Invalid):
        MINE.read(base64.urlsafe_b64encode(bytes(raw)).decode(), "orders of cus_1")


@given(st.text(max_size=60))
def test_any_other_text_is_refused_and_breaks_nothing(written: str) -> None:
    with pytest.raises(Invalid):
        MINE.read(written, "orders of cus_1")
