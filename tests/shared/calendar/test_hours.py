from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.calendar import (
    ISTANBUL,
    BusinessCalendar,
    DatedRules,
    Holidays,
    HolidaysUnknown,
    NoRuleYet,
    Rule,
    Week,
    day_in_turkey,
    turkish_holidays,
)

SHOP = {"mon tue wed thu fri": "09:00-12:30 13:30-18:00", "sat": "10:00-14:00"}
ALWAYS = {"mon tue wed thu fri sat sun": "00:00-24:00"}
HOUR = timedelta(hours=1)
NOTHING = timedelta()
SINCE_2015 = date(2015, 1, 1)


def always(hours: dict[str, str]) -> DatedRules[Week]:
    return DatedRules(Rule(since=SINCE_2015, holds=Week.of(hours), source="the test"))


def a_calendar(hours: dict[str, str], holidays: Holidays | None = None) -> BusinessCalendar:
    return BusinessCalendar(always(hours), holidays or turkish_holidays())


def at(text: str, fold: int = 0) -> datetime:
    """A time as the clock in Turkey shows it."""
    return datetime.fromisoformat(text).replace(tzinfo=ISTANBUL, fold=fold)


shop = a_calendar(SHOP)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-03-02 09:00", 1, "2026-03-02 10:00"),
        ("2026-03-02 07:00", 1, "2026-03-02 10:00"),
        ("2026-03-02 12:00", 1, "2026-03-02 14:00"),  # over lunch
        ("2026-03-02 12:30", 1, "2026-03-02 14:30"),
        ("2026-03-02 17:30", 1, "2026-03-03 09:30"),  # over night
        ("2026-03-02 17:00", 1, "2026-03-02 18:00"),  # the last instant of a shift belongs to it
        ("2026-03-06 17:00", 2, "2026-03-07 11:00"),  # from Friday into Saturday's shift
        ("2026-03-07 14:00", 1, "2026-03-09 10:00"),  # over the end of the week
        ("2026-10-28 12:00", 1, "2026-10-30 09:30"),  # a half day, then Republic Day
        ("2026-03-19 12:00", 1, "2026-03-23 09:30"),  # the eve of a feast, then the feast
        ("2026-05-25 18:00", 4, "2026-06-01 09:30"),  # half a day before four of a feast
        ("2026-03-02 09:00", 0, "2026-03-02 09:00"),
        ("2026-03-02 19:00", 0, "2026-03-03 09:00"),
    ],
)
def test_open_time_is_counted_in_shifts_alone(start: str, hours: int, end: str) -> None:
    found = shop.add(at(start), hours * HOUR)

    assert found == at(end)
    assert found.tzinfo is UTC
    assert shop.between(at(start), found) == hours * HOUR


@pytest.mark.parametrize(
    ("instant", "is_open", "opens"),
    [
        ("2026-03-02 08:59", False, "2026-03-02 09:00"),
        ("2026-03-02 09:00", True, "2026-03-02 09:00"),
        ("2026-03-02 12:30", False, "2026-03-02 13:30"),
        ("2026-03-02 18:00", False, "2026-03-03 09:00"),
        ("2026-03-08 11:00", False, "2026-03-09 09:00"),
        ("2026-10-28 12:29", True, "2026-10-28 12:29"),
        ("2026-10-28 13:30", False, "2026-10-30 09:00"),
        ("2026-05-01 11:00", False, "2026-05-02 10:00"),
        ("2016-07-15 11:00", True, "2016-07-15 11:00"),  # no holiday before 2017
        ("2017-07-15 11:00", False, "2017-07-17 09:00"),
    ],
)
def test_it_is_open_or_says_when_it_opens_next(instant: str, is_open: bool, opens: str) -> None:
    assert shop.is_open(at(instant)) is is_open
    assert shop.next_opening(at(instant)) == at(opens)


@pytest.mark.parametrize(
    ("instant", "closes"),
    [
        ("2026-11-24 09:00", "2026-11-24 12:30"),
        ("2026-11-24 12:29:59", "2026-11-24 12:30"),
        ("2026-11-24 12:30", None),
        ("2026-11-24 13:30", "2026-11-24 18:00"),
        ("2026-11-29 12:00", None),
        ("2026-10-28 10:00", "2026-10-28 12:30"),  # free from 13:00 on
        ("2026-10-28 14:00", None),
    ],
)
def test_a_shift_that_is_open_says_when_it_closes(instant: str, closes: str | None) -> None:
    assert shop.closing(at(instant)) == (at(closes) if closes else None)


def test_a_half_day_cuts_the_shift_it_falls_into() -> None:
    all_day = a_calendar({"wed": "09:00-18:00"})

    assert all_day.between(at("2026-10-28 00:00"), at("2026-10-29 00:00")) == 4 * HOUR


@pytest.mark.parametrize(
    ("day", "hours"),
    [("2015-03-29", 23), ("2015-11-08", 25), ("2016-03-27", 23), ("2016-10-30", 24)],
)
def test_a_day_on_which_the_clock_is_changed_has_the_hours_it_has(day: str, hours: int) -> None:
    never_closed = a_calendar(ALWAYS)
    midnight = at(f"{day} 00:00")
    next_midnight = midnight + timedelta(days=1)  # as the clock shows it

    assert never_closed.between(midnight, next_midnight) == hours * HOUR
    assert never_closed.add(midnight, hours * HOUR) == next_midnight


def test_a_shift_that_the_clock_jumps_into_begins_when_it_has_jumped() -> None:
    night = a_calendar({"sun": "03:30-05:00"})

    assert night.next_opening(at("2015-03-29 00:00")) == datetime(2015, 3, 29, 1, tzinfo=UTC)
    assert night.between(at("2015-03-29 00:00"), at("2015-03-29 12:00")) == HOUR


def test_a_shift_that_the_clock_jumps_over_does_not_take_place() -> None:
    night = a_calendar({"sun": "03:00-04:00"})

    assert night.next_opening(at("2015-03-29 00:00")) == at("2015-04-05 03:00")


def test_a_shift_that_has_ended_does_not_begin_again_when_the_clock_is_set_back() -> None:
    night = a_calendar({"sun": "03:00-03:30"})
    again = at("2015-11-08 03:15", fold=1)

    assert night.is_open(at("2015-11-08 03:15"))
    assert not night.is_open(again)
    assert night.between(at("2015-11-08 00:00"), at("2015-11-08 12:00")) == HOUR / 2


def test_opening_hours_may_change_on_a_day() -> None:
    before = Rule(since=SINCE_2015, holds=Week.of({"mon tue": "09:00-18:00"}), source="the board")
    after = Rule(since=date(2026, 3, 3), holds=Week.of({"tue": "12:00-13:00"}), source="the board")
    calendar = BusinessCalendar(DatedRules(before, after), turkish_holidays())

    assert calendar.add(at("2026-03-02 17:00"), 2 * HOUR) == at("2026-03-03 13:00")


def test_time_between_is_negative_where_the_end_is_the_earlier() -> None:
    start, end = at("2026-03-02 17:00"), at("2026-03-03 10:00")

    assert shop.between(start, end) == 2 * HOUR
    assert shop.between(end, start) == -2 * HOUR


def test_an_instant_may_come_in_any_time_zone_but_not_without() -> None:
    in_new_york = datetime(2026, 3, 2, 2, tzinfo=timezone(timedelta(hours=-5)))

    assert shop.add(in_new_york, HOUR) == at("2026-03-02 11:00")
    for ask in (shop.is_open, shop.next_opening, day_in_turkey):
        with pytest.raises(ValueError, match="time zone"):
            ask(datetime(2026, 3, 2))  # noqa: DTZ001


def test_the_day_in_turkey_is_not_the_day_in_greenwich() -> None:
    assert day_in_turkey(datetime(2026, 3, 1, 21, tzinfo=UTC)) == date(2026, 3, 2)


def test_open_time_is_not_taken_away() -> None:
    with pytest.raises(ValueError, match="added"):
        shop.add(at("2026-03-02 09:00"), -HOUR)


def test_nothing_is_counted_where_holidays_or_hours_are_not_known() -> None:
    from_2020 = Rule(since=date(2020, 1, 1), holds=Week.of(SHOP), source="the board")
    young = BusinessCalendar(DatedRules(from_2020), turkish_holidays())

    with pytest.raises(HolidaysUnknown, match="2014-12-31"):
        shop.is_open(at("2014-12-31 23:00"))
    with pytest.raises(HolidaysUnknown, match="2036-01-01"):
        shop.add(at("2035-12-31 17:30"), HOUR)
    with pytest.raises(HolidaysUnknown, match="2036-01-01"):
        a_calendar({}).next_opening(at("2035-12-01 00:00"))
    with pytest.raises(NoRuleYet, match="2019-12-31"):
        young.is_open(at("2019-12-31 11:00"))


@pytest.mark.parametrize(
    "hours",
    [
        {"monday": "09:00-18:00"},
        {"mon": "9-18"},
        {"mon": "09:00-09:00"},
        {"mon": "18:00-09:00"},
        {"mon": "09:00-24:01"},
        {"mon": "09:75-18:00"},
        {"mon": "09:00-13:00 12:00-18:00"},
        {"mon": "13:00-18:00 09:00-12:00"},
        {"mon": "09:00-18:00", "mon tue": "10:00-12:00"},
    ],
)
def test_hours_that_make_no_sense_are_refused(hours: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"no day|no shift|out of order"):
        Week.of(hours)


INSTANTS = st.integers(0, 10 * 365 * 24 * 60 * 60 * 10**6).map(
    lambda microseconds: datetime(2015, 1, 2, tzinfo=UTC) + timedelta(microseconds=microseconds)
)
# A year that is met for the first time is worked out day by day.
unhurried = settings(deadline=None)
DURATIONS = st.timedeltas(NOTHING, timedelta(days=20))
CALENDARS = st.sampled_from(
    [
        shop,
        a_calendar(ALWAYS),
        a_calendar({"sun": "02:59-03:01 03:30-24:00", "wed": "12:00-14:00"}),
    ]
)


@unhurried
@given(CALENDARS, INSTANTS, DURATIONS)
def test_what_was_added_lies_between(
    calendar: BusinessCalendar, start: datetime, duration: timedelta
) -> None:
    end = calendar.add(start, duration)

    assert calendar.between(start, end) == duration
    assert end >= start


@unhurried
@given(CALENDARS, INSTANTS, DURATIONS, DURATIONS)
def test_it_does_not_matter_in_how_many_steps_time_is_added(
    calendar: BusinessCalendar, start: datetime, first: timedelta, second: timedelta
) -> None:
    in_steps = calendar.add(calendar.add(start, first), second)
    at_once = calendar.add(start, first + second)

    assert calendar.next_opening(in_steps) == calendar.next_opening(at_once)


@unhurried
@given(CALENDARS, INSTANTS, INSTANTS, INSTANTS)
def test_time_between_adds_up(
    calendar: BusinessCalendar, one: datetime, other: datetime, third: datetime
) -> None:
    by_way = calendar.between(one, other) + calendar.between(other, third)

    assert by_way == calendar.between(one, third)


@unhurried
@given(CALENDARS, INSTANTS)
def test_the_next_opening_is_open_and_nothing_before_it_is(
    calendar: BusinessCalendar, instant: datetime
) -> None:
    opens = calendar.next_opening(instant)

    assert calendar.is_open(opens)
    assert calendar.between(instant, opens) == NOTHING
    assert (opens == instant) is calendar.is_open(instant)
