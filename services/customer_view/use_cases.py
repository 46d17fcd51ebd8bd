"""Composing the customer view, on request."""

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Executor, Future, wait
from dataclasses import dataclass, replace
from datetime import datetime
from time import monotonic
from typing import Any

from services.customer_view.domain import (
    Candidate,
    CustomerErased,
    CustomerNotFound,
    CustomerView,
    Document,
    LastKnown,
    Look,
    Memory,
    NobodyFits,
    Part,
    Status,
    is_worth_remembering,
    part_of,
    unite_cares,
    unite_complaints,
    unite_conversations,
    unite_customers,
    unite_engagements,
    unite_happenings,
    unite_orders,
    unite_payments,
    unite_products,
    unite_risks,
    without_links,
)
from services.customer_view.domain.departments import VIEWS, WHOLE, DepartmentView, Views
from services.customer_view.ports import Finder, Known, Looks, Memories, Source, Unavailable
from shared.access import Action, Caller, Reach
from shared.calendar import day_in_turkey
from shared.errors import Unavailable as TryAgain
from shared.grounds import Session

# How the data of several customer ids become one person's, part by part.
UNITE: Mapping[str, Callable[[Sequence[Document]], Document]] = {
    "customer": unite_customers,
    "conversations": unite_conversations,
    "care": unite_cares,
    "orders": unite_orders,
    "payments": unite_payments,
    "risk": unite_risks,
    "complaints": unite_complaints,
    "products": unite_products,
    "engagement": unite_engagements,
}

WHO = "customer"  # the part that says whether there is such a customer

# Parts that we keep for ourselves, and what one must be allowed to do to see them.
OURS: Mapping[str, Action] = {
    "conversations": Action.READ_CONVERSATIONS,
    "care": Action.READ_CARE,
    "risk": Action.SEE_RISK,
    "engagement": Action.READ_SILENCE,
}


@dataclass(frozen=True, kw_only=True)
class Question:
    """Who asks, when, in which request; how many seconds our own table has, and who runs it.

    `parts` are those that are wanted; None for all.
    """

    caller: Caller
    correlation_id: str
    now: datetime
    deadline: float
    executor: Executor
    parts: Collection[str] | None = None

    def wants(self, part: str) -> bool:
        return self.parts is None or part in self.parts

    @property
    def is_ours(self) -> bool:
        """Whether somebody of ours asks, who serves this customer as any other."""
        return self.caller.reach(Action.VIEW_CUSTOMER) is Reach.ANY

    @property
    def seen_by(self) -> DepartmentView:
        """The view of their department; customers see themselves as they are."""
        if not self.is_ours:
            return WHOLE
        views: Views = VIEWS.on(day_in_turkey(self.now))
        return views.of(self.caller.department)

    def look(self, shown: Sequence[str]) -> Look | None:
        """What is recorded of showing these customers; None where that is nobody's business.

        What customers see of themselves is not recorded, unless it may be somebody else's.
        """
        grounds = self.caller.grounds
        why: dict[str, str | None] = {}
        if not self.caller.needs_grounds(Action.VIEW_CUSTOMER):
            if len(shown) == 1:
                return None
        elif isinstance(grounds, Session):
            why = {"session_id": grounds.session_id}
        elif grounds is not None:
            why = {"reason": grounds.code, "reference": grounds.reference}
        else:
            return None
        if self.is_ours:
            why |= {"department": self.caller.department, "view": self.seen_by.name}
        return Look(
            by=self.caller.subject,
            at=self.now,
            correlation_id=self.correlation_id,
            shown=shown,
            **why,
        )


@dataclass(frozen=True, kw_only=True)
class Found:
    """What came back for some ids: by part what its service said, by id what we remember."""

    told: Mapping[str, Mapping[str, Known] | Unavailable]
    recalled: Mapping[str, Memory | Unavailable]

    def members(self, customer_id: str) -> list[str]:
        """All ids of the person as anybody knows them, `customer_id` first."""
        members = {customer_id: None}
        memory = self.recalled[customer_id]
        if isinstance(memory, Memory):
            members |= dict.fromkeys(memory.members)
        for answer in self.told.values():
            if not isinstance(answer, Unavailable):
                members |= dict.fromkeys(answer[customer_id].members)
        return list(members)

    def newly_joined(self, customer_id: str) -> list[str]:
        """The ids that somebody takes for the same person, and nobody has confirmed."""
        memory = self.recalled[customer_id]
        newly = dict.fromkeys(memory.newly_joined if isinstance(memory, Memory) else ())
        for answer in self.told.values():
            if not isinstance(answer, Unavailable):
                newly |= dict.fromkeys(answer[customer_id].newly_joined)
        members = self.members(customer_id)
        return [one for one in newly if one not in members]

    def last_known(self, customer_id: str) -> Mapping[str, LastKnown]:
        memory = self.recalled[customer_id]
        return memory.last_known if isinstance(memory, Memory) else {}

    def with_parts(self, more: "Found") -> "Found":
        """This with what came back of further parts of the same ids."""
        return replace(self, told={**self.told, **more.told})

    def beside(self, more: "Found") -> "Found":
        """This with what came back for further ids. A part must have come back for all."""
        told: dict[str, Mapping[str, Known] | Unavailable] = {}
        for part, first in self.told.items():
            second = more.told[part]
            if isinstance(first, Unavailable):
                told[part] = first
            else:
                told[part] = second if isinstance(second, Unavailable) else {**first, **second}
        return Found(told=told, recalled={**self.recalled, **more.recalled})


def view_customer(
    customer_id: str,
    sources: Sequence[Source],
    memories: Memories,
    looks: Looks,
    question: Question,
) -> CustomerView:
    """Ask all sources at once. One that fails costs only its own parts, never the answer.

    Should an answer name further ids of the person, a second round asks for
    those alone. That one of ours looks is recorded meanwhile. Raise
    CustomerNotFound where there is no such customer, or the caller may not see
    them, CustomerErased where there was one, and NotVerified where one of ours has no grounds to.
    """
    caller = question.caller
    alone = caller.may(Action.VIEW_CUSTOMER, customer_id)  # whoever else turns out to be the same
    looking = _recording(looks, question.look([customer_id]) if alone else None)
    wanted = [part for source in sources for part in source.parts if question.wants(part)]
    found = _ask([customer_id], wanted, sources, memories, question, looking=looking)
    if WHO not in wanted and WHO not in found.last_known(customer_id):
        # Nothing shows yet that there is such a customer: what is empty would stand for somebody.
        wanted = [WHO, *wanted]
        found = found.with_parts(_ask([customer_id], [WHO], sources, memories, question))
    members = found.members(customer_id)
    if not caller.must_reach(Action.VIEW_CUSTOMER, customer_id, members):
        raise CustomerNotFound(customer_id)
    _must_be_somebody(found, customer_id)
    newly = found.newly_joined(customer_id) if _sees_anybody(question) else []
    members += newly
    if members[1:]:
        looking = _recording(looks, question.look(members))
        more = _ask(members[1:], wanted, sources, memories, question, looking=looking)
        found = found.beside(more)
    last_known = found.last_known(customer_id)
    parts = {
        part: _part(part, members, answer, last_known.get(part), question.now)
        for part, answer in found.told.items()
    }
    new = {
        name: part
        for name, part in parts.items()
        if is_worth_remembering(name, part, last_known.get(name))
    }
    if new:
        memories.remember(customer_id, new)
    shown = {name: part for name, part in parts.items() if _is_shown(name, question)}
    if WHO in shown and not _sees_anybody(question):
        shown[WHO] = without_links(shown[WHO])
    if question.wants("timeline"):
        shown["timeline"] = _timeline(found, question.now)
    return CustomerView(
        customer_id=customer_id,
        as_of=question.now,
        parts=shown,
        asked=question.parts,
        seen_by=question.seen_by,
        newly_joined=newly,
        others=members[1:],
    )


def look_up(
    kind: str, value: str, finder: Finder, caller: Caller, correlation_id: str
) -> Sequence[Candidate]:
    """Who may be meant, one candidate for each person. Raise NobodyFits where nobody is.

    Raise Unavailable of shared.errors where it cannot be told at the moment.
    """
    try:
        matches = finder.find(kind, value, caller, correlation_id)
    except Unavailable as failure:
        raise TryAgain(
            f"whose {kind.replace('_', ' ')} this is cannot be told at the moment: {failure}"
        ) from failure
    persons = {one.person_id or one.customer_id: one for one in matches}
    if not persons:
        raise NobodyFits(kind)
    return list(persons.values())


def must_be_shown_several(caller: Caller) -> None:
    """Raise NotVerified where the caller's session is with one person: it covers no others."""
    caller.must_be_allowed(Action.SEE_CANDIDATES)


def _ask(
    ids: Sequence[str],
    parts: Collection[str],
    sources: Sequence[Source],
    memories: Memories,
    question: Question,
    *,
    looking: Callable[[], None] | None = None,
) -> Found:
    """Ask whoever knows these parts, and our own memory, at the same time, and record the look."""
    executor = question.executor
    caller, correlation_id = question.caller, question.correlation_id
    of = {source: [one for one in source.parts if one in parts] for source in sources}
    asking = {
        source: executor.submit(source.ask, ids, wanted, caller, correlation_id)
        for source, wanted in of.items()
        if wanted
    }
    recalling = {one: executor.submit(memories.recall, one) for one in ids}
    recording = [executor.submit(looking)] if looking else []
    began = monotonic()
    for deadline, futures in _by_deadline(asking, [*recalling.values(), *recording], question):
        wait(futures, timeout=began + deadline - monotonic())
    answers = {source: _result(future) for source, future in asking.items()}
    return Found(
        told={part: answers[source] for source in asking for part in of[source]},
        recalled={one: _result(future) for one, future in recalling.items()},
    )


def _by_deadline(
    asking: Mapping[Source, "Future[Any]"], ours: Sequence["Future[Any]"], question: Question
) -> Sequence[tuple[float, Sequence["Future[Any]"]]]:
    """What is waited for and how many seconds it has, the shortest first."""
    waiting = [(source.deadline, [future]) for source, future in asking.items()]
    return sorted([*waiting, (question.deadline, list(ours))], key=lambda one: one[0])


def _result(future: "Future[Any]") -> Any:
    """What came back, or Unavailable."""
    if not future.done():
        future.cancel()
        return Unavailable("it did not answer in time")
    try:
        return future.result()
    except Unavailable as failure:
        return failure


def _sees_anybody(question: Question) -> bool:
    """Whether others are shown whom nobody has confirmed to be the same person.

    Not to who talks with one of them: nothing of the others may be told to that one.
    """
    return question.is_ours and not isinstance(question.caller.grounds, Session)


def _recording(looks: Looks, look: Look | None) -> Callable[[], None] | None:
    return None if look is None else lambda: looks.record(look)


def _must_be_somebody(found: Found, customer_id: str) -> None:
    """Raise CustomerErased and CustomerNotFound where the customer service says so."""
    answer = found.told.get(WHO)
    if answer is None or isinstance(answer, Unavailable):
        return
    if answer[customer_id].is_erased:
        raise CustomerErased(customer_id)
    if answer[customer_id].parts[WHO] is None:
        raise CustomerNotFound(customer_id)


def _is_shown(part: str, question: Question) -> bool:
    """Whether a part is wanted, and not kept from the caller."""
    ours = OURS.get(part)
    return question.wants(part) and (ours is None or question.caller.reach(ours) is not None)


def _part(
    name: str,
    ids: Sequence[str],
    answer: Mapping[str, Known] | Unavailable,
    last_known: LastKnown | None,
    now: datetime,
) -> Part:
    told: Sequence[Document | None] = []
    failure = str(answer) if isinstance(answer, Unavailable) else None
    if not isinstance(answer, Unavailable):
        told = [answer[one].parts[name] for one in ids]
    return part_of(told, failure, last_known=last_known, unite=UNITE[name], now=now, ids=ids)


def _timeline(found: Found, now: datetime) -> Part:
    timelines = []
    for memory in found.recalled.values():
        if isinstance(memory, Unavailable):
            return Part(status=Status.MISSING, reason=str(memory))
        timelines.append(memory.happenings)
    return Part.fresh(unite_happenings(timelines), now)
