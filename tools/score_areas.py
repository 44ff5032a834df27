#!/usr/bin/env python3
"""Count the objects that a segmenter of clicks finds in an area: coins, and drawn things of known truth.

    tools/score_areas.py [--clicker classical] [--seeds 5]

Each area holds several objects whole. An object is found when an answer has an IoU of one half or more
with it, each answer once. Prints found, there, false, mean IoU of what was found, seconds of processor time.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass

import cv2

from tests.backends.areas import Area, coin_areas, fish_areas, thing_areas
from tests.backends.copies import matched
from workers.backends.apart.inside import lies_in
from workers.backends.apart.pieces import pieces_of
from workers.backends.clickers import clicker_get
from workers.backends.clicking import Clicker


@dataclass(frozen=True)
class Score:
    found: int
    there: int
    false: int
    ious: float
    seconds: float


def scored(clicker: Clicker, area: Area) -> Score:
    embedding = clicker.open(area.rgb)
    start = time.process_time()
    pieces = pieces_of(clicker, embedding, area.rgb, area.box)
    seconds = time.process_time() - start
    found = [one.mask for one in pieces if lies_in(one.mask, area.box)]
    ious = matched(found, area.masks)
    return Score(len(ious), len(area.masks), len(found) - len(ious), sum(ious), seconds)


def report(name: str, scores: list[Score]) -> None:
    found, there, false = (sum(getattr(one, what) for one in scores) for what in ("found", "there", "false"))
    iou = sum(one.ious for one in scores) / max(1, found)
    seconds = sum(one.seconds for one in scores) / len(scores)
    print(f"{name:16s} {found} of {there}, {false} false, IoU {iou:.2f}, {seconds:.1f} s an area", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="Count the objects that are found in areas.")
    parser.add_argument("--clicker", default="classical")
    parser.add_argument("--seeds", type=int, default=5)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    clicker = clicker_get(options.clicker)
    for name, areas in (
        ("coins", coin_areas(options.seeds)),
        ("fish", fish_areas(options.seeds)),
        ("apart", thing_areas(options.seeds, gap=14)),
        ("touching", thing_areas(options.seeds, gap=-2)),
        ("overlapping", thing_areas(options.seeds, gap=-20)),
        ("alike", thing_areas(options.seeds, gap=-20, alike=True)),
    ):
        report(name, [scored(clicker, area) for area in areas])


if __name__ == "__main__":
    main()
