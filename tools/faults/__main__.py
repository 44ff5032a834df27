"""``make faults``: one line a fault, on SQLite and on PostgreSQL; ends with 1 when a label was lost.

``--times N`` makes each fault N times (default 40), ``--seed S`` chooses the moments.
"""

from __future__ import annotations

import argparse
import sys

from tools.rig import DATABASES, rig, run_module


def main() -> int:
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    parser.add_argument("--times", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    bad = 0
    for database in DATABASES:
        print(f"# {database}", flush=True)
        with rig(database) as environment:
            bad += run_module(environment, "tools.faults.play", str(options.times), str(options.seed))
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
