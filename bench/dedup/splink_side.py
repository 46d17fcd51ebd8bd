"""The same records through Splink, set up as its documentation advises.

Names with its comparison for names and term frequencies, dates with its own for birth dates,
random sampling for how strangers agree, and expectation and maximisation in several passes, each
blocked by other fields. Its threshold is the best that there is for the set it is judged on, which
nobody has in earnest: ours is learnt elsewhere.
"""

import logging
import warnings
from collections.abc import Collection, Sequence

import pandas as pd
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from bench.dedup.judging import Judged, judge
from bench.dedup.sets import Records
from services.customer.domain.matching import Traits

SAMPLED = 2e6  # pairs for how strangers agree
RECALL = 0.8  # of the sure rules, as it asks to estimate; it is not sensitive to it
FAINT = 1e-6


def compare(records: Records) -> Judged:
    """The best that Splink does, with all columns or with fewer that depend on one another."""
    warnings.simplefilter("ignore")
    return max((_with(records, columns) for columns in (ALL, FEWER)), key=lambda each: each.f1)


def _with(records: Records, columns: Collection[str]) -> Judged:
    linker = _trained(records, columns)
    found = linker.inference.predict(threshold_match_probability=FAINT).as_pandas_dataframe()
    pairs = zip(found["match_weight"], found["unique_id_l"], found["unique_id_r"], strict=True)
    scored = [(float(weight), (min(one, other), max(one, other))) for weight, one, other in pairs]
    return _best(sorted(scored, reverse=True), records.true_pairs())


def _best(
    scored: Sequence[tuple[float, tuple[int, int]]], true: Collection[tuple[int, int]]
) -> Judged:
    best, right = judge((), true), 0
    for said, (_, pair) in enumerate(scored, 1):
        right += pair in true
        best = max(best, Judged(said, right, len(true)), key=lambda each: each.f1)
    return best


def _trained(records: Records, columns: Collection[str]) -> Linker:
    frame = pd.DataFrame([_row(place, one) for place, one in enumerate(records.traits)])
    frame = frame.drop(columns=[one for one in frame.columns if frame[one].isna().all()])
    comparisons = {
        "name": cl.ForenameSurnameComparison(
            "given", "family", forename_surname_concat_col_name="whole_name"
        ),
        "birth_date": cl.DateOfBirthComparison(
            "birth_date", input_is_string=True, invalid_dates_as_null=False
        ),
        "phone": cl.DamerauLevenshteinAtThresholds("phone", [1]),
        "email": cl.EmailComparison("email"),
        "street": cl.JaroWinklerAtThresholds("street", [0.9, 0.8]),
        "quarter": cl.JaroWinklerAtThresholds("quarter", [0.9, 0.8]),
        "numbers": cl.DamerauLevenshteinAtThresholds("numbers", [1]),
        "district": cl.JaroWinklerAtThresholds("district", [0.9]),
        "city": cl.ExactMatch("city"),
        "postal_code": cl.DamerauLevenshteinAtThresholds("postal_code", [1, 2]),
    }
    for column in ("phone", "email", "street", "quarter", "district", "city"):
        comparisons[column] = comparisons[column].configure(term_frequency_adjustments=True)
    there = {*frame.columns}
    rules = [columns for columns in _RULES if there.issuperset(columns)]
    settings = SettingsCreator(
        link_type="dedupe_only" if records.sides is None else "link_only",
        comparisons=[comparisons[one] for one in columns if one == "name" or one in there],
        blocking_rules_to_generate_predictions=[block_on(*columns) for columns in rules],
        max_iterations=25,
    )
    database = DuckDBAPI()
    frames = [frame]
    if records.sides is not None:
        side = pd.Series(records.sides)
        frames = [frame[side == 0], frame[side == 1]]
    linker = Linker([database.register(one) for one in frames], settings, log_level=logging.ERROR)
    sure = [block_on(*columns) for columns in _SURE if there.issuperset(columns)]
    linker.training.estimate_probability_two_random_records_match(sure, recall=RECALL)
    linker.training.estimate_u_using_random_sampling(max_pairs=SAMPLED, seed=1)
    for same in _TRAINED_ON:
        if there.issuperset(same):
            linker.training.estimate_parameters_using_expectation_maximisation(block_on(*same))
    return linker


ALL = ("name", "birth_date", "phone", "email", "street", "quarter", "numbers", "district", "city",
       "postal_code")  # fmt: skip
FEWER = ("name", "birth_date", "phone", "email", "street", "numbers", "postal_code", "district")
_RULES = (
    ("birth_date",),
    ("phone",),
    ("email",),
    ("given", "family"),
    ("given", "postal_code"),
    ("family", "postal_code"),
    ("street", "numbers"),
    ("street", "postal_code"),
    ("given", "district", "street"),
    ("family", "district", "street"),
    ("family", "given", "city"),
)
_SURE = (
    ("given", "family", "birth_date"),
    ("given", "family", "postal_code", "street"),
    ("given", "family", "phone"),
    ("given", "family", "email"),
)
_TRAINED_ON = (("birth_date",), ("given", "family"), ("phone",))


def _row(place: int, one: Traits) -> dict[str, object]:
    return {
        "unique_id": place,
        "given": " ".join(one.given) or None,
        "family": " ".join(one.family) or None,
        "whole_name": " ".join((*one.given, *one.family)) or None,
        "birth_date": one.birth_date,
        "phone": next(iter(one.phones), None),
        "email": next(iter(one.emails), None),
        "quarter": " ".join(one.quarter) or None,
        "street": " ".join(one.street) or None,
        "numbers": " ".join(one.numbers) or None,
        "district": one.district,
        "city": one.city,
        "postal_code": one.postal_code,
    }
