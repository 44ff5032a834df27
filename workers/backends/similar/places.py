"""Where to look closer: a pattern correlated with the whole picture, in every turn and size."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import cv2
import numpy as np

from workers.backends.similar.pose import Floats, Pose

if TYPE_CHECKING:
    from workers.backends.similar.pattern import Pattern

SCALES = (0.71, 0.84, 1.0, 1.19, 1.41)
TURNS = 16
_MOST = 200
_WORTH_A_LOOK = 0.25
_COARSE = 0.5


def likely_places(pattern: Pattern, coarse: Coarse) -> list[Pose]:
    """Return the poses in a view at which the correlation is highest, the best first, 200 at most."""
    best = np.full(coarse.shape, -1.0, np.float32)
    which = np.zeros(coarse.shape, np.intp)
    poses = list(_turned(pattern))
    for number, (_, _, patch, weights) in enumerate(poses):
        found = coarse.correlation(patch, weights)
        better = found > best
        best[better], which[better] = found[better], number
    peaks = (best >= cv2.dilate(best, np.ones((3, 3), np.uint8))) & (best > _WORTH_A_LOOK)
    rows, columns = np.nonzero(peaks)
    order = np.argsort(-best[rows, columns], kind="stable")[:_MOST]
    places = zip(rows[order].tolist(), columns[order].tolist(), strict=True)
    return [
        Pose((x + 0.5) / _COARSE, (y + 0.5) / _COARSE, poses[which[y, x]][0], poses[which[y, x]][1])
        for y, x in places
    ]


def _turned(pattern: Pattern) -> Iterator[tuple[float, float, Floats, Floats]]:
    """Yield turn, scale, layers ``(n, n, 2)`` and weights ``(n, n)`` of the pattern in every pose, n odd."""
    layers = np.dstack([pattern.layers[..., 0], pattern.layers[..., 3], pattern.weights])
    for scale in SCALES:
        side = int(np.ceil(pattern.side * scale * _COARSE * 1.2)) | 1
        for number in range(TURNS):
            turn = 360 * number / TURNS
            middle = (side - 1) / 2
            pose = Pose(middle + 0.5, middle + 0.5, turn, scale * _COARSE)
            # Averaged before it is halved: single pixels would flicker.
            calm = cv2.GaussianBlur(layers, (0, 0), 0.7)
            seen = np.asarray(cv2.warpAffine(calm, pose.onto_picture(pattern.side), (side, side)), np.float32)
            yield turn, scale, seen[..., :2], np.ascontiguousarray(seen[..., 2])


class Coarse:
    """The spectra of a picture's brightness and edges, and of their squares."""

    def __init__(self, layers: Floats) -> None:
        size = max(1, round(layers.shape[1] * _COARSE)), max(1, round(layers.shape[0] * _COARSE))
        small = cv2.resize(layers[..., [0, 3]], size, interpolation=cv2.INTER_AREA)
        self.shape = small.shape[:2]
        # Room for a patch that reaches out of the picture, and sizes that transform fast.
        room = int(1.5 * 0.6 * 64)
        self._size = (
            cv2.getOptimalDFTSize(self.shape[0] + room),
            cv2.getOptimalDFTSize(self.shape[1] + room),
        )
        mean = small.mean(axis=(0, 1))
        self._layers = [np.ascontiguousarray(small[..., n] - mean[n], np.float32) for n in range(2)]
        self._spectra = [self._spectrum(layer) for layer in self._layers]
        self._square_spectra = [self._spectrum(layer * layer) for layer in self._layers]

    @property
    def nbytes(self) -> int:
        return sum(one.nbytes for one in (*self._layers, *self._spectra, *self._square_spectra))

    def correlation(self, patch: Floats, weights: Floats) -> Floats:
        """Return -1..1 for a patch ``(n, n, 2)`` whose middle is on each pixel, shape as the picture's."""
        total = float(weights.sum())
        if total <= 0:
            return np.full(self.shape, -1, np.float32)
        window = np.conj(self._spectrum(weights))
        scores = np.zeros(self.shape, np.float32)
        for number in range(2):
            values = patch[..., number]
            centred = weights * (values - (values * weights).sum() / total)
            strength = float((centred * (values - (values * weights).sum() / total)).sum())
            agreed = self._placed(self._spectra[number] * np.conj(self._spectrum(centred)), len(weights))
            sums = self._placed(self._spectra[number] * window, len(weights))
            squares = self._placed(self._square_spectra[number] * window, len(weights))
            spread = np.maximum(squares - sums * sums / total, 1e-3 * total)
            scores += agreed / np.sqrt(spread * max(strength, 1e-6)) / 2
        return scores

    def _spectrum(self, values: Floats) -> np.ndarray:
        return np.fft.rfft2(values, self._size)

    def _placed(self, spectrum: np.ndarray, side: int) -> Floats:
        """Return the correlation by the middle of the patch."""
        whole = np.fft.irfft2(spectrum, self._size)
        half = side // 2
        shifted = np.roll(whole, (half, half), axis=(0, 1))
        return np.asarray(shifted[: self.shape[0], : self.shape[1]], np.float32)
