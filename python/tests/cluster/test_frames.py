"""Python workers take frames where they are: on the hosts' own disks."""

from __future__ import annotations

import socket
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pyspark.sql import DataFrame, SparkSession

from spark_arrays import By, SparkArraysError, map_frames, reduce_frames

from .datasets import OnDisk, Source, load
from .harness import Cluster
from .test_virtual_data_sets import FRAMES, read, spread


@pytest.fixture(autouse=True)
def same_python(spark: SparkSession) -> None:
    """Have workers run the Python of the tests, which has NumPy, as a user sets PYSPARK_PYTHON."""
    spark.sparkContext.pythonExec = sys.executable


def taken(df: DataFrame, by: By) -> tuple[NDArray[Any], NDArray[Any], list[str]]:
    """Give indexes, frames, and the hosts where functions were given them."""

    def take(block: NDArray[Any], index: NDArray[Any]) -> dict[str, Any]:
        flat = block.reshape(len(index), -1)
        return {"i": index, "frame": flat, "host": [socket.gethostname()] * len(index)}

    kind = "double" if "float" in df.schema[df.columns[-1]].metadata["dtype"] else "long"
    rows = sorted(
        map_frames(df, take, f"i long, frame array<{kind}>, host string", by=by).collect()
    )
    return (
        np.array([row[0] for row in rows]),
        np.array([row[1] for row in rows]),
        [row[2] for row in rows],
    )


def test_partitions_are_mapped_on_their_hosts(
    cluster: Cluster, spark: SparkSession, folder: Path
) -> None:
    """Each frame on the host that has it, without this package installed there."""
    source, path = Source(seed=6), folder / "set"
    source.write(spark, path, 6, "errorifexists")
    disk = OnDisk(cluster, path)
    disk.check_whole(source, 6)
    per_file = source.frames // 6
    rows = load(spark, path, maxPartitionBytes=str(per_file * source.pixels * 4))
    named = {host.address: host.name for host in cluster.hosts}
    assert len(named) == len(cluster.hosts)
    places = {index: copies[0].host.name for index, copies in disk.placed().items()}
    expected = source.array().reshape(source.frames, -1)
    for by in ("reference", "value"):
        index, frames, hosts = taken(rows.select("frame_index", "frame"), by)
        np.testing.assert_array_equal(index, np.arange(source.frames))
        np.testing.assert_array_equal(frames, expected)
        if by == "reference":
            assert hosts == [places[i // per_file] for i in range(source.frames)]
    total = reduce_frames(rows, lambda block, _: block.sum(0, "f8"), np.add)
    np.testing.assert_allclose(total.reshape(-1), expected.sum(0, "f8"))


@pytest.mark.long
def test_moved_rows_come_by_value(spark: SparkSession, folder: Path) -> None:
    """A reference is of no use on another host."""
    source, path = Source(seed=7), folder / "set"
    source.write(spark, path, 6, "errorifexists")
    moved = load(spark, path).select("frame_index", "frame").repartition(4)
    with pytest.raises(SparkArraysError, match=r"REFERENCE_IMPOSSIBLE.*moved to other tasks"):
        taken(moved, "reference")
    _, frames, _ = taken(moved, "auto")
    np.testing.assert_array_equal(frames, source.array().reshape(source.frames, -1))


@pytest.mark.parametrize("kind", [pytest.param("along", marks=pytest.mark.long), "alternating"])
def test_sources_are_mapped_on_their_hosts(
    cluster: Cluster, spark: SparkSession, folder: Path, kind: str
) -> None:
    """Tasks have neither the virtual data set's file nor the other sources."""
    values = spread(cluster, folder, kind)
    count = len(cluster.hosts)
    index, frames, hosts = taken(read(spark, folder).select("frame_index", "data"), "reference")
    np.testing.assert_array_equal(index, np.arange(count * FRAMES))
    np.testing.assert_array_equal(frames, values)
    of = [i // FRAMES if kind == "along" else i % count for i in range(count * FRAMES)]
    assert hosts == [cluster.hosts[k].name for k in of]
