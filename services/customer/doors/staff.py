"""The people of the company, as those keep them who answer for it."""

from services.customer import bootstrap
from services.customer.domain.staff import Staff
from services.customer.schemas.staff import (
    ChangeStaff,
    EngageStaff,
    LeaveStaff,
    ListStaff,
    OwnedList,
    StaffList,
    StaffView,
)
from services.customer.use_cases import staff as use_cases
from shared.access import Action
from shared.aws.http import Answer, Api, Request


def open_staff(api: Api) -> None:
    """Serve the routes of the staff."""

    @api.route(
        "POST",
        "/staff",
        action=Action.KEEP_STAFF,
        takes=EngageStaff,
        gives=StaffView,
        creates="stf",
    )
    def engage_staff(request: Request[EngageStaff]) -> Answer:
        """Take somebody of the company into the directory"""
        staff, replayed = use_cases.engage_staff(
            bootstrap.staff(),
            request.act(),
            staff_id=request.new_id,
            fingerprint=request.fingerprint,
            **request.body.fields(),
        )
        return _person(staff, status=200 if replayed else 201, replayed=replayed)

    @api.route("GET", "/staff", action=Action.READ_STAFF, query=ListStaff, gives=StaffList)
    def list_staff(request: Request[None]) -> Answer:
        """List the staff"""
        asked: ListStaff = request.query
        page = bootstrap.staff().page(
            size=asked.limit, cursor=asked.cursor, cursors=bootstrap.cursors(request.caller)
        )
        listed = [StaffView.of(one) for one in page.staff]
        return Answer(body=StaffList(staff=listed, cursor=page.cursor))

    @api.route("GET", "/staff/{staff_id}", action=Action.READ_STAFF, gives=StaffView)
    def read_staff(request: Request[None], staff_id: str) -> Answer:
        """Read somebody of the staff"""
        return _person(bootstrap.staff().get(staff_id))

    @api.route(
        "PATCH",
        "/staff/{staff_id}",
        action=Action.KEEP_STAFF,
        takes=ChangeStaff,
        gives=StaffView,
        names_version=True,
    )
    def change_staff(request: Request[ChangeStaff], staff_id: str) -> Answer:
        """Change what is known of somebody: roles, absences, limits"""
        staff = use_cases.change_staff(
            bootstrap.staff(),
            request.act(),
            staff_id,
            version=request.version,
            fields=request.body.fields(),
        )
        return _person(staff)

    @api.route(
        "POST",
        "/staff/{staff_id}/leave",
        action=Action.KEEP_STAFF,
        takes=LeaveStaff,
        gives=StaffView,
    )
    def leave_staff(request: Request[LeaveStaff], staff_id: str) -> Answer:
        """Say that somebody leaves the company"""
        staff = use_cases.leave_staff(
            bootstrap.staff(),
            request.act(),
            staff_id,
            left_at=request.body.left_at,
            successor=request.body.successor,
        )
        return _person(staff)

    @api.route(
        "GET",
        "/staff/{staff_id}/customers",
        action=Action.LIST_OWNED,
        query=ListStaff,
        gives=OwnedList,
    )
    def list_owned(request: Request[None], staff_id: str) -> Answer:
        """List the customers of somebody's own"""
        asked: ListStaff = request.query
        bootstrap.staff().get(staff_id)
        page = bootstrap.staff().page_of_owned(
            staff_id,
            size=asked.limit,
            cursor=asked.cursor,
            cursors=bootstrap.cursors(request.caller),
        )
        return Answer(body=OwnedList(customer_ids=page.customer_ids, cursor=page.cursor))


def _person(staff: Staff, *, status: int = 200, replayed: bool = False) -> Answer:
    return Answer(
        body=StaffView.of(staff), version=staff.version, status=status, replayed=replayed
    )
