"""What Sessions and Messenger must do, the fakes as well as AWS; and what nobody can guess."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from moto.sesv2.models import sesv2_backends
from moto.sns.models import sns_backends

from services.customer.adapters.verification import (
    AwsMessenger,
    DynamoSessions,
    SecretCodes,
    list_session,
    sessions_of,
)
from services.customer.domain import (
    Channel,
    ContactKind,
    ContactPoint,
    Evidence,
    Message,
    Session,
    SessionNotFound,
    policy_at,
)
from services.customer.ports import Messenger, Sessions
from shared.aws.cursors import Cursors
from shared.aws.rows import Rows, shown
from shared.errors import ChangedMeanwhile, KeyReused, Unavailable
from tests.account import SECRET, AwsAccount, contents
from tests.customer.examples import EMAIL, MOBILE, NOON, an_act
from tests.customer.fakes import InMemoryMessenger, InMemorySessions

POLICY = policy_at(NOON)
SENDER = "codes@sahip.example"
CODE = Message(subject="Kod", text="Kod: 123456")


def a_session(session_id: str = "ses_1", **changes: Any) -> Session:
    plain: dict[str, Any] = {
        "customer_id": "cus_1",
        "channel": Channel.CALL,
        "call_id": "c-1",
        "recognised_by": [Evidence.NAME, Evidence.DISTRICT],
    }
    return Session.open(an_act(), POLICY, session_id=session_id, **(plain | changes))


@pytest.fixture(params=["in memory", "dynamodb"])
def sessions(request: pytest.FixtureRequest) -> Sessions:
    if request.param == "in memory":
        return InMemorySessions()
    aws: AwsAccount = request.getfixturevalue("aws")
    return DynamoSessions(aws.dynamodb, aws.table("customer"), SECRET)


def test_a_session_is_there_once_however_often_it_is_opened(sessions: Sessions) -> None:
    asked = a_session().ask_code(an_act(1), POLICY, code_id="cod_1", contact_point="cp_1")

    assert sessions.add(a_session(), fingerprint="f") == (a_session(), False)
    sessions.save(asked)
    assert sessions.add(a_session(), fingerprint="f") == (asked, True)
    assert sessions.get("ses_1") == asked
    with pytest.raises(KeyReused):
        sessions.add(a_session(), fingerprint="g")
    with pytest.raises(SessionNotFound, match="open one of your own"):
        sessions.get("ses_2")


def test_of_two_answers_at_once_one_counts(sessions: Sessions) -> None:
    sessions.add(a_session(), fingerprint="f")
    wrong = a_session().fail(an_act(1), ["code"])
    right = a_session().verify(an_act(2), POLICY, ["code"])
    sessions.save(wrong)
    sessions.save(wrong)

    with pytest.raises(ChangedMeanwhile):
        sessions.save(right)
    assert sessions.get("ses_1") == wrong


@dataclass
class Post:
    """A messenger, and what it sent."""

    messenger: Messenger
    sent: Callable[[], list[tuple[str, str]]]


@pytest.fixture(params=["in memory", "aws"])
def post(request: pytest.FixtureRequest) -> Post:
    if request.param == "in memory":
        kept = InMemoryMessenger()
        return Post(kept, lambda: [(to, message.text) for to, message in kept.sent])
    request.getfixturevalue("aws")
    emails = boto3.client("sesv2")
    if not emails.list_email_identities()["EmailIdentities"]:
        emails.create_email_identity(EmailIdentity=SENDER)
    texts = sns_backends["123456789012"]["eu-central-1"].sms_messages
    backend: Any = sesv2_backends["123456789012"]["eu-central-1"].core_backend
    texts.clear()
    backend.sent_messages.clear()

    def sent() -> list[tuple[str, str]]:
        written = backend.sent_messages
        return [
            *texts.values(),
            *((one.destinations["ToAddresses"][0], one.body) for one in written),
        ]

    messenger = AwsMessenger(
        lambda: boto3.client("sns"), lambda: boto3.client("sesv2"), sender=SENDER
    )
    return Post(messenger, sent)


def test_messages_go_to_phones_and_to_e_mails(post: Post) -> None:
    assert post.messenger.can_reach(MOBILE)
    assert post.messenger.can_reach(EMAIL)

    post.messenger.send(MOBILE, CODE)
    post.messenger.send(EMAIL, CODE)

    assert post.sent() == [(MOBILE.value, CODE.text), (EMAIL.value, CODE.text)]


def test_nobody_is_written_to_by_e_mail_where_no_address_is_to_write_from() -> None:
    def no_client() -> Any:
        raise AssertionError("it is not asked")

    for messenger in (
        AwsMessenger(no_client, no_client, sender=""),
        InMemoryMessenger(by_email=False),
    ):
        assert messenger.can_reach(MOBILE)
        assert not messenger.can_reach(EMAIL)


def test_what_could_not_be_handed_over_is_said_with_what_to_do() -> None:
    class Broken:
        def publish(self, **_: Any) -> None:
            raise EndpointConnectionError(endpoint_url="https://sns.invalid")

    down = InMemoryMessenger()
    down.down = True

    for messenger in (AwsMessenger(Broken, Broken, sender=""), down):
        with pytest.raises(Unavailable, match="send the same request again"):
            messenger.send(MOBILE, CODE)


def test_a_code_is_the_same_for_its_id_and_session_and_another_for_others() -> None:
    codes = SecretCodes(SECRET)
    found = {
        codes.code(f"ses_{one}", f"cod_{other}", digits=6)
        for one in range(10)
        for other in range(10)
    }

    assert codes.code("ses_1", "cod_1", digits=6) == codes.code("ses_1", "cod_1", digits=6)
    assert all(len(one) == 6 and one.isdecimal() for one in found)
    assert len(found) >= 99  # of a million
    assert codes.code("ses_1", "cod_1", digits=6) != SecretCodes("x").code(
        "ses_1", "cod_1", digits=6
    )
    assert len(codes.code("ses_1", "cod_1", digits=4)) == 4


def test_what_a_contact_point_is_called_tells_nobody_which_it_is() -> None:
    codes = SecretCodes(SECRET)
    other = ContactPoint(kind=ContactKind.PHONE, value="+905321234568")

    names = {codes.handle(session, point) for session in ("a", "b") for point in (MOBILE, other)}

    assert len(names) == 4
    assert codes.handle("a", MOBILE) == codes.handle("a", MOBILE)
    assert not [one for one in names if "532" in one or not one.startswith("cp_")]


def test_neither_code_nor_number_stands_in_the_table(aws: AwsAccount) -> None:
    table = aws.table("customer")
    sessions, codes = DynamoSessions(aws.dynamodb, table, SECRET), SecretCodes(SECRET)
    session = a_session()
    sessions.add(session, fingerprint="f")
    handle = codes.handle("ses_1", MOBILE)
    sessions.save(session.ask_code(an_act(1), POLICY, code_id="cod_1", contact_point=handle))

    [item] = contents(aws.dynamodb, table).values()

    assert codes.code("ses_1", "cod_1", digits=6) not in str(item)
    assert MOBILE.value[3:] not in str(item)
    assert "code_asked" in item["log"]


def test_a_session_is_listed_as_it_last_was_in_whatever_order_that_is_heard(
    aws: AwsAccount,
) -> None:
    table = aws.table("customer")
    opened = a_session()
    asked = opened.ask_code(an_act(1), POLICY, code_id="cod_1", contact_point="cp_1")
    verified = asked.verify(an_act(2), POLICY, ["code"])
    for one in (asked, verified, opened, verified):
        list_session(aws.dynamodb, table, one)

    page = Rows(aws.dynamodb, table).page_at(
        sessions_of("cus_1"), size=5, cursor=None, cursors=Cursors(SECRET, "m"), query="q"
    )

    [row] = [shown(one) for one in page.rows]
    assert (row["codes"], row["verified_by"]) == (1, ["code"])
    assert row["verified_at"] == an_act(2).at.isoformat()
