"""From what a survey saw to a frame table. Pure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from labeling.media.frametable import FrameTable, Int64Array
from labeling.media.survey import NO_KEY, Survey

_REORDERED = 32
"""Decoders give frames out of order by a few places at most; further apart, times jumped back."""


def table_from_survey(survey: Survey) -> FrameTable:
    """Return the frame table: frames by presentation time, entries, damaged spans.

    Where presentation times say nothing about order (AVI stores none, a cut recording starts
    again at zero) the decoder's own order counts.
    """
    keys = np.array(survey.frame_keys, dtype=np.int64)
    checks = np.array(survey.frame_checks, dtype=np.uint32)
    order = np.arange(len(keys))
    if not survey.keys_are_places and not survey.keys_are_decoding_times:
        by_time = np.argsort(keys, kind="stable")
        if bool(np.all(np.abs(by_time - order) <= _REORDERED)):
            order = by_time
    keys, checks = keys[order], checks[order]
    pts = order * survey.usual_step if survey.keys_are_places else np.sort(keys)
    entry_keys, entry_times = _entries(survey)
    return FrameTable(
        pts=pts.astype(np.int64),
        keyframe_pts=np.array(entry_keys, dtype=np.int64),
        keyframe_dts=np.array(entry_times, dtype=np.int64),
        time_base=survey.time_base,
        damaged=_damaged_spans(survey, keys, order),
        keys=None if survey.keys_are_places or np.array_equal(keys, pts) else keys,
        checks=checks,
        orientation=survey.orientation,
        counted=survey.keys_are_places,
    )


def _entries(survey: Survey) -> tuple[list[int], list[int]]:
    """Key packets whose own frame came out, with the time to seek to; none where times name no packet."""
    if survey.keys_are_places:
        return [], []
    decoded = set(survey.frame_keys)
    found = [
        (key, dts if dts != NO_KEY else key)
        for key, dts, entry in zip(survey.packet_keys, survey.packet_dts, survey.packet_is_entry, strict=True)
        if entry and key in decoded
    ]
    return [key for key, _ in found], [time for _, time in found]


def _damaged_spans(survey: Survey, keys: Int64Array, order: Int64Array) -> tuple[tuple[int, int], ...]:
    """Mark what came from bad packets up to the next clean entry, and both sides of each gap."""
    marked = np.zeros(len(keys), dtype=np.bool_)
    marked[np.isin(order, survey.corrupt_frames)] = True
    ordinals = {int(key): frame for frame, key in enumerate(keys)}
    for place in sorted(survey.bad_packets | survey.gaps):
        _mark_from(place, survey, ordinals, np.sort(keys), marked)
    return _spans(marked)


def _mark_from(
    place: int, survey: Survey, ordinals: dict[int, int], times: Int64Array, marked: NDArray[np.bool_]
) -> None:
    """Mark the frames of the packets from ``place`` to the next entry; packets without a frame are a gap."""
    total = len(survey.packet_keys)
    if place in survey.gaps:
        for neighbour in (place - 1, place):
            if 0 <= neighbour < total and survey.packet_keys[neighbour] in ordinals:
                marked[ordinals[survey.packet_keys[neighbour]]] = True
    if place >= total:
        marked[-1] = True
    entry = place + 1
    while entry < total and (not survey.packet_is_entry[entry] or entry in survey.bad_packets):
        entry += 1
    first = place if place in survey.bad_packets or not _is_entry(survey, place) else entry
    keys = [*survey.packet_keys[first:entry], *_leading_keys(survey, entry)]
    for key in keys:
        frame = ordinals.get(key)
        if frame is not None:
            marked[frame] = True
        elif key != NO_KEY:
            _mark_gap(int(np.searchsorted(times, key)), marked)


def _leading_keys(survey: Survey, entry: int) -> list[int]:
    """Packets after an entry that are shown before it: they may refer to what precedes the entry."""
    leading = []
    for key in survey.packet_keys[entry + 1 :]:
        if key > survey.packet_keys[entry]:
            break
        leading.append(key)
    return leading


def _is_entry(survey: Survey, place: int) -> bool:
    return place < len(survey.packet_keys) and bool(survey.packet_is_entry[place])


def _mark_gap(after: int, marked: NDArray[np.bool_]) -> None:
    """Mark both neighbours of a frame that is missing; before the first frame nothing is missing."""
    if after > 0:
        marked[after - 1] = True
        marked[min(after, len(marked) - 1)] = True


def _spans(marked: NDArray[np.bool_]) -> tuple[tuple[int, int], ...]:
    edges = np.flatnonzero(np.diff(np.concatenate(([False], marked, [False])).astype(np.int8)))
    return tuple((int(first), int(end) - 1) for first, end in edges.reshape(-1, 2))
