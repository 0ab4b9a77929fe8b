"""Places where frames of a file are stored: mapped, or read by h5py.

In Python workers, on the host where Spark placed the split.
"""

from __future__ import annotations

import functools
import math
import mmap
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from spark_arrays.errors import SparkArraysError

__all__ = ["Frames", "Hdf5Place", "Place", "PlainPlace", "as_stored", "boxes", "open_hdf5"]

Frames = npt.NDArray[Any]


class Place(ABC):
    """Frames of one column in one file: all of them, or a region of each."""

    def __init__(self, text: Mapping[str, Any]) -> None:
        self.dtype: np.dtype[Any] = np.dtype(text["dtype"])
        self.stored_shape = tuple(int(extent) for extent in text["shape"])
        self.region = tuple(slice(*ends) for ends in text.get("region", ()))
        self.shape = (
            tuple(part.stop - part.start for part in self.region)
            if self.region
            else self.stored_shape
        )

    def view(self, first: int, count: int) -> Frames | None:  # noqa: ARG002 - of those that can
        """Give neighbouring frames without a copy, in native byte order; nothing if that can't be.

        Frames are counted in the file.
        """
        return None

    @abstractmethod
    def read(self, first: int, count: int, out: Frames) -> None:
        """Read neighbouring frames into an array of theirs, in native byte order."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the file, as far as no array needs it."""


class PlainPlace(Place):
    """Frames one after the other in a file, as they are: mapped into memory."""

    def __init__(self, text: Mapping[str, Any]) -> None:
        super().__init__(text)
        with Path(text["file"]).open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
        self._map.madvise(mmap.MADV_SEQUENTIAL)
        size = math.prod(self.stored_shape)
        self._start, self._bytes = int(text["offset"]), size * self.dtype.itemsize
        count = (len(self._map) - self._start) // self._bytes
        flat: Frames = np.frombuffer(self._map, self.dtype, count * size, self._start)
        self._all = flat.reshape(count, *self.stored_shape)
        self._ahead = 0

    def view(self, first: int, count: int) -> Frames | None:
        frames = self._frames(first, count)
        return frames if self.dtype.isnative and not self.region else None

    def read(self, first: int, count: int, out: Frames) -> None:
        out[...] = self._frames(first, count)

    def close(self) -> None:
        """Nothing: the mapping ends with the last array that needs it."""

    def _frames(self, first: int, count: int) -> Frames:
        if first + count > len(self._all):
            raise SparkArraysError(
                "STRUCTURE_DIFFERS",
                f"frames {first}:{first + count}",
                f"the file has {len(self._all)}",
                "Keep files unchanged while they are read, and run the query again",
            )
        self._read_ahead(first, count)
        where = (slice(first, first + count), *self.region)
        frames: Frames = self._all[where]
        return frames

    def _read_ahead(self, first: int, count: int) -> None:
        """Have the system read these frames, and as many after them, while others are used."""
        start = max(self._ahead, self._start + first * self._bytes)
        end = min(len(self._map), self._start + (first + 2 * count) * self._bytes)
        start -= start % mmap.PAGESIZE
        if start < end:
            self._map.madvise(mmap.MADV_WILLNEED, start, end - start)
        self._ahead = end


LEAST_CHUNK_CACHE, MOST_CHUNK_CACHE = 1 << 20, 256 << 20
CHUNK_SLOTS = 10_007


class Hdf5Place(Place):
    """Frames of a data set that HDF5's own library decodes, by way of h5py."""

    def __init__(self, text: Mapping[str, Any]) -> None:
        super().__init__(text)
        self._file, self._dataset = open_hdf5(text["file"], text["dataset"])
        rank = self._dataset.ndim + len(self._dataset.dtype.shape) - len(self.stored_shape)
        self._scan: tuple[int, ...] = self._dataset.shape[: max(0, rank)]

    def view(self, first: int, count: int) -> Frames | None:
        if len(self._scan) != 1 or not self.dtype.isnative:
            return None
        where = (slice(first, first + count), *self.region)
        frames = as_stored(self._dataset[where], self.dtype)
        return np.ascontiguousarray(frames)

    def read(self, first: int, count: int, out: Frames) -> None:
        at = 0
        for box in boxes(self._scan, first, first + count):
            where = (*box, *self.region)
            frames = as_stored(self._dataset[where], self.dtype)
            frames = frames.reshape(-1, *self.shape)
            out[at : at + len(frames)] = frames
            at += len(frames)

    def close(self) -> None:
        self._file.close()


def open_hdf5(path: str, name: str) -> tuple[Any, Any]:
    """Open a file that nobody writes, and a data set in it."""
    hdf5 = h5py()
    file = hdf5.File(path, "r", locking=False)
    dataset = file[name]
    if dataset.chunks is None:
        return file, dataset
    # Chunks that a block ends in the middle of shall not be decoded again for the next one.
    layer = dataset.chunks[0] * math.prod(dataset.shape[1:]) * dataset.dtype.itemsize
    if dataset.chunks[0] > 1 and layer <= MOST_CHUNK_CACHE:
        access = hdf5.h5p.create(hdf5.h5p.DATASET_ACCESS)
        access.set_chunk_cache(CHUNK_SLOTS, max(LEAST_CHUNK_CACHE, layer), 0.75)
        del dataset
        dataset = hdf5.Dataset(hdf5.h5d.open(file.id, name.encode(), access))
    return file, dataset


def as_stored(frames: Frames, dtype: np.dtype[Any]) -> Frames:
    """Take what h5py makes of two parts, or of names for numbers, for what it is."""
    if frames.dtype.newbyteorder("=") == dtype.newbyteorder("="):
        return frames
    return np.ascontiguousarray(frames).view(dtype)


def boxes(scan: tuple[int, ...], first: int, end: int) -> list[tuple[slice, ...]]:
    """Cut a run of a scan's frames into boxes, which hold them one after the other.

    Examples
    --------
    >>> boxes((3, 4), 2, 11)  # doctest: +NORMALIZE_WHITESPACE
    [(slice(0, 1, None), slice(2, 4, None)),
     (slice(1, 2, None), slice(0, 4, None)),
     (slice(2, 3, None), slice(0, 3, None))]
    """
    if not scan:
        return [()]
    inner = math.prod(scan[1:])
    if len(scan) == 1:
        return [(slice(first, end),)]
    if first % inner == 0 and end % inner == 0:
        whole = tuple(slice(0, extent) for extent in scan[1:])
        return [(slice(first // inner, end // inner), *whole)]
    found = []
    for row in range(first // inner, -(-end // inner)):
        begin, stop = max(first - row * inner, 0), min(end - row * inner, inner)
        found += [(slice(row, row + 1), *box) for box in boxes(scan[1:], begin, stop)]
    return found


@functools.cache
def h5py() -> Any:
    """Give h5py, which is needed only where frames are compressed."""
    try:
        import h5py
    except ImportError:
        raise SparkArraysError(
            "H5PY_MISSING",
            "map_frames by reference",
            "compressed HDF5 is read by h5py, which the Python workers don't have",
            "Install h5py on all hosts, or take frames by value: by='value'",
        ) from None
    return h5py
