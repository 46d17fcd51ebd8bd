"""`./sahip import olist`: feed the system on a port with the files of a directory."""

import signal
import sys
from argparse import Namespace

from imports.api import Api, Interrupted, Tokens, Unreachable
from imports.olist.files import Unusable
from imports.olist.rejects import Rejects
from imports.olist.run import WORKERS, run
from infra.launcher.commands import parse
from infra.launcher.problems import USAGE, Problem, disk_problems_in_words
from infra.local import running
from infra.local.engines.engine import REGION
from infra.local.issuer import Issuer

SOME_REJECTED = 1
INTERRUPTED = 130


def main() -> int:
    """Import: 0 when all was taken, 1 when not, 2 when nothing could be tried."""
    options = parse(["import", *sys.argv[1:]])
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with disk_problems_in_words():
            return _import(options)
    except (Problem, Unusable, Unreachable) as problem:
        sys.stderr.write(f"sahip: {problem}\n")
        if isinstance(problem, Unreachable):
            sys.stderr.write("sahip: what was sent till then is in; run it again to go on\n")
            return SOME_REJECTED
        return USAGE
    except (KeyboardInterrupt, Interrupted):
        sys.stderr.write("sahip: interrupted; run it again to go on\n")
        return INTERRUPTED


def _import(options: Namespace) -> int:
    issuer = Issuer(running.system_on(options.port).state, REGION)
    feeding = Api(options.port, Tokens(lambda: issuer.token("integration")), connections=WORKERS)
    looking = Api(options.port, Tokens(lambda: issuer.token("agent")))
    with Rejects(options.rejects) as rejects:
        complete = run(
            options.directory, feeding=feeding, looking=looking, rejects=rejects, out=sys.stdout
        )
    return 0 if complete else SOME_REJECTED


if __name__ == "__main__":
    sys.exit(main())
