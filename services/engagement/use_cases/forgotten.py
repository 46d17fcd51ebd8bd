"""Making the lists of the forgotten, and reading one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from services.engagement.domain import CustomerUnknown
from services.engagement.domain.ceilings import Ceiling, ceiling_of
from services.engagement.domain.forgotten import (
    NOBODY_CALLS,
    Call,
    CallList,
    Keeper,
    Run,
    call_for,
    due_persons,
)
from services.engagement.domain.purposes import PURPOSES
from services.engagement.domain.silence import Silence, silence_of
from services.engagement.ports.forgotten import CallLists, Keepers
from services.engagement.ports.silences import Rapports, Silences
from shared.calendar import day_in_turkey

OFFER = "offer"  # the purpose whose ceiling is shown
# Looked at in one step: what a step lists is noted in one transaction, which has a hundred places.
AT_ONCE = 45


def make_lists(
    lists: CallLists,
    rapports: Rapports,
    keepers: Keepers,
    now: datetime,
    *,
    correlation_id: str,
    has_time: Callable[[], bool],
) -> Run:
    """Go on with the lists of today, one step at least and as long as there is time.

    A run that was broken off goes on where it was. Raise Unavailable where who cares for whom
    cannot be asked: the next call goes on there.
    """
    noted = lists.run()
    day = day_in_turkey(now)
    run = noted if noted and noted.day >= day else Run(day=day, began_at=now)
    while not run.is_done:
        after, found, subjects = _step(lists, rapports, keepers, run, correlation_id)
        lists.note(noted, after, found, subjects)
        noted = run = after
        if not has_time():
            break
    return run


def _step(
    lists: CallLists, rapports: Rapports, keepers: Keepers, run: Run, correlation_id: str
) -> tuple[Run, Sequence[CallList], Mapping[str, str]]:
    found = lists.due(run.day, run.place, AT_ONCE)
    ids = [customer_id for customer_id, _ in found]
    if not ids:
        return replace(run, is_done=True), (), {}
    cares = keepers.care(ids, correlation_id)
    members = {one for keeper in cares.values() for one in keeper.members}
    known = rapports.of(members)
    due, later = due_persons(ids, cares, known, run.day)
    theirs = {one for keeper in due.values() for one in keeper.members}
    cases = keepers.cases(theirs, correlation_id) if theirs else {}
    for customer_id, day in later.items():
        rapports.look_later(customer_id, day)
    calls: dict[str, list[Call]] = {}
    for customer_id, keeper in due.items():
        call = call_for(customer_id, keeper, known, cases, run.day)
        calls.setdefault(keeper.calls or NOBODY_CALLS, []).append(call)
    there = lists.of(calls, run.day)
    after = replace(
        run,
        place=found[-1][1],
        looked_at=run.looked_at + len(ids),
        forgotten=run.forgotten + len(due),
    )
    return (
        after,
        [
            there.get(staff_id, CallList(staff_id=staff_id, day=run.day)).and_also(some)
            for staff_id, some in sorted(calls.items())
        ],
        _subjects(due),
    )


def _subjects(due: Mapping[str, Keeper]) -> dict[str, str]:
    return {
        one.calls_subject: one.calls for one in due.values() if one.calls_subject and one.calls
    }


def neglect_now(
    silences: Silences, keepers: Keepers, customer_id: str, today: date, *, correlation_id: str
) -> tuple[Call, Silence, Ceiling]:
    """How neglected a person is today, over their floor or not, and how often they hear offers.

    Raise CustomerUnknown where there is no such customer, and Unavailable where that, or what is
    open, cannot be asked.
    """
    keeper = keepers.care([customer_id], correlation_id).get(customer_id)
    if keeper is None:
        raise CustomerUnknown(customer_id)
    known = silences.of(keeper.members)
    cases = keepers.cases(keeper.members, correlation_id)
    call = call_for(customer_id, keeper, known, cases, today)
    offer = PURPOSES.on(today)[OFFER]
    return call, silence_of(known.values()), ceiling_of(offer, keeper.served, today)


def list_of(
    lists: CallLists, silences: Silences, staff_id: str, today: date
) -> tuple[Run | None, CallList, Sequence[Call]]:
    """The newest run, an owner's list from it, and whom of it to call still."""
    run = lists.run()
    day = run.day if run else today
    listed = lists.of([staff_id], day).get(staff_id, CallList(staff_id=staff_id, day=day))
    ids = {one for call in listed.calls for one in call.members}
    return run, listed, listed.still(silences.of(ids), today)
