"""`./sahip lint`: every check that needs no test to run, quick ones first."""

import subprocess
import sys
import time

from infra.launcher import places
from infra.launcher.commands import CHECKS, parse

IN_LAMBDA = ("services", "shared")  # elsewhere, ruff's S rules are enough
COMMANDS = {
    "ruff": ["-m", "ruff", "check", "."],
    "format": ["-m", "ruff", "format", "--check", "."],
    "imports": ["-c", "from importlinter.cli import lint_imports_command as run; run()"],
    "types": ["-m", "mypy"],
    "security": ["-m", "bandit", "-q", "-ll", "-r", *IN_LAMBDA],
    "desk": ["-m", "infra.check_desk"],
    "templates": ["-m", "infra.check_templates"],
}


def main() -> int:
    """Run the checks named on the command line, or all; 1 if any found something."""
    names = parse(["lint", *sys.argv[1:]]).checks or CHECKS
    unknown = set(names) - set(CHECKS)
    if unknown:
        sys.stderr.write(f"sahip: no such check: {', '.join(sorted(unknown))}\n")
        return 2
    failed = [name for name in CHECKS if name in names and not passes(name)]
    if failed:
        sys.stderr.write(f"sahip: found something: {', '.join(failed)}\n")
    return 1 if failed else 0


def passes(name: str) -> bool:
    """Run one check; what it prints is shown only if it found something."""
    started = time.monotonic()
    check = subprocess.run(  # noqa: S603 - our own commands
        [sys.executable, *COMMANDS[name]],
        cwd=places.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    passed = check.returncode == 0
    sys.stderr.write(
        f"{name:<10} {'ok' if passed else 'FAILED'}  {time.monotonic() - started:.1f} s\n"
    )
    if not passed:
        sys.stderr.write(check.stdout + check.stderr)
    return passed


if __name__ == "__main__":
    sys.exit(main())
