"""The file that a system logs to."""

import json
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from infra.local import log_file
from infra.local.log_file import FUNCTIONS, LogFile

OURS = "infra.local"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "logs" / "functions.log"


@pytest.fixture
def handler(file: Path) -> Iterator[LogFile]:
    handler = LogFile(file)
    loggers = [logging.getLogger(name) for name in (FUNCTIONS, OURS)]
    levels = [logger.level for logger in loggers]
    handler.take(FUNCTIONS, OURS)
    for logger in loggers:
        logger.setLevel(logging.INFO)
    yield handler
    for logger, level in zip(loggers, levels, strict=True):
        logger.removeHandler(handler)
        logger.setLevel(level)


def lines(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_lines_of_many_threads_are_all_written_each_whole(handler: LogFile, file: Path) -> None:
    def say(number: int) -> None:
        logging.getLogger(FUNCTIONS).info("said", extra={"fields": {"number": number}})

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(say, range(500)))
    handler.close()

    assert sorted(line["number"] for line in lines(file)) == list(range(500))  # type: ignore[type-var]


def test_our_own_lines_have_their_trace(handler: LogFile, file: Path) -> None:
    try:
        raise LookupError("gone")
    except LookupError:
        logging.getLogger(OURS).exception("a reader goes on")
    handler.close()

    [line] = lines(file)
    assert line["what"] == "a reader goes on"
    assert "LookupError: gone" in str(line["trace"])


def test_a_line_that_cannot_be_written_costs_nothing_else(
    handler: LogFile,
    file: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    logger = logging.getLogger(OURS)
    monkeypatch.setattr(logger, "propagate", False)  # pytest's own handler would complain too
    logger.info("%d pieces", "no number")
    logger.info("afterwards")
    handler.close()

    assert [line["what"] for line in lines(file)] == ["afterwards"]
    assert "no number" in capsys.readouterr().err


def test_a_full_file_is_put_aside_and_no_line_is_lost(handler: LogFile, file: Path) -> None:
    handler._file.maxBytes = 200
    for number in range(20):
        logging.getLogger(OURS).info("line %d", number)
        handler._write()
    handler.close()

    kept = [line["what"] for aside in sorted(file.parent.iterdir()) for line in lines(aside)]
    assert len(list(file.parent.iterdir())) == log_file.OLDER + 1
    assert f"line {19}" in kept
