"""The command `follow`: how far a live scan is, told without Spark."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pyspark
import pytest

from live_scans import writing
from spark_arrays._jar import find_jar

MAIN = "io.sparkarrays.app.Arrays"
SPARK = Path(pyspark.__file__).parent
PLAIN = ["java", "-XX:TieredStopAtLevel=1", "-cp", f"{find_jar()}:{SPARK / 'jars' / '*'}", MAIN]
SUBMIT = [str(SPARK / "bin" / "spark-submit"), "--class", MAIN, str(find_jar())]
KEYS = ["dataset=/entry/data/data", "keys=/entry/keys/key_1"]
FINISHED = "finishedDataset=/entry/finished"


def start(path: Path, *options: str, command: list[str] = PLAIN) -> Any:
    """Start the command."""
    words = [word for option in (*KEYS, *options) for word in ("--option", option)]
    return subprocess.Popen(
        [*command, "follow", str(path), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"SPARK_HOME": str(SPARK)},
    )


def test_follows_a_scan_to_its_end(tmp_path: Path) -> None:
    """It tells rates while frames come, and ends with the scan."""
    path = tmp_path / "live.h5"
    arguments = ["--scan", 120, "--fps", 25, "--go", "--hold", 60]
    with writing(path, *arguments) as process:
        command = start(path, FINISHED, "timeout=60", command=SUBMIT)
        first = command.stdout.readline()
        assert first == f"{path}: 0 of 120 frames, being written\n"
        process.stdin.write("go\n")
        process.stdin.flush()
        output, errors = command.communicate(timeout=100)
    assert command.returncode == 0, errors
    assert "SparkContext" not in errors
    *lines, last = output.splitlines()
    assert len(lines) > 1
    for line in lines:
        rate = r"\d+ of 120 frames, \d+\.\d frames/s, (being written|complete)"
        assert re.fullmatch(f"{path}: {rate}", line), lines
    rate = r"120 of 120 frames, 2\d\.\d frames/s on the whole, complete"
    assert re.fullmatch(f"{path}: {rate}", last), last


@pytest.mark.parametrize(
    ("writer", "options", "status", "end"),
    [
        (["--missing", "20,45"], [FINISHED], 1, "58 of 60 frames, 2 missing (20 45), finished"),
        (["--kill-after", 40], ["timeout=1"], 3, "40 of 60 frames, being written, silent for 1 s"),
        (["--never-finish", "--grow"], ["endOn=now"], 0, "60 frames, closed by its writer"),
    ],
)  # fmt: skip
def test_what_is_told_at_the_end(
    tmp_path: Path, writer: list[object], options: list[str], status: int, end: str
) -> None:
    """What is missing, what the writer's state is, and an exit status to go by."""
    path = tmp_path / "live.h5"
    with writing(path, *writer) as process:
        process.wait()
    command = start(path, *options)
    output, errors = command.communicate(timeout=100)
    assert output.splitlines()[-1] == f"{path}: {end}", (output, errors)
    assert command.returncode == status
