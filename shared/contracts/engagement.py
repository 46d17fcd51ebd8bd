"""Events published by the engagement service. None says to which address."""

from typing import ClassVar

from pydantic import Field

from shared.contracts.event import Event


class ConsentRecorded(Event):
    """Somebody has said whether they want to be written to on a channel, or taken it back."""

    source: ClassVar[str] = "sahip.engagement"
    detail_type: ClassVar[str] = "ConsentRecorded.v1"

    consent_id: str
    channel: str = Field(description="ARAMA, MESAJ, EPOSTA or MEKTUP")
    purpose: str = Field(description="marketing, survey, explicit_consent or membership")
    recipient_type: str = Field(description="BIREYSEL or TACIR")
    status: str = Field(description="ONAY or RET")
    told_by: str = Field(description="how it reached us, as İYS names it, such as HS_WEB")
