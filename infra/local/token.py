"""`./sahip token`: a token that the system on a port takes, and nothing else."""

import sys

from infra.launcher.commands import parse
from infra.launcher.problems import Problem
from infra.local import running
from infra.local.engines.engine import REGION
from infra.local.issuer import Issuer


def main() -> int:
    """Print the token."""
    options = parse(["token", *sys.argv[1:]])
    try:
        issuer = Issuer(running.system_on(options.port).state, REGION)
    except Problem as problem:
        sys.stderr.write(f"sahip: {problem}\n")
        return problem.exit_code
    token = issuer.token(options.role, options.customer, department=options.department)
    sys.stdout.write(f"{token}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
