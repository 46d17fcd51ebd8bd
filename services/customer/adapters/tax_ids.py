"""Tax numbers, sealed with a key that never leaves KMS."""

import base64
import hashlib
import hmac
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from services.customer.domain import Scheme, TaxId, TaxNumber
from services.customer.domain.tax_id import SHOWN
from shared.aws.logs import tell_failure
from shared.aws.writes import is_passing
from shared.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient


RETRY_AFTER = 30  # seconds; somebody must enable the key, or KMS must come back
# The key is disabled, about to be deleted, out of reach, or we may not use it.
_NOT_NOW = (
    "DisabledException",
    "KMSInvalidStateException",
    "KeyUnavailableException",
    "DependencyTimeoutException",
    "AccessDeniedException",
)


def tax_key(secret: str, number: TaxNumber) -> str:
    """By which a number is found again. Without the secret nobody can make it, or count it out."""
    message = f"tax number\0{number.scheme}\0{number.value}".encode()
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


class KmsTaxIds:
    """Implements ports.TaxIds.

    What is sealed opens only for the customer and the scheme it was sealed for, so that a copy of
    it in another customer's item is worth nothing.
    """

    def __init__(self, client: "KMSClient", key_id: str, secret: str) -> None:
        self._client = client
        self._key_id = key_id
        self._secret = secret

    def is_same(self, tax_id: TaxId, number: TaxNumber) -> bool:
        return hmac.compare_digest(tax_id.key, tax_key(self._secret, number))

    def seal(self, number: TaxNumber, customer_id: str) -> TaxId:
        with _key_at_hand():
            answer = self._client.encrypt(
                KeyId=self._key_id,
                Plaintext=number.value.encode(),
                EncryptionContext=_context(number.scheme, customer_id),
            )
        return TaxId(
            scheme=number.scheme,
            ends_with=number.value[-SHOWN:],
            key=tax_key(self._secret, number),
            sealed=base64.b64encode(answer["CiphertextBlob"]).decode(),
        )

    def reveal(self, tax_id: TaxId, customer_id: str) -> TaxNumber:
        with _key_at_hand():
            answer = self._client.decrypt(
                KeyId=self._key_id,
                CiphertextBlob=base64.b64decode(tax_id.sealed),
                EncryptionContext=_context(tax_id.scheme, customer_id),
            )
        return TaxNumber(tax_id.scheme, answer["Plaintext"].decode())


@contextmanager
def _key_at_hand() -> Iterator[None]:
    """Raise Unavailable where the key cannot be used for now.

    What KMS finds wrong with what it was given is our fault, and passes as it is.
    """
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        if isinstance(error, ClientError) and not (
            is_passing(error) or error.response["Error"]["Code"] in _NOT_NOW
        ):
            raise
        tell_failure("the key of tax numbers cannot be used", error)
        raise Unavailable(
            "tax numbers can be neither kept nor shown at the moment, and nothing was changed; "
            f"send the same request again in {RETRY_AFTER} seconds, or leave the number out",
            retry_after=RETRY_AFTER,
        ) from error


def _context(scheme: Scheme, customer_id: str) -> Mapping[str, str]:
    """What CloudTrail tells of each use: whose number it was, and which."""
    return {"customer_id": customer_id, "scheme": scheme.value}
