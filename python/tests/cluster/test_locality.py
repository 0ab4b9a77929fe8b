"""A task away from its file says so, and Spark's retry brings it where the file is."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from .datasets import OnDisk, Source, frames_of, load
from .harness import Cluster
from .metrics import task_errors
from .processes import background, wait_until


def test_a_task_on_another_host_fails_with_advice_and_its_retry_succeeds(
    cluster: Cluster, folder: Path
) -> None:
    # No waiting for the file's host, and no limit that the test's own slowness could reach.
    spark = cluster.spark(
        spark__locality__wait="0s",
        spark__task__maxFailures="100000",
    )
    source, path = Source(seed=5), folder / "set"
    source.write(spark, path, 6, "errorifexists")
    disk = OnDisk(cluster, path)
    disk.check_whole(source, 6)
    placed = {index: copies[0] for index, copies in disk.placed().items()}
    # A host with two partitions at least: while one is held, the other's task must go elsewhere.
    host = max(cluster.hosts, key=lambda h: [c.host for c in placed.values()].count(h))
    mine = sorted(index for index, copy in placed.items() if copy.host == host)
    assert len(mine) >= 2
    # Small splits: a task a file.
    rows = load(spark, path, maxPartitionBytes=str(source.frames // 6 * source.pixels * 4))
    with (
        cluster.hold(host.index, "open", f"{path}/parts/partition-*") as hold,
    ):
        reading = background(frames_of, rows)
        hold.wait(reading)

        def told() -> list[str]:
            return [e for e in task_errors(spark) if "PARTITION_NOT_ON_HOST" in e]

        error = wait_until(told, "a task to fail away from its file", 60)[0]
        hold.release()
        index, frames = reading.result(timeout=120)
    np.testing.assert_array_equal(index, np.arange(source.frames))
    np.testing.assert_array_equal(frames, source.array())
    assert "spark.locality.wait" in error
    named = [h for h in cluster.hosts if h.address in error]
    assert len(named) == 2, f"names not the two hosts: {error}"
    assert str(path) in error
