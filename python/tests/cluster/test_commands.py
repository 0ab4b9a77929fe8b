"""`spark-submit` of the application: what it prints and how it ends, on three hosts."""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from .datasets import Copy, OnDisk, Source
from .driver import Driver
from .harness import Cluster
from .holds import wait_for_any
from .processes import background, wait_until

PARTITIONS = 6
MAIN = "io.sparkarrays.app.Arrays"
SOURCE = Source(scan=(4, 6), frame=(64, 64), seed=5)


@pytest.fixture(scope="module")
def path(cluster: Cluster) -> Path:
    """Give a whole data set that is spread over the hosts; tests leave it as it was."""
    path = cluster.data / "commands" / "set"
    for host in cluster.hosts:
        host.at(path.parent).mkdir()
    spark: SparkSession = cluster.spark()
    SOURCE.write(spark, path, PARTITIONS, "errorifexists")
    OnDisk(cluster, path).check_whole(SOURCE, PARTITIONS)
    return path


def submit(cluster: Cluster, *args: object, **conf: str) -> Driver:
    """Start the application on the cluster."""
    words = [str(arg) for arg in args]
    return cluster.submit(cluster.jars[0], *words, main_class=MAIN, **conf)


def ended(driver: Driver, status: int) -> str:
    """Wait for the end, check the exit status, and give the output."""
    assert driver.wait() == status, driver.output
    assert "\tat " not in driver.output, "a stack trace that nobody asked for"
    return driver.output


def test_describe_tells_structure_types_partitions_and_hosts(cluster: Cluster, path: Path) -> None:
    output = ended(submit(cluster, "describe", path, "--json"), 0)
    told = json.loads(output[output.index("\n{\n") :].partition("\n}\n")[0] + "\n}")
    assert told["scan"] == [4, 6]
    assert told["columns"][-1] == {
        "name": "frame", "type": "ARRAY<FLOAT>", "dtype": "float32", "frame": [64, 64],
    }  # fmt: skip
    assert [column["name"] for column in told["columns"]][:-1] == [
        "frame_index",
        "scan_0",
        "scan_1",
    ]
    assert told["missing"] == told["silent"] == told["writes"] == []
    placed = {i: [c.host.address for c in copies] for i, copies in _placed(cluster, path).items()}
    assert {i: [h for h, has in told["hosts"].items() if i in has] for i in placed} == placed


@pytest.mark.long
def test_verify_finds_each_damage(cluster: Cluster, path: Path, tmp_path: Path) -> None:
    manifest = tmp_path / "set.sha256"
    before = {copy: copy.state() for copy in OnDisk(cluster, path).copies()}
    output = ended(submit(cluster, "verify", path, "--hosts", 3, "--write-manifest", manifest), 0)
    assert re.search(rf"{path}: 7 files in 9 copies on 3 hosts, .* read: all right", output)
    assert re.search(r"^verify: \d+ of \d+ tasks, .*, \d+ s$", output, re.MULTILINE)
    assert {copy: copy.state() for copy in OnDisk(cluster, path).copies()} == before
    assert OnDisk(cluster, path).hidden() == []
    for host in cluster.hosts:
        check = ["sha256sum", "--check", "--strict", "--ignore-missing", "--quiet", str(manifest)]
        subprocess.run(check, cwd=host.at(path), check=True)

    placed = _placed(cluster, path)
    gone, short, flipped, copied = (placed[i][0] for i in range(4))
    kept = {copy: copy.file.read_bytes() for copy in (gone, short, flipped)}
    second = cluster.hosts[(copied.host.index + 1) % 3]
    other = second.at(path) / "parts" / copied.file.name
    try:
        gone.file.unlink()
        short.file.write_bytes(kept[short][:-1])
        flipped.file.write_bytes(_flip(kept[flipped]))
        other.write_bytes(_flip(copied.file.read_bytes()))
        output = ended(submit(cluster, "verify", path, "--hosts", 3, "--manifest", manifest), 1)
    finally:
        for copy, content in kept.items():
            copy.file.write_bytes(content)
        other.unlink(missing_ok=True)
    found = re.findall(r"^(\w+) +parts/partition-(\d{8})(?: on (\S+))?: ", output, re.MULTILINE)
    assert sorted(found) == sorted([
        ("absent", "00000000", ""),
        ("size", "00000001", short.host.address),
        ("checksum", "00000002", flipped.host.address),
        ("checksum", "00000003", second.address),
    ])  # fmt: skip
    assert "7 files in 9 copies" in output
    assert "4 problems" in output


def test_verify_says_what_a_dead_host_leaves_unknown(cluster: Cluster, path: Path) -> None:
    lost = [c.index for c in OnDisk(cluster, path).copies() if c.host.index == 1]
    assert lost
    cluster.stop_spark()
    cluster.kill_host(1)
    try:
        output = ended(submit(cluster, "verify", path, "--hosts", 3), 3)
        assert "only 2 of 3 hosts" in output
        told = re.findall(r"^unknown +parts/partition-0*(\d+): ", output, re.MULTILINE)
        assert [int(index) for index in told] == lost
    finally:
        cluster.start_host(1)


@pytest.mark.long
def test_convert_tells_its_progress_and_what_it_wrote(cluster: Cluster, path: Path) -> None:
    target = path.with_name("converted")
    hidden = f"{target.parent}/*/.tmp-partition-*"
    driver = submit(cluster, "convert", path, target, "--write-option", "partitions=4")
    # Spark chooses the hosts that write: the first to do so waits.
    with contextlib.ExitStack() as stack:
        stack.callback(_end, driver)
        holds = [stack.enter_context(cluster.hold(i, "write", hidden)) for i in range(3)]
        ending = background(driver.wait, 240)
        wait_for_any(holds, ending, 120)
        wait_until(
            lambda: re.search(r"^convert: \d+ of [1-9]\d* tasks, ", driver.output, re.MULTILINE),
            "a line of progress while it runs",
        )
        assert not driver.finished(), driver.output
        for hold in holds:
            hold.release()
        output = ended(driver, 0)
    assert "4 of 4 present" in output
    assert f"converted {path} in " in output
    OnDisk(cluster, target).check_whole(SOURCE, 4)


def test_failed_convert_leaves_nothing(cluster: Cluster, path: Path) -> None:
    target = path.with_name("refused")
    output = ended(submit(cluster, "convert", path, target, "--write-option", "dtype=uint8"), 1)
    assert len(re.findall(r"^\[VALUE_OUT_OF_RANGE\] .*$", output, re.MULTILINE)) == 1
    assert OnDisk(cluster, target).copies() == []
    assert OnDisk(cluster, target).hidden() == []


def test_help_and_misuse_need_no_cluster(cluster: Cluster) -> None:
    output = ended(submit(cluster, "--help"), 0)
    assert all(f"\n  {name} " in output for name in ("describe", "verify", "convert", "delete"))
    output = ended(submit(cluster, "verify", "/data", "--hosts", "many"), 2)
    assert "--hosts many" in output
    assert "Usage: spark-submit" in output


def _end(driver: Driver) -> None:
    """End it, if a failed test has left it."""
    if not driver.finished():
        driver.kill()


def _placed(cluster: Cluster, path: Path) -> dict[int, list[Copy]]:
    return OnDisk(cluster, path).placed()


def _flip(content: bytes) -> bytes:
    return content[:-1] + bytes([content[-1] ^ 1])
