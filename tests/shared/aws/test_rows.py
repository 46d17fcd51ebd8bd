"""Reading rows: bounded, newest first, and page by page without a gap."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.aws.cursors import Cursors
from shared.aws.items import Values, to_item
from shared.aws.rows import Rows
from shared.errors import Invalid
from tests.account import AwsAccount

MINE = Cursors("secret", "me")


def keep(aws: AwsAccount, table: str, *moments: int, customer_id: str = "cus_1") -> None:
    for moment in moments:
        item: Values = {
            "pk": f"P#{customer_id}",
            "sk": f"R#{moment:06}#{moment}",
            "id": str(moment),
            "live": f"O#{moment:06}" if moment % 2 else None,
        }
        aws.dynamodb.put_item(TableName=table, Item=to_item(item))


@pytest.fixture
def rows(aws: AwsAccount, table: str) -> Rows:
    summary: Values = {
        "pk": "P#cus_1",
        "sk": "SUMMARY",
        "count": 3,
        "members": '["cus_1", "cus_2"]',
    }
    aws.dynamodb.put_item(TableName=table, Item=to_item(summary))
    return Rows(aws.dynamodb, table)


def test_one_read_gives_the_summary_and_the_newest_rows(
    aws: AwsAccount, table: str, rows: Rows
) -> None:
    keep(aws, table, 1, 2, 3, 4, 5)
    keep(aws, table, 9, customer_id="cus_2")

    head = rows.head("cus_1", newest=3)

    assert [row["id"] for row in head.rows] == ["5", "4", "3"]
    assert head.total("count") == 3
    assert head.total("never counted") == 0
    assert head.members == rows.members("cus_1") == ["cus_1", "cus_2"]


def test_of_somebody_unknown_there_is_nothing(rows: Rows) -> None:
    head = rows.head("nobody", newest=3)

    assert (head.rows, head.summary, head.members) == ([], {}, [])
    assert rows.members("nobody") == []


def test_the_sparse_index_lists_what_still_needs_somebody_newest_first_and_bounded(
    aws: AwsAccount, table: str, rows: Rows
) -> None:
    keep(aws, table, 1, 2, 3, 4, 5)

    assert [row["id"] for row in rows.live("cus_1", place="O#", most=2)] == ["5", "3"]
    assert rows.live("cus_1", place="X#", most=2) == []


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.sets(st.integers(0, 40), max_size=12),
    st.lists(st.integers(41, 99), max_size=6),
    st.integers(1, 5),
)
def test_no_row_that_stood_at_the_start_is_skipped_or_repeated_while_others_come_in(
    aws: AwsAccount, table: str, there: set[int], coming: list[int], size: int
) -> None:
    rows = Rows(aws.dynamodb, table)
    aws.empty_table(table)
    keep(aws, table, *there)
    seen: list[int] = []
    cursor = None

    for page_number in range(20):
        page = rows.page("cus_1", size=size, cursor=cursor, cursors=MINE, query="all")
        assert len(page.rows) <= size
        seen += [int(row["id"]) for row in page.rows]
        cursor = page.cursor
        if cursor is None:
            break
        keep(aws, table, *coming[page_number : page_number + 1])

    assert cursor is None
    assert seen == sorted(there, reverse=True)


def test_a_cursor_that_is_none_is_refused(rows: Rows) -> None:
    with pytest.raises(Invalid):
        rows.page("cus_1", size=2, cursor="nonsense", cursors=MINE, query="all")
