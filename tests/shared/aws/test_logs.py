import io
import json
import logging
from collections.abc import Iterator

import pytest

from shared.aws import logs


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What is logged, as it would be in Lambda."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logs.JsonLines())
    logs.log.addHandler(handler)
    logs.start()
    yield written
    logs.log.removeHandler(handler)


def test_a_line_is_one_json_object_with_fixed_words_and_fields(lines: io.StringIO) -> None:
    with logs.about(correlation_id="request-1"), logs.about(service="orders"):
        logs.tell("served", status=200)
    logs.tell("elsewhere")

    first, second = (json.loads(line) for line in lines.getvalue().splitlines())
    assert (first["level"], first["what"], first["status"]) == ("INFO", "served", 200)
    assert (first["correlation_id"], first["service"]) == ("request-1", "orders")
    assert "correlation_id" not in second


def test_of_an_error_its_kind_and_place_are_told_and_never_its_message(
    lines: io.StringIO,
) -> None:
    try:
        raise ValueError("Ayşe Işık, 0532 123 45 67")
    except ValueError as error:
        logs.tell_failure("not read", error, message="m-1")

    line = json.loads(lines.getvalue())
    assert (line["level"], line["error"], line["message"]) == ("ERROR", "ValueError", "m-1")
    assert line["at"][-1].startswith("test_logs.py:")
    assert "Ayşe" not in lines.getvalue()
    assert "0532" not in lines.getvalue()
