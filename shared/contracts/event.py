"""What travels on the bus: the events of our own services, and what a reader asks of any event."""

from collections.abc import Mapping
from typing import Any, ClassVar, Protocol, Self

from pydantic import AwareDatetime, ConfigDict, Field

from shared.contracts.model import Model
from shared.entity import Entry


class Message(Protocol):
    """An event of whatever sender, as those who read and publish events need it."""

    detail_type: ClassVar[str]

    @property
    def source(self) -> str:
        """Who says it, as the bus names senders."""
        ...

    @property
    def event_id(self) -> str: ...

    @property
    def correlation_id(self) -> str: ...

    @classmethod
    def senders(cls) -> str:
        """Who may say it, in words."""
        ...

    @classmethod
    def comes_from(cls, source: str) -> bool:
        """Whether this sender may say it."""
        ...

    @classmethod
    def read(cls, source: str, detail: Mapping[str, Any]) -> Self:
        """The event as a sender told it. Raise ValidationError, or another ValueError, if none."""
        ...

    def model_dump_json(self) -> str: ...


class Event(Model):
    """A fact, named in the past tense, never changed once published.

    Readers ignore fields they do not know, so a publisher may add optional
    fields freely. Any other change is a new class with a new `detail_type`,
    published beside the old one until the last reader has moved.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    source: ClassVar[str]
    detail_type: ClassVar[str]

    event_id: str = Field(description="entity:version:n, the same on every delivery")
    entity_id: str
    customer_id: str = Field(
        description="the customer id that the entity was written under; empty where it is nobody's"
    )
    version: int = Field(ge=1, description="of the entity, once the fact was stored")
    occurred_at: AwareDatetime
    correlation_id: str = Field(description="of the request that it came from")

    @classmethod
    def of(cls, entry: Entry, *, entity_id: str, customer_id: str, **facts: Any) -> Self:
        """The event that says what an entry of an entity's log says."""
        return cls(
            event_id=f"{entity_id}:{entry.version}:{entry.n}",
            entity_id=entity_id,
            customer_id=customer_id,
            version=entry.version,
            occurred_at=entry.happened_at or entry.at,
            correlation_id=entry.correlation_id,
            **facts,
        )

    @classmethod
    def senders(cls) -> str:
        return cls.source

    @classmethod
    def comes_from(cls, source: str) -> bool:
        return source == cls.source

    @classmethod
    def read(cls, source: str, detail: Mapping[str, Any]) -> Self:
        return cls.model_validate(detail)


class Attributed(Event):
    """Somebody has said whose an entity is, which keeps the id that it was written under.

    Carries the whole state: of two of these about one entity the one with the higher `version`
    holds.
    """

    holder: str = Field(description="the customer id that the entity shows under from now on")
    left: list[str] = Field(description="the customer ids that it shows under no more")
    since: AwareDatetime | None = Field(
        description="before when nothing of it happened; null where that is not known"
    )
