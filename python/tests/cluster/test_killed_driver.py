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


def kill_while_held(cluster: Cluster, writing: Future[None], *reached: list[Hold]) -> None:
    """Kill the driver once one hold of each list has stopped its host at a step of the write."""
    for holds in reached:
        wait_for_any(holds, writing)
    cluster.kill_driver()
    assert writing.exception(timeout=30) is not None


@pytest.mark.parametrize(
    "steps",
    [
        ["before the temp", "half-way", "before the rename"],
        ["after the rename", "half-way", "after the rename"],
        ["at the commit"] * 3,
    ],
    ids=["while tasks write", "after some tasks wrote", "at the commit"],
)
def test_a_new_data_set_is_absent_or_right(
    cluster: Cluster, spark: SparkSession, folder: Path, steps: list[str]
) -> None:
    path = folder / "set"
    disk = OnDisk(cluster, path)
    with ExitStack() as held:
        holds = [held.enter_context(STEPS[step](cluster, i, path)) for i, step in enumerate(steps)]
        writing = background(SOURCE.write, spark, path, PARTITIONS, "errorifexists")
        kill_while_held(cluster, writing, *([hold] for hold in holds))
    disk.check_consistent(SOURCE)
    SOURCE.write(cluster.spark(), path, PARTITIONS, "overwrite")
    disk.check_whole(SOURCE, PARTITIONS)


@pytest.mark.long
def test_moved_partitions_are_right_and_have_no_older_copy(
    cluster: Cluster, spark: SparkSession, folder: Path
) -> None:
    path = folder / "set"
    disk = OnDisk(cluster, path)
    save(SOURCE.rows(spark, 0, 12), path, "errorifexists", **SOURCE.options(PARTITIONS))
    # All on one host, so that most of them are replaced from another one.
    for copy in disk.copies():
        copy.file.rename(cluster.hosts[0].at(path) / "parts" / copy.file.name)
    kept = disk.placed()[0][0]
    state = kept.state()
    new = replace(SOURCE, seed=12)
    moved = f"{path}/parts/partition-*"
    with ExitStack() as held:
        older = held.enter_context(cluster.hold(0, "delete", moved))
        newer = [held.enter_context(cluster.hold(i, "renamed", "*", moved)) for i in (1, 2)]
        # Partitions 1 and 2 are replaced, 3 to 5 are new.
        rows, options = new.rows(spark, 4), {"overwriteMode": "partitions"}
        writing = background(lambda: save(rows, path, "overwrite", **options))
        # The new ones are in place on one host, the older ones still on the other.
        kill_while_held(cluster, writing, [older], newer)
    assert kept.state() == state
    # A write of another partition, which itself is refused, completes or undoes it.
    with refused("PARTITION_EXISTS"):
        save(SOURCE.rows(cluster.spark(), 0, 4), path, "append")
    placed = disk.placed()
    assert all(len(copies) == 1 for copies in placed.values()), placed
    assert kept.state() == state
    seeds = {placed[i][0].file.read_bytes() == new.bytes_of(4 * i, 4 * i + 4) for i in (1, 2)}
    assert len(seeds) == 1, "the replaced ones are all old or all new"
    assert set(placed) == (set(range(PARTITIONS)) if seeds == {True} else {0, 1, 2})
    assert disk.hidden() == []
    SOURCE.write(cluster.spark(), path, PARTITIONS, "overwrite")
    disk.check_whole(SOURCE, PARTITIONS)


@pytest.mark.long
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
        kill_while_held(cluster, writing, holds)
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
