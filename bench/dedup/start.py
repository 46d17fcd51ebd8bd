"""Where learning starts: how traits agree as one would guess before having seen any data."""

from services.customer.domain.matching.levels import Field, Level
from services.customer.domain.matching.weights import Chances

_S, _N, _P, _C, _A, _W, _G, _D = (
    Level.SAME,
    Level.NEW_YEAR,
    Level.PART,
    Level.CLOSE,
    Level.ALIKE,
    Level.SWAPPED,
    Level.NEAR,
    Level.DIFFERENT,
)
# Of one person, of one household, of strangers.
_GUESSES: dict[Field, dict[Level, tuple[float, float, float]]] = {
    Field.GIVEN: {
        _S: (0.75, 0.01, 0.008), _P: (0.1, 0.02, 0.01), _C: (0.08, 0.01, 0.01),
        _A: (0.05, 0.05, 0.05), _D: (0.02, 0.91, 0.922),
    },
    Field.FAMILY: {
        _S: (0.8, 0.9, 0.003), _P: (0.04, 0.03, 0.002), _C: (0.08, 0.03, 0.005),
        _A: (0.03, 0.01, 0.03), _D: (0.05, 0.03, 0.96),
    },
    Field.ORDER: {_S: (0.95, 0.95, 0.95), _W: (0.05, 0.05, 0.05)},
    Field.BIRTH_DATE: {
        _S: (0.85, 0.003, 0.00005), _N: (0.04, 0.0005, 0.00005), _C: (0.07, 0.003, 0.0008),
        _P: (0.02, 0.01, 0.006), _A: (0.01, 0.005, 0.003), _G: (0.005, 0.4785, 0.24),
        _D: (0.005, 0.5, 0.75),
    },
    Field.TAX_ID: {_S: (0.98, 0.01, 0.000001), _D: (0.02, 0.99, 0.999999)},
    Field.PHONE: {
        _S: (0.67, 0.2, 0.000005), _P: (0.03, 0.1, 0.000001), _C: (0.02, 0.005, 0.000001),
        _D: (0.28, 0.695, 0.999),
    },
    Field.EMAIL: {
        _S: (0.7, 0.1, 0.000005), _C: (0.05, 0.002, 0.00001), _A: (0.03, 0.003, 0.0001),
        _D: (0.22, 0.895, 0.999),
    },
    Field.EXTERNAL_ID: {_S: (0.9, 0.001, 0.000001), _D: (0.1, 0.999, 0.999999)},
    Field.QUARTER: {
        _S: (0.7, 0.85, 0.01), _P: (0.05, 0.05, 0.01), _C: (0.05, 0.03, 0.005),
        _A: (0.02, 0.01, 0.04), _D: (0.18, 0.06, 0.935),
    },
    Field.STREET: {
        _S: (0.7, 0.85, 0.003), _P: (0.05, 0.05, 0.01), _C: (0.05, 0.03, 0.005),
        _A: (0.02, 0.01, 0.04), _D: (0.18, 0.06, 0.942),
    },
    Field.NUMBERS: {
        _S: (0.6, 0.8, 0.005), _P: (0.1, 0.1, 0.06), _C: (0.05, 0.02, 0.1),
        _D: (0.25, 0.08, 0.835),
    },
    Field.DISTRICT: {
        _S: (0.8, 0.9, 0.01), _C: (0.04, 0.03, 0.002),
        _A: (0.02, 0.01, 0.03), _D: (0.14, 0.06, 0.958),
    },
    Field.CITY: {
        _S: (0.6, 0.8, 0.06), _C: (0.05, 0.03, 0.002),
        _A: (0.02, 0.01, 0.03), _D: (0.33, 0.16, 0.908),
    },
    Field.POSTAL_CODE: {
        _S: (0.8, 0.9, 0.002), _C: (0.08, 0.04, 0.01),
        _A: (0.04, 0.02, 0.1), _D: (0.08, 0.04, 0.888),
    },
}  # fmt: skip
OF_ADDRESS = frozenset(
    (
        Field.QUARTER,
        Field.STREET,
        Field.NUMBERS,
        Field.DISTRICT,
        Field.CITY,
        Field.POSTAL_CODE,
    )
)
MOVES = 0.2  # share of pairs of one person who has moved in between


def _moved(shares: tuple[float, float, float]) -> float:
    """Who has moved agrees as strangers do, a little more so: many move nearby."""
    same, _, others = shares
    return 0.2 * same + 0.8 * others


GUESSES = {
    field: {
        level: Chances(*shares, moved=_moved(shares) if field in OF_ADDRESS else None)
        for level, shares in levels.items()
    }
    for field, levels in _GUESSES.items()
}
