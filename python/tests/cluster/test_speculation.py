"""Two attempts of one task write the same partitions: each is published once."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from .datasets import OnDisk, Source, frames_of, load
from .harness import Cluster
from .processes import background, wait_until
from .test_killed_executor import PARTITIONS, temps


def test_a_slow_attempt_and_its_copy_publish_once(cluster: Cluster, folder: Path) -> None:
    spark = cluster.spark(
        spark__speculation="true",
        spark__speculation__interval="50ms",
        spark__speculation__quantile="0.3",
        spark__speculation__multiplier="1.1",
        spark__speculation__minTaskRuntime="100ms",
    )
    source, path = Source(scan=(4, 6), frame=(64, 64), seed=17), folder / "set"
    with (
        cluster.hold(0, "write", temps(path)) as hold,
    ):
        writing = background(source.write, spark, path, PARTITIONS, "errorifexists")
        name = Path(hold.wait(writing).path).name.removeprefix(".tmp-")[: len("partition-00000000")]

        def copied() -> list[Path]:
            others = [host.at(folder) for host in cluster.hosts[1:]]
            return [file for other in others for file in other.rglob(name)]

        wait_until(copied, f"a second attempt to write {name} on another host")
        # Now the slow one goes on and is too late.
        hold.release()
        writing.result(timeout=120)
    disk = OnDisk(cluster, path)
    disk.check_whole(source, PARTITIONS)
    np.testing.assert_array_equal(frames_of(load(spark, path))[1], source.array())
