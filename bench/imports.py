"""`./sahip bench import`: what a function imports when it starts cold, against boto3 alone."""

import subprocess
import sys

from bench import report
from bench.report import most
from infra.build import services
from infra.launcher import places

ROUNDS = 8
SHARE = 0.85
CLIENT = "boto3 and one DynamoDB client"
_TIMED = "import time; began = time.process_time(); {}; print(time.process_time() - began)"


def run() -> None:
    """Print the CPU of cold imports, the least of rounds in which all take turns."""
    programs = {CLIENT: "import boto3; boto3.client('dynamodb', region_name='eu-central-1')"}
    programs |= {name: f"import services.{name}.app" for name in services()}
    times: dict[str, list[float]] = {name: [] for name in programs}
    for _ in range(ROUNDS):
        for name, program in programs.items():
            times[name].append(_once(program))
    least = {name: min(some) for name, some in times.items()}
    report.title("Cold import of each function, CPU, bytecode in place")
    for name, seconds in least.items():
        report.figure(name, seconds * 1000, "ms")
        if name != CLIENT:
            share = seconds / least[CLIENT]
            report.figure(f"{name}, as a share of {CLIENT}", share, "", most(SHARE))


def _once(program: str) -> float:
    answer = subprocess.run(  # noqa: S603 our own program
        [sys.executable, "-c", _TIMED.format(program)],
        cwd=places.ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return float(answer.stdout)
