"""The frames of a DICOM series, exact in any order and in any window."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from labeling.media.archive import Entry, open_entry
from labeling.media.dicomfile import DicomBroken, DicomFile, Values
from labeling.media.errors import MediaRefused
from labeling.media.picture import RgbImage
from labeling.media.pictureframes import SeriesFrames, changed
from labeling.media.picturetable import Picture, PictureTable, Window

_COLOUR = Window(0.0, 1.0, 0.0, 0.0)


class DicomFrames(SeriesFrames):
    """See FrameReader: grey values are shown in the series' default window."""

    def __init__(self, path: Path, *, table: PictureTable, frame_bytes: int) -> None:
        super().__init__(path, table=table, frame_bytes=frame_bytes)
        self._entry: Entry | None = None
        self._dicom: DicomFile | None = None
        self._measured: tuple[int, Values] | None = None
        """The values of one frame: a window that is dragged shows them again and again."""

    def decoded(self, frame: int, entry: Picture) -> RgbImage:
        """See SeriesFrames."""
        try:
            return self._opened(entry.entry).rgb(entry.inner, self.table.window or _COLOUR)
        except (DicomBroken, MediaRefused, ValueError) as error:
            raise changed(frame) from error

    def read_window(self, frame: int, *, center: float, width: float) -> RgbImage:
        """See SeriesFrames."""
        entry = self.checked(frame)
        if self.table.window is None:
            return self.read_rgb(frame)
        window = replace(self.table.window, center=center, width=width)
        if window.function == "LINEAR" and width < 1:
            window = replace(window, function="LINEAR_EXACT")
        try:
            dicom = self._opened(entry.entry)
            if not dicom.is_grey:
                return self.read_rgb(frame)
            if self._measured is None or self._measured[0] != frame:
                self._measured = (frame, dicom.values(entry.inner))
            return dicom.shown(self._measured[1], window)
        except (DicomBroken, MediaRefused, ValueError) as error:
            raise changed(frame) from error

    def _opened(self, entry: Entry) -> DicomFile:
        if self._dicom is None or self._entry != entry:
            self._dicom = DicomFile(open_entry(self._file, entry, max_bytes=entry.size))
            self._entry = entry
        return self._dicom

    def close(self) -> None:
        """Free the file and the decoded pictures."""
        self._dicom = self._measured = None
        super().close()
