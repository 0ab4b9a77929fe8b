"""The cluster itself: hosts that differ, that can be lost and brought back, and can be held."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest
from pyspark.errors import PythonException
from pyspark.sql import SparkSession

from . import network
from .harness import Cluster
from .metrics import count, executions, metrics, task_errors
from .processes import background, run, wait_until


def names_and_listings(spark: SparkSession, path: Path) -> dict[str, list[str]]:
    """Ask what each host that runs one of three tasks is called and sees at a path."""

    def look(_: object) -> list[tuple[str, list[str]]]:
        return [(socket.gethostname(), sorted(p.name for p in path.iterdir()))]

    # A barrier stage runs its tasks at the same time, so each on a host of its own.
    found = spark.sparkContext.parallelize(range(3), 3).barrier().mapPartitions(look).collect()
    return dict(found)


def test_a_job_runs_on_three_hosts_and_each_sees_its_own_folder(
    cluster: Cluster, spark: SparkSession
) -> None:
    folder = cluster.data / "own"
    for host in cluster.hosts:
        host.at(folder).mkdir()
        host.at(folder).joinpath(f"of-{host.name}").touch()
    seen = names_and_listings(spark, folder)
    assert seen == {host.name: [f"of-{host.name}"] for host in cluster.hosts}
    assert not folder.exists(), "the driver has a folder of its own at that path, an empty one"


def test_hosts_reach_each_other(cluster: Cluster) -> None:
    for host in cluster.hosts:
        for other in cluster.hosts:
            with_worker = ["nsenter", f"--net=/run/netns/{cluster.network.namespace(host.index)}"]
            reach = f"import socket; socket.create_connection(('{other.address}', 7078), 10)"
            run(*with_worker, sys.executable, "-c", reach)


def test_a_killed_host_is_missed_and_comes_back(cluster: Cluster, spark: SparkSession) -> None:
    cluster.kill_host(1)
    assert cluster.executors(1) == []
    assert spark.range(100).count() == 100
    cluster.start_host(1)
    folder = cluster.data / "back"
    for host in cluster.hosts:
        host.at(folder).mkdir()
    assert set(names_and_listings(spark, folder)) == {host.name for host in cluster.hosts}


def test_a_killed_executor_is_replaced(cluster: Cluster, spark: SparkSession) -> None:
    before = cluster.executors(2)
    cluster.kill_executors(2)
    wait_until(lambda: cluster.executors(2), "a new executor")
    assert set(before).isdisjoint(cluster.executors(2))
    assert spark.range(100).count() == 100


def test_a_write_is_held_half_way(cluster: Cluster, spark: SparkSession) -> None:
    target = cluster.data / "held" / "table"
    for host in cluster.hosts:
        host.at(target).mkdir(parents=True)
    rows = spark.range(0, 300_000, 1, 3)
    with cluster.hold(0, "write", f"{target}/*.parquet") as hold:
        written = background(rows.write.mode("append").parquet, str(target))
        at = hold.wait(written)
        assert at.pid in cluster.executors(0)
        held = cluster.hosts[0].folder / Path(at.path).relative_to(cluster.data)
        half = held.stat().st_size
        assert not written.done()
        hold.release()
        written.result(timeout=60)
    assert half < max(f.stat().st_size for f in cluster.hosts[0].folder.rglob("*.parquet"))


def test_metrics_and_task_errors_are_readable(spark: SparkSession) -> None:
    known = set(executions(spark))
    assert spark.range(0, 1000, 1, 3).filter("id % 2 = 0").groupBy().count().collect()[0][0] == 500
    (new,) = set(executions(spark)) - known
    assert count(metrics(spark, new), "number of output rows") >= 500

    def fail(_: object) -> None:
        raise ValueError("told by a task")

    with pytest.raises(PythonException, match="told by a task"):
        spark.sparkContext.parallelize([1], 1).foreach(fail)
    wait_until(
        lambda: any("told by a task" in e for e in task_errors(spark)), "the task's error", 10
    )


def test_leftovers_of_a_crashed_run_are_removed_and_running_ones_stay(cluster: Cluster) -> None:
    crash = (
        "import os, subprocess, sys; from cluster.network import Network\n"
        "net = Network(1); net.create()\n"
        "child = ['ip', 'netns', 'exec', net.namespace(0), 'sleep', '1000']\n"
        "null = subprocess.DEVNULL\n"
        "print(net.id, subprocess.Popen(child, stdout=null, stderr=null).pid, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    crashed = subprocess.run(
        [sys.executable, "-c", crash], capture_output=True, text=True,
        cwd=Path(__file__).parents[1],
    )  # fmt: skip
    left, pid = crashed.stdout.split()
    assert left in run("ip", "link")
    assert left in run("ip", "netns", "list")
    assert network.remove_leftovers() == [left]
    assert left not in run("ip", "link")
    assert left not in run("ip", "netns", "list")
    wait_until(lambda: not Path(f"/proc/{pid}").exists(), "the left process to be reaped", 10)
    assert len(cluster.workers()) == len(cluster.hosts)
