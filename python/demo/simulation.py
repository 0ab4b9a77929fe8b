"""A simulated 4D-STEM scan: a five-fold twinned gold particle on an amorphous carbon film.

A focused electron beam steps over the specimen; at each step the detector takes a picture of
the scattered electrons. The model is simple, and right in what one sees:

- The particle is a decahedron: five wedges that share an edge, each a crystal seen along <110>,
  rotated by 72 degrees from the next, thickest in the middle. Small particles lie around it.
- Each Bragg reflection is a disc. Its intensity follows the two-beam formula of dynamical
  diffraction: it oscillates with thickness and fades with the excitation error, which changes
  with each crystal's tilt and slight bend. What the discs gain the direct beam loses.
- Thick places scatter diffusely to high angles, the film gives two weak, broad rings.
- Counts are Poisson distributed; every frame has its own random stream, so a frame is the same
  whoever computes it, alone or in a block.

A pattern is linear in a few hundred fixed pictures (a disc here, a ring there), so a block of
frames is one matrix product: weights (frames x pictures) times pictures (pictures x pixels).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_TWINS = 5
_LATTICE = 12.6 / 128
"""1/a of gold as a part of the detector's width."""
_DISC = 5.6 / 128
"""Radius of the beam's convergence disc, likewise."""


@dataclass(frozen=True)
class Crystal:
    """A crystal of the specimen: where its pattern is turned to, and how it is tilted.

    Attributes
    ----------
    rotation
        of the lattice in the detector's plane, radians
    tilt
        of the zone axis against the beam, as excitation error a reciprocal unit
    bend
        how the tilt grows with the position, which runs over [-1, 1]
    """

    rotation: float
    tilt: tuple[float, float]
    bend: float


@dataclass(frozen=True)
class Scan:
    """The simulated scan; equal arguments give equal frames.

    Attributes
    ----------
    scan_shape, frame_shape
        steps of the beam and pixels of the detector, (rows, columns)
    dose
        electrons a frame
    seed
        of everything random
    """

    scan_shape: tuple[int, int] = (64, 64)
    frame_shape: tuple[int, int] = (128, 128)
    dose: float = 90_000
    seed: int = 79

    def frames(self, index: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        """Simulate the frames at positions of the flattened scan, shape (len(index), *frame)."""
        expected = self._weights(index) @ self._pictures
        counts = np.empty(expected.shape, np.float32)
        for row, frame in enumerate(index):
            random = np.random.default_rng([self.seed, int(frame)])
            counts[row] = random.poisson(self.dose * expected[row])
        return counts.reshape(-1, *self.frame_shape)

    @cached_property
    def radius(self) -> Floats:
        """Distance of each pixel from the direct beam, as a part of the detector's width."""
        y, x = self._pixels
        return np.hypot(y, x)

    @property
    def disc_radius(self) -> float:
        """Radius of the direct beam in units of :attr:`radius`."""
        return _DISC

    @cached_property
    def _pixels(self) -> tuple[Floats, Floats]:
        height, width = self.frame_shape
        y, x = np.mgrid[:height, :width]
        return (y - (height - 1) / 2) / width, (x - (width - 1) / 2) / width

    @cached_property
    def _crystals(self) -> list[Crystal]:
        random = np.random.default_rng([self.seed, 1 << 40])
        twins = [
            Crystal(
                np.pi / 2 + 2 * np.pi * n / _TWINS,
                tuple(random.normal(0, 0.5, 2)),
                random.uniform(0.3, 0.7) * random.choice([-1, 1]),
            )
            for n in range(_TWINS)
        ]
        small = [
            Crystal(random.uniform(0, np.pi), tuple(random.normal(0, 0.35, 2)), 0.2)
            for _ in self._small
        ]
        return twins + small

    @property
    def _small(self) -> list[tuple[float, float, float]]:
        """Centres (y, x) and radii of the small particles, in a field of [-1, 1]."""
        return [
            (-0.74, -0.66, 0.17), (-0.80, 0.62, 0.12), (0.78, 0.72, 0.15), (0.80, -0.74, 0.20),
            (0.05, -0.88, 0.09), (-0.30, 0.87, 0.08), (0.86, 0.10, 0.07),
        ]  # fmt: skip

    @cached_property
    def _reflections(self) -> Floats:
        """Reflections (h, -h, l) of gold along <110>, in units of 1/a: rows of (y, x)."""
        found = [
            (l, np.sqrt(2) * h)
            for h in range(-4, 5)
            for l in range(-6, 7)  # noqa: E741 - the name that crystallography gives it
            if (h - l) % 2 == 0 and 0 < np.hypot(l, np.sqrt(2) * h) * _LATTICE < 0.52
        ]
        return np.array(found)

    @cached_property
    def _pictures(self) -> Floats:
        """The pictures that all patterns are made of; each sums to 1 over an endless detector."""
        y, x = self._pixels
        edge = 0.35 / 128

        def disc(at_y: float, at_x: float) -> Floats:
            inside = (_DISC - np.hypot(y - at_y, x - at_x)) / edge
            return 1 / (1 + np.exp(-np.clip(inside, -40, 40)))

        area = disc(0, 0).sum()
        pictures = [disc(0, 0) / area]
        for crystal in self._crystals:
            cos, sin = np.cos(crystal.rotation), np.sin(crystal.rotation)
            for g_y, g_x in self._reflections * _LATTICE:
                pictures.append(disc(cos * g_y + sin * g_x, cos * g_x - sin * g_y) / area)
        diffuse = 1 / (1 + (self.radius / 0.11) ** 2) ** 1.5
        rings = np.zeros_like(diffuse)
        for at, width, weight in [(0.155, 0.026, 1.0), (0.27, 0.036, 0.42)]:
            rings += weight * np.exp(-(((self.radius - at) / width) ** 2) / 2)
        pictures += [diffuse / diffuse.sum(), rings / rings.sum()]
        return np.stack([picture.ravel() for picture in pictures])

    def _weights(self, index: npt.NDArray[np.int64]) -> Floats:
        """How much of each picture a frame has; the sum of a row is about 1."""
        rows, columns = np.divmod(index, self.scan_shape[1])
        y = 2 * (rows + 0.5) / self.scan_shape[0] - 1
        x = 2 * (columns + 0.5) / self.scan_shape[1] - 1
        thickness = self._thickness(y, x)
        bragg = np.concatenate(
            [self._bragg(crystal, thickness[n], y, x) for n, crystal in enumerate(self._crystals)],
            axis=1,
        )
        # Where beams take too much, the direct beam keeps a share: real beams give it back.
        bragg *= np.minimum(1, 0.75 / np.maximum(bragg.sum(axis=1, keepdims=True), 1e-9))
        film = self._film(y, x)
        diffuse = 1 - np.exp(-0.55 * thickness.sum(axis=0))
        elastic = 1 - diffuse - film
        direct = 1 - bragg.sum(axis=1)
        return np.column_stack([elastic * direct, elastic[:, None] * bragg, diffuse, film])

    def _thickness(self, y: Floats, x: Floats) -> Floats:
        """Thickness of each crystal under the beam, 0 to 1: (crystals, frames)."""
        thickness = np.zeros((len(self._crystals), y.size))
        angle = np.mod(np.arctan2(x, -y) + np.pi / _TWINS, 2 * np.pi)
        sector = np.minimum((angle / (2 * np.pi / _TWINS)).astype(int), _TWINS - 1)
        # A pentagonal roof: full in the middle, steep facets at the rim.
        from_middle = angle - (sector + 0.5) * 2 * np.pi / _TWINS
        roof = 1 - np.hypot(y, x) * np.cos(from_middle) / 0.62
        thickness[sector, np.arange(y.size)] = np.maximum(roof, 0) ** 0.9
        for n, (at_y, at_x, size) in enumerate(self._small):
            squared = 1 - ((y - at_y) ** 2 + (x - at_x) ** 2) / size**2
            thickness[_TWINS + n] = 1.5 * size * np.sqrt(np.maximum(squared, 0))
        return thickness

    def _bragg(self, crystal: Crystal, thickness: Floats, y: Floats, x: Floats) -> Floats:
        """Two-beam intensities of a crystal's reflections: (frames, reflections)."""
        g_y, g_x = self._reflections.T
        g2 = g_y**2 + g_x**2
        extinction = 0.45 * (1 + g2 / 6.0)
        tilt_y = crystal.tilt[0] + crystal.bend * y
        tilt_x = crystal.tilt[1] + crystal.bend * x
        error = np.outer(tilt_y, g_y) + np.outer(tilt_x, g_x) - 0.07 * g2
        effective = np.sqrt(1 / extinction**2 + error**2)
        wave = np.sin(np.pi * thickness[:, None] * effective)
        scattered: Floats = (wave / (extinction * effective)) ** 2 * 0.15 * np.exp(-0.06 * g2)
        return scattered

    def _film(self, y: Floats, x: Floats) -> Floats:
        """Give what the carbon film scatters: some percent, cloudy."""
        random = np.random.default_rng([self.seed, 1 << 41])
        clouds = np.zeros_like(y)
        for _ in range(24):
            wave_y, wave_x = random.normal(0, 5, 2)
            clouds += np.cos(wave_y * y + wave_x * x + random.uniform(0, 2 * np.pi))
        return 0.055 + 0.004 * clouds
