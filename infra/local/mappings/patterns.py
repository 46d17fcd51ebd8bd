"""Event patterns, as rules and filter criteria write them."""

from collections.abc import Callable, Mapping, Sequence
from operator import eq, ge, gt, le, lt
from typing import Any

Pattern = Mapping[str, Any]

_COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "=": eq,
    ">": gt,
    ">=": ge,
    "<": lt,
    "<=": le,
}
_TEXTS: Mapping[str, Callable[[str, str], bool]] = {
    "prefix": str.startswith,
    "suffix": str.endswith,
    "equals-ignore-case": lambda value, operand: value.lower() == operand.lower(),
}
_OPERATORS = frozenset({*_TEXTS, "anything-but", "numeric", "exists"})


class UnknownPattern(Exception):
    """A pattern uses what is not played here."""


def check_pattern(pattern: Pattern) -> None:
    """Raise UnknownPattern if the pattern uses an operator that `matches` does not know."""
    for key, wanted in pattern.items():
        if key.startswith("$"):
            raise UnknownPattern(key)
        if isinstance(wanted, Mapping):
            check_pattern(wanted)
        elif not isinstance(wanted, list):
            raise UnknownPattern(f"{key}: {wanted!r} is not a list of choices")
        else:
            for choice in wanted:
                _check_choice(key, choice)


def matches(pattern: Pattern, event: Any) -> bool:
    """Whether an event matches: every field named holds one of the choices given for it."""
    is_object = isinstance(event, dict)
    for key, wanted in pattern.items():
        present = is_object and key in event
        value = event[key] if present else None
        if isinstance(wanted, dict):
            if not matches(wanted, value):
                return False
            continue
        for choice in wanted:
            if _fits(choice, value, present):
                break
        else:
            return False
    return True


def _check_choice(key: str, choice: Any) -> None:
    if not isinstance(choice, Mapping):
        return
    if len(choice) != 1 or next(iter(choice)) not in _OPERATORS:
        raise UnknownPattern(f"{key}: {choice!r}")
    [(operator, operand)] = choice.items()
    if operator in _TEXTS and not isinstance(operand, str):
        raise UnknownPattern(f"{key}: {choice!r}")
    if operator == "anything-but" and isinstance(operand, Mapping):
        raise UnknownPattern(f"{key}: {choice!r}")


def _fits(choice: Any, value: Any, present: bool) -> bool:
    if isinstance(choice, Mapping) and "exists" in choice:
        # As in AWS only leaves exist; a field that holds an object does not.
        return bool(choice["exists"]) == (present and not isinstance(value, Mapping))
    if not present:
        return False
    if isinstance(value, list):
        return any(_fits(choice, one, True) for one in value)
    if not isinstance(choice, Mapping):
        return type(choice) is type(value) and bool(choice == value)
    [(operator, operand)] = choice.items()
    return _operate(operator, operand, value)


def _operate(operator: str, operand: Any, value: Any) -> bool:
    if operator == "anything-but":
        return value not in (operand if isinstance(operand, list) else [operand])
    if operator == "numeric":
        return _compares(operand, value)
    return isinstance(value, str) and _TEXTS[operator](value, operand)


def _compares(operand: Sequence[Any], value: Any) -> bool:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    pairs = zip(operand[::2], operand[1::2], strict=True)
    return all(_COMPARISONS[sign](value, bound) for sign, bound in pairs)
