"""A full batch is projected in few transactions, and one record at odds costs only the others'."""

import json
from typing import Any

from shared.aws.items import SUMMARY, to_item
from shared.aws.projection import TOGETHER, Projector
from tests.account import AwsAccount, contents
from tests.shared.aws.notes import NOON, Note, projection
from tests.shared.aws.test_projection import record_of


class Counting:
    """A client that remembers what it was asked."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> Any:
        self.asked.append(name)
        return getattr(self._client, name)


def batch(count: int) -> dict[str, Any]:
    """The first records of notes of some customers, a few each."""
    notes = [Note.write(f"note-{n}", customer_id=f"cus_{n % 7}", worth=n) for n in range(count)]
    return {"Records": [record_of([note], 1, str(n)) for n, note in enumerate(notes)]}


def totals(aws: AwsAccount, table: str, customer_id: str) -> tuple[int, int]:
    summary = contents(aws.dynamodb, table)[f"P#{customer_id}", SUMMARY]
    return summary["count"], summary["worth"]


def test_what_changes_totals_is_written_together(aws: AwsAccount, table: str) -> None:
    client: Any = Counting(aws.dynamodb)

    answer = Projector(client, table, projection).project_changes(batch(2 * TOGETHER))

    assert answer == {"batchItemFailures": []}
    assert client.asked == ["transact_write_items"] * 2
    mine = range(3, 2 * TOGETHER, 7)
    assert totals(aws, table, "cus_3") == (len(mine), sum(mine))


def test_one_erased_customer_does_not_keep_others_from_being_shown(
    aws: AwsAccount, table: str
) -> None:
    erased = {"pk": "P#cus_2", "sk": SUMMARY, "erased_at": NOON.isoformat()}
    aws.dynamodb.put_item(TableName=table, Item=to_item(erased))

    Projector(aws.dynamodb, table, projection).project_changes(batch(14))

    rows = [one for (pk, sk), one in contents(aws.dynamodb, table).items() if sk != SUMMARY]
    assert len(rows) == 12
    assert totals(aws, table, "cus_3") == (2, 3 + 10)


def test_a_batch_that_comes_again_in_part_is_counted_once(aws: AwsAccount, table: str) -> None:
    projector = Projector(aws.dynamodb, table, projection)
    everything = batch(14)
    projector.project_changes({"Records": everything["Records"][:5]})

    projector.project_changes(everything)
    projector.project_changes(everything)

    found = contents(aws.dynamodb, table)
    rows = [json.loads(one["counted"]) for (_, sk), one in found.items() if sk != SUMMARY]
    assert len(rows) == 14
    assert totals(aws, table, "cus_3") == (2, 3 + 10)
