"""`kill -9` of executors that write HDF5 results: a task runs again, and leaves one part.

Results are in a folder that all hosts share.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from hdf5_library import jars
from test_hdf5_killed import FRAMES, NEW, OLD, batch, found, leftovers, parts, put_batch, put_epochs

from .harness import Cluster
from .holds import wait_for_any
from .processes import background, wait_until

pytestmark = pytest.mark.skipif(not jars("bytedeco"), reason="no HDF5 library to write with")

UUID = "????????-????-????-????-????????????"
STAGING = f".staging-result.h5-{UUID}"

STEPS = {
    "no part": ("open", f"{STAGING}/part-*.h5"),
    "half a part": ("write", f"{STAGING}/part-*.h5"),
    # The last that a task does is to see that the folder knows its part.
    "a whole part": ("open", STAGING),
}

CASES = [
    ("batch", "half a part"),
    ("epoch", "half a part"),
    *(
        pytest.param(kind, step, marks=pytest.mark.long)
        for kind in ("batch", "epoch")
        for step in ("no part", "a whole part")
    ),
]


@pytest.mark.parametrize(("kind", "step"), CASES)
def test_a_killed_task_leaves_one_part(
    cluster: Cluster, spark: SparkSession, tmp_path: Path, kind: str, step: str
) -> None:
    put: Callable[[SparkSession, Path, int], object] = put_batch
    old, new, last = batch(OLD), batch(NEW), NEW
    if kind == "epoch":
        put, old, new, last = put_epochs, batch(0), list(range(2 * FRAMES)), 1
    put(spark, tmp_path, OLD)
    before = parts(tmp_path)
    operation, glob = STEPS[step]
    with ExitStack() as held:
        # On all hosts: a slow one may get no task.
        holds = [
            held.enter_context(cluster.hold(host.index, operation, f"{tmp_path}/{glob}"))
            for host in cluster.hosts
        ]
        writing = background(put, spark, tmp_path, last)
        pid = wait_for_any(holds, writing).pid
        (victim,) = (h.index for h in cluster.hosts if pid in cluster.executors(h.index))
        assert found(tmp_path) == old
        cluster.kill_executors(victim)
        assert found(tmp_path) == old
        for hold in holds:
            hold.release()
        writing.result(timeout=120)
    assert found(tmp_path) == new
    assert leftovers(tmp_path) == []
    added = {name: count for name, count in parts(tmp_path).items() if name not in before}
    assert sum(added.values()) == FRAMES, added


@pytest.mark.long
def test_a_slow_attempt_and_its_copy_leave_one_part(cluster: Cluster, tmp_path: Path) -> None:
    spark = cluster.spark(
        spark__speculation="true",
        spark__speculation__interval="50ms",
        spark__speculation__quantile="0.3",
        spark__speculation__multiplier="1.1",
        spark__speculation__minTaskRuntime="100ms",
    )
    with cluster.hold(0, "write", f"{tmp_path}/{STAGING}/part-*.h5") as hold:
        writing = background(put_batch, spark, tmp_path, NEW)
        slow = Path(hold.wait(writing).path)

        def copied() -> list[Path]:
            task = slow.name[: len("part-00000")]
            return [path for path in slow.parent.glob(f"{task}-*.h5") if path != slow]

        wait_until(copied, f"a second attempt to write {slow.name}")
        # Now the slow one goes on and is too late.
        hold.release()
        writing.result(timeout=120)
    assert found(tmp_path) == batch(NEW)
    assert leftovers(tmp_path) == []
    assert sorted(parts(tmp_path).values()) == [1] * FRAMES
