"""Colours of the displayed picture, by what the file says of them or by custom."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.reformatter import Colorspace
from av.video.stream import VideoStream

from labeling.media.limits import MediaLimits
from labeling.media.probe import probe_file
from labeling.media.reader import open_frames

COLOUR = (200, 30, 60)


@pytest.mark.parametrize(
    ("width", "height", "matrix", "tag"),
    [
        (1280, 720, Colorspace.ITU709, None),
        (320, 240, Colorspace.ITU601, None),
        (320, 240, Colorspace.ITU709, "bt709"),
        (1280, 720, Colorspace.ITU601, "smpte170m"),
    ],
)
def test_colours_come_back(
    tmp_path: Path, width: int, height: int, matrix: Colorspace, tag: str | None
) -> None:
    path = tmp_path / "colour.mp4"
    picture = np.full((height, width, 3), COLOUR, dtype=np.uint8)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.options = {"crf": "1", **({"x264-params": f"colormatrix={tag}"} if tag else {})}
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
        frame = frame.reformat(format="yuv420p", dst_colorspace=matrix)
        frame.pts, frame.time_base = 0, Fraction(1, 25)
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    result = probe_file(path, limits=MediaLimits())
    with open_frames(path, kind="video", table=result.table, width=width, height=height) as frames:
        np.testing.assert_allclose(frames.read_rgb(0).reshape(-1, 3).astype(int).mean(0), COLOUR, atol=4)
