"""Time as people keep it in Turkey: opening hours, holidays, working days, rules with a date.

Plain Python on the standard library. Every instant that goes in must be aware;
every instant that comes out is in UTC.
"""

from shared.calendar.holidays import Holidays, HolidaysUnknown, turkish_holidays
from shared.calendar.hours import ISTANBUL, BusinessCalendar, Week, day_in_turkey
from shared.calendar.rules import DatedRules, NoRuleYet, Rule
from shared.calendar.working_days import after_working_days, is_working_day

__all__ = [
    "ISTANBUL",
    "BusinessCalendar",
    "DatedRules",
    "Holidays",
    "HolidaysUnknown",
    "NoRuleYet",
    "Rule",
    "Week",
    "after_working_days",
    "day_in_turkey",
    "is_working_day",
    "turkish_holidays",
]
