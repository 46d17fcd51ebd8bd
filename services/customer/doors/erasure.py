"""Erasing somebody, for those who answer for it."""

from services.customer import bootstrap
from services.customer.doors.reach import must_reach
from services.customer.schemas.erasure import EraseCustomer, ErasureView
from services.customer.use_cases import erasure
from shared.access import Action
from shared.aws.http import Answer, Api, Request
from shared.errors import Invalid


def open_erasure(api: Api) -> None:
    """Serve the route by which somebody is erased."""

    @api.route(
        "POST",
        "/{customer_id}/erase",
        action=Action.ERASE_CUSTOMER,
        takes=EraseCustomer,
        gives=ErasureView,
    )
    def erase_customer(request: Request[EraseCustomer], customer_id: str) -> Answer:
        """Erase what is known of a person, under all of their ids"""
        if request.body.confirm != customer_id:
            raise Invalid("it is another customer than the path names", field="confirm")
        must_reach(request, customer_id)
        left = erasure.erase_customer(
            bootstrap.customers(),
            bootstrap.relations(),
            bootstrap.care(),
            request.act(),
            customer_id,
            reason=request.body.reason,
        )
        return Answer(body=ErasureView.of(left))
