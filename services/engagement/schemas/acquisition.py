"""Bodies of what it costs to win customers."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from services.engagement.domain.acquisition import Acquired, Spend
from shared.acquisition import CAMPAIGN, CHANNELS
from shared.contracts.model import Body
from shared.contracts.summary import Money

Campaign = Annotated[str, StringConstraints(pattern=rf"^{CAMPAIGN}$")]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Month = Annotated[str, StringConstraints(pattern=r"^[12]\d{3}-(0[1-9]|1[0-2])$")]
AT_MOST = 10**13


class RecordSpend(Body):
    """What a campaign on a channel cost on a day."""

    channel: Literal[CHANNELS]  # type: ignore[valid-type]
    campaign: Campaign | None = Field(
        default=None, description="a code of your own; null for none"
    )
    day: date = Field(description="in Turkey")
    amount: int = Field(
        ge=-AT_MOST, le=AT_MOST, description="in minor units; with a minus where it puts one right"
    )
    currency: Currency = Field(description="ISO 4217")


class SpendView(Body):
    """An amount that was spent."""

    spend_id: str
    channel: str
    campaign: str | None
    day: date
    amount: int
    currency: str

    @classmethod
    def of(cls, spend: Spend) -> "SpendView":
        return cls(**{name: getattr(spend, name) for name in cls.model_fields})


class ReadAcquisition(Body):
    """Of which month."""

    month: Month | None = Field(
        default=None, description="YYYY-MM in Turkey; this one if left out"
    )


class AcquiredView(Body):
    """What a channel, or a campaign on it, cost, and who came by it."""

    campaign: str | None = Field(description="null for what named none, and for a channel's total")
    spent: list[Money]
    new_customers: int
    cost_of_one: list[Money] = Field(
        description="for each who came, rounded up; none where nothing was spent or nobody came"
    )

    @classmethod
    def of(cls, acquired: Acquired, campaign: str | None = None) -> "AcquiredView":
        return cls(
            campaign=campaign,
            spent=_money(acquired.spent),
            new_customers=acquired.customers,
            cost_of_one=_money(acquired.cost_of_one),
        )


class ChannelView(Body):
    """A channel: in all, and by campaign."""

    channel: str = Field(
        description="other where it was said in words of their own, unknown where nothing was said"
    )
    total: AcquiredView
    campaigns: list[AcquiredView]


class AcquisitionView(Body):
    """What it cost to win customers in a month."""

    month: str
    channels: list[ChannelView]
    total: AcquiredView
    is_all: bool = Field(description="false where there are more campaigns than fit in an answer")

    @classmethod
    def of(
        cls, month: str, found: Mapping[tuple[str, str | None], Acquired], *, is_all: bool
    ) -> "AcquisitionView":
        by_channel: dict[str, dict[str | None, Acquired]] = {}
        for (channel, campaign), acquired in found.items():
            by_channel.setdefault(channel, {})[campaign] = acquired
        total = Acquired()
        channels = []
        for channel, campaigns in sorted(by_channel.items()):
            of_channel = Acquired()
            for one in campaigns.values():
                of_channel = of_channel.and_also(one)
            total = total.and_also(of_channel)
            ranked = sorted(campaigns.items(), key=lambda one: one[0] or "")
            channels.append(
                ChannelView(
                    channel=channel,
                    total=AcquiredView.of(of_channel),
                    campaigns=[AcquiredView.of(one, campaign) for campaign, one in ranked],
                )
            )
        return cls(month=month, channels=channels, total=AcquiredView.of(total), is_all=is_all)


def _money(amounts: Mapping[str, int]) -> list[Money]:
    return [Money(amount=amount, currency=currency) for currency, amount in amounts.items()]
