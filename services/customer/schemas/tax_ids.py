"""Bodies of tax numbers: whole on the way in, and on the way out to who has a reason."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field, StringConstraints

from services.customer.domain import Scheme, TaxId, TaxNumber
from services.customer.domain.tax_id import RevealReason
from shared.contracts.model import Body

Digits = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]


class TaxIdBody(Body):
    """A TCKN or a VKN. Its check digits are tested; that it is theirs is not."""

    scheme: Scheme = Field(description="as schemeID in UBL-TR")
    value: Digits | None = Field(
        default=None, description="its digits; left out of a change, the number stays as it was"
    )


TaxIdBodies = Annotated[list[TaxIdBody], Field(max_length=len(Scheme))]


def told(bodies: Sequence[TaxIdBody]) -> list[tuple[Scheme, str | None]]:
    """What the bodies say."""
    return [(one.scheme, one.value) for one in bodies]


class TaxIdView(Body):
    """That there is a number, and how it ends."""

    scheme: Scheme
    ends_with: str = Field(description="its last two digits")

    @classmethod
    def of(cls, tax_id: TaxId) -> "TaxIdView":
        return cls(scheme=tax_id.scheme, ends_with=tax_id.ends_with)


class RevealTaxId(Body):
    """Which number is needed, and what for."""

    scheme: Scheme
    reason: RevealReason


class RevealedTaxId(Body):
    """The whole number."""

    scheme: Scheme
    value: str

    @classmethod
    def of(cls, number: TaxNumber) -> "RevealedTaxId":
        return cls(scheme=number.scheme, value=number.value)
