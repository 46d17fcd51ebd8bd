"""Whom somebody is taken for, and when nobody is: a phone is evidence, not identity."""

from services.customer.domain.customer import Customer
from services.customer.domain.names import folded_name
from shared.errors import Conflict, NotFound


class CalledByNobody(NotFound):
    def __init__(self) -> None:
        super().__init__(
            "nobody in the books has the phone of this call; take them into the books and send "
            "the call back"
        )


class CalledBySeveral(Conflict):
    def __init__(self, persons: int) -> None:
        super().__init__(
            f"{persons} persons share the phone of this call, and whose it was is not guessed; "
            "link them if they are one, and send the call back"
        )


def is_called(customer: Customer, name: str) -> bool:
    """Whether that is what they told, and not what was decided of the person they lead."""
    return customer.name is not None and folded_name(customer.name) == folded_name(name)


def could_be(customer: Customer, name: str, external_id: str | None) -> bool:
    """Whether a customer with the same contact point is the one who is called so.

    Names are compared folded. Who has another id in the very system that tells
    of them is somebody else to that system, so also here.
    """
    if folded_name(name) not in {folded_name(one) for one in customer.names}:
        return False
    if external_id is None:
        return True
    system = f"{external_id.partition(':')[0]}:"
    return not any(one.startswith(system) for one in customer.external_ids)
