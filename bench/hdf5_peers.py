"""What a user writes with h5py in place of the connector.

Python workers of Spark import this module too.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from functools import partial
from typing import Any

import h5py
import hdf5plugin
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyspark.sql.datasource import (
    DataSource,
    DataSourceReader,
    EqualTo,
    Filter,
    GreaterThan,
    GreaterThanOrEqual,
    InputPartition,
    LessThan,
    LessThanOrEqual,
)

FILTERS = hdf5plugin.PLUGIN_PATH
"""Importing the plugins lets h5py find them."""

NAME = "/entry/data"
BLOCK_BYTES = 8 << 20
Array = npt.NDArray[np.float64]


def blocks(path: str, start: int, stop: int) -> Iterator[tuple[int, npt.NDArray[Any]]]:
    """Read frames in blocks of some MiB, into one array over and over."""
    with h5py.File(path, "r") as file:
        data = file[NAME]
        many = max(1, BLOCK_BYTES // (data.dtype.itemsize * int(np.prod(data.shape[1:]))))
        buffer = np.empty((min(many, max(1, stop - start)), *data.shape[1:]), data.dtype)
        for first in range(start, stop, len(buffer)):
            count = min(len(buffer), stop - first)
            data.read_direct(buffer, np.s_[first : first + count], np.s_[:count])
            yield first, buffer[:count]


def sums(path: str, start: int, stop: int) -> Array:
    """Sum each frame."""
    parts = [
        block.reshape(len(block), -1).sum(axis=1, dtype=np.uint64)
        for _, block in blocks(path, start, stop)
    ]
    return np.concatenate([np.empty(0), *parts])


def sums_of_ranges(path: str, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Sum each frame of the ranges that rows say, for mapInArrow."""
    for batch in batches:
        for start, stop in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            yield pa.RecordBatch.from_arrays(
                [pa.array(np.arange(start, stop)), pa.array(sums(path, start, stop))],
                ["frame_index", "sum"],
            )


class Range(InputPartition):
    """The frames of a task."""

    def __init__(self, start: int, stop: int) -> None:
        """Take those from start up to stop."""
        self.start, self.stop = start, stop


class H5pySource(DataSource):
    """Frames as rows, by a Python Data Source."""

    @classmethod
    def name(cls) -> str:
        """Give the name of the format."""
        return "h5py_frames"

    def schema(self) -> str:
        """Have frames as bytes, which get from Python to Spark without a conversion."""
        return "frame_index long, frame binary"

    def reader(self, schema: Any) -> DataSourceReader:  # noqa: ARG002
        """Read with the options."""
        return H5pyReader(self.options)


class H5pyReader(DataSourceReader):
    """Reads the frames of a range in each task; predicates on their index make it smaller."""

    def __init__(self, options: Any) -> None:
        """Take options path, count and tasks."""
        self.path = options["path"]
        self.tasks = int(options["tasks"])
        self.start, self.stop = 0, int(options["count"])

    def pushFilters(self, filters: list[Filter]) -> Iterator[Filter]:  # noqa: N802
        """Take bounds of the index."""
        for one in filters:
            if getattr(one, "attribute", None) != ("frame_index",):
                yield one
            elif isinstance(one, LessThan):
                self.stop = min(self.stop, one.value)
            elif isinstance(one, LessThanOrEqual):
                self.stop = min(self.stop, one.value + 1)
            elif isinstance(one, GreaterThan):
                self.start = max(self.start, one.value + 1)
            elif isinstance(one, GreaterThanOrEqual):
                self.start = max(self.start, one.value)
            elif isinstance(one, EqualTo):
                self.start, self.stop = one.value, one.value + 1
            else:
                yield one

    def partitions(self) -> list[InputPartition]:
        """Cut the frames into as many tasks as are wished."""
        tasks = min(self.tasks, max(1, self.stop - self.start))
        bounds = np.linspace(self.start, max(self.start, self.stop), tasks + 1).astype(int)
        return [Range(int(a), int(b)) for a, b in itertools.pairwise(bounds)]

    def read(self, partition: InputPartition) -> Iterator[pa.RecordBatch]:
        """Give batches whose bytes are those that h5py read."""
        assert isinstance(partition, Range)
        for first, block in blocks(self.path, partition.start, partition.stop):
            each = block.nbytes // len(block)
            offsets = np.arange(len(block) + 1, dtype=np.int32) * each
            buffers = [None, pa.py_buffer(offsets), pa.py_buffer(block.tobytes())]
            frames = pa.Array.from_buffers(pa.binary(), len(block), buffers)
            index = pa.array(np.arange(first, first + len(block)))
            yield pa.RecordBatch.from_arrays([index, frames], ["frame_index", "frame"])


def sums_of_bytes(dtype: str, column: pa.Array) -> pa.Array:
    """Sum each frame of a column of bytes, for an Arrow UDF."""
    _, offsets, data = column.buffers()
    bounds = np.frombuffer(offsets, np.int32)[column.offset : column.offset + len(column) + 1]
    values = np.frombuffer(data, np.uint8)[bounds[0] : bounds[-1]].view(dtype)
    if len(column) == 0:
        return pa.array([], pa.float64())
    return pa.array(values.reshape(len(column), -1).sum(axis=1, dtype=np.uint64).astype(np.float64))


def sums_of_uint16(column: pa.Array) -> pa.Array:
    """Sum each frame of uint16."""
    return sums_of_bytes("<u2", column)


def map_in_arrow(path: str) -> Any:
    """Give the function for mapInArrow over a file."""
    return partial(sums_of_ranges, path)
