"""Partitions are spread over hosts, found again, and replaced or deleted wherever they are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pyspark.sql import SparkSession

from .datasets import OnDisk, Source, frames_of, load, refused, save
from .harness import Cluster
from .metrics import count, executions, metrics

PARTITIONS = 12


def test_partitions_are_spread_and_read_where_they_are(
    cluster: Cluster, spark: SparkSession, folder: Path
) -> None:
    source, path = Source(), folder / "set"
    source.write(spark, path, PARTITIONS, "errorifexists")
    disk = OnDisk(cluster, path)
    disk.check_whole(source, PARTITIONS)
    assert {copy.host.name for copy in disk.copies()} == {host.name for host in cluster.hosts}
    assert not path.exists(), "the driver is no host of the cluster"

    known = set(executions(spark))
    index, frames = frames_of(load(spark, path))
    np.testing.assert_array_equal(index, np.arange(source.frames))
    np.testing.assert_array_equal(frames, source.array())
    # The connector's questions to the hosts are executions, too, without these metrics.
    shown = [metrics(spark, execution) for execution in set(executions(spark)) - known]
    assert sum(count(one, "partitions local") for one in shown) == PARTITIONS, shown
    assert sum(count(one, "partitions remote") for one in shown) == 0, shown


def test_a_lost_hosts_partitions_are_missed_and_written_again(
    cluster: Cluster, spark: SparkSession, folder: Path
) -> None:
    source, path = Source(seed=1), folder / "set"
    source.write(spark, path, PARTITIONS, "errorifexists")
    disk = OnDisk(cluster, path)
    lost = [copy.index for copy in disk.copies() if copy.host.index == 1]
    others = {copy: copy.state() for copy in disk.copies() if copy.host.index != 1}
    per_partition = source.frames // PARTITIONS
    lost_frames = np.isin(np.arange(source.frames) // per_partition, lost)
    cluster.kill_host(1)
    try:
        with refused("PARTITION_MISSING") as error:
            load(spark, path).count()
        told = str(error.value)
        assert all(cluster.hosts[i].address in told for i in (0, 2)), told
        assert cluster.hosts[1].address not in told, told
        assert all(f"{index}" in told for index in lost), told

        index, frames = frames_of(load(spark, path, missing="skip"))
        np.testing.assert_array_equal(index, np.flatnonzero(~lost_frames))
        np.testing.assert_array_equal(frames, source.array()[~lost_frames])

        index, frames = frames_of(load(spark, path, missing="fill"))
        np.testing.assert_array_equal(index, np.arange(source.frames))
        np.testing.assert_array_equal(frames, np.where(lost_frames[:, None], 0, source.array()))

        with refused("PARTITION_EXISTS"):
            save(source.rows(spark), path, "append")
        rows = source.rows(spark).where(f"frame_index div {per_partition} in ({_list(lost)})")
        save(rows, path, "append")
        assert {copy: copy.state() for copy in others} == others
        here = [copy for copy in disk.copies() if copy.host.index != 1]
        assert sorted(copy.index for copy in here) == list(range(PARTITIONS))
        assert frames_of(load(spark, path))[1].tolist() == source.array().tolist()
    finally:
        cluster.start_host(1)
    # The host comes back with its copies: equal ones, each of which is read once.
    disk.check_consistent(source)
    index, frames = frames_of(load(spark, path))
    np.testing.assert_array_equal(index, np.arange(source.frames))
    np.testing.assert_array_equal(frames, source.array())


def test_append_refuses_a_published_partition(
    cluster: Cluster, spark: SparkSession, folder: Path
) -> None:
    source, path = Source(), folder / "set"
    save(source.rows(spark, 0, 16), path, "errorifexists", **source.options(PARTITIONS))
    disk = OnDisk(cluster, path)
    assert disk.check_consistent(source) == {0, 1, 2, 3}
    before = {copy: copy.state() for copy in disk.copies()}
    with refused("PARTITION_EXISTS"):
        save(Source(seed=9).rows(spark, 12, 24), path, "append")
    assert {copy: copy.state() for copy in disk.copies()} == before, "all or nothing"
    assert disk.hidden() == []
    save(source.rows(spark, 16), path, "append")
    assert {copy: copy.state() for copy in before} == before
    disk.check_whole(source, PARTITIONS)


def test_a_replaced_partition_leaves_no_older_copy(
    cluster: Cluster, spark: SparkSession, folder: Path
) -> None:
    old, path = Source(), folder / "set"
    old.write(spark, path, PARTITIONS, "errorifexists")
    disk = OnDisk(cluster, path)
    replaced, frames = range(3, 9), (12, 36)
    kept = {copy: copy.state() for copy in disk.copies() if copy.index not in replaced}
    moved: set[int] = set()
    # Spark chooses the writing host: until it has chosen another one for some partition.
    for seed in range(1, 6):
        before = {index: copies[0].host for index, copies in disk.placed().items()}
        new = Source(seed=seed)
        save(new.rows(spark, *frames), path, "overwrite", overwriteMode="partitions")
        placed = disk.placed()
        assert sorted(placed) == list(range(PARTITIONS))
        assert all(len(copies) == 1 for copies in placed.values()), placed
        assert disk.hidden() == []
        moved |= {i for i in replaced if placed[i][0].host != before[i]}
        if moved:
            break
    assert moved, "Spark never chose another host"
    assert {copy: copy.state() for copy in kept} == kept
    expected = old.array()
    expected[slice(*frames)] = new.array()[slice(*frames)]
    np.testing.assert_array_equal(frames_of(load(spark, path))[1], expected)


@pytest.mark.parametrize("partitions", [2, 7])
def test_another_structure_replaces_everything(
    cluster: Cluster, spark: SparkSession, folder: Path, partitions: int
) -> None:
    path = folder / "set"
    Source().write(spark, path, PARTITIONS, "errorifexists")
    disk = OnDisk(cluster, path)
    assert len(disk.sidecars()) == len(cluster.hosts)
    new = Source(scan=(35,), frame=(8, 8), seed=3)
    with refused("STRUCTURE_DIFFERS"):
        new.write(spark, path, partitions, "append")
    disk.check_whole(Source(), PARTITIONS)
    new.write(spark, path, partitions, "overwrite")
    disk.check_whole(new, partitions)
    np.testing.assert_array_equal(frames_of(load(spark, path))[1], new.array())


def test_partitions_are_deleted_on_every_host(
    cluster: Cluster, spark: SparkSession, folder: Path
) -> None:
    source, path = Source(), folder / "set"
    source.write(spark, path, PARTITIONS, "errorifexists")
    disk = OnDisk(cluster, path)
    # A second, equal copy of one of them on another host.
    original = disk.placed()[5][0]
    other = cluster.hosts[(original.host.index + 1) % 3]
    copied = other.at(path) / "parts" / original.file.name
    copied.write_bytes(original.file.read_bytes())
    done = cluster.submit(
        cluster.jars[0], "delete", str(path), "--partitions", "1,5",
        main_class="io.sparkarrays.app.Arrays",
    )  # fmt: skip
    assert done.wait() == 0, done.output
    assert disk.check_consistent(source) == set(range(PARTITIONS)) - {1, 5}
    assert len(disk.sidecars()) == 3
    assert disk.hidden() == []


def _list(indexes: list[int]) -> str:
    return ", ".join(map(str, indexes))
