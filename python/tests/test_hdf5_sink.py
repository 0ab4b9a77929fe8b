"""Streams that write HDF5 while h5py reads the result."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import h5py
import hdf5plugin  # noqa: F401  (registers filters with h5py)
import numpy as np
from pyspark.sql import SparkSession

import live_writer
from live_scans import writing
from streams import finished


class Reader(threading.Thread):
    """Opens a result again and again, and looks at all that is in it."""

    def __init__(self, path: Path, shape: tuple[int, ...]) -> None:
        """Read a result of the live writer's frames and their sums."""
        super().__init__()
        self.path = path
        self.shape = shape
        self.lengths: list[int] = []
        self.failure: BaseException | None = None
        self.stopped = threading.Event()
        self.kept: list[tuple[Any, int]] = []

    def run(self) -> None:
        """Read until told to stop."""
        try:
            while not self.stopped.is_set():
                if self.path.exists():
                    self.look()
        except BaseException as error:
            self.failure = error

    def look(self) -> None:
        """Check all frames of the result as it is now; keep some files open."""
        file = h5py.File(self.path)
        self.check(file)
        self.lengths.append(len(file["entry/frames"]))
        if len(self.lengths) % 10 == 1:
            self.kept.append((file, self.lengths[-1]))
        else:
            file.close()

    def check(self, file: Any) -> None:
        """Compare frames and sums with what the writer makes."""
        frames, sums = file["entry/frames"][()], file["entry/total"][()]
        assert len(frames) == len(sums)
        for index, (frame, total) in enumerate(zip(frames, sums, strict=True)):
            expected = live_writer.frame(index, self.shape)
            assert (frame.reshape(-1) == expected.reshape(-1)).all(), index
            assert total == expected.sum(dtype="u8"), index

    def finish(self) -> None:
        """Stop, and check that files that stayed open show what they showed."""
        self.stopped.set()
        self.join()
        if self.failure is not None:
            raise self.failure
        for file, length in self.kept:
            assert len(file["entry/frames"]) == length
            self.check(file)
            file.close()


def test_a_reader_of_a_live_result_never_sees_anything_wrong(
    spark: SparkSession, tmp_path: Path
) -> None:
    path, result = tmp_path / "live.h5", tmp_path / "result.h5"
    options = live_writer.parse([str(path), "--grow", "--fps", "150"])
    reader = Reader(result, options.frame)
    reader.start()
    try:
        with writing(path, "--grow", "--fps", 150, "--hold", 60):
            rows = finished(spark, path, timeout=20, maxFramesPerTrigger=9).selectExpr(
                "frame_index", "data AS frames", "arrays.frame_sum(data) AS total"
            )
            query = (
                rows.writeStream.format("hdf5")
                .option("dataset", "/entry")
                .option("compression", "bitshuffle-lz4")
                .option("checkpointLocation", str(tmp_path / "checkpoint"))
                .trigger(availableNow=True)
                .start(str(result))
            )
            try:
                assert query.awaitTermination(120), query.status
            finally:
                query.stop()
    finally:
        reader.finish()
    assert reader.lengths == sorted(reader.lengths)
    assert len(set(reader.lengths)) > 2, "the reader saw it grow"
    with h5py.File(result) as file:
        assert len(file["entry/frames"]) == np.prod(options.scan)
        assert len(file["entry/frames"].virtual_sources()) > 2
        assert file.attrs["spark_query"] == query.id
