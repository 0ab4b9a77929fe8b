"""`kill -9` of an executor whose task writes a part or a rank: the task runs again elsewhere.

Data sets are in a folder that all hosts share, as these formats need it.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from store_writes import ARRAYS, FORMAT, RANKS, TABLES, Kind, names

from .harness import Cluster
from .holds import wait_for_any
from .processes import background

CASES: dict[str, tuple[Kind, tuple[str, ...]]] = {
    "format, half a part": (FORMAT, ("write", "*")),
    "tables, before a file is whole": (TABLES, ("rename", "*", "*")),
    "arrays, behind a whole file": (ARRAYS, ("renamed", "*", "*")),
}


@pytest.mark.parametrize("name", CASES)
def test_a_killed_task_writes_again(
    cluster: Cluster, spark: SparkSession, tmp_path: Path, name: str
) -> None:
    kind, (operation, *globs) = CASES[name]
    kind.put(spark, tmp_path, 0)
    paths = [f"{tmp_path}/.staging-*/{glob}" for glob in globs]
    with ExitStack() as held:
        # On all hosts: a slow one may get no task.
        holds = [
            held.enter_context(cluster.hold(host.index, operation, *paths))
            for host in cluster.hosts
        ]
        writing = background(kind.put, spark, tmp_path, 1000)
        pid = wait_for_any(holds, writing).pid
        (victim,) = (h.index for h in cluster.hosts if pid in cluster.executors(h.index))
        # The others go on: reading needs somebody.
        for host in cluster.hosts:
            if host.index != victim:
                holds[host.index].release()
        assert kind.numbers(spark, tmp_path) == range(RANKS)
        cluster.kill_executors(victim)
        holds[victim].release()
        writing.result(timeout=120)
    assert kind.numbers(spark, tmp_path) == range(1000, 1000 + RANKS)
    assert len(names(tmp_path)) == kind.files, names(tmp_path)
