"""Streams of files that are others than those that were followed: refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pyspark.errors import StreamingQueryException
from pyspark.sql import SparkSession

from live_scans import DATA, FINISHED, KEY, Scan, write
from streams import Collected, finished, frames_of, run


def test_files_that_are_others_now(spark: SparkSession, tmp_path: Path) -> None:
    """A replaced file, one that was cut and one of another structure are refused at restart."""
    path = tmp_path / "scan.h5"
    checkpoint = tmp_path / "checkpoint"
    scan = Scan(path)
    scan.put(0, 1, 2, 3)
    run(frames_of(spark, path), checkpoint, Collected())
    # The same inode, as a new run that writes over the old file has.
    scan.file.close()
    scan = Scan(path)
    scan.put(0, 1)
    with pytest.raises(StreamingQueryException, match=r"SCAN_CHANGED.*frame 3 was given before"):
        run(frames_of(spark, path), checkpoint, Collected())
    scan.file.close()
    frames = np.zeros((12, 4, 5), "u2")
    write(path, **{DATA: frames, KEY: np.arange(1, 13), FINISHED: np.zeros(1, "i4")})
    with pytest.raises(StreamingQueryException, match=r"SCAN_CHANGED.*data is now uint16 \(4, 5\)"):
        run(frames_of(spark, path), checkpoint, Collected())
    scan = Scan(tmp_path / "other.h5")
    scan.put(*range(12))
    (tmp_path / "other.h5").replace(path)
    with pytest.raises(StreamingQueryException, match=r"SCAN_CHANGED.*another file has its name"):
        run(frames_of(spark, path), checkpoint, Collected())
    scan.file.close()
    offsets = checkpoint / "offsets" / "0"
    lines = offsets.read_text().splitlines()
    offset = json.loads(lines[-1])
    assert offset["files"][0]["next"] == 4
    structure = offset["files"][0]["structure"]
    assert structure.pop("made", "")[:2] in ("", "20")
    assert structure == {"scan": "()", DATA: "uint16 (4, 4)"}


def test_a_run_that_writes_over_the_file(spark: SparkSession, tmp_path: Path, scan: Scan) -> None:
    """Keys that became smaller are another run's; greater ones are of frames taken again."""
    path, checkpoint = tmp_path / "scan.h5", tmp_path / "checkpoint"
    scan.put(0, 1, 2, 3)
    found = Collected()
    run(frames_of(spark, path), checkpoint, found)
    scan.keys[3] = 17
    scan.put(4)
    run(frames_of(spark, path), checkpoint, found)
    assert found.indexes == list(range(5))
    scan.keys[4] = 2
    scan.put(5)
    with pytest.raises(StreamingQueryException, match=r"the key of frame 4 is 2, and was 5"):
        run(frames_of(spark, path), checkpoint, found)


def tells_when_made(spark: SparkSession, path: Path) -> bool:
    """Whether Java is told by the system when a file was made; else it gives its last change."""
    gateway: Any = spark.sparkContext._gateway
    nio = gateway.jvm.java.nio.file
    file = gateway.jvm.java.io.File(str(path)).toPath()
    follow = gateway.new_array(nio.LinkOption, 0)
    made, changed = (
        nio.Files.getAttribute(file, name, follow) for name in ("creationTime", "lastModifiedTime")
    )
    return not made.equals(changed)


@pytest.mark.parametrize("whole", [False, True], ids=["going on", "finished"])
def test_a_longer_run_in_its_place(spark: SparkSession, tmp_path: Path, *, whole: bool) -> None:
    """Has all frames that were given, and mostly the inode of the file that was removed."""
    path, checkpoint = tmp_path / "scan.h5", tmp_path / "checkpoint"
    inodes = []
    for count in (4, 12):
        scan = Scan(path)
        scan.put(*range(count))
        if whole:
            scan.finish()
        scan.file.close()
        inodes.append(path.stat().st_ino)
        if count == 4:
            run(finished(spark, path, timeout=0.2), checkpoint, Collected())
            path.unlink()
    if not tells_when_made(spark, path) and inodes[0] == inodes[1]:
        pytest.skip("the file got the inode of the one before, and nothing tells when it was made")
    with pytest.raises(StreamingQueryException, match=r"SCAN_CHANGED.*another file has its name"):
        run(finished(spark, path, timeout=0.2), checkpoint, Collected())
