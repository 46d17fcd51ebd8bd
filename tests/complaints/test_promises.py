from datetime import UTC, date, datetime, timedelta

import pytest

from services.complaints.domain import Kind, Seriousness, promise_for
from services.complaints.domain.promises import CALENDAR, answer_due, resolution_due

MONDAY_MORNING = datetime(2026, 3, 2, 6, tzinfo=UTC)  # nine in Turkey
FRIDAY_EVENING = datetime(2026, 3, 6, 16, tzinfo=UTC)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("seriousness", Seriousness)
def test_every_complaint_has_a_promise_and_is_answered_before_it_is_resolved(
    kind: Kind, seriousness: Seriousness
) -> None:
    promise = promise_for(kind, seriousness, date(2026, 3, 2))

    assert timedelta() < promise.answer < promise.resolution


@pytest.mark.parametrize("kind", Kind)
def test_what_hurts_more_is_never_promised_later(kind: Kind) -> None:
    promises = [promise_for(kind, seriousness, date(2026, 3, 2)) for seriousness in Seriousness]

    assert [one.answer for one in promises] == sorted(
        (one.answer for one in promises), reverse=True
    )
    assert promises[0].resolution >= promises[-1].resolution


def test_a_promise_is_counted_in_open_hours() -> None:
    def due(start: datetime) -> tuple[datetime, datetime]:
        return (
            answer_due(Kind.DELIVERY, Seriousness.NORMAL, start),
            resolution_due(Kind.DELIVERY, Seriousness.NORMAL, start),
        )

    assert due(MONDAY_MORNING) == (
        datetime(2026, 3, 2, 11, tzinfo=UTC),  # 14:00: four hours and lunch
        datetime(2026, 3, 4, 15, tzinfo=UTC),  # the end of the third day
    )
    assert due(FRIDAY_EVENING) == (
        datetime(2026, 3, 7, 11, tzinfo=UTC),  # Saturday's whole shift
        datetime(2026, 3, 11, 11, tzinfo=UTC),
    )


def test_a_working_day_has_eight_open_hours() -> None:
    assert CALENDAR.between(MONDAY_MORNING, MONDAY_MORNING + timedelta(days=1)) == timedelta(
        hours=8
    )
