"""How services ask the customer service for the customer that somebody is."""

from pydantic import AwareDatetime, ConfigDict, Field

from shared.contracts.model import Model
from shared.entity import Via


class PersonRequest(Model):
    """Who is this? The same `key` never makes two customers. Tell what is known of them."""

    model_config = ConfigDict(extra="ignore")

    name: str | None = None
    phone: str | None = Field(default=None, description="in any usual spelling")
    email: str | None = None
    external_id: str | None = Field(default=None, description="as system:id")
    key: str = Field(description="of what the person is needed for, as service:id")
    correlation_id: str


class CameBy(Model):
    """What kind of identifier the customer was found by, or is known by from now on."""

    model_config = ConfigDict(from_attributes=True)

    kind: str = Field(description="external_id, phone, email or name; its value is not told")
    shared: bool = Field(
        description="whether several customer ids of the one person have it, so that whose it is "
        "must be said should they turn out to be several"
    )
    at: AwareDatetime = Field(description="when that was looked up")

    def via(self) -> Via:
        """It as it is kept."""
        return Via(kind=self.kind, shared=self.shared, at=self.at)


class PersonAnswer(Model):
    """The customer, found or created; or why nobody can be known like that."""

    customer_id: str | None = None
    via: CameBy | None = None
    refused: str | None = Field(default=None, description="what is wrong with what was told")
