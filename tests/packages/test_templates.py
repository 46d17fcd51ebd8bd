"""What the merged templates promise, checked before AWS has to."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from infra import build
from infra.local.templates.documents import read_document
from tests.packages.conftest import FUNCTION, Packaged


def test_every_function_has_a_role_of_its_own(packaged: Packaged) -> None:
    roles = [function["Role"] for function in packaged.of_type(FUNCTION).values()]
    names = [role["Fn::GetAtt"][0] for role in roles]
    assert sorted(names) == sorted(set(names))
    assert set(names) <= packaged.of_type("AWS::IAM::Role").keys()


# What AWS has no resource for: a text goes to a phone.
WITHOUT_RESOURCE = {"sns:Publish"}


def test_roles_name_what_may_be_done_and_to_what(packaged: Packaged) -> None:
    for name, role in packaged.of_type("AWS::IAM::Role").items():
        assert "ManagedPolicyArns" not in role, name
        for statement in _statements(role):
            for action in _listed(statement["Action"]):
                assert "*" not in action, (name, action)
            if not set(_listed(statement["Action"])) <= WITHOUT_RESOURCE:
                assert "*" not in _listed(statement["Resource"]), (name, statement)
            assert {"NotAction", "NotResource"}.isdisjoint(statement), name


def test_functions_log_where_lines_are_deleted_after_a_while(packaged: Packaged) -> None:
    logs = packaged.of_type("AWS::Logs::LogGroup")
    assert all(group["RetentionInDays"] > 0 for group in logs.values())
    for name, function in packaged.of_type(FUNCTION).items():
        assert function["LoggingConfig"]["LogGroup"]["Ref"] in logs, name


def test_tables_are_encrypted_recoverable_and_kept(packaged: Packaged) -> None:
    tables = packaged.of_type("AWS::DynamoDB::Table")
    assert tables
    for name, table in tables.items():
        assert table["SSESpecification"]["SSEEnabled"] is True, name
        assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
        assert table["DeletionProtectionEnabled"] is True, name
        resource = packaged.template["Resources"][name]
        assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Retain", name


def test_queues_are_encrypted_and_refuse_plain_http(packaged: Packaged) -> None:
    queues = packaged.of_type("AWS::SQS::Queue")
    refusing = {
        queue["Ref"]
        for policy in packaged.of_type("AWS::SQS::QueuePolicy").values()
        if any(_refuses_plain_http(one) for one in policy["PolicyDocument"]["Statement"])
        for queue in policy["Queues"]
    }
    assert refusing == queues.keys()
    assert all(queue["SqsManagedSseEnabled"] is True for queue in queues.values())


def test_what_a_queue_cannot_deliver_is_kept_for_two_weeks(packaged: Packaged) -> None:
    queues = packaged.of_type("AWS::SQS::Queue")
    for mapping in packaged.of_type("AWS::Lambda::EventSourceMapping").values():
        source = mapping["EventSourceArn"]["Fn::GetAtt"][0]
        if source in queues:
            dead = queues[source]["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]
            assert queues[dead]["MessageRetentionPeriod"] == 14 * 24 * 3600


def test_a_message_stays_hidden_for_six_times_as_long_as_its_reader_may_take(
    packaged: Packaged,
) -> None:
    queues, functions = packaged.of_type("AWS::SQS::Queue"), packaged.of_type(FUNCTION)
    for mapping in packaged.of_type("AWS::Lambda::EventSourceMapping").values():
        source = mapping["EventSourceArn"]["Fn::GetAtt"][0]
        reader = functions[mapping["FunctionName"]["Fn::GetAtt"][0]]
        if source in queues:
            assert queues[source]["VisibilityTimeout"] >= 6 * reader["Timeout"]


def test_readers_of_streams_report_what_failed_and_give_up_on_it(packaged: Packaged) -> None:
    for mapping in packaged.of_type("AWS::Lambda::EventSourceMapping").values():
        assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        if mapping["EventSourceArn"]["Fn::GetAtt"][1] == "StreamArn":
            assert mapping["BisectBatchOnFunctionError"] is True
            assert mapping["MaximumRetryAttempts"] > 0
            assert "OnFailure" in mapping["DestinationConfig"]


# What needs no token: what a partner's signature opens, and what is open to everybody.
OPEN = {
    "customer": {"post /webhooks/{partner}", "post /recognition/{partner}"},
    "orders": {"post /webhooks/{partner}"},
    "engagement": {"post /receipts/{partner}"},
    "warranty": {"post /registrations", "post /registrations/{registration_id}/proof"},
}


def test_every_route_but_the_description_and_what_is_open_asks_for_a_token(
    packaged: Packaged,
) -> None:
    (api,) = packaged.of_type("AWS::Serverless::Api").values()
    open_routes = {
        f"{method} {path}"
        for path, methods in api["DefinitionBody"]["paths"].items()
        for method, operation in methods.items()
        if method != "options" and not operation.get("security")
    }
    assert open_routes == {"get /openapi.json"} | OPEN.get(packaged.service, set())


def test_what_others_may_call_names_who_may_and_in_which_account(packaged: Packaged) -> None:
    permissions = packaged.of_type("AWS::Lambda::Permission").values()
    ours = [one for one in permissions if one["Principal"] == "connect.amazonaws.com"]
    assert len(ours) == (packaged.service == "customer")
    for one in ours:
        assert one["Action"] == "lambda:InvokeFunction"
        assert one["FunctionName"] == {"Fn::GetAtt": ["RecogniseCaller", "Arn"]}
        assert one["SourceAccount"] == {"Ref": "AWS::AccountId"}


def test_functions_that_are_asked_by_name_have_that_name(packaged: Packaged) -> None:
    find = packaged.of_type(FUNCTION).get("Find", {})
    named = {"Fn::Sub": f"sahip-${{Stage}}-{packaged.service}-Find"}
    assert find.get("FunctionName") == (
        named if packaged.service in ("orders", "warranty") else None
    )
    if packaged.service == "customer":
        variables = packaged.template["Globals"]["Function"]["Environment"]["Variables"]
        for service in ("orders", "warranty"):
            asked = {"Fn::Sub": f"sahip-${{Stage}}-{service}-Find"}
            assert variables[f"{service.upper()}_FIND"] == asked


def test_the_platform_keeps_people_and_keys_when_it_is_deleted() -> None:
    resources = read_document(Path(build.__file__).parent / "platform.yaml")["Resources"]
    kept = {
        name: resource
        for name, resource in resources.items()
        if resource["Type"]
        in {"AWS::Cognito::UserPool", "AWS::SecretsManager::Secret", "AWS::KMS::Key"}
    }
    assert kept
    assert {one.get("DeletionPolicy") for one in kept.values()} == {"Retain"}


def test_the_key_of_tax_numbers_rotates_and_opens_nothing_but_for_a_customer() -> None:
    resources = read_document(Path(build.__file__).parent / "platform.yaml")["Resources"]
    key = resources["TaxIdKey"]["Properties"]
    assert key["EnableKeyRotation"] is True
    assert resources["TaxIdKeyAlias"]["Properties"]["TargetKeyId"] == {"Ref": "TaxIdKey"}
    [refused] = [one for one in key["KeyPolicy"]["Statement"] if one["Effect"] == "Deny"]
    assert refused["Principal"] == "*"
    assert {"kms:Encrypt", "kms:Decrypt"} <= set(refused["Action"])
    assert refused["Condition"] == {"Null": {"kms:EncryptionContext:customer_id": "true"}}


def test_nothing_but_the_api_of_customers_seals_and_opens_numbers(packaged: Packaged) -> None:
    found = [
        (name, statement)
        for name, role in packaged.of_type("AWS::IAM::Role").items()
        for statement in _statements(role)
        if any(action.startswith("kms:") for action in _listed(statement["Action"]))
    ]
    assert [name for name, _ in found] == (["ApiRole"] if packaged.service == "customer" else [])
    for _, statement in found:
        assert sorted(statement["Action"]) == ["kms:Decrypt", "kms:Encrypt"]
        named = statement["Condition"]["ForAllValues:StringEquals"]["kms:EncryptionContextKeys"]
        needed = statement["Condition"]["Null"]
        assert needed == {f"kms:EncryptionContext:{one}": "false" for one in named}


def _statements(role: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for policy in role.get("Policies", []):
        yield from policy["PolicyDocument"]["Statement"]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _refuses_plain_http(statement: Mapping[str, Any]) -> bool:
    plain = {"Bool": {"aws:SecureTransport": "false"}}
    return bool(statement["Effect"] == "Deny" and statement.get("Condition") == plain)


def test_a_token_says_whose_it_is_or_of_which_department_and_nothing_that_is_not_known() -> None:
    resources = read_document(Path(build.__file__).parent / "platform.yaml")["Resources"]
    code: dict[str, Any] = {}
    exec(resources["TokenClaims"]["Properties"]["Code"]["ZipFile"], code)  # noqa: S102

    def claims(**known: str) -> Any:
        attributes = {f"custom:{name}": value for name, value in known.items()} | {"sub": "s"}
        event = {"request": {"userAttributes": attributes}, "response": {}}
        told = code["handler"](event, None)["response"].get("claimsAndScopeOverrideDetails")
        return told and told["accessTokenGeneration"]["claimsToAddOrOverride"]

    assert claims(customer_id="cus_1") == {"customer_id": "cus_1"}
    assert claims(department="service") == {"department": "service"}
    assert claims(department="") is None
    declared = resources["UserPool"]["Properties"]["Schema"]
    assert {one["Name"] for one in declared} == {"customer_id", "department"}
