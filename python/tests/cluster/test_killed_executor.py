"""`kill -9` of an executor at each step of a write: it goes on, each partition appears once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from .datasets import OnDisk, Source
from .harness import Cluster
from .holds import Hold
from .processes import background

PARTITIONS = 6
Step = Callable[[Cluster, int, Path], Hold]

STEPS: dict[str, Step] = {
    "before the temp": lambda c, i, p: c.hold(i, "open", temps(p)),
    "half-way": lambda c, i, p: c.hold(i, "write", temps(p)),
    "before the rename": lambda c, i, p: c.hold(i, "rename", temps(p)),
    "after the rename": lambda c, i, p: c.hold(i, "renamed", temps(p)),
    "at the commit": lambda c, i, p: c.hold(i, "rename", "*", str(p)),
}


def temps(path: Path) -> str:
    """Give the pattern of the partitions' hidden files, staged or in place."""
    return f"{path.parent}/*/.tmp-partition-*"


@pytest.mark.parametrize("step", STEPS)
def test_the_write_survives_a_killed_executor(
    cluster: Cluster, spark: SparkSession, folder: Path, step: str
) -> None:
    old = Source(scan=(4, 6), frame=(64, 64), seed=7)
    new, path = replace(old, seed=8), folder / "set"
    full = old.frames // PARTITIONS * old.pixels * 4
    disk = OnDisk(cluster, path)
    old.write(spark, path, PARTITIONS, "errorifexists")
    with STEPS[step](cluster, 0, path) as hold:
        writing = background(new.write, spark, path, PARTITIONS, "overwrite")
        reached = hold.wait(writing)
        assert reached.pid in cluster.executors(0)
        if step != "at the commit":
            disk.check_published(old, PARTITIONS)
        if step in ("half-way", "before the rename"):
            size = cluster.hosts[0].at(Path(reached.path)).stat().st_size
            assert size == full if step == "before the rename" else 0 < size < full
        cluster.kill_executors(0)
        hold.release()
        writing.result(timeout=120)
    disk.check_published(new, PARTITIONS)
    # What the dead executor may have left is hidden; the next write removes it.
    old.write(spark, path, PARTITIONS, "overwrite")
    disk.check_whole(old, PARTITIONS)
