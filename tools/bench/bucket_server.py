"""A bucket in a process of its own, so that its memory and its threads are not measured.

``python -m tools.bench.bucket_server KEYS [FILE]`` prints its address, and serves until its input ends.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.buckets import StrangeBucket, strange_bucket


def main() -> None:
    count, *files = sys.argv[1:]
    keys = [f"camera-{number // 1000:04}/clip-{number:07}.mp4" for number in range(int(count))]
    objects = {Path(name).name: Path(name).read_bytes() for name in files}
    with strange_bucket(StrangeBucket(keys=keys, objects=objects)) as bucket:
        print(bucket.url, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
