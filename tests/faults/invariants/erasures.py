"""Of who is erased nothing is kept, in whichever service."""

from collections.abc import Iterator

from tests.faults.story import FORGOTTEN
from tests.faults.truth import Tables, Truth

_MARK = {"pk", "sk", "erased_at"}


def unforgotten(tables: Tables, truth: Truth) -> Iterator[str]:
    """What still stands of somebody erased: beside their id, or of what they were called."""
    for service, items in tables.items():
        for item in items:
            customer_id = item["pk"].removeprefix("P#")
            if item["pk"].startswith("P#") and customer_id in truth.erased:
                # What happened may be told late, and says nothing but that it did.
                is_told = service == "customer_view" and item["sk"].startswith("R#")
                if not is_told and set(item) != _MARK:
                    yield f"{service} keeps {item} of {customer_id}, who is erased"
            if truth.erased and FORGOTTEN in repr(item):
                yield f"{service} keeps a name that is to be forgotten: {item}"
    for customer_id in truth.erased:
        marked = [
            service
            for service, items in tables.items()
            if any(item["pk"] == f"P#{customer_id}" and "erased_at" in item for item in items)
        ]
        if len(marked) != len(tables):
            yield f"{customer_id} is erased in {marked} alone"
