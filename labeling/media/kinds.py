"""The kinds of media, as plain words."""

from __future__ import annotations

from typing import Literal

SeriesKind = Literal["image_group", "image_sequence", "dicom"]
"""Media whose frames are pictures of their own, in one archive (or one DICOM file)."""
FramesKind = Literal["video", "image", "image_group", "image_sequence", "dicom"]
"""Media that have frames."""
MediaKind = Literal["video", "image", "image_group", "image_sequence", "dicom", "opaque"]
