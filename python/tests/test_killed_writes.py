"""`kill -9` of a driver whose writes stand at chosen steps: each data set is old, new or absent.

All writes run in one local Spark, which is held from outside (see `cluster/holds.c`) and killed
once; what it leaves is looked at, and swept up by the next write of the same name.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from cluster.holds import Hold, build_library
from cluster.processes import kill, wait_until
from store_writes import ARRAYS, FORMAT, RANKS, TABLES, Kind, names

ABSENT, OLD, NEW = None, 0, 1000
TEMPS = ".staging-*/*"
"""What tasks write."""


@dataclass(frozen=True)
class Case:
    """A write, the call before or after which it is killed, and what readers find then."""

    kind: Kind
    hold: tuple[str, ...]
    before: int | None
    after: int | None


CASES = {
    "format, half a part": Case(FORMAT, ("write", TEMPS), OLD, OLD),
    "format, parts in place": Case(FORMAT, ("renamed", TEMPS, "set.gio#[15]"), OLD, OLD),
    "format, map not in place": Case(FORMAT, ("rename", "*", "set.gio"), OLD, OLD),
    "format, old parts stay": Case(FORMAT, ("delete", "set.gio#1"), OLD, NEW),
    "format, new": Case(FORMAT, ("rename", "*", "set.gio"), ABSENT, ABSENT),
    "tables, half a part": Case(TABLES, ("write", TEMPS), OLD, OLD),
    "tables, map not in place": Case(TABLES, ("rename", "*", "*.gio"), OLD, OLD),
    "tables, old parts stay": Case(TABLES, ("delete", "*.gio#1"), OLD, NEW),
    "tables, new": Case(TABLES, ("rename", "*", "*.gio"), ABSENT, ABSENT),
    "arrays, half a file": Case(ARRAYS, ("write", TEMPS), OLD, OLD),
    "arrays, one gone": Case(ARRAYS, ("delete", "*rank-1.npz"), OLD, ABSENT),
    "arrays, one new": Case(ARRAYS, ("renamed", TEMPS, "*-2.npz"), OLD, ABSENT),
    "arrays, new": Case(ARRAYS, ("renamed", TEMPS, "*-2.npz"), ABSENT, ABSENT),
    "arrays, the last": Case(ARRAYS, ("renamed", TEMPS, "*-0.npz"), OLD, NEW),
}

CHILD = """
import sys, threading
from pathlib import Path
import spark_arrays
from test_killed_writes import CASES, NEW

spark = spark_arrays.session(
    master="local[32]", conf={"spark.ui.enabled": False, "spark.log.level": "OFF"}
)
for number, case in enumerate(CASES.values()):
    folder = Path(sys.argv[1]) / str(number)
    threading.Thread(target=case.kind.put, args=(spark, folder, NEW)).start()
"""


@pytest.fixture(scope="module")
def killed(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Give the folder of each case, after the driver was killed."""
    root = tmp_path_factory.mktemp("killed")
    library = build_library(root)
    if library is None:
        pytest.skip("needs a C compiler, cc, for the library that holds processes")
    folders = {name: root / str(number) for number, name in enumerate(CASES)}
    environment = os.environ | {
        "LD_PRELOAD": str(library),
        "ARRAYS_HOLDS": str(root / "holds"),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    with ExitStack() as stack:
        holds = []
        for name, case in CASES.items():
            folders[name].mkdir()
            if case.before is not None:
                case.kind.put(spark, folders[name], case.before)
            operation, *globs = case.hold
            paths = [f"{folders[name]}/{glob}" for glob in globs]
            holds.append(stack.enter_context(Hold(root / "holds", operation, *paths)))
        log = (root / "log").open("wb")
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(root)], env=environment, stdout=log, stderr=log
        )

        def all_reached() -> set[int]:
            assert child.poll() is None, (root / "log").read_text()
            found = [hold.reached() for hold in holds]
            pids = {reached.pid for reached in found if reached is not None}
            return set() if None in found else pids

        try:
            kill(wait_until(all_reached, f"{holds} to be reached", 180))
        finally:
            child.kill()
            child.wait()
            log.close()
    return folders


@pytest.mark.long
@pytest.mark.parametrize("name", CASES)
def test_a_killed_write_is_whole_or_absent_and_swept_up_by_the_next(
    spark: SparkSession, killed: dict[str, Path], name: str
) -> None:
    case, folder = CASES[name], killed[name]
    found = case.kind.numbers(spark, folder)
    assert found == (None if case.after is None else range(case.after, case.after + RANKS))
    if case.after is None:
        with pytest.raises(Exception, match="PATH_NOT_FOUND"):
            spark.read.format("genericio").load(f"{folder}/*.gio*").collect()
    left = names(folder)
    assert any(file.startswith(".") for file in left), "the dead writer left nothing"
    case.kind.put(spark, folder, NEW)
    assert case.kind.numbers(spark, folder) == range(NEW, NEW + RANKS)
    assert len(names(folder)) == case.kind.files, f"{left}: {names(folder)}"
