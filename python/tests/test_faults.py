"""Folders and files that Spark may not read or write: clear errors, and nothing left behind.

Root may do everything, so there Spark runs in a Python that gave up root's way around permissions.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys

import pytest

READS = {
    "the data set": ("scan", 0o000),
    "the data set, listed but not searched": ("scan", 0o444),
    "the folder above": (".", 0o000),
    "the sidecar": ("scan/structure.json", 0o000),
    "the folder of partitions": ("scan/parts", 0o000),
    "the folder of partitions, listed but not searched": ("scan/parts", 0o444),
    "a partition": ("scan/parts/partition-00000001", 0o000),
}
WRITES = {
    "create": (".", 0o555),
    "create in a folder that is not listed": (".", 0o333),
    "overwrite": (".", 0o555),
    "append": (".", 0o555),
    "append to a folder of partitions": ("scan/parts", 0o555),
}

CHILD = """
import json, sys
from pathlib import Path
import spark_arrays

spark = spark_arrays.session(
    master="local[2]", conf={"spark.ui.enabled": False, "spark.log.level": "OFF"}
)

def table(first, last, value):
    frames = f"transform(sequence(0, 9), k -> cast({value} AS int)) AS frame"
    return spark.range(first, last).selectExpr("id AS frame_index", frames)

def save(df, path, mode, **options):
    df.write.format("clusterdata").options(**options).mode(mode).save(str(path))

NEW = {"scanShape": "6", "frameShape": "10", "partitions": 3}

def prepare(path):
    save(table(0, 4, 1), path, "append", **NEW)

def read(path):
    return spark.read.format("clusterdata").option("missing", "skip").load(str(path)).collect()

def create(path):
    save(table(0, 6, 2), path.with_name("other"), "errorifexists", **NEW)

def overwrite(path):
    save(table(0, 6, 2), path, "overwrite", **NEW)

def append(path):
    save(table(4, 6, 2), path, "append")

for number, (what, act, place, mode) in enumerate(json.load(sys.stdin)):
    folder = Path(sys.argv[1]) / str(number)
    folder.mkdir()
    prepare(folder / "scan")
    target = folder / place
    before = target.stat().st_mode
    target.chmod(mode)
    try:
        globals()[act](folder / "scan")
        message = ""
    except Exception as error:
        message = str(error)
    finally:
        target.chmod(before)
    files = sorted(str(file.relative_to(folder)) for file in folder.rglob("*"))
    frames = [(row.frame_index, set(row.frame)) for row in read(folder / "scan")]
    whole = sorted(frames) == [(index, {1}) for index in range(4)]
    print(json.dumps({"what": what, "message": message, "files": files, "whole": whole}))
"""

CASES = [
    *((what, "read", *case) for what, case in READS.items()),
    *((what, what.split()[0], *case) for what, case in WRITES.items()),
    ("the folder above, searched but not listed", "read", ".", 0o111),
]
BEFORE = [
    "scan",
    "scan/parts",
    "scan/parts/partition-00000000",
    "scan/parts/partition-00000001",
    "scan/structure.json",
]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, object]]:
    """Give what came of each case: the error, what is there, whether the frames are whole."""
    command = [sys.executable, "-c", CHILD, str(tmp_path_factory.mktemp("faults"))]
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("root without setpriv can't give up its way around permissions")
        less = "-dac_override,-dac_read_search"
        command = ["setpriv", f"--bounding-set={less}", f"--inh-caps={less}", *command]
    done = subprocess.run(
        command, input=json.dumps(CASES), capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return {found["what"]: found for found in map(json.loads, done.stdout.splitlines())}


@pytest.mark.parametrize("what", READS)
def test_what_may_not_be_read_is_named(what: str, outcomes: dict[str, dict[str, object]]) -> None:
    message = str(outcomes[what]["message"])
    assert "[IO_FAILED]" in message
    assert "permission denied" in message or "can't be read by user" in message
    assert outcomes[what]["files"] == BEFORE


@pytest.mark.parametrize("what", WRITES)
def test_what_may_not_be_written_leaves_all_as_it_was(
    what: str, outcomes: dict[str, dict[str, object]]
) -> None:
    found = outcomes[what]
    assert "[IO_FAILED]" in str(found["message"])
    assert re.search(r"[Pp]ermission denied|can't (list|write) the folder", str(found["message"]))
    assert found["files"] == BEFORE
    assert found["whole"]


def test_a_folder_above_need_not_be_listed(outcomes: dict[str, dict[str, object]]) -> None:
    found = outcomes["the folder above, searched but not listed"]
    assert (found["message"], found["whole"]) == ("", True)
