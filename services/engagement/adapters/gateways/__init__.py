"""The ways by which messages leave: a folder, AWS, or a gateway of somebody else's."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from services.engagement.adapters.gateways.aws import SesGateway, SnsGateway
from services.engagement.adapters.gateways.files import FileGateway
from services.engagement.adapters.gateways.http import HttpGateway
from services.engagement.domain import Channel
from services.engagement.ports.messages import Gateway
from shared.aws import clients

DEADLINE = 10.0  # seconds for each call


class NoSuchGateway(ValueError):
    """A URL that names no gateway of this channel, or one that there is no secret for."""


def gateway_of(channel: Channel, url: str, *, secret: str, emails: str) -> Gateway | None:
    """The gateway at a URL: file:///… a folder, ses:… or sns:… AWS, https://… any other.

    None where there is none. What follows ses: is the sender's e-mail, and sns: the sender's name
    as phones show it, which may be left out. `secret` is what HTTP requests are signed with, and
    `emails` the configuration set of SES.
    """
    scheme = urlsplit(url).scheme
    if not url:
        return None
    if scheme == "file":
        return FileGateway(Path(unquote(urlsplit(url).path)), channel)
    if scheme == "ses" and channel is Channel.EMAIL:
        return SesGateway(
            clients.ses(attempts=1, patience=DEADLINE),
            sender=unquote(urlsplit(url).path),
            configuration_set=emails,
        )
    if scheme == "sns" and channel is Channel.SMS:
        return SnsGateway(
            clients.sns(attempts=1, patience=DEADLINE), sender=unquote(urlsplit(url).path)
        )
    if scheme == "https" and secret:
        return HttpGateway(url, channel, secret=secret, deadline=DEADLINE)
    raise NoSuchGateway(f"{scheme}: is no way to send by {channel}, or has no secret")


__all__ = [
    "FileGateway",
    "HttpGateway",
    "NoSuchGateway",
    "SesGateway",
    "SnsGateway",
    "gateway_of",
]
