"""`kill -9` of whoever writes HDF5 results: h5py sees the old one or the new one, whole.

Writes are held at chosen system calls from outside (see `cluster/holds.c`) and killed there; runs
under the marker `long` are killed anywhere.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import h5py
import pytest
from pyspark.sql import SparkSession
from pyspark.sql.streaming.readwriter import DataStreamWriter

from cluster.holds import Hold, build_library
from cluster.processes import command_line, kill, wait_until

FRAMES = 4
"""Of a batch, and of an epoch."""

WIDTH = 3000
OLD, NEW = 1, 1000


def put_batch(spark: SparkSession, folder: Path, first: int) -> None:
    """Write a result in place of the one that is there: frame i holds first + i."""
    rows = spark.range(0, FRAMES, 1, FRAMES).selectExpr(
        "id AS frame_index", f"transform(sequence(1, {WIDTH}), k -> {first} + id) AS data"
    )
    rows.write.format("hdf5").mode("overwrite").save(f"{folder}/result.h5")


def epochs(spark: SparkSession, folder: Path, count: int, interval: int = 1) -> DataStreamWriter:
    """Have some epochs more, and a stream that will write what is not written: frame i holds i.

    Every `interval` epochs they are shown.
    """
    source = folder / "input"
    source.mkdir(exist_ok=True)
    for _ in range(count):
        first = FRAMES * len(list(source.glob("*.json")))
        rows = [f'{{"frame_index": {i}}}' for i in range(first, first + FRAMES)]
        partial = folder / "next"
        partial.write_text("\n".join(rows))
        partial.rename(source / f"{first:06d}.json")
    frames = (
        spark.readStream.schema("frame_index BIGINT")
        .option("maxFilesPerTrigger", 1)
        .json(str(source))
        .repartition(2)
        .selectExpr("frame_index", f"transform(sequence(1, {WIDTH}), k -> frame_index) AS data")
    )
    return (
        frames.writeStream.format("hdf5")
        .option("checkpointLocation", f"{folder}/checkpoint")
        .option("masterInterval", interval)
        .option("path", f"{folder}/result.h5")
    )


def put_epochs(spark: SparkSession, folder: Path, count: int, interval: int = 1) -> None:
    """Write some epochs more."""
    stream = epochs(spark, folder, count, interval)
    stream.trigger(availableNow=True).start().awaitTermination()


def put_hidden_epochs(spark: SparkSession, folder: Path, count: int) -> None:
    """As the other, but after the first epoch, others are shown when the query ends."""
    put_epochs(spark, folder, count, interval=3)


def found(folder: Path) -> list[int]:
    """Read what each frame holds, all of whose elements must be the same."""
    path = folder / "result.h5"
    if not path.exists():
        return []
    with h5py.File(path) as file:
        data = file["data"]
        assert all((folder / source.file_name).exists() for source in data.virtual_sources()), (
            "the result lost a part"
        )
        frames = data[()]
    assert (frames == frames[:, :1]).all()
    return [int(value) for value in frames[:, 0]]


def batch(first: int) -> list[int]:
    """Tell what a batch holds."""
    return list(range(first, first + FRAMES))


def parts(folder: Path) -> dict[str, int]:
    """Tell how many frames each file beside the result holds."""
    frames = {}
    for path in (folder / "result.h5.parts").glob("*.h5"):
        with h5py.File(path) as file:
            frames[path.name] = len(file["data"])
    return frames


def leftovers(folder: Path) -> list[str]:
    """Name what no result needs."""
    hidden = [file.name for file in folder.iterdir() if file.name.startswith(".")]
    with h5py.File(folder / "result.h5") as file:
        needed = {Path(source.file_name).name for source in file["data"].virtual_sources()}
        needed.add(Path(file.attrs["spark_arrays_manifest"]).name)
    there = {file.name for file in (folder / "result.h5.parts").iterdir()} - {".lock"}
    return hidden + sorted(there - needed)


@dataclass(frozen=True)
class Case:
    """A write, where it is killed, and what is found before and after."""

    put: Callable[[SparkSession, Path, int], None]
    hold: tuple[str, ...]
    before: bool
    after: list[int]


STEPS = {
    "half a part": ("write", ".staging-*/part-*.h5"),
    "parts moved": ("renamed", "*/part-*.h5", "*.parts/*part-*.h5"),
    "manifest there": ("delete", "*.parts/.tmp-manifest-*"),
    "half a result": ("write", ".tmp-result.h5-*"),
    "result not in place": ("rename", "*", "result.h5"),
}

CASES = {
    **{f"batch, {step}": Case(put_batch, hold, True, batch(OLD)) for step, hold in STEPS.items()},
    **{f"new, {step}": Case(put_batch, hold, False, []) for step, hold in STEPS.items()},
    "batch, old parts stay": Case(put_batch, ("delete", "*.parts/part-*"), True, batch(NEW)),
    **{f"epoch, {step}": Case(put_epochs, hold, True, batch(0)) for step, hold in STEPS.items()},
    **{
        f"epoch, {step}": Case(put_hidden_epochs, hold, True, batch(0))
        for step, hold in {
            "not waiting": ("rename", "*.parts/.tmp-waiting*", "*"),
            "waiting": ("renamed", "*.parts/.tmp-waiting*", "*"),
            "not shown": ("rename", "*", "result.h5"),
        }.items()
    },
    "epoch, waited": Case(
        put_hidden_epochs, ("delete", "*.parts/waiting.json"), True, list(range(2 * FRAMES))
    ),
    "epoch, manifests": Case(
        put_epochs, ("delete", "*.parts/manifest-*"), True, list(range(2 * FRAMES))
    ),
}

ALONE = [name for name, case in CASES.items() if case.hold[0] == "write"]
"""Who is held there holds the library's only lock."""

TOGETHER = [name for name in CASES if name not in ALONE]

CHILD = """
import sys, threading
from pathlib import Path
import spark_arrays
from hdf5_library import jars
from test_hdf5_killed import CASES, NEW, put_batch

spark = spark_arrays.session(
    master="local[40]",
    conf={
        "spark.ui.enabled": False,
        "spark.log.level": "OFF",
        "spark.jars": ",".join(map(str, jars("bytedeco"))),
    },
)
for number, (name, case) in enumerate(CASES.items()):
    if name not in sys.argv[2:]:
        continue
    folder = Path(sys.argv[1]) / str(number)
    number = NEW if case.put is put_batch else 1
    threading.Thread(target=case.put, args=(spark, folder, number)).start()
# A query may end before what follows its end is held.
threading.Event().wait()
"""


def environment(root: Path, library: Path) -> dict[str, str]:
    """Give what a child process needs to be held."""
    return os.environ | {
        "LD_PRELOAD": str(library),
        "ARRAYS_HOLDS": str(root / "holds"),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }


def kill_at(spark: SparkSession, root: Path, names: list[str]) -> dict[str, Path]:
    """Hold some writes of one process at their steps, and kill it; gives their folders."""
    library = build_library(root)
    if library is None:
        pytest.skip("needs a C compiler, cc, for the library that holds processes")
    folders = {name: root / str(number) for number, name in enumerate(CASES) if name in names}
    with ExitStack() as stack:
        holds = []
        for name, folder in folders.items():
            case = CASES[name]
            folder.mkdir()
            if case.before:
                case.put(spark, folder, OLD)
            operation, *globs = case.hold
            paths = [f"{folder}/{glob}" for glob in globs]
            holds.append(stack.enter_context(Hold(root / "holds", operation, *paths)))
        log = (root / "log").open("wb")
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(root), *names],
            env=environment(root, library),
            stdout=log,
            stderr=log,
        )

        def all_reached() -> set[int]:
            assert child.poll() is None, (root / "log").read_text()
            reached = [hold.reached() for hold in holds]
            pids = {one.pid for one in reached if one is not None}
            return set() if None in reached else pids

        try:
            kill(wait_until(all_reached, f"{holds} to be reached", 240))
        finally:
            child.kill()
            child.wait()
            log.close()
    return folders


def check(spark: SparkSession, name: str, folder: Path) -> None:
    """See that a result is whole, and that the next write clears the rest away."""
    case = CASES[name]
    assert found(folder) == case.after
    if case.put is put_batch:
        put_batch(spark, folder, NEW)
        assert found(folder) == batch(NEW)
    else:
        # The epoch that was begun comes again, and another one.
        put_epochs(spark, folder, 1)
        assert found(folder) == list(range(3 * FRAMES))
    assert leftovers(folder) == []


@pytest.fixture(scope="module")
def killed(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Give the folder of each case, after the driver was killed."""
    return kill_at(spark, tmp_path_factory.mktemp("killed"), TOGETHER)


@pytest.mark.parametrize("name", TOGETHER)
def test_a_killed_write_is_whole_or_absent_and_swept_up_by_the_next(
    spark: SparkSession, killed: dict[str, Path], name: str
) -> None:
    check(spark, name, killed[name])


@pytest.mark.long
@pytest.mark.parametrize("name", ALONE)
def test_a_write_killed_alone(spark: SparkSession, tmp_path: Path, name: str) -> None:
    """One process each."""
    check(spark, name, kill_at(spark, tmp_path, [name])[name])


STOPPED = """
import sys
from pathlib import Path
import spark_arrays
from hdf5_library import jars
from test_hdf5_killed import epochs

spark = spark_arrays.session(
    master="local[2]",
    conf={"spark.ui.enabled": False, "spark.jars": ",".join(map(str, jars("bytedeco")))},
)
query = epochs(spark, Path(sys.argv[1]), 2, 3).start()
query.processAllAvailable()
print("written", flush=True)
input()
spark.stop()
print("stopped", flush=True)
input()
"""


@pytest.mark.long
def test_a_stopped_driver_has_shown_all(tmp_path: Path) -> None:
    """The query waits for its next epoch when Spark is stopped, which nobody says has ended it."""
    with subprocess.Popen(
        [sys.executable, "-c", STOPPED, str(tmp_path)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            assert child.stdout.readline() == "written\n"
            assert found(tmp_path) == batch(0)
            print(file=child.stdin, flush=True)
            assert child.stdout.readline() == "stopped\n"
            assert found(tmp_path) == list(range(2 * FRAMES))
            assert leftovers(tmp_path) == []
        finally:
            child.kill()


RANDOM = """
import sys
from pathlib import Path
import spark_arrays
from hdf5_library import jars
from test_hdf5_killed import put_batch, put_epochs

spark = spark_arrays.session(
    master=sys.argv[1],
    conf={
        "spark.ui.enabled": False,
        "spark.log.level": "OFF",
        "spark.deploy.maxExecutorRetries": -1,
        "spark.driver.extraJavaOptions": "-XX:+UseSerialGC -XX:TieredStopAtLevel=1",
        "spark.executor.extraJavaOptions": "-XX:+UseSerialGC -XX:TieredStopAtLevel=1",
        "spark.executor.memory": "512m",
        "spark.jars": ",".join(map(str, jars("bytedeco"))),
    },
)
root = Path(sys.argv[2])
first = int(sys.argv[3])
print("pid", spark._jvm.java.lang.ProcessHandle.current().pid(), flush=True)
while not (root / "stop").exists():
    put_batch(spark, root / "batch", first)
    print("batch", first, flush=True)
    put_epochs(spark, root / "stream", 1)
    print("epoch", flush=True)
    first += 1
"""


def kills() -> int:
    """Tell how often is killed: as the environment's ``HDF5_KILLS`` says, else 15 times."""
    return int(os.environ.get("HDF5_KILLS", "15"))


def start_writing(root: Path, master: str, first: int) -> tuple[subprocess.Popen[str], int]:
    """Have a process write batches, from a number on, and epochs; gives its JVM's id, too."""
    child = subprocess.Popen(
        [sys.executable, "-c", RANDOM, master, str(root), str(first)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert child.stdout is not None
    words = child.stdout.readline().split()
    assert words[:1] == ["pid"], "the child did not start"
    return child, int(words[1])


def check_last(spark: SparkSession, root: Path) -> None:
    """See that nothing is lost of what a stream began, and that the next write clears up."""
    put_batch(spark, root / "batch", 7)
    put_epochs(spark, root / "stream", 1)
    assert found(root / "batch") == batch(7)
    count = len(list((root / "stream" / "input").glob("*.json")))
    assert found(root / "stream") == list(range(FRAMES * count))
    for name, frames in (("batch", FRAMES), ("stream", FRAMES * count)):
        assert leftovers(root / name) == []
        assert sum(parts(root / name).values()) == frames


@pytest.mark.long
def test_a_driver_killed_anywhere(spark: SparkSession, tmp_path: Path) -> None:
    rng = random.Random(5)
    for name in ("batch", "stream"):
        (tmp_path / name).mkdir()
    whole = 0
    for number in range(kills()):
        first = 1000 * (number + 1)
        child, jvm = start_writing(tmp_path, "local[2]", first)
        assert child.stdout is not None
        # Where in its first rounds it is killed is chance.
        said = [child.stdout.readline().split() for _ in range(rng.randrange(4))]
        time.sleep(rng.uniform(0, 2 if said else 8))
        os.kill(jvm, signal.SIGKILL)
        said += [line.split() for line in child.stdout]
        child.kill()
        child.wait()
        written = [int(line[1]) for line in said if line[0] == "batch"]
        holds = found(tmp_path / "batch")
        if written:
            whole = written[-1]
        # What was there last, or the one that was under way.
        allowed = [whole, max(whole + 1, first), first]
        assert holds in ([[]] if whole == 0 else []) + [batch(value) for value in allowed]
        whole = holds[0] if holds else 0
        frames = found(tmp_path / "stream")
        assert frames == list(range(len(frames)))
        assert len(frames) % FRAMES == 0
        assert len(frames) >= FRAMES * sum(line[0] == "epoch" for line in said)
        print("driver", number + 1, "killed; whole:", len(said), "writes by it", flush=True)
    check_last(spark, tmp_path)


def executors(jvm: int) -> list[int]:
    """Process ids of the executors of a local cluster's JVM."""
    pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    backends = [pid for pid in pids if "CoarseGrainedExecutorBackend" in command_line(pid)]
    return [pid for pid in backends if parent(pid) == jvm]


def parent(pid: int) -> int:
    """Who started a process; 0 if it is gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return int(stat.rpartition(")")[2].split()[1])


def await_write(child: subprocess.Popen[str], said: list[str], count: int) -> None:
    """Wait until the child has told of so many writes."""
    wait_until(lambda: len(said) >= count or child.poll() is not None, "the next write", 120)
    assert child.poll() is None, "the driver is gone"


@pytest.mark.long
def test_executors_killed_anywhere(spark: SparkSession, tmp_path: Path) -> None:
    """Their tasks run again, and the driver's writes end as if nothing had been."""
    rng = random.Random(6)
    for name in ("batch", "stream"):
        (tmp_path / name).mkdir()
    child, jvm = start_writing(tmp_path, "local-cluster[2,1,512]", 1000)
    assert child.stdout is not None
    said: list[str] = []
    reading = threading.Thread(target=lambda out: said.extend(out), args=(child.stdout,))
    reading.start()
    await_write(child, said, 1)
    numbers: list[int] = []
    for number in range(kills()):
        pids = wait_until(lambda: executors(jvm), "an executor to kill")
        lines = len(said)
        kill([rng.choice(pids)])
        holds, frames = found(tmp_path / "batch"), found(tmp_path / "stream")
        assert holds == batch(holds[0])
        assert frames == list(range(len(frames)))
        assert len(frames) % FRAMES == 0
        numbers.append(holds[0])
        assert numbers == sorted(numbers)
        # No task is killed four times.
        await_write(child, said, lines + 1)
        print("executor", number + 1, "killed; whole:", lines, "writes before", flush=True)
        # Where in the writes after it is chance.
        time.sleep(rng.uniform(0, 2))
    (tmp_path / "stop").touch()
    assert child.wait(120) == 0
    reading.join()
    assert found(tmp_path / "batch") == batch(999 + len(said) // 2)
    for name in ("batch", "stream"):
        assert leftovers(tmp_path / name) == []
    check_last(spark, tmp_path)


FULL = """
import os, subprocess, sys
from pathlib import Path
import spark_arrays
from hdf5_library import jars
from test_hdf5_killed import NEW, put_batch

spark = spark_arrays.session(
    master="local[2]",
    conf={
        "spark.ui.enabled": False,
        "spark.log.level": "OFF",
        "spark.jars": ",".join(map(str, jars("bytedeco"))),
    },
)
disk = Path(sys.argv[1])
disk_of = os.statvfs(disk)
used = (disk_of.f_blocks - disk_of.f_bavail) * disk_of.f_frsize
for left in range(0, 400, 8):
    size = f"remount,size={used + 4096 * left}"
    subprocess.run(["mount", "-o", size, str(disk)], check=True)
    try:
        put_batch(spark, disk, NEW)
    except Exception as error:
        codes = ["IO_FAILED", "COMMIT_FAILED", "HDF5_LIBRARY_FAILED"]
        assert any(code in str(error) for code in codes), error
        print("full", flush=True)
        input()
        continue
    print("written", flush=True)
    break
# What the library could not write it may try to write again at the end, in vain.
os._exit(0)
"""


@pytest.mark.long
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
def test_a_full_disk_leaves_the_old_result(spark: SparkSession, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(disk)]
    if subprocess.run(mount, check=False).returncode != 0:
        pytest.skip("mounting is not allowed here")
    try:
        put_batch(spark, disk, OLD)
        old = {file.name for file in (disk / "result.h5.parts").iterdir()}
        child = subprocess.Popen(
            [sys.executable, "-c", FULL, str(disk)],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert child.stdin is not None
        assert child.stdout is not None
        said = []
        for line in child.stdout:
            said.append(line.strip())
            if said[-1] == "full":
                assert found(disk) == batch(OLD)
                assert {file.name for file in (disk / "result.h5.parts").iterdir()} == old
                print("on", file=child.stdin, flush=True)
        child.wait()
        assert said[-1] == "written"
        assert said.count("full") > 3
        assert found(disk) == batch(NEW)
        assert leftovers(disk) == []
    finally:
        subprocess.run(["umount", str(disk)], check=True)
