"""Names as they are compared."""

from shared.names import folded_name

__all__ = ["folded_name"]
