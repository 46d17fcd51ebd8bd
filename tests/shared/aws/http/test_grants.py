"""What a grant says, and that nobody else can say it."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.aws.http.grants import grounds_in, read_grant, write_grant
from shared.errors import Invalid, NotVerified
from shared.grounds import Reason, Session

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LATER = NOON + timedelta(minutes=30)
SESSION = Session(session_id="ses_1", customer_ids=("cus_1", "cus_2"), is_verified=True)
GRANT = write_grant("secret", SESSION, subject="deniz", until=LATER)


def read(grant: str, subject: str = "deniz", now: datetime = NOON) -> Session:
    return read_grant("secret", grant, subject=subject, now=now)


def test_a_grant_is_read_as_it_was_written() -> None:
    recognised = Session(session_id="ses_2", customer_ids=("cus_3",), is_verified=False)

    assert read(GRANT) == SESSION
    assert read(write_grant("secret", recognised, subject="deniz", until=LATER)) == recognised


def test_a_grant_of_the_most_members_fits_into_a_header() -> None:
    ids = tuple(f"cus_{n:026}" for n in range(20))
    many = Session(session_id="ses_" + "x" * 26, customer_ids=ids, is_verified=True)
    grant = write_grant("secret", many, subject="x" * 64, until=LATER)

    assert read(grant, subject="x" * 64) == many
    assert len(grant) < 2000


def test_a_grant_is_good_for_its_subject_alone() -> None:
    with pytest.raises(NotVerified, match="somebody else's; open a session of your own"):
        read(GRANT, subject="cem")


def test_a_grant_is_good_until_its_time_is_over() -> None:
    assert read(GRANT, now=LATER - timedelta(seconds=1)) == SESSION
    with pytest.raises(NotVerified, match="is over; open another"):
        read(GRANT, now=LATER)


def test_a_grant_of_another_stage_is_none_of_ours() -> None:
    with pytest.raises(NotVerified, match="no grant of ours"):
        read(write_grant("another", SESSION, subject="deniz", until=LATER))


@given(st.integers(0, len(GRANT) - 1), st.characters(codec="ascii"))
def test_a_grant_that_was_changed_anywhere_is_none(place: int, letter: str) -> None:
    changed = GRANT[:place] + letter + GRANT[place + 1 :]
    same = base64.urlsafe_b64decode(GRANT + "=" * (-len(GRANT) % 4))
    try:
        if base64.urlsafe_b64decode(changed + "=" * (-len(changed) % 4)) == same:
            return  # another spelling of the same bytes
    except ValueError:
        pass
    with pytest.raises(NotVerified, match="no grant of ours"):
        read(changed)


@given(st.text(max_size=6000))
def test_nothing_else_is_a_grant(text: str) -> None:
    with pytest.raises(NotVerified, match="no grant of ours"):
        read(text)


def test_the_grounds_stand_in_one_header() -> None:
    def grounds(**headers: str) -> object:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return grounds_in(names, "secret", subject="deniz", now=NOON)

    assert grounds() is None
    assert grounds(Sahip_Session=GRANT) == SESSION
    assert grounds(Sahip_Reason="visit") == Reason(code="visit")
    with pytest.raises(Invalid, match="not both"):
        grounds(Sahip_Session=GRANT, Sahip_Reason="visit")
