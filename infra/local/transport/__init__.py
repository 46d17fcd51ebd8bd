"""A shorter way from boto3 to endpoints on this machine, for the calls made all the time.

One call through boto3 costs two to three milliseconds of CPU here, most of it for what a local
endpoint has no use for: signing, rules for finding endpoints, checking each value of a request
against the service's model, pooled connections. With a gateway, functions and pollers in one
process that CPU is the limit, so `install` gives the clients of one session lighter parts. What
code may rely on stays: every event of botocore and its order, its retries, its exceptions, the
timeouts of each client's configuration, the shape of answers and errors.

What differs from AWS, only for `HOT` services: requests are unsigned, and parameters are checked
by name and not by type (moto, in the tests, gets the checked requests).
"""

from infra.local.transport.clients import install, uninstall

__all__ = ["install", "uninstall"]
