"""The frames that all jobs work on, and what is done to them by hand.

Python workers of Spark import this module too.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyspark import TaskContext

SIDE = 256
PIXELS = SIDE * SIDE
FRAME_BYTES = 4 * PIXELS
SHIFTS = 97
Array = npt.NDArray[np.float64]


def pattern() -> npt.NDArray[np.float32]:
    """Give the noise that every frame has, before its shift."""
    return np.random.default_rng(0).random((SIDE, SIDE), dtype=np.float32)


def simulate(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Make a frame of each index: cheap to make, noisy as a detector's."""
    noise = pattern()
    for batch in batches:
        index = batch.column(0).to_numpy()
        frames = (noise[None] + (index % SHIFTS)[:, None, None].astype(np.float32)).ravel()
        lists = pa.ListArray.from_arrays(
            np.arange(0, frames.size + 1, PIXELS, dtype=np.int32), pa.array(frames)
        )
        yield pa.RecordBatch.from_arrays([batch.column(0), lists], ["frame_index", "frame"])


def expected_sums(frames: int) -> Array:
    """Give the sum of each frame."""
    noise = pattern()
    by_shift = [(noise + np.float32(shift)).sum(dtype=np.float64) for shift in range(SHIFTS)]
    return np.array([by_shift[i % SHIFTS] for i in range(frames)])


def expected_total(frames: int) -> Array:
    """Give the element-wise sum of all frames."""
    noise = pattern()
    total = np.zeros(PIXELS)
    for shift, times in enumerate(np.bincount(np.arange(frames) % SHIFTS)):
        total += times * (noise + np.float32(shift)).ravel().astype(np.float64)
    return total


def parts(path: Path) -> list[Path]:
    """Give a data set's partition files in their order."""
    return sorted((path / "parts").iterdir())


def size_of(files: list[Path]) -> int:
    """Give the size of files together."""
    return sum(file.stat().st_size for file in files)


def pread(file: Path) -> int:
    """Read a file into one buffer of a megabyte; give its size."""
    size = 0
    buffer = bytearray(1 << 20)
    with file.open("rb", buffering=0) as stream:
        while read := stream.readinto(buffer):
            size += read
    return size


def evict_and_read(files: list[Path]) -> None:
    """Drop files from the page cache and read them once."""
    for file in files:
        with file.open("rb") as stream:
            os.fsync(stream.fileno())
            os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        pread(file)


def mapped(file: str) -> npt.NDArray[np.float32]:
    """Map a partition file, as a user does without a connector."""
    return np.memmap(file, np.float32, "r").reshape(-1, PIXELS)


def sums_of_file(file: str) -> Array:
    """Sum each frame of a partition file."""
    sums: Array = mapped(file).sum(axis=1, dtype=np.float64)
    return sums


def total_of_file(file: str) -> Array:
    """Sum the frames of a partition file element by element."""
    total: Array = mapped(file).sum(axis=0, dtype=np.float64)
    return total


def pixels(batch: pa.RecordBatch) -> npt.NDArray[np.float32]:
    """Give the column of frames of a batch, without a copy, as frames x pixels."""
    frames: npt.NDArray[np.float32] = batch.column("frame").flatten().to_numpy()
    return frames.reshape(-1, PIXELS)


def sums_of_batches(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Sum each frame of batches."""
    for batch in batches:
        sums = pa.array(pixels(batch).sum(axis=1, dtype=np.float64))
        yield pa.RecordBatch.from_arrays(
            [batch.column("frame_index"), sums], ["frame_index", "sum"]
        )


def sums_of_column(column: pa.Array) -> pa.Array:
    """Sum each frame of a column."""
    rows = column.flatten().to_numpy(zero_copy_only=True).reshape(len(column), -1)
    return pa.array(rows.sum(axis=1, dtype=np.float64))


def tofile(folder: str, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Write the frames of a task to one raw file, as a user does without a connector."""
    task = TaskContext.get()
    assert task is not None
    with Path(folder, f"part-{task.partitionId():05d}").open("wb") as stream:
        for batch in batches:
            pixels(batch).tofile(stream)
            yield pa.RecordBatch.from_arrays([pa.array([batch.num_rows])], ["n"])


def h5py_file(
    folder: str, compression: str | None, batches: Iterator[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    """Write the frames of a task to one HDF5 file, as a user does without a connector."""
    import h5py

    task = TaskContext.get()
    assert task is not None
    with h5py.File(Path(folder, f"part-{task.partitionId():05d}.h5"), "w") as file:
        data = file.create_dataset(
            "data",
            (0, SIDE, SIDE),
            "f4",
            maxshape=(None, SIDE, SIDE),
            chunks=(4, SIDE, SIDE),
            compression=compression,
        )
        for batch in batches:
            start = len(data)
            data.resize(start + batch.num_rows, axis=0)
            data[start:] = pixels(batch).reshape(-1, SIDE, SIDE)
            yield pa.RecordBatch.from_arrays([pa.array([batch.num_rows])], ["n"])
