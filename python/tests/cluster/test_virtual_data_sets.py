"""A virtual data set whose sources lie on the hosts' own disks is read where they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from numpy.typing import NDArray
from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession

from .harness import Cluster
from .metrics import count, executions, metrics

FRAMES = 4


def spread(cluster: Cluster, folder: Path, kind: str) -> NDArray[np.int32]:
    """Write a source on each host, and everywhere the file that puts them together."""
    hosts = cluster.hosts
    values = np.arange(len(hosts) * FRAMES * 6, dtype="<i4").reshape(len(hosts), FRAMES, 2, 3)
    virtual = h5py.VirtualLayout((len(hosts) * FRAMES, 2, 3), "<i4")
    for k, host in enumerate(hosts):
        with h5py.File(host.at(folder) / f"{k}.h5", "w") as file:
            file["data"] = values[k]
        source = h5py.VirtualSource(f"{k}.h5", "data", (FRAMES, 2, 3))
        rows = (
            slice(k * FRAMES, (k + 1) * FRAMES) if kind == "along" else slice(k, None, len(hosts))
        )
        virtual[rows] = source
    # The driver alone has the file itself: tasks get the mappings.
    folder.mkdir(parents=True)
    with h5py.File(folder / "master.h5", "w") as file:
        file.create_virtual_dataset("data", virtual, fillvalue=-5)
    order = (0, 1, 2, 3) if kind == "along" else (1, 0, 2, 3)
    held: NDArray[np.int32] = values.transpose(order).reshape(-1, 6)
    return held


def read(spark: SparkSession, folder: Path, **options: Any) -> DataFrame:
    """Read it."""
    return spark.read.format("hdf5").options(**options).load(str(folder / "master.h5"))


@pytest.mark.parametrize("kind", ["along", "alternating"])
def test_tasks_go_to_their_sources(
    cluster: Cluster, spark: SparkSession, folder: Path, kind: str
) -> None:
    """Each host reads its own source, whether sources follow each other or alternate."""
    values = spread(cluster, folder, kind)
    before = set(executions(spark))
    rows = sorted(read(spark, folder).select("frame_index", "data").collect())
    np.testing.assert_array_equal([row[1] for row in rows], values)
    # The question to the hosts is another one.
    new = [metrics(spark, execution) for execution in set(executions(spark)) - before]
    (shown,) = (one for one in new if "splits" in one)
    assert count(shown, "partitions local") == len(cluster.hosts)
    assert count(shown, "partitions remote") == 0
    assert count(shown, "files of virtual data sets opened") == len(cluster.hosts)
    assert count(shown, "splits") == len(cluster.hosts)


def test_a_source_on_no_host_is_told_left_out_or_filled(
    cluster: Cluster, spark: SparkSession, folder: Path
) -> None:
    """The error names the source and the hosts that were asked; options pass over it."""
    values = spread(cluster, folder, "along")
    (cluster.hosts[1].at(folder) / "1.h5").unlink()
    with pytest.raises((PySparkException, Py4JJavaError)) as refusal:
        read(spark, folder).collect()
    assert "VDS_SOURCE_MISSING" in str(refusal.value)
    assert "'1.h5'" in str(refusal.value)
    for host in cluster.hosts:
        assert host.address in str(refusal.value)
    there = [*range(FRAMES), *range(2 * FRAMES, 3 * FRAMES)]
    rows = sorted(read(spark, folder, missing="skip").select("frame_index", "data").collect())
    assert [row[0] for row in rows] == there
    np.testing.assert_array_equal([row[1] for row in rows], values[there])
    rows = sorted(read(spark, folder, missing="fill").select("frame_index", "data").collect())
    values[FRAMES : 2 * FRAMES] = -5
    np.testing.assert_array_equal([row[1] for row in rows], values)
