"""Issues tokens that look like the access tokens of Cognito, for use on this machine only."""

import json
import os
import time
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

PERSON_ROLES = frozenset({"customer", "agent", "owner", "manager", "operations"})
INTEGRATION = "integration"
PERSON_CLIENT = "local-web"
MACHINE_CLIENT = "local-integration"
CLIENTS = frozenset({PERSON_CLIENT, MACHINE_CLIENT})
LIFETIME = 3600.0  # seconds, as Cognito's access tokens


class Issuer:
    """A key pair, kept in a directory, and the tokens signed with it."""

    def __init__(self, directory: Path, region: str) -> None:
        """Read the key, or make one that only this user may read."""
        self.issuer = f"https://cognito-idp.{region}.amazonaws.com/{region}_local"
        self._key = _key(directory / "issuer.pem")
        public = json.loads(RSAAlgorithm.to_jwk(self._key.public_key()))
        # The id says which key it is, also after the state was deleted and a new key made.
        self.key_id = str(uuid5(NAMESPACE_URL, public["n"]))
        self.key_set = {"keys": [{**public, "kid": self.key_id, "alg": "RS256", "use": "sig"}]}

    def token(
        self,
        role: str,
        customer_id: str | None = None,
        *,
        subject: str | None = None,
        lifetime: float = LIFETIME,
        **claims: Any,
    ) -> str:
        """An access token for somebody of that role, for `lifetime` seconds from now.

        `customer_id` is the claim a customer carries; without `subject` the same role and
        customer are always the same subject. `claims` replace others, None removes one.
        Raise ValueError for a role that nobody has.
        """
        if role == INTEGRATION:
            mine: dict[str, Any] = {
                "sub": subject or MACHINE_CLIENT,
                "client_id": MACHINE_CLIENT,
                "scope": "sahip/integration",
            }
        elif role in PERSON_ROLES:
            person = subject or str(uuid5(NAMESPACE_URL, f"{role}:{customer_id}"))
            mine = {
                "sub": person,
                "username": person,
                "client_id": PERSON_CLIENT,
                "scope": "sahip/api",
                "cognito:groups": [role],
            }
        else:
            raise ValueError(f"nobody has the role {role}")
        if customer_id is not None:
            mine["customer_id"] = customer_id
        now = int(time.time())
        common = {
            "iss": self.issuer,
            "token_use": "access",
            "version": 2,
            "jti": str(uuid4()),
            "origin_jti": str(uuid4()),
            "auth_time": now,
            "iat": now,
            "exp": int(now + lifetime),
        }
        payload = {k: v for k, v in {**mine, **common, **claims}.items() if v is not None}
        return jwt.encode(payload, self._key, algorithm="RS256", headers={"kid": self.key_id})


def _key(path: Path) -> rsa.RSAPrivateKey:
    if path.exists():
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
        if not isinstance(key, rsa.RSAPrivateKey):
            raise ValueError(f"{path} holds another kind of key")
        return key
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
    return key
