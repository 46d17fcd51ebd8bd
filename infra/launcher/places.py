"""Where things lie on this machine."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Everything this machine makes for itself; git ignores it and it may be deleted at any time,
# except for state/, which holds the data of `./sahip up`.
HOME = Path(os.environ.get("SAHIP_HOME", ROOT / ".sahip"))
STATE = HOME / "state"
RUNNING = HOME / "running"
LOCKS = ROOT / "requirements"
