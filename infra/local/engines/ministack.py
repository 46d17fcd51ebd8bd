"""ministack as a child process of ours, with a journal: what `./sahip up` runs on."""

import contextlib
import json
import os
import select
import subprocess
import time
from pathlib import Path
from typing import Any, TypedDict

from infra.local.engines.engine import REGION, EngineError, Settings

HERE = Path(__file__).parent
# The child runs in another environment and must not find our modules before its own.
RUN = (
    "import runpy, sys; sys.path.append(sys.argv.pop(1)); "
    "runpy.run_module('keeper', run_name='__main__', alter_sys=True)"
)
START_SECONDS = 180.0
STOP_SECONDS = 120.0
LOG_TAIL_BYTES = 2000


class Recovery(TypedDict):
    """What a start found: whether the last run ended cleanly, and what had to be repeated.

    `since` is the time of the snapshot (ISO 8601, UTC), or None when there was none. `refused`
    counts journaled writes that the engine would not repeat: 0 unless something is very wrong.
    `torn` is how many bytes of a write that was never acknowledged were cut off.
    """

    clean: bool
    replayed: int
    refused: int
    since: str | None
    torn: int


class MinistackEngine:
    """Engine whose state lives in a directory and survives `kill -9` of either process.

    `python` is the interpreter of the environment that ministack is installed in. Port 0 takes
    a free one. `fresh` begins with an empty directory.
    """

    name = "ministack"
    fresh_shard_iterators = False

    def __init__(
        self, python: Path, state_dir: Path, port: int = 0, *, fresh: bool = False
    ) -> None:
        self._python, self._directory = python, state_dir.resolve()
        self._port, self._fresh = port, fresh
        self._settings = Settings()
        self._process: subprocess.Popen[bytes] | None = None
        self._unread = b""
        self.endpoint = ""
        self.recovery: Recovery | None = None

    @property
    def log(self) -> Path:
        """Where the engine says what went wrong."""
        return self._directory / "engine.log"

    @property
    def pid(self) -> int:
        """The child's process id. Raises `EngineError` when there is none."""
        return self._running().pid

    def start(self) -> None:
        """Start the child and wait until it answers; then `recovery` says what it found.

        Raises `EngineError` if the port is taken, the directory is in use, or it cannot run.
        """
        self._directory.mkdir(parents=True, exist_ok=True)
        command = [str(self._python), "-I", "-c", RUN, str(HERE), str(self._directory)]
        command += ["--port", str(self._port), "--region", REGION]
        command += ["--fresh"] if self._fresh else []
        environment = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}
        with self.log.open("ab") as log:
            # A session of its own: Ctrl-C is for us, and we stop it when we are done with it.
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
                cwd=self._directory, env=environment, start_new_session=True,
            )  # fmt: skip
        try:
            ready = self._answer(START_SECONDS)
        except EngineError:
            self._end()
            raise
        self.recovery = ready["recovery"]
        self.endpoint = f"http://127.0.0.1:{ready['port']}"
        # EventBridge's is spelt out since a wrong name for it makes events vanish in silence.
        self._settings.put(
            {"AWS_ENDPOINT_URL": self.endpoint, "AWS_ENDPOINT_URL_EVENTBRIDGE": self.endpoint}
        )

    def save(self) -> None:
        """Write a snapshot now and wait for it. Raises `EngineError`.

        Worth doing once everything is set up: rules, users and secrets are not in the journal.
        """
        pipe = self._running().stdin
        try:
            if pipe is not None:
                pipe.write(b"save\n")
                pipe.flush()
        except BrokenPipeError as error:
            raise EngineError(f"The engine has ended. {self._last_words()}") from error
        self._answer(STOP_SECONDS)

    def stop(self) -> None:
        """Save and end it. Raises `EngineError` if that failed: then the journal still has it."""
        if self._process is None:
            return
        self._settings.restore()
        self._process.terminate()
        code = self._end()
        if code:
            raise EngineError(f"The engine did not stop cleanly ({code}). {self._last_words()}")

    def alive(self) -> bool:
        """Say whether the child runs."""
        return self._process is not None and self._process.poll() is None

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise EngineError("The engine has not been started")
        return self._process

    def _end(self) -> int:
        process = self._running()
        if process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                process.stdin.close()  # it also stops when nobody listens any more
        try:
            code = process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            code = process.wait()
        if process.stdout is not None:
            process.stdout.close()
        self._process = None
        return code

    def _answer(self, seconds: float) -> dict[str, Any]:
        pipe, give_up = self._running().stdout, time.monotonic() + seconds
        while pipe is not None and b"\n" not in self._unread:
            ready, _, _ = select.select([pipe], [], [], max(0.0, give_up - time.monotonic()))
            if not ready:
                raise EngineError(f"The engine did not answer in {seconds:.0f} s; see {self.log}")
            got = os.read(pipe.fileno(), 65536)
            if not got:
                raise EngineError(f"The engine has ended. {self._last_words()}")
            self._unread += got
        line, _, self._unread = self._unread.partition(b"\n")
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise EngineError(answer["error"])
        return answer

    def _last_words(self) -> str:
        text = self.log.read_bytes()[-LOG_TAIL_BYTES:].decode(errors="replace").strip()
        return f"It said: {text}" if text else f"It said nothing in {self.log}"
