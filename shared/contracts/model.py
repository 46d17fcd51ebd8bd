"""What all bodies, documents and events are."""

from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, RootModel

T = TypeVar("T")


class Model(BaseModel):
    """A pydantic model that is built when it is first used.

    A function imports all that its service can say and uses little of it: building the rest was
    a third of a cold start.
    """

    model_config = ConfigDict(defer_build=True)


class Body(Model):
    """A body of an HTTP API: it has its fields and no others."""

    model_config = ConfigDict(extra="forbid")


class Root(RootModel[T], Generic[T]):
    """A Model that is one value, such as one of several."""

    model_config = ConfigDict(defer_build=True)
