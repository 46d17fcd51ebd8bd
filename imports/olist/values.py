"""What stands in the cells of the files: read exactly or not at all."""

import re
from datetime import UTC, datetime
from typing import NoReturn
from zoneinfo import ZoneInfo

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
MOST_SHOWN = 40  # characters of a cell that a reason quotes

_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
_AMOUNT = re.compile(r"(\d{1,9})(?:\.(\d{1,2}))?", re.ASCII)
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}", re.ASCII)


class Unfit(ValueError):
    """A row that cannot be taken; the text says why."""


def identity(column: str, text: str) -> str:
    """An id of the shop's. Raise Unfit where it is none."""
    if not _ID.fullmatch(text):
        _refuse(column, text, "an id")
    return text


def words(column: str, text: str) -> str:
    """Something that must be said. Raise Unfit where nothing is."""
    if not text.strip():
        _refuse(column, text, "there")
    return text


def whole(column: str, text: str) -> int:
    """A number without a fraction. Raise Unfit where it is none."""
    if not _WHOLE.fullmatch(text):
        _refuse(column, text, "a whole number")
    return int(text)


def centavos(column: str, text: str) -> int:
    """An amount of reais in centavos, without the detour over binary fractions."""
    match = _AMOUNT.fullmatch(text)
    if match is None:
        _refuse(column, text, "an amount such as 12.34")
    reais, fraction = match.groups()
    return int(reais) * 100 + int((fraction or "").ljust(2, "0"))


def moment(column: str, text: str) -> datetime:
    """A time of São Paulo's clocks as the instant it names.

    Clocks were put forward at midnight and back at midnight. A time that they
    skipped is read as if they had not been put forward yet; a time that they
    showed twice is the first of the two.
    """
    if not _MOMENT.fullmatch(text):
        _refuse(column, text, "a time such as 2017-11-24 09:30:00")
    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        _refuse(column, text, "a time of any calendar")
    return local.replace(tzinfo=SAO_PAULO, fold=0).astimezone(UTC)


def moment_or_none(column: str, text: str) -> datetime | None:
    """A time that may be missing."""
    return moment(column, text) if text else None


def _refuse(column: str, text: str, wanted: str) -> NoReturn:
    if not text.strip():
        raise Unfit(f"{column} is empty")
    shown = text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"
    raise Unfit(f"{column} is not {wanted}: {shown!r}")
