"""Frames of Arrow batches as blocks for a function of the user's: in Python workers."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from spark_arrays._references import Places
from spark_arrays._scans import INDEX, OFFSET, REFERENCE
from spark_arrays.arrays import frames
from spark_arrays.errors import SparkArraysError

__all__ = ["BlockFunction", "Blocks"]

Array = npt.NDArray[Any]
BlockFunction = Callable[[Array, npt.NDArray[np.int64]], Any]


@dataclass(frozen=True)
class Blocks:
    """How blocks are made of batches.

    Parameters
    ----------
    column
        the column of frames
    shape, dtype
        of one frame; the dtype as it is stored
    most
        frames a block
    referred
        whether batches say where frames are, in place of the frames
    strict
        whether frames that come by value among them are a mistake
    """

    column: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    most: int
    referred: bool
    strict: bool = False

    def of(
        self, batches: Iterator[pa.RecordBatch]
    ) -> Iterator[tuple[Array, npt.NDArray[np.int64]]]:
        """Give blocks of frames, read-only, and the frames' indexes."""
        make = self._referred if self.referred else self._given
        places = Places()
        try:
            for batch in batches:
                if batch.num_rows:
                    yield from make(batch, places)
        finally:
            places.close()

    def _given(self, batch: pa.RecordBatch, _: Places) -> Iterator[tuple[Array, Any]]:
        index = batch.column(INDEX).to_numpy()
        values = frames(batch, self.column, shape=self.shape, dtype=self.dtype)
        values.flags.writeable = False
        for start in range(0, len(index), self.most):
            yield values[start : start + self.most], index[start : start + self.most]

    def _referred(self, batch: pa.RecordBatch, places: Places) -> Iterator[tuple[Array, Any]]:
        index = batch.column(INDEX).to_numpy()
        cells = Cells.of(batch, math.prod(self.shape) * self.dtype.itemsize)
        if self.strict and cells.by_value.any():
            at = int(np.argmax(cells.by_value))
            raise SparkArraysError(
                "REFERENCE_IMPOSSIBLE",
                f"column `{self.column}`, frame_index {index[at]}",
                "only Spark can read it where it is stored, for its filters or its missing parts",
                "Let by='auto' choose",
            )
        for start in range(0, len(index), self.most):
            stop = min(len(index), start + self.most)
            block = self._block(cells, start, stop, places)
            block.flags.writeable = False
            yield block, index[start:stop]

    def _block(self, cells: Cells, start: int, stop: int, places: Places) -> Array:
        bounds = cells.runs(start, stop)
        if len(bounds) == 2:
            whole = (
                cells.values(start, stop, self.dtype).reshape(-1, *self.shape)
                if cells.by_value[start]
                else places[cells.text(start)].view(cells.offset(start), stop - start)
            )
            if whole is not None and whole.dtype.isnative:
                return whole
        block = np.empty((stop - start, *self.shape), self.dtype.newbyteorder("="))
        for i, j in itertools.pairwise(bounds):
            out = block[i - start : j - start]
            if cells.by_value[i]:
                out[...] = cells.values(i, j, self.dtype).reshape(out.shape)
            else:
                places[cells.text(i)].read(cells.offset(i), j - i, out)
        return block


class Cells:
    """The column of references of a batch: texts, and among them maybe frames as they are stored.

    A cell of just the bytes of a frame is one.
    """

    def __init__(self, cells: pa.Array, offsets: npt.NDArray[np.int64], frame_bytes: int) -> None:
        self._cells, self._offsets = cells, offsets
        _, ends, data = cells.buffers()
        count = len(cells)
        width = np.int64 if pa.types.is_large_binary(cells.type) else np.int32
        self._ends = np.frombuffer(ends, width)[cells.offset : cells.offset + count + 1]
        self._data = np.frombuffer(data, np.uint8)
        self.by_value = np.diff(self._ends) == frame_bytes
        # One number a text, -1 for a frame; neighbours of one text in a row are a run.
        if self.by_value.any():
            texts = pa.compute.if_else(pa.array(self.by_value), pa.scalar(None, cells.type), cells)
        else:
            texts = cells
        numbers = texts.dictionary_encode().indices.fill_null(-1).to_numpy(zero_copy_only=False)
        change = np.diff(numbers) != 0
        change |= (np.diff(offsets) != 1) & ~self.by_value[1:]
        self._bounds = np.flatnonzero(change) + 1

    @classmethod
    def of(cls, batch: pa.RecordBatch, frame_bytes: int) -> Cells:
        """Look at a batch."""
        cells = batch.column(REFERENCE)
        if cells.null_count:
            raise SparkArraysError(
                "FRAME_NULL", "column of frames", "there are nulls in it", "Filter them out first"
            )
        return cls(cells, batch.column(OFFSET).to_numpy(), frame_bytes)

    def runs(self, start: int, stop: int) -> list[int]:
        """Give the bounds of runs in some rows."""
        low = np.searchsorted(self._bounds, start, "right")
        high = np.searchsorted(self._bounds, stop, "left")
        inner = [int(bound) for bound in self._bounds[low:high]]
        return [start, *inner, stop]

    def offset(self, row: int) -> int:
        """Give a frame's position in its file."""
        return int(self._offsets[row])

    def text(self, row: int) -> bytes:
        """Give what a cell says."""
        found: bytes = self._data[self._ends[row] : self._ends[row + 1]].tobytes()
        return found

    def values(self, start: int, stop: int, dtype: np.dtype[Any]) -> Array:
        """Give the frames in some rows, as they are stored."""
        octets = self._data[self._ends[start] : self._ends[stop]]
        found: Array = octets.view(dtype)
        return found
