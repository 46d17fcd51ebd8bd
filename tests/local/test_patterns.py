from typing import Any

import pytest

from infra.local.mappings.patterns import UnknownPattern, check_pattern, matches

EVENT: dict[str, Any] = {
    "source": "sahip.orders",
    "detail": {"price": 12, "tags": ["gift", "late"], "note": None, "paid": True},
}


@pytest.mark.parametrize(
    "pattern",
    [
        {"source": ["sahip.customer", "sahip.orders"]},
        {"source": [{"prefix": "sahip."}]},
        {"source": [{"suffix": ".orders"}]},
        {"source": [{"equals-ignore-case": "SAHIP.Orders"}]},
        {"source": [{"anything-but": ["sahip.customer"]}]},
        {"detail": {"price": [{"numeric": [">=", 10, "<", 20]}]}},
        {"detail": {"tags": ["late"]}},
        {"detail": {"note": [None]}},
        {"detail": {"paid": [True]}},
        {"detail": {"refund": [{"exists": False}]}},
        {"detail": {"price": [{"exists": True}]}},
    ],
)
def test_an_event_matches_what_it_holds(pattern: dict[str, Any]) -> None:
    check_pattern(pattern)

    assert matches(pattern, EVENT)


@pytest.mark.parametrize(
    "pattern",
    [
        {"source": ["sahip.customer"]},
        {"source": ["sahip.orders"], "detail": {"price": [13]}},
        {"source": [{"anything-but": "sahip.orders"}]},
        {"detail": {"price": [{"numeric": [">", 12]}]}},
        {"detail": {"price": ["12"]}},
        {"detail": {"paid": [1]}},
        {"detail": {"refund": [{"exists": True}]}},
        {"detail": {"refund": {"amount": [1]}}},
        {"source": {"deeper": ["sahip.orders"]}},
    ],
)
def test_an_event_does_not_match_what_it_lacks(pattern: dict[str, Any]) -> None:
    assert not matches(pattern, EVENT)


@pytest.mark.parametrize(
    "pattern",
    [
        {"source": [{"cidr": "10.0.0.0/8"}]},
        {"source": "sahip.orders"},
        {"$or": [{"source": ["a"]}]},
        {"source": [{"prefix": {"equals-ignore-case": "a"}}]},
        {"source": [{"anything-but": {"prefix": "a"}}]},
    ],
)
def test_an_operator_that_is_not_played_is_refused(pattern: dict[str, Any]) -> None:
    with pytest.raises(UnknownPattern):
        check_pattern(pattern)
