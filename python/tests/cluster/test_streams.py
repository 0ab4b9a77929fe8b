"""Streams whose frames are on three hosts: partitions come together, each appears once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as f

from .datasets import FORMAT, OnDisk, Source, frames_of, load
from .harness import Cluster
from .processes import background

PARTITIONS = 6
pytestmark = pytest.mark.long


class Epochs:
    """A stream of an array, made of files that all hosts see; each file is an epoch."""

    def __init__(self, spark: SparkSession, source: Source, folder: Path) -> None:
        """Write no file yet."""
        self.spark = spark
        self.source = source
        self.folder = folder
        self.files = folder / "files"
        self.files.mkdir()

    def add(self, first: int, last: int) -> None:
        """Add an epoch."""
        staged = self.folder / f"staged-{first}"
        self.source.rows(self.spark, first, last).coalesce(1).write.parquet(str(staged))
        (file,) = staged.glob("part-*.parquet")
        file.rename(self.files / f"file-{first}.parquet")

    def rows(self) -> DataFrame:
        """Give the stream, each frame in some task: those of a partition on all hosts."""
        stream = self.spark.readStream.schema("frame_index BIGINT, frame ARRAY<FLOAT>")
        files = stream.option("maxFilesPerTrigger", 1).parquet(str(self.files))
        return files.repartition(6, f.hash("frame_index"))

    def write(self, path: Path, timeout: str = "60s") -> Any:
        """Write what is there."""
        query = (
            self.rows()
            .writeStream.format(FORMAT)
            .options(**self.source.options(PARTITIONS))
            .option("checkpointLocation", str(self.folder / "checkpoint"))
            .option("hostsTimeout", timeout)
            .trigger(availableNow=True)
            .start(str(path))
        )
        try:
            assert query.awaitTermination(240), query.status
        finally:
            query.stop()


def left(disk: OnDisk) -> set[str]:
    """Name what a stream has beside its partitions."""
    return {p.name for p in disk.hidden() for p in ([p] if p.is_file() else p.rglob("*"))}


def pieces(disk: OnDisk) -> list[Path]:
    """List the frames that wait for others, on all hosts."""
    return [p for root in disk.hidden() for p in root.rglob("piece-*")]


def test_frames_of_a_partition_on_several_hosts(
    cluster: Cluster, spark: SparkSession, folder: Path, tmp_path: Path
) -> None:
    source, path = Source(scan=(4, 6)), folder / "set"
    epochs, disk = Epochs(spark, source, tmp_path), OnDisk(cluster, path)
    epochs.add(0, 10)
    epochs.write(path)
    assert disk.check_consistent(source) == {0, 1}
    assert pieces(disk)
    epochs.add(10, 15)
    epochs.add(15, 24)
    epochs.write(path)
    disk.check_published(source, PARTITIONS)
    assert left(disk) == {"epoch.json"}
    index, frames = frames_of(load(spark, path))
    np.testing.assert_array_equal(index, np.arange(source.frames))
    np.testing.assert_array_equal(frames, source.array())
    batches: list[Any] = []
    query = (
        spark.readStream.format(FORMAT)
        .load(str(path))
        .writeStream.foreachBatch(lambda rows, _: batches.append(frames_of(rows)))
        .option("checkpointLocation", str(tmp_path / "read"))
        .trigger(availableNow=True)
        .start()
    )
    assert query.awaitTermination(120)
    np.testing.assert_array_equal(np.concatenate([b[0] for b in batches]), index)
    np.testing.assert_array_equal(np.concatenate([b[1] for b in batches]), frames)


STEPS: dict[str, Callable[[Path], tuple[str, str]]] = {
    "while frames are written": lambda path: ("write", f"{path}/.stream-*/.tmp-piece-*"),
    "while the ledger is written": lambda path: ("rename", f"{path}/.stream-*/.tmp-epoch.json-*"),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_killed_executor(
    cluster: Cluster, spark: SparkSession, folder: Path, tmp_path: Path, step: str
) -> None:
    source, path = Source(scan=(4, 6), frame=(64, 64), seed=3), folder / "set"
    epochs, disk = Epochs(spark, source, tmp_path), OnDisk(cluster, path)
    epochs.add(0, 10)
    epochs.write(path)
    epochs.add(10, 20)
    operation, pattern = STEPS[step](path)
    with cluster.hold(0, operation, pattern) as hold:
        writing = background(epochs.write, path)
        hold.wait(writing)
        cluster.kill_executors(0)
        hold.release()
        writing.result(timeout=240)
    # What the killed one left is cleared away by the next epoch, if its host is back before.
    cluster.await_executors()
    epochs.add(20, 24)
    epochs.write(path)
    disk.check_published(source, PARTITIONS)
    assert left(disk) == {"epoch.json"}


def test_frames_on_a_host_that_is_lost(
    cluster: Cluster, spark: SparkSession, folder: Path, tmp_path: Path
) -> None:
    source, path = Source(scan=(4, 6), seed=4), folder / "set"
    epochs, disk = Epochs(spark, source, tmp_path), OnDisk(cluster, path)
    epochs.add(0, 10)
    epochs.write(path)
    waiting = pieces(disk)[0]
    (lost,) = [host for host in cluster.hosts if waiting.is_relative_to(host.at(folder))]
    epochs.add(10, 24)
    cluster.kill_host(lost.index)
    try:
        with pytest.raises(Exception, match=r"COMMIT_FAILED.*has frames of it"):
            epochs.write(path, "10s")
    finally:
        cluster.start_host(lost.index)
    epochs.write(path)
    disk.check_published(source, PARTITIONS)
    assert left(disk) == {"epoch.json"}
