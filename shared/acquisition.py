"""By which channels customers come: a closed list, so that it can be told and counted.

What brought somebody is kept in their own words, which may name other people. Of these only what
is a channel of this list, with the code of a campaign or without, leaves the customer service.
"""

import re

CHANNELS = (
    "email",
    "facebook",
    "fair",
    "friend",
    "instagram",
    "marketplace",
    "outdoor",
    "partner",
    "press",
    "radio",
    "search",
    "sms",
    "store",
    "tiktok",
    "tv",
    "web",
    "youtube",
)
OTHER = "other"  # something was said, in words that are not told
UNKNOWN = "unknown"  # nothing was said

CAMPAIGN = r"[a-z0-9][a-z0-9._-]{1,39}"
_TOLD = re.compile(rf"({'|'.join(CHANNELS)})(:{CAMPAIGN})?")


def told_source(heard_from: str | None) -> str | None:
    """What may be told of what brought somebody: `channel`, `channel:campaign`, other or None."""
    if heard_from is None:
        return None
    words = heard_from.strip().lower()
    return words if _TOLD.fullmatch(words) else OTHER


def source_of(told: str | None) -> tuple[str, str | None]:
    """Channel and campaign of what was told; what is no channel of ours is other."""
    if told is None:
        return UNKNOWN, None
    channel, _, campaign = told.partition(":")
    return (channel, campaign or None) if channel in CHANNELS else (OTHER, None)
