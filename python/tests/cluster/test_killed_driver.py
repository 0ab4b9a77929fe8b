"""`kill -9` of the driver at each step of a write: nothing half-done has a final name, ever.

The executors are held at the step, so that nothing goes on behind the dead driver's back.
"""

from __future__ import annotations

from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from .datasets import OnDisk, Source, refused, save
from .harness import Cluster
from .holds import Hold, wait_for_any
from .processes import background
from .test_killed_executor import PARTITIONS, STEPS

SOURCE = Source(scan=(4, 6), frame=(64, 64), seed=11)


def kill_while_held(cluster: Cluster, holds: list[Hold], writing: Future[None]) -> None:
    """Kill the driver once a host is held; the hosts go on only after their executors ended."""
    wait_for_any(holds, writing)
    cluster.kill_driver()
    assert writing.exception(timeout=30) is not None


@pytest.mark.parametrize("step", STEPS)
def test_a_new_data_set_is_absent_or_right(
    cluster: Cluster, spark: SparkSession, folder: Path, step: str
) -> None:
    path = folder / "set"
    disk = OnDisk(cluster, path)
    with ExitStack() as held:
        holds = [held.enter_context(STEPS[step](cluster, h.index, path)) for h in cluster.hosts]
        writing = background(SOURCE.write, spark, path, PARTITIONS, "errorifexists")
        kill_while_held(cluster, holds, writing)
    disk.check_consistent(SOURCE)
    SOURCE.write(cluster.spark(), path, PARTITIONS, "overwrite")
    disk.check_whole(SOURCE, PARTITIONS)


def test_appended_partitions_are_absent_or_right(
    cluster: Cluster, spark: SparkSession, folder: Path
) -> None:
    path = folder / "set"
    disk = OnDisk(cluster, path)
    save(SOURCE.rows(spark, 0, 4), path, "errorifexists", **SOURCE.options(PARTITIONS))
    (first,) = disk.copies()
    state = first.state()
    with ExitStack() as held:
        # After the first of several partitions of a host has got its place in the data set.
        holds = [
            held.enter_context(cluster.hold(h.index, "renamed", "*", f"{path}/parts/partition-*"))
            for h in cluster.hosts
        ]
        writing = background(save, SOURCE.rows(spark, 4), path, "append")
        kill_while_held(cluster, holds, writing)
    assert disk.check_consistent(SOURCE) > {0}
    assert first.state() == state
    save(SOURCE.rows(cluster.spark()), path, "overwrite", overwriteMode="partitions")
    disk.check_whole(SOURCE, PARTITIONS)


def test_replaced_partitions_have_no_older_copy(
    cluster: Cluster, spark: SparkSession, folder: Path
) -> None:
    path = folder / "set"
    disk = OnDisk(cluster, path)
    # All on one host, so that most of them are replaced from another one.
    SOURCE.write(spark, path, PARTITIONS, "errorifexists")
    for copy in disk.copies():
        parts = cluster.hosts[0].at(path) / "parts"
        copy.file.rename(parts / copy.file.name)
    new = replace(SOURCE, seed=12)
    with ExitStack() as held:
        holds = [
            held.enter_context(cluster.hold(h.index, "renamed", "*", f"{path}/parts/partition-*"))
            for h in cluster.hosts[1:]
        ]
        options = {"overwriteMode": "partitions"}
        rows = new.rows(spark)
        older = held.enter_context(cluster.hold(0, "delete", f"{path}/parts/partition-*"))
        writing = background(lambda: save(rows, path, "overwrite", **options))
        # The new ones are in place on one host, the older ones still on the other.
        older.wait(writing)
        kill_while_held(cluster, holds, writing)
    # A write of other partitions, which itself is refused, completes or undoes it.
    with refused("PARTITION_EXISTS"):
        save(SOURCE.rows(cluster.spark(), 0, 4), path, "append")
    assert disk.check_consistent(SOURCE, new) == set(range(PARTITIONS)), "all old or all new"
    assert all(len(copies) == 1 for copies in disk.placed().values()), disk.placed()
    assert disk.hidden() == []


@pytest.mark.parametrize("moved", ["old away", "new in"])
def test_another_structure_is_completed_or_undone_by_the_next_write(
    cluster: Cluster, spark: SparkSession, folder: Path, moved: str
) -> None:
    path = folder / "set"
    disk = OnDisk(cluster, path)
    old, new = SOURCE, Source(scan=(21,), frame=(32, 16), seed=13)
    old.write(spark, path, PARTITIONS, "errorifexists")
    with ExitStack() as held:
        names = (str(path), "*") if moved == "old away" else ("*", str(path))
        holds = [
            held.enter_context(cluster.hold(h.index, "renamed", *names)) for h in cluster.hosts
        ]
        writing = background(new.write, spark, path, 7, "overwrite")
        kill_while_held(cluster, holds, writing)
    session = cluster.spark()
    # A write that is itself refused still puts the hosts in order: all of the old or of the new.
    with pytest.raises(Exception, match=r"PARTITION_EXISTS|STRUCTURE_DIFFERS"):
        save(new.rows(session), path, "append", **new.options(7))
    whole = disk.check_consistent(old, new)
    assert whole in ({*range(PARTITIONS)}, {*range(7)}), "nothing of either is lost"
    assert all(len(copies) == 1 for copies in disk.placed().values()), disk.placed()
    assert disk.hidden() == []
    new.write(session, path, 7, "overwrite")
    disk.check_whole(new, 7)
