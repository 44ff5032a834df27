#!/usr/bin/env python3
"""Count what *find similar objects* finds: 24 coins, and drawn copies that are turned, resized, lit, hidden.

    tools/score_similar.py [--seeds 5] [--threshold 0.55]

One exemplar each: of the picture itself, then of another one. Prints found, there, false and seconds of
processor time a picture.
"""

from __future__ import annotations

import argparse
import time

import cv2

from tests.backends.copies import (
    CONDITIONS,
    Copies,
    Count,
    coins,
    coins_halved,
    copies_drawn,
    count_found,
)
from workers.backends.detecting import Example
from workers.backends.similar.finder import THRESHOLD, find, found_in
from workers.backends.similar.picture import SimilarPicture


def counted(copies: Copies, *, exemplar: int, threshold: float) -> tuple[Count, float]:
    """Return what was found from one exemplar, and the seconds it took."""
    start = time.process_time()
    found = find(copies.rgb, [copies.masks[exemplar]], threshold=threshold, most=200)
    seconds = time.process_time() - start
    return count_found(found, [mask for n, mask in enumerate(copies.masks) if n != exemplar]), seconds


def counted_elsewhere(shown: Copies, searched: Copies, *, threshold: float) -> tuple[Count, float]:
    """Return what was found in one picture by the first copy of another one, and the seconds it took."""
    start = time.process_time()
    example = Example(shown.masks[0], shown.rgb)
    found = found_in(SimilarPicture(searched.rgb), [example], threshold=threshold, most=200)
    seconds = time.process_time() - start
    return count_found(found, searched.masks), seconds


def report(name: str, results: list[tuple[Count, float]]) -> None:
    found, there, false = (
        sum(getattr(count, what) for count, _ in results) for what in ("found", "there", "false")
    )
    seconds = sum(seconds for _, seconds in results) / len(results)
    print(f"{name:18s} found {found} of {there}, {false} false, {seconds:.1f} s a picture", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="Count what find similar objects finds.")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--threshold", type=float, default=THRESHOLD)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    picture = coins()
    report("coins", [counted(picture, exemplar=0, threshold=options.threshold)])
    each = [
        counted(picture, exemplar=n, threshold=options.threshold) for n in range(0, len(picture.masks), 4)
    ]
    report("coins, every 4th", each)
    for condition in CONDITIONS:
        pictures = [copies_drawn(condition, seed=seed) for seed in range(options.seeds)]
        results = [counted(one, exemplar=0, threshold=options.threshold) for one in pictures]
        report(condition, results)
    elsewhere(options.seeds, options.threshold)


def elsewhere(seeds: int, threshold: float) -> None:
    """Report on examples of other pictures."""
    left, right = coins_halved()
    halves = [counted_elsewhere(*pair, threshold=threshold) for pair in ((left, right), (right, left))]
    report("coins, other half", halves)
    for condition in CONDITIONS:
        pairs = [
            (copies_drawn("copied", seed=seed), copies_drawn(condition, seed=seed + 100))
            for seed in range(seeds)
        ]
        results = [counted_elsewhere(*pair, threshold=threshold) for pair in pairs]
        report(f"other, {condition}", results)


if __name__ == "__main__":
    main()
