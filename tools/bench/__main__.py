"""``make bench``: one line a figure. ``ARGS=NAME`` measures one of those in ``BENCHES``."""

from __future__ import annotations

import argparse
import sys

from tools.rig import DATABASES, rig, run_module

BENCHES = {
    "tracking": ("sqlite",),
    "masks": ("sqlite",),
    "sam2": ("sqlite",),
    "sam3": ("sqlite",),
    "points": ("sqlite",),
    "segmenting": ("sqlite",),
    "jobs": DATABASES,
    "buckets": DATABASES,
    "batches": DATABASES,
    "detecting": ("sqlite",),
    "lane": ("sqlite",),
    "window": DATABASES,
    "webhooks": DATABASES,
    "workbench": ("sqlite",),
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    names = parser.parse_args().names or list(BENCHES)
    if unknown := set(names) - set(BENCHES):
        parser.error(f"there is no figure {', '.join(sorted(unknown))}; there are {', '.join(BENCHES)}")
    failed = 0
    for name in names:
        for database in BENCHES[name]:
            with rig(database, lasting=True) as environment:
                failed += run_module(environment, f"tools.bench.{name}", database) != 0
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
