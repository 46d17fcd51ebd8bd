"""`./sahip dedup`: compare everybody in the books, as one does in AWS by the same function."""

import sys

from infra.launcher.commands import parse
from infra.launcher.problems import Problem
from infra.local import running
from infra.local.walk import walk


def main() -> int:
    """Walk through the books to the end and say what was found."""
    options = parse(["dedup", *sys.argv[1:]])
    try:
        come = walk(running.system_on(options.port), "customer", "Dedup", counted="people")
    except Problem as problem:
        sys.stderr.write(f"sahip: {problem}\n")
        return problem.exit_code
    sys.stdout.write(
        f"compared: {come['people']}\nfound: {come['found']}\nlinked: {come['linked']}\n"
        f"queued: {come['found'] - come['linked']}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
