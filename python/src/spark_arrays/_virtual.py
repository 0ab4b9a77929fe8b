"""Frames of virtual data sets, out of their sources: in Python workers."""

from __future__ import annotations

import itertools
import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from spark_arrays._places import Frames, Place, as_stored, boxes, open_hdf5

__all__ = ["VirtualPlace"]


class VirtualPlace(Place):
    """Frames of a virtual data set, taken out of its sources."""

    def __init__(self, text: Mapping[str, Any]) -> None:
        super().__init__(text)
        self._scan = tuple(int(extent) for extent in text["scan"])
        self._fill = np.frombuffer(bytes.fromhex(text.get("fill", "")), self.dtype)
        self._parts = [_Part(part) for part in text["parts"]]

    def read(self, first: int, count: int, out: Frames) -> None:
        inner = self.region or tuple(slice(0, extent) for extent in self.stored_shape)
        at = 0
        for outer in boxes(self._scan, first, first + count):
            number = math.prod(part.stop - part.start for part in outer)
            box = (*outer, *inner)
            frames = out[at : at + number].reshape([part.stop - part.start for part in box])
            if self._fill.size:
                frames[...] = self._fill[0]
            for part in self._parts:
                part.copy(box, frames)
            at += number

    def close(self) -> None:
        for part in self._parts:
            part.close()


class _Part:
    """Elements of one source, and where they are in the virtual data set."""

    def __init__(self, text: Mapping[str, Any]) -> None:
        self._text = text["source"]
        self._source: StoredArray | None = None
        self._to = [_coordinates(axis) for axis in text["to"]]
        self._from = [_coordinates(axis) for axis in text["from"]]
        # Dimensions of one element correspond to none, the others in their order.
        several = [axis for axis, at in enumerate(self._from) if len(at) > 1]
        self._axes = [several.pop(0) if len(at) > 1 else None for at in self._to]

    def copy(self, box: tuple[slice, ...], out: Frames) -> None:
        """Copy what lies in a box of the virtual data set."""
        chosen: list[list[tuple[slice, slice]]] = []
        for part, to, axis in zip(box, self._to, self._axes, strict=True):
            low, high = np.searchsorted(to, [part.start, part.stop])
            if low == high:
                return
            source = np.zeros(1, np.int64) if axis is None else self._from[axis][low:high]
            chosen.append(_stretches(to[low:high] - part.start, source))
        if self._source is None:
            self._source = STORED[self._text["kind"]](self._text)
        for stretches in itertools.product(*chosen):
            where = [slice(int(at[0]), int(at[0]) + 1) for at in self._from]
            for axis, (_, taken) in zip(self._axes, stretches, strict=True):
                if axis is not None:
                    where[axis] = taken
            target = tuple(stretch for stretch, _ in stretches)
            out[target] = self._source[tuple(where)].reshape(out[target].shape)

    def close(self) -> None:
        if self._source is not None:
            self._source.close()


def _coordinates(series: list[list[int]]) -> npt.NDArray[np.int64]:
    """Give coordinates: blocks at regular distances, of one series after the other.

    Examples
    --------
    >>> _coordinates([[2, 5, 2, 5], [20, 1, 1, 1]]).tolist()
    [2, 3, 7, 8, 12, 20]
    """
    found = [np.empty(0, np.int64)]
    for start, stride, block, length in series:
        at = np.arange(length, dtype=np.int64)
        found.append(start + at // block * stride + at % block)
    return np.concatenate(found)


def _stretches(
    to: npt.NDArray[np.int64], source: npt.NDArray[np.int64]
) -> list[tuple[slice, slice]]:
    """Cut coordinates that correspond into pairs of slices.

    Examples
    --------
    >>> _stretches(np.array([0, 2, 4]), np.array([5, 6, 7]))
    [(slice(0, 5, 2), slice(5, 8, 1))]
    >>> _stretches(np.array([0, 1, 4, 5]), np.array([0, 1, 2, 3]))
    [(slice(0, 2, 1), slice(0, 2, 1)), (slice(4, 6, 1), slice(2, 4, 1))]
    """
    if len(source) < len(to):
        source = np.broadcast_to(source, to.shape)
    steps = np.stack([np.diff(to), np.diff(source)], axis=1)
    if len(steps) and not (steps == steps[0]).all():
        ends = [0, *(np.flatnonzero((steps != 1).any(axis=1)) + 1).tolist(), len(to)]
    else:
        ends = [0, len(to)]
    return [(_slice(to[i:j]), _slice(source[i:j])) for i, j in itertools.pairwise(ends)]


def _slice(at: npt.NDArray[np.int64]) -> slice:
    step = int(at[1] - at[0]) if len(at) > 1 else 1
    return slice(int(at[0]), int(at[-1]) + 1, step)


class StoredArray(ABC):
    """A whole data set, of which boxes are taken."""

    @abstractmethod
    def __getitem__(self, where: tuple[slice, ...]) -> Frames:
        """Take a box."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the file."""


class MappedArray(StoredArray):
    """A data set in one piece of a file."""

    def __init__(self, text: Mapping[str, Any]) -> None:
        self._array: Frames = np.memmap(
            text["file"], np.dtype(text["dtype"]), "r", text["offset"], tuple(text["shape"])
        )

    def __getitem__(self, where: tuple[slice, ...]) -> Frames:
        return self._array[where]

    def close(self) -> None:
        """Nothing: the mapping ends with the last array that needs it."""


class Hdf5Array(StoredArray):
    """A data set that h5py reads."""

    def __init__(self, text: Mapping[str, Any]) -> None:
        self._dtype = np.dtype(text["dtype"])
        self._file, self._dataset = open_hdf5(text["file"], text["dataset"])

    def __getitem__(self, where: tuple[slice, ...]) -> Frames:
        return as_stored(self._dataset[where], self._dtype)

    def close(self) -> None:
        self._file.close()


STORED: Mapping[str, Callable[[Mapping[str, Any]], StoredArray]] = {
    "plain": MappedArray,
    "hdf5": Hdf5Array,
}
