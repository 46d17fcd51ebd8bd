"""Verifies access tokens as API Gateway's Cognito authorizer does."""

import time
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import jwt

from infra.local.problems import Refused

MAX_TOKEN = 8192  # characters; API Gateway takes 10,240 bytes of headers altogether
REMEMBERED = 1000  # tokens
_TIMES = ("exp", "iat")
_BAD_TOKEN = (jwt.PyJWTError, ValueError, TypeError, AttributeError, OverflowError, RecursionError)


class Authorizer:
    """Knows one user pool: its issuer, its keys, and the clients that may come with its tokens."""

    def __init__(self, issuer: str, key_set: Mapping[str, Any], clients: Collection[str]) -> None:
        self._issuer = issuer
        self._clients = frozenset(clients)
        # A token that was good stays good until it expires, and checking costs half a millisecond.
        self._verified: dict[str, tuple[int, dict[str, Any]]] = {}
        self._keys = {key["kid"]: jwt.PyJWK(key, algorithm="RS256") for key in key_set["keys"]}

    def claims(self, authorization: str | None, scopes: Collection[str]) -> dict[str, str]:
        """The claims of the token in an Authorization header, as functions get them.

        Raise Refused: 401 for a token that is not a good access token, 403 for a good one that
        has none of the scopes.
        """
        verified = self._verify(authorization)
        granted = str(verified.get("scope", "")).split()
        if scopes and not set(scopes) & set(granted):
            raise Refused(HTTPStatus.FORBIDDEN, "The token does not have the scope this needs.")
        return {name: _as_text(name, value) for name, value in verified.items()}

    def _verify(self, authorization: str | None) -> dict[str, Any]:
        if not authorization:
            raise _unauthorized("An access token is missing.")
        scheme, _, rest = authorization.strip().partition(" ")
        token = rest.strip() if rest and scheme.lower() == "bearer" else authorization.strip()
        if len(token) > MAX_TOKEN:
            raise _unauthorized("The access token is not valid.")
        known = self._verified.get(token)
        if known is not None and known[0] > time.time():
            return known[1]
        claims = self._check(token)
        if len(self._verified) >= REMEMBERED:
            self._verified.clear()
        self._verified[token] = (int(claims["exp"]), claims)
        return claims

    def _check(self, token: str) -> dict[str, Any]:
        try:
            header = jwt.get_unverified_header(token)
            # Which key and which algorithm is ours to say; the token only names one of our keys.
            key = self._keys.get(header.get("kid", ""))
            if key is None or header.get("alg") != "RS256" or "crit" in header:
                raise _unauthorized("The access token is not valid.")
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=["RS256"],
                issuer=self._issuer,
                options={"require": ["exp", "iat", "iss", "sub"], "verify_aud": False},
            )
        except jwt.ExpiredSignatureError:
            raise _unauthorized("The access token has expired.") from None
        except _BAD_TOKEN:
            raise _unauthorized("The access token is not valid.") from None
        if claims.get("token_use") != "access" or claims.get("client_id") not in self._clients:
            raise _unauthorized("The access token is not valid.")
        return claims


def _unauthorized(detail: str) -> Refused:
    return Refused(HTTPStatus.UNAUTHORIZED, detail, {"WWW-Authenticate": "Bearer"})


def _as_text(name: str, value: Any) -> str:
    """API Gateway hands over text only: lists joined by commas, exp and iat as dates."""
    if name in _TIMES:
        return datetime.fromtimestamp(int(value), UTC).strftime("%a %b %d %H:%M:%S UTC %Y")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ",".join(str(one) for one in value)
    return str(value)
