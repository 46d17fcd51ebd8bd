import logging
from dataclasses import replace

import boto3
import pytest

from infra.local.provision import ChangedDefinition, provision
from infra.local.templates.descriptions import Rule, Target
from tests.local.worlds import a_queue, a_table, a_world

pytestmark = pytest.mark.usefixtures("aws")


def test_a_second_time_everything_is_found(caplog: pytest.LogCaptureFixture) -> None:
    work, dead = a_queue("work", dead="dead"), a_queue("dead")
    world = replace(
        a_world(tables=[a_table()], queues=[work, dead]),
        buses=["bus"],
        keys=["alias/seal"],
        rules=[
            Rule(
                name="rule",
                bus="bus",
                pattern={"source": ["sample"]},
                targets=[Target(target_id="one", queue_arn=work.arn, dead_letter_arn=dead.arn)],
            )
        ],
    )
    with caplog.at_level(logging.WARNING):
        provision(world)
        sealed = boto3.client("kms").encrypt(KeyId="alias/seal", Plaintext=b"kept")
        provision(world)

    table = boto3.client("dynamodb").describe_table(TableName="things")["Table"]
    assert table["StreamSpecification"]["StreamViewType"] == "NEW_AND_OLD_IMAGES"
    rules = boto3.client("events").list_targets_by_rule(Rule="rule", EventBusName="bus")
    assert [target["Arn"] for target in rules["Targets"]] == [work.arn]
    opened = boto3.client("kms").decrypt(CiphertextBlob=sealed["CiphertextBlob"])
    assert opened["Plaintext"] == b"kept"
    assert not caplog.records


def test_a_table_with_another_key_is_refused_in_words() -> None:
    provision(a_world(tables=[a_table()]))
    keys = {
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    }
    changed = replace(a_table(), definition={**a_table().definition, **keys})

    with pytest.raises(ChangedDefinition, match=r"table things: .*KeySchema"):
        provision(a_world(tables=[changed]))


def test_a_changed_queue_is_brought_up_to_date_and_the_log_says_so(
    caplog: pytest.LogCaptureFixture,
) -> None:
    provision(a_world(queues=[a_queue("work")]))
    patient = replace(a_queue("work"), attributes={"VisibilityTimeout": "90"})

    with caplog.at_level(logging.WARNING):
        provision(a_world(queues=[patient]))

    attributes = boto3.client("sqs").get_queue_attributes(
        QueueUrl=patient.url, AttributeNames=["VisibilityTimeout"]
    )
    assert attributes["Attributes"]["VisibilityTimeout"] == "90"
    assert "queue work: VisibilityTimeout changed" in caplog.text


def test_a_rule_forgets_targets_that_its_template_no_longer_has() -> None:
    first, second = a_queue("first"), a_queue("second")
    one = Target(target_id="one", queue_arn=first.arn, dead_letter_arn=None)
    other = Target(target_id="other", queue_arn=second.arn, dead_letter_arn=None)
    rule = Rule(name="rule", bus="default", pattern={"source": ["a"]}, targets=[one, other])
    world = a_world(queues=[first, second])
    provision(replace(world, rules=[rule]))

    provision(replace(world, rules=[replace(rule, targets=[other])]))

    found = boto3.client("events").list_targets_by_rule(Rule="rule")["Targets"]
    assert [target["Id"] for target in found] == ["other"]
