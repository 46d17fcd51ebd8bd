"""How services ask the customer service for the customer that somebody is."""

from pydantic import ConfigDict, Field

from shared.contracts.model import Model


class PersonRequest(Model):
    """Who is this? The same `key` never makes two customers. Tell what is known of them."""

    model_config = ConfigDict(extra="ignore")

    name: str | None = None
    phone: str | None = Field(default=None, description="in any usual spelling")
    email: str | None = None
    external_id: str | None = Field(default=None, description="as system:id")
    key: str = Field(description="of what the person is needed for, as service:id")
    correlation_id: str


class PersonAnswer(Model):
    """The customer, found or created; or why nobody can be known like that."""

    customer_id: str | None = None
    refused: str | None = Field(default=None, description="what is wrong with what was told")
