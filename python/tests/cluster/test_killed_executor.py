"""`kill -9` of an executor at each step of a write: it goes on, each partition appears once."""

from __future__ import annotations

from collections.abc import Callable
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


def is_half_done(step: str, size: int, full: int) -> bool:
    """Whether a temp of that size is what the step leaves."""
    return {"half-way": 0 < size < full, "before the rename": size == full}.get(step, True)


@pytest.mark.parametrize("step", STEPS)
def test_the_write_survives_a_killed_executor(
    cluster: Cluster, spark: SparkSession, folder: Path, step: str
) -> None:
    source, path = Source(scan=(4, 6), frame=(64, 64), seed=7), folder / "set"
    full = source.frames // PARTITIONS * source.pixels * 4
    disk = OnDisk(cluster, path)
    with STEPS[step](cluster, 0, path) as hold:
        writing = background(source.write, spark, path, PARTITIONS, "errorifexists")
        reached = hold.wait(writing)
        assert reached.pid in cluster.executors(0)
        assert disk.check_consistent(source) == set() or step == "at the commit"
        held = cluster.hosts[0].at(Path(reached.path))
        if step in ("half-way", "before the rename"):
            assert is_half_done(step, held.stat().st_size, full)
        cluster.kill_executors(0)
        hold.release()
        writing.result(timeout=120)
    disk.check_whole(source, PARTITIONS)
