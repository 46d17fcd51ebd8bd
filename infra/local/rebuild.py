"""`./sahip rebuild`: make again what is kept beside the entities, and find everybody by it."""

import sys

from infra.launcher.commands import parse
from infra.launcher.problems import Problem
from infra.local import running
from infra.local.walk import walk

SERVICES = ("customer", "warranty")  # that keep what people are found by


def main() -> int:
    """Walk through the books of each service to the end."""
    options = parse(["rebuild", *sys.argv[1:]])
    try:
        system = running.system_on(options.port)
        for service in SERVICES:
            come = walk(system, service, "Reconcile", counted="entities", rebuild=True)
            unreadable = f", {come['unreadable']} unreadable" if come["unreadable"] else ""
            sys.stdout.write(f"{service}: {come['entities']} entities{unreadable}\n")
    except Problem as problem:
        sys.stderr.write(f"sahip: {problem}\n")
        return problem.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
