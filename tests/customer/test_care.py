"""Who cares for whom: one owner for everybody, in a segment, whoever leaves or is linked."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.customer.adapters import CustomerSummaries, DynamoCustomers, projections
from services.customer.adapters.care import DynamoCare
from services.customer.adapters.staff import DynamoStaff
from services.customer.domain import Customer
from services.customer.domain.care import (
    KEEP,
    ActingAs,
    Assigned,
    Care,
    Served,
    Standing,
    Through,
    served,
)
from services.customer.domain.groups import Group, Ledger, brings_into_groups, groups_of
from services.customer.domain.segments import Roster, Segment, SegmentNotFound, SegmentTaken
from services.customer.domain.staff import (
    Absence,
    HasLeft,
    Keeper,
    NoOwner,
    OwnsTooMany,
    Presence,
    Staff,
    StillOwns,
    Trade,
)
from services.customer.ports.care import Counted
from services.customer.use_cases.care import assign_care, care_of
from services.customer.use_cases.links import end_link, link_customers, person_of
from services.customer.use_cases.staff import (
    change_segment,
    change_staff,
    engage_staff,
    leave_staff,
    open_segment,
)
from shared.aws.projection import Projector
from shared.aws.rows import Rows
from shared.aws.stream import writes_of
from shared.errors import Conflict, Invalid, KeyReused, Stale
from tests.account import SECRET, AwsAccount, all_items, contents, stream_record
from tests.customer.examples import NOON, a_customer, an_act

TODAY = date(2026, 3, 1)
SELIN, CEM, DENIZ = "stf_selin", "stf_cem", "stf_deniz"


def keeper(staff_id: str, **changes: Any) -> Keeper:
    return Keeper(staff_id=staff_id, subject=f"sub-{staff_id}", name=staff_id, **changes)


def segment(segment_id: str, rank: int, owner: str, group: Group | None = None) -> Segment:
    return Segment(
        customer_id="",
        segment_id=segment_id,
        name=segment_id,
        rank=rank,
        queue=f"q-{segment_id}",
        owner=owner,
        group=group,
    )


def a_roster(*away: Keeper) -> Roster:
    """Platinum of Selin's, loyal ones of Cem's, and everybody else of Deniz's."""
    keepers = {one.staff_id: one for one in (*map(keeper, (SELIN, CEM, DENIZ)), *away)}
    segments = (
        segment("platinum", 1, SELIN, Group.PROFITABLE),
        segment("loyal", 2, CEM, Group.LOYAL),
        segment("standard", 3, DENIZ),
    )
    return Roster(
        version=1,
        keepers=keepers,
        segments={one.segment_id: one for one in segments},
        default_id="standard",
    )


def of(customer_id: str, ledger: Ledger | None = None, **said: Any) -> Standing:
    return Standing(customer_id=customer_id, care=Care(**said), ledger=ledger or Ledger())


RICH = Ledger(paid={"TRY": 12_000_000}, refunded={"TRY": 1_000_000}, delivered={2026: 3})
LOYAL = Ledger(delivered={2024: 2, 2025: 2}, placed=4)


def test_a_customer_of_whom_nobody_has_said_anything_is_the_default_segments() -> None:
    care = served([of("a")], a_roster(), TODAY)

    assert (care.segment and care.segment.segment_id) == "standard"
    assert care.assigned is Assigned.BY_DEFAULT
    assert (care.owner and care.owner.staff_id, care.through) == (DENIZ, Through.SEGMENT)
    assert (care.presence, care.acting) == (Presence.HERE, None)


def test_a_rule_puts_them_into_the_highest_tier_that_it_opens_and_says_why() -> None:
    both = RICH.and_also(LOYAL)

    care = served([of("a", both)], a_roster(), TODAY)

    assert care.segment is not None
    assert (care.segment.segment_id, care.assigned) == ("platinum", Assigned.BY_RULE)
    assert set(care.groups) == {Group.PROFITABLE, Group.LOYAL}
    [why] = care.groups[Group.PROFITABLE]
    assert (why.found, why.bound, why.currency) == (11_000_000, 10_000_000, "TRY")
    assert care.value == {"TRY": 11_000_000}


def test_a_word_by_hand_goes_before_the_rules_for_one_entry() -> None:
    care = served([of("a", RICH, segment="standard", reason="asked for it")], a_roster(), TODAY)

    assert care.segment is not None
    assert (care.segment.segment_id, care.assigned) == ("standard", Assigned.BY_HAND)
    assert care.reason == "asked for it"


@pytest.mark.parametrize(
    ("ledger", "groups"),
    [
        (Ledger(), set()),
        (Ledger(paid={"TRY": 10_000_000}), {Group.PROFITABLE}),
        (Ledger(paid={"TRY": 9_999_999}), set()),
        (Ledger(paid={"TRY": 9_000_000, "EUR": 249_999}), set()),  # of one currency alone
        (Ledger(paid={"XAU": 10**12}), set()),  # of which no bound is known
        (LOYAL, {Group.LOYAL}),
        (Ledger(delivered={2023: 2, 2024: 9}), set()),  # who has not come for long
        (Ledger(delivered={2025: 1, 2026: 1}), {Group.CAN_BE_LOYAL}),
        (Ledger(paid={"TRY": 200_000}, refunded={"TRY": 100_000}), {Group.LOSS_MAKING}),
        (Ledger(paid={"TRY": 200_000}, refunded={"TRY": 99_999}), set()),
        (Ledger(refunded={"TRY": 100_000}), {Group.LOSS_MAKING}),  # its payment is heard later
        (Ledger(placed=8, cancelled=4), {Group.LOSS_MAKING}),
        (Ledger(placed=9, cancelled=4), set()),
    ],
    ids=str,
)
def test_groups_follow_from_what_happened(ledger: Ledger, groups: set[Group]) -> None:
    found = groups_of(ledger, TODAY)

    assert set(found) == groups
    assert all(reason.found >= reason.bound for some in found.values() for reason in some)


COUNTS = ["placed", "complaints", "cancelled", "delivered:2025", "delivered:2026"] + [
    f"{what}:{currency}" for what in ("paid", "refunded") for currency in ("TRY", "EUR")
]


@settings(max_examples=200)
@given(
    st.dictionaries(st.sampled_from(COUNTS), st.sampled_from([1, 3, 4, 9, 2_500, 10_000_000])),
    st.sampled_from(COUNTS),
    st.sampled_from([1, 4, 100_000]),
)
def test_what_is_said_to_bring_nobody_into_a_group_brings_nobody_into_one(
    counts: dict[str, int], name: str, more: int
) -> None:
    before = groups_of(Ledger.of(counts), TODAY)
    after = groups_of(Ledger.of({**counts, name: counts.get(name, 0) + more}), TODAY)

    assert brings_into_groups(name) or after.keys() <= before.keys()


def test_linked_people_have_the_owner_of_the_higher_tier_and_the_leaders_among_equals() -> None:
    def owner(*standings: Standing) -> tuple[str, str]:
        care = served(standings, a_roster(), TODAY)
        assert care.owner is not None
        assert care.segment is not None
        return care.owner.staff_id, care.segment.segment_id

    mine = of("leader", owner=CEM)
    assert owner(mine, of("joined", owner=SELIN)) == (CEM, "standard")
    assert owner(mine, of("joined", owner=SELIN, segment="platinum")) == (SELIN, "platinum")
    assert owner(mine, of("joined", segment="platinum")) == (CEM, "platinum")
    assert owner(of("leader", segment="loyal"), of("joined", owner=DENIZ)) == (DENIZ, "loyal")
    half = Ledger(paid={"TRY": 6_000_000})
    assert owner(of("leader", half), of("joined", half)) == (SELIN, "platinum")


def test_who_is_away_has_the_deputy_in_their_place_and_else_the_segments_owner() -> None:
    week = Absence(since=TODAY, until=TODAY + timedelta(days=6), deputy=DENIZ)
    away = keeper(CEM, absences=(week,))
    mine = [of("a", owner=CEM, segment="platinum")]

    def acting(roster: Roster, day: date = TODAY) -> tuple[Any, ...]:
        care = served(mine, roster, day)
        assert care.owner is not None
        assert care.owner.staff_id == CEM
        return care.presence, care.acting and care.acting.staff_id, care.acting_as

    assert acting(a_roster(away)) == (Presence.AWAY, DENIZ, ActingAs.DEPUTY)
    assert acting(a_roster(away), TODAY + timedelta(days=7)) == (Presence.HERE, None, None)
    gone = keeper(DENIZ, left_at=NOON)
    assert acting(a_roster(away, gone)) == (Presence.AWAY, SELIN, ActingAs.SEGMENT_OWNER)
    left = keeper(CEM, left_at=NOON, successor=DENIZ)
    assert acting(a_roster(left)) == (Presence.LEFT, DENIZ, ActingAs.SUCCESSOR)
    assert acting(a_roster(left, gone)) == (Presence.LEFT, SELIN, ActingAs.SEGMENT_OWNER)


def test_where_a_segments_owner_has_left_the_default_segments_owner_takes_over() -> None:
    selin = keeper(SELIN, left_at=NOON)
    care = served([of("a", RICH)], a_roster(selin), TODAY)

    assert (care.owner and care.owner.staff_id, care.presence) == (SELIN, Presence.LEFT)
    assert (care.acting and care.acting.staff_id, care.acting_as) == (
        DENIZ,
        ActingAs.DEFAULT_OWNER,
    )
    nobody = served([of("a", RICH)], a_roster(selin, keeper(DENIZ, left_at=NOON)), TODAY)
    assert (nobody.owner and nobody.owner.staff_id, nobody.acting) == (SELIN, None)


@settings(max_examples=60, deadline=None)
@given(
    said=st.lists(
        st.tuples(
            st.sampled_from([None, SELIN, CEM, DENIZ]),
            st.sampled_from([None, "platinum", "loyal", "standard", "seg_gone"]),
            st.sampled_from([Ledger(), RICH, LOYAL]),
        ),
        min_size=1,
        max_size=4,
    ),
    left=st.sets(st.sampled_from([SELIN, CEM, DENIZ])),
)
def test_everybody_has_exactly_one_owner_and_somebody_who_is_here_as_long_as_the_default_is(
    said: list[tuple[str | None, str | None, Ledger]], left: set[str]
) -> None:
    roster = a_roster(*(keeper(one, left_at=NOON) for one in left))
    standings = [
        of(f"c{n}", ledger, owner=owner, segment=name)
        for n, (owner, name, ledger) in enumerate(said)
    ]

    care = served(standings, roster, TODAY)
    others = served([standings[0], *reversed(standings[1:])], roster, TODAY)

    assert care.owner is not None
    assert care.segment is not None
    by_hand = [roster.segments[s].rank for _, s, _ in said if s and s in roster.segments]
    assert care.segment.rank <= min(by_hand, default=3)
    assert others.segment == care.segment
    serving = care.acting or care.owner
    if DENIZ not in left:
        assert serving.presence(TODAY) is Presence.HERE


class Company:
    """Somebody who answers for the staff, and customers."""

    def __init__(self, aws: AwsAccount) -> None:
        self.aws, self.table = aws, aws.table("customer")
        self.customers = DynamoCustomers(aws.dynamodb, self.table, SECRET)
        self.staff = DynamoStaff(aws.dynamodb, self.table, SECRET)
        self.care = DynamoCare(aws.dynamodb, self.table, SECRET)
        for one in ("cus_a", "cus_b"):
            self.customers.add(a_customer(one), fingerprint="f")

    def engage(self, staff_id: str, *trades: Trade, most: int = 5, **fields: Any) -> Staff:
        owns = Trade.CUSTOMER_OWNER in (trades or (Trade.CUSTOMER_OWNER,))
        plain = {
            "subject": f"sub-{staff_id}",
            "name": staff_id,
            "trades": trades or (Trade.CUSTOMER_OWNER,),
            "most_customers": most if owns else 0,
        }
        staff, _ = engage_staff(
            self.staff, an_act(), staff_id=staff_id, fingerprint="f", **(plain | fields)
        )
        return staff

    def open(self, segment_id: str, rank: int, owner: str, **fields: Any) -> Segment:
        plain: dict[str, Any] = {
            "name": segment_id,
            "queue": f"q-{segment_id}",
            "default": False,
            "group": None,
        }
        made, _, _ = open_segment(
            self.staff,
            an_act(),
            segment_id=segment_id,
            fingerprint="f",
            rank=rank,
            owner=owner,
            reason="we begin",
            **(plain | fields),
        )
        return made

    def begin(self) -> None:
        """Selin and Cem, and a segment of each."""
        self.engage(SELIN)
        self.engage(CEM, most=1)
        self.open("standard", 2, SELIN, default=True)
        self.open("platinum", 1, CEM, group=Group.PROFITABLE)

    def assign(self, customer_id: str = "cus_a", minutes: int = 1, **said: Any) -> Served:
        _, care = assign_care(
            self.customers,
            self.care,
            an_act(minutes),
            customer_id,
            **({"reason": "so it is"} | said),
        )
        assert care == self.read(customer_id)
        return care

    def read(self, customer_id: str = "cus_a") -> Served:
        person = person_of(self.customers, self.customers.get(customer_id))
        return care_of(self.care, an_act(), list(person.entries.values()))

    def leave(self, staff_id: str, successor: str | None = None) -> Staff:
        return leave_staff(self.staff, an_act(), staff_id, left_at=None, successor=successor)

    def change(self, staff_id: str, version: int | None = None, **fields: Any) -> Staff:
        return change_staff(self.staff, an_act(), staff_id, version=version, fields=fields)

    def contents(self) -> dict[tuple[str, str], dict[str, Any]]:
        return contents(self.aws.dynamodb, self.table)

    def project(self) -> None:
        projector = Projector(self.aws.dynamodb, self.table, *projections)
        for item in all_items(self.aws.dynamodb, self.table):
            for one in writes_of({"Records": [stream_record(None, item)]}):
                projector.project(one)


@pytest.fixture
def company(aws: AwsAccount) -> Company:
    return Company(aws)


def test_the_roles_of_who_owns_and_of_who_sells_exclude_each_other(company: Company) -> None:
    for trade in (
        Trade.PRODUCT_MANAGER,
        Trade.BRAND_MANAGER,
        Trade.CHANNEL_MANAGER,
        Trade.CAMPAIGN_MANAGER,
        Trade.CRM_MANAGER,
    ):
        with pytest.raises(Invalid, match="the roles exclude each other"):
            company.engage("stf_x", Trade.CUSTOMER_OWNER, trade)
        company.engage(f"stf_{trade}", trade)
        with pytest.raises(NoOwner):
            company.open("first", 1, f"stf_{trade}", default=True)
    assert company.staff.roster() == Roster()


def test_nobody_is_engaged_twice_for_one_request_or_one_subject(company: Company) -> None:
    selin = company.engage(SELIN)

    assert company.engage(SELIN) == selin
    with pytest.raises(Conflict, match="staff subject already belongs to stf_selin"):
        company.engage(CEM, subject="sub-stf_selin")
    with pytest.raises(KeyReused):
        engage_staff(company.staff, an_act(), staff_id=SELIN, fingerprint="g")
    assert company.engage(CEM, subject="another").subject == "another"


def test_absences_follow_one_another_and_have_a_deputy_who_may_own(company: Company) -> None:
    company.begin()
    company.engage("stf_brand", Trade.BRAND_MANAGER)
    day = Absence(since=TODAY, until=TODAY, deputy=CEM)

    assert company.change(SELIN, absences=(day,)).absences == (day,)
    for absences, flaw in (
        ((replace(day, until=TODAY - timedelta(days=1)),), "ends on its first day or later"),
        ((day, day), "none overlap"),
        ((replace(day, deputy=SELIN),), "nobody stands in for themselves"),
    ):
        with pytest.raises(Invalid, match=flaw):
            company.change(SELIN, absences=absences)
    with pytest.raises(NoOwner):
        company.change(SELIN, absences=(replace(day, deputy="stf_brand"),))
    with pytest.raises(Invalid, match="only an owner of customers has a deputy"):
        company.change("stf_brand", absences=(day,))
    assert company.staff.roster().keepers[SELIN].absences == (day,)


def test_there_is_always_one_default_segment_and_each_has_an_owner_who_is_here(
    company: Company,
) -> None:
    company.engage(SELIN)
    with pytest.raises(Invalid, match="the first segment is the default"):
        company.open("first", 1, SELIN)
    first = company.open("first", 1, SELIN, default=True)
    assert company.open("first", 1, SELIN, default=True) == first
    with pytest.raises(SegmentTaken, match="first has this rank"):
        company.open("second", 1, SELIN)
    with pytest.raises(NoOwner):
        company.open("second", 2, "stf_nobody")
    second = company.open("second", 2, SELIN)

    changed, roster = change_segment(
        company.staff,
        an_act(3),
        second.segment_id,
        version=second.version,
        default=True,
        reason="for all",
        fields={},
    )

    assert (roster.default_id, changed.version) == ("second", 2)
    assert company.staff.roster().default_id == "second"
    company.engage(CEM)
    company.leave(CEM)
    with pytest.raises(HasLeft):
        change_segment(
            company.staff,
            an_act(),
            "second",
            version=2,
            default=False,
            reason="r",
            fields={"owner": CEM},
        )
    with pytest.raises(Stale):
        change_segment(
            company.staff, an_act(), "second", version=1, default=False, reason="r", fields={}
        )


def test_an_owner_of_their_own_is_said_with_a_reason_and_taken_away_again(
    company: Company,
) -> None:
    company.begin()

    given = company.assign(owner=CEM, reason="knows her")
    again = company.assign(owner=CEM, minutes=2, reason="another word")
    taken = company.assign(owner=None, minutes=3, reason="he moved")

    assert (given.owner and given.owner.staff_id, given.through) == (CEM, Through.CUSTOMER)
    assert again == given
    assert (taken.owner and taken.owner.staff_id, taken.through) == (SELIN, Through.SEGMENT)
    newest, first = taken.changes
    assert (first.by, first.reason, first.from_owner, first.to_owner) == (
        "agent-1",
        "knows her",
        None,
        CEM,
    )
    assert (newest.reason, newest.from_owner, newest.to_owner) == ("he moved", CEM, None)
    assert company.customers.get("cus_a").version == 3
    assert company.staff.owned([CEM, SELIN]) == {CEM: 0, SELIN: 0}


def test_nobody_takes_more_customers_than_they_said(company: Company) -> None:
    company.begin()
    company.assign("cus_a", owner=CEM)
    before = company.contents()

    with pytest.raises(OwnsTooMany):
        company.assign("cus_b", owner=CEM)

    assert company.contents() == before
    company.change(CEM, most_customers=2)
    company.assign("cus_b", owner=CEM)
    assert company.staff.owned([CEM]) == {CEM: 2}
    company.change(CEM, most_customers=1)
    company.assign("cus_a", owner=SELIN)
    with pytest.raises(OwnsTooMany):
        company.assign("cus_a", owner=CEM)


def test_who_left_gets_nobody_and_what_was_theirs_stays_listed_until_it_is_given(
    company: Company,
) -> None:
    company.begin()
    company.assign(owner=CEM)

    company.leave(CEM, successor=SELIN)
    care = company.read()

    assert (care.owner and care.owner.staff_id, care.presence) == (CEM, Presence.LEFT)
    assert (care.acting and care.acting.staff_id, care.acting_as) == (SELIN, ActingAs.SUCCESSOR)
    with pytest.raises(HasLeft):
        company.assign("cus_b", owner=CEM)
    with pytest.raises(StillOwns):
        company.change(CEM, trades=(), most_customers=0)
    company.assign(owner=SELIN)
    with pytest.raises(StillOwns):  # the segment is his
        company.change(CEM, trades=(), most_customers=0)
    change_segment(
        company.staff,
        an_act(),
        "platinum",
        version=None,
        default=False,
        reason="he left",
        fields={"owner": SELIN},
    )
    company.change(CEM, trades=(), most_customers=0)
    assert set(company.staff.roster().keepers) == {SELIN}


def test_an_owner_who_leaves_while_a_customer_is_given_to_them_does_not_get_them(
    company: Company,
) -> None:
    company.begin()
    company.engage(DENIZ)
    look = company.care.look

    def and_then_they_leave(entries: Any) -> Any:
        seen = look(entries)
        company.leave(DENIZ)
        return seen

    company.care.look = and_then_they_leave  # type: ignore[method-assign]
    with pytest.raises(HasLeft):
        company.assign(owner=DENIZ)
    assert company.customers.get("cus_a").care is None


def test_what_is_said_of_a_segment_must_exist_and_what_is_not_said_stays(company: Company) -> None:
    company.begin()
    with pytest.raises(SegmentNotFound):
        company.assign(segment="seg_nothing")

    company.assign(owner=CEM, segment="platinum")
    care = company.assign(segment=None, owner=KEEP)

    assert (care.owner and care.owner.staff_id, care.assigned) == (CEM, Assigned.BY_DEFAULT)


def test_linked_people_are_cared_for_as_one_and_as_before_when_they_are_parted(
    company: Company,
) -> None:
    company.begin()
    company.assign("cus_a", owner=SELIN)
    company.assign("cus_b", owner=CEM, segment="platinum")
    alone = company.read("cus_a"), company.read("cus_b")
    link_customers(
        company.customers,
        an_act(5),
        "cus_a",
        "cus_b",
        link_id="lnk_1",
        fingerprint="f",
        reason="one",
    )

    one, other = company.read("cus_a"), company.read("cus_b")

    assert one == other
    assert (one.owner and one.owner.staff_id) == CEM  # of the higher tier
    assert (one.segment and one.segment.segment_id) == "platinum"
    end_link(company.customers, an_act(6), "cus_a", "lnk_1", reason="two")
    assert (company.read("cus_a"), company.read("cus_b")) == alone


def test_what_is_said_of_linked_people_is_said_of_each_and_holds_after_they_are_parted(
    company: Company,
) -> None:
    company.begin()
    company.change(CEM, most_customers=2)
    link_customers(
        company.customers,
        an_act(5),
        "cus_a",
        "cus_b",
        link_id="lnk_1",
        fingerprint="f",
        reason="one",
    )

    company.assign("cus_b", owner=CEM, minutes=6)
    end_link(company.customers, an_act(7), "cus_a", "lnk_1", reason="two")

    for one in ("cus_a", "cus_b"):
        care = company.read(one)
        assert (care.owner and care.owner.staff_id) == CEM
    assert company.staff.owned([CEM]) == {CEM: 2}


EVENTS = [
    ("e1", {"paid:TRY": 9_000_000}),
    ("e2", {"paid:TRY": 2_000_000}),
    ("e3", {"refunded:TRY": 500_000}),
    ("e4", {"delivered:2026": 1}),
    ("e5", {"placed": 1}),
]


@settings(max_examples=15, deadline=None)
@given(
    order=st.permutations(EVENTS),
    again=st.lists(st.sampled_from(EVENTS), max_size=4),
    together=st.integers(1, 10),
)
def test_what_happened_is_counted_once_in_whatever_order(
    account: AwsAccount, order: list[Any], again: list[Any], together: int
) -> None:
    account.empty()
    company = Company(account)
    company.begin()

    happened = [
        Counted(event_id=name, customer_id="cus_a", counts=what) for name, what in [*order, *again]
    ]
    new = [
        one
        for start in range(0, len(happened), together)
        for one in sorted(company.care.count(happened[start : start + together]))
    ]
    care = company.read()

    assert sorted(new) == sorted(name for name, _ in EVENTS)
    assert care.value == {"TRY": 10_500_000}
    assert (care.segment and care.segment.segment_id) == "platinum"
    assert company.read("cus_b").value == {}


def test_the_summary_tells_who_cares_in_one_more_read_for_all_who_are_asked_for(
    company: Company,
) -> None:
    company.begin()
    company.care.count(
        [Counted(event_id="e1", customer_id="cus_b", counts={"paid:TRY": 10_000_000})]
    )
    company.assign("cus_a", owner=SELIN)
    company.project()
    calls: list[str] = []
    client = company.aws.dynamodb
    client.meta.events.register(
        "before-call.dynamodb", lambda model, **_: calls.append(model.name), unique_id="counting"
    )
    summaries = CustomerSummaries(Rows(client, company.table), company.customers, company.care)

    told = {one: summaries.summarise(one) for one in ("cus_a", "cus_b")}
    summaries.complete(told, TODAY)

    client.meta.events.unregister("before-call.dynamodb", unique_id="counting")
    assert calls == ["Query", "Query", "BatchGetItem"]
    a, b = (told[one].parts["care"] or {} for one in ("cus_a", "cus_b"))
    assert (a["tier"], a["queue"], a["assigned"]) == ("standard", "q-standard", "by_default")
    assert a["owner"] == {
        "staff_id": SELIN,
        "subject": "sub-stf_selin",
        "name": SELIN,
        "presence": "here",
        "through": "customer",
        "languages": [],
    }
    assert (b["tier"], b["assigned"]) == ("platinum", "by_rule")
    assert b["value"] == [{"amount": 10_000_000, "currency": "TRY"}]
    assert "care" not in (told["cus_a"].parts["customer"] or {})


def test_before_there_is_any_segment_nobody_cares_and_that_is_told(company: Company) -> None:
    care = company.read()

    assert (care.segment, care.owner, care.presence, care.acting) == (None, None, None, None)
    with pytest.raises(NoOwner):
        company.assign(owner=SELIN)


def test_customers_say_nothing_of_care_until_somebody_has(company: Company) -> None:
    stored = company.customers.get("cus_a")

    assert stored.care is None
    assert isinstance(stored, Customer)
