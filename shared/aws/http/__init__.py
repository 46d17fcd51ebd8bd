"""HTTP in and out: tokens become callers, bodies become models, refusals become problems."""

from shared.aws.http.api import Api
from shared.aws.http.exchange import Answer, Request

__all__ = ["Answer", "Api", "Request"]
