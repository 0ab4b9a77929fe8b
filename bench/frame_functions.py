"""What is done to frames in the Python benchmark, and how users bring frames there by hand.

Python workers of Spark import this module too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import h5py
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyspark.sql.datasource import DataSource, DataSourceReader, InputPartition

BLOCK_BYTES = 8 << 20
Array = npt.NDArray[Any]
Work = Callable[[Array], Array]
Range = tuple[str, int, int]
"""A file or data set, its first frame and the one past its last."""


def total(block: Array) -> Array:
    """Sum each frame."""
    sums: Array = block.sum(axis=(1, 2), dtype=np.float64)
    return sums


def spectrum(block: Array) -> Array:
    """Sum the power of each frame's Fourier transform: one by one, so memory stays in cache."""
    return np.array([np.square(np.abs(np.fft.rfft2(frame))).sum(dtype="f8") for frame in block])


def percentile(block: Array) -> Array:
    """Find the level that 99 % of each frame's pixels are below."""
    return np.array([np.percentile(frame, 99) for frame in block])


def raw(place: Range, shape: tuple[int, int], block: int) -> Iterator[tuple[int, Array]]:
    """Map a raw file, and give its frames in blocks."""
    file, start, stop = place
    frames = np.memmap(file, np.float32, "r").reshape(-1, *shape)
    for first in range(0, stop - start, block):
        yield start + first, frames[first : first + block]


def stored(place: Range, shape: tuple[int, int], block: int) -> Iterator[tuple[int, Array]]:  # noqa: ARG001
    """Read frames of an HDF5 file in blocks."""
    path, start, stop = place
    with h5py.File(path, "r") as file:
        data = file["data"]
        for first in range(start, stop, block):
            yield first, data[first : min(stop, first + block)]


READERS = {"raw": raw, "hdf5": stored}


def by_hand(kind: str, shape: tuple[int, int], block: int, work: Work, place: Range) -> Array:
    """Do the work in a task of an RDD."""
    return np.concatenate([work(frames) for _, frames in READERS[kind](place, shape, block)])


def in_arrow(
    kind: str, shape: tuple[int, int], block: int, work: Work
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """Give a function for mapInArrow that does the work on ranges of files."""

    def done(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for row in batch.to_pylist():
                place = (row["file"], row["start"], row["stop"])
                for first, frames in READERS[kind](place, shape, block):
                    found = work(frames)
                    index = np.arange(first, first + len(found))
                    yield pa.RecordBatch.from_arrays(
                        [pa.array(index), pa.array(found)], ["frame_index", "value"]
                    )

    return done


class Split(InputPartition):
    """A range of a file."""

    def __init__(self, place: Range) -> None:
        self.place = place


class FrameSource(DataSource):
    """Frames as a Python Data Source gives them: bytes in Arrow batches."""

    @classmethod
    def name(cls) -> str:
        """Give its name for format()."""
        return "python_frames"

    def schema(self) -> str:
        """Give the columns."""
        return "frame_index long, frame binary"

    def reader(self, schema: Any) -> DataSourceReader:  # noqa: ARG002
        """Make the reader."""
        return FrameReader(self.options)


class FrameReader(DataSourceReader):
    """Reads ranges of files, which come as text in the options."""

    def __init__(self, options: Any) -> None:
        self.kind = options["kind"]
        self.shape = (int(options["height"]), int(options["width"]))
        self.block = int(options["block"])
        self.places = [line.split("\t") for line in options["places"].split("\n")]

    def partitions(self) -> list[InputPartition]:
        """Give a task a range."""
        return [Split((file, int(start), int(stop))) for file, start, stop in self.places]

    def read(self, partition: InputPartition) -> Iterator[pa.RecordBatch]:
        """Give the frames of a range."""
        assert isinstance(partition, Split)
        for first, frames in READERS[self.kind](partition.place, self.shape, self.block):
            count, size = len(frames), frames[0].nbytes
            offsets = np.arange(count + 1, dtype=np.int32) * np.int32(size)
            octets = pa.py_buffer(np.ascontiguousarray(frames))
            cells = pa.Array.from_buffers(pa.binary(), count, [None, pa.py_buffer(offsets), octets])
            index = pa.array(np.arange(first, first + count))
            yield pa.RecordBatch.from_arrays([index, cells], ["frame_index", "frame"])


def of_bytes(dtype: str, shape: tuple[int, int], work: Work) -> Callable[[pa.Array], pa.Array]:
    """Give a function for an Arrow UDF that does the work on binary frames."""

    def done(cells: pa.Array) -> pa.Array:
        bounds = np.frombuffer(cells.buffers()[1], np.int32)[cells.offset :][: len(cells) + 1]
        octets = np.frombuffer(cells.buffers()[2], np.uint8)[bounds[0] : bounds[-1]]
        return pa.array(work(octets.view(dtype).reshape(-1, *shape)))

    return done
