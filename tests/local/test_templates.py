"""What the templates say is what gets played, or an error."""

import json
from pathlib import Path
from typing import Any

import pytest

from infra.local.templates import Account, TemplateError, World, read_world
from tests.local.conftest import TEMPLATES

ACCOUNT = Account(account="123456789012", region="eu-central-1", stage="try")
PLATFORM = """
Parameters: {Stage: {Type: String}}
Resources:
  Bus: {Type: AWS::Events::EventBus, Properties: {Name: !Sub "bus-${Stage}"}}
Outputs:
  Bus: {Value: !Ref Bus, Export: {Name: !Sub "bus-of-${Stage}"}}
"""
MAPPING = """
  ApiMapping: {Type: AWS::ApiGatewayV2::ApiMapping, Properties: {ApiMappingKey: v1/things}}
"""


def read(folder: Path, resources: str, *, before: str = "", **options: Any) -> World:
    """The world of one service whose template has these resources."""
    (folder / "platform.yaml").write_text(PLATFORM)
    (folder / "things.yaml").write_text(f"{before}\nResources:\n{resources}{MAPPING}")
    options.setdefault("secret", lambda _: "s3cret")
    return read_world(folder, ["things"], ACCOUNT, **options)


def sample() -> World:
    return read_world(
        TEMPLATES, ["notes", "board"], ACCOUNT, secret=lambda name: f"value of {name}"
    )


def test_names_follow_the_stage_and_references_follow_the_names() -> None:
    world = sample()

    assert [table.name for table in world.tables] == ["sample-try-notes", "sample-try-board"]
    [rule] = world.rules
    assert rule.bus == "sample-try"
    assert rule.targets[0].queue_arn.endswith(":sample-try-board-events")
    assert str(rule.targets[0].dead_letter_arn).endswith(":sample-try-board-dead")


def test_a_merge_key_carries_the_options_of_one_stream_mapping_to_the_other() -> None:
    publish, count = sample().stream_mappings

    assert (publish.function, count.function) == (
        "sahip-try-notes-PublishChanges",
        "sahip-try-notes-CountChanges",
    )
    assert publish.batch_size == count.batch_size == 100
    assert count.bisects
    assert count.reports_item_failures
    assert count.maximum_retries == 3
    assert count.filters == [{"dynamodb": {"Keys": {"pk": {"S": [{"prefix": "E#"}]}}}}]
    assert count.on_failure_queue is not None


def test_the_environment_holds_what_other_stacks_export_and_what_secrets_say() -> None:
    notes, board = sample().services

    assert notes.environment == {
        "NOTES_TABLE": "sample-try-notes",
        "SAMPLE_BUS": "sample-try",
        "SAMPLE_KEY": "value of sample-try-key",
    }
    assert board.environment["NOTES_SUMMARY"] == notes.function("Summary").name


def test_a_secret_may_be_generated_under_a_key_of_its_own(tmp_path: Path) -> None:
    keys = """\
  Keys:
    Type: AWS::SecretsManager::Secret
    Properties:
      Name: keys
      GenerateSecretString: {SecretStringTemplate: '{"old": "1"}', GenerateStringKey: new}
"""
    before = """\
Globals:
  Function:
    Environment:
      Variables: {KEYS: "{{resolve:secretsmanager:keys}}"}
"""
    [things] = read(tmp_path, keys, before=before).services

    assert json.loads(things.environment["KEYS"]) == {"old": "1", "new": "s3cret"}


def test_a_function_takes_its_own_timeout_or_that_of_all() -> None:
    notes, _ = sample().services

    assert notes.function("Reconcile").timeout_seconds == 900
    assert notes.function("Summary").timeout_seconds == 20
    assert notes.function("NotMentioned").timeout_seconds == 20


def test_the_path_prefix_holds_though_the_domain_is_not_ours_here() -> None:
    assert [service.path_prefix for service in sample().services] == ["/v1/notes", "/v1/board"]


def test_a_queue_is_told_where_its_dead_letters_go(tmp_path: Path) -> None:
    world = read(
        tmp_path,
        """
  Work:
    Type: AWS::SQS::Queue
    Properties:
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 5}
  Dead: {Type: AWS::SQS::Queue}
""",
    )

    work, dead = world.queues
    assert dead.arn in work.attributes["RedrivePolicy"]
    assert dead.name == "sahip-try-things-Dead"


@pytest.mark.parametrize(
    ("resources", "complaint"),
    [
        ("  X: {Type: AWS::Lambda::Url}", "unknown kind AWS::Lambda::Url"),
        ("  X: {Type: AWS::SQS::Queue, Properties: {QueueName: !Ref Nobody}}", "Nobody"),
        ("  X: {Type: AWS::SQS::Queue, Properties: {QueueName: !Select [0, [a]]}}", "Fn::Select"),
        ("  X: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true}}", "FifoQueue"),
        ("  X: {Type: AWS::SQS::Queue, Properties: {QueueName: !ImportValue no}}", "exports no"),
        ("  X: {Type: AWS::SQS::Queue}\n  X: {Type: AWS::SQS::Queue}", "twice: X"),
        (
            '  X: {Type: AWS::SQS::Queue, Properties: {QueueName: "{{resolve:ssm:a}}"}}',
            "resolve:ssm:a",
        ),
        (
            "  X: {Type: AWS::SQS::Queue, Properties: "
            '{QueueName: "{{resolve:secretsmanager:a}}"}}',
            "no secret a",
        ),
        (
            "  X: {Type: AWS::Events::Rule, Properties: {EventBusName: other, "
            "EventPattern: {source: [a]}}}",
            "no template makes other",
        ),
        (
            "  X: {Type: AWS::Events::Rule, Properties: {EventPattern: "
            "{source: [{wildcard: a*}]}}}",
            "wildcard",
        ),
        (
            "  T: {Type: AWS::DynamoDB::Table, Properties: {TableName: t, "
            "AttributeDefinitions: [], KeySchema: []}}\n"
            "  X: {Type: AWS::Lambda::EventSourceMapping, Properties: {StartingPosition: "
            "TRIM_HORIZON, EventSourceArn: !GetAtt T.StreamArn, FunctionName: !Ref F}}\n"
            "  F: {Properties: {}}",
            "no template makes t",
        ),
        (
            "  X: {Type: AWS::Lambda::EventSourceMapping, Properties: {StartingPosition: LATEST, "
            "EventSourceArn: 'arn:aws:dynamodb:r:a:table/t/stream/1', FunctionName: f}}",
            "LATEST",
        ),
    ],
)
def test_what_cannot_be_played_is_an_error_and_never_a_guess(
    tmp_path: Path, resources: str, complaint: str
) -> None:
    with pytest.raises(TemplateError, match=complaint):
        read(tmp_path, resources)


def test_an_unmet_condition_takes_a_resource_away(tmp_path: Path) -> None:
    before = """
Parameters: {Wanted: {Type: String, Default: "no"}}
Conditions: {IsWanted: !Equals [!Ref Wanted, "yes"]}
"""
    queue = "  Extra: {Type: AWS::SQS::Queue, Condition: IsWanted}\n"

    assert read(tmp_path, queue, before=before).queues == []
    assert read(tmp_path, queue, before=before, parameters={"Wanted": "yes"}).queues


def test_a_parameter_that_no_template_has_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="Wnted"):
        read(tmp_path, "", parameters={"Wnted": "yes"})


def test_what_is_not_played_is_listed_with_a_reason(tmp_path: Path) -> None:
    world = read(tmp_path, "  Alarm: {Type: AWS::CloudWatch::Alarm, Properties: {X: !Ref No}}")

    assert world.skipped == {"things.Alarm": "nobody is called at night for one machine"}


def test_the_projects_own_templates_can_be_played() -> None:
    folder = Path(__file__).parents[2] / "infra"
    services = sorted({path.stem for path in folder.glob("*.yaml")} - {"platform", "desk"})

    world = read_world(folder, services, ACCOUNT, secret=lambda _: "s3cret")

    assert {service.name for service in world.services} == set(services)
    assert all(service.path_prefix.startswith("/v1/") for service in world.services)
