"""Tax numbers: what is told of them comes in here, and a whole one goes out for a reason."""

from collections.abc import Sequence

from services.customer import bootstrap
from services.customer.domain import TaxId, TooManyAttempts
from services.customer.doors.reach import must_reach
from services.customer.schemas.tax_ids import RevealedTaxId, RevealTaxId, TaxIdBody, told
from services.customer.use_cases import tax_ids as use_cases
from shared.access import Action
from shared.aws import logs
from shared.aws.http import Answer, Api, Request


def kept(
    bodies: Sequence[TaxIdBody], customer_id: str, known: Sequence[TaxId] = ()
) -> tuple[TaxId, ...]:
    """What is to be kept of the numbers in a body; KMS is asked where one of them is new."""
    if not bodies:
        return ()
    return use_cases.kept_tax_ids(bootstrap.tax_ids(), told(bodies), customer_id, known)


def open_tax_ids(api: Api) -> None:
    """Serve `POST /{customer_id}/tax-ids/reveal`."""

    @api.route(
        "POST",
        "/{customer_id}/tax-ids/reveal",
        action=Action.REVEAL_TAX_ID,
        takes=RevealTaxId,
        gives=RevealedTaxId,
        limited=True,
    )
    def reveal_tax_id(request: Request[RevealTaxId], customer_id: str) -> Answer:
        """See a whole tax number, which is recorded"""
        must_reach(request, customer_id)
        asked, customers = request.body, bootstrap.customers()
        about = {
            "customer": customer_id,
            "scheme": asked.scheme,
            "reason": asked.reason,
            "by": request.caller.subject,
        }
        try:
            customer, number = use_cases.reveal_tax_id(
                customers,
                bootstrap.tax_ids(),
                bootstrap.attempts(),
                request.act(),
                customers.get(customer_id),
                caller=request.caller,
                scheme=asked.scheme,
                reason=asked.reason,
            )
        except TooManyAttempts:
            logs.tell("tax numbers were asked for too often", **about)
            raise
        logs.tell("a tax number was shown", **about)
        return Answer(body=RevealedTaxId.of(number), version=customer.version)
