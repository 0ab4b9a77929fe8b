"""What the README's first screen says to type does what it says."""

from __future__ import annotations

import re
from pathlib import Path

import h5py
import matplotlib.pyplot as plt
import numpy as np
import pytest
from pyspark.sql import SparkSession

from conftest import ROOT

README = ROOT / "README.md"
MOST_LINES = 6


def python_in(page: Path) -> list[str]:
    """Give a page's blocks of Python."""
    return re.findall(r"^```python\n(.*?)^```$", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def test_a_frame_of_ones_own_file(
    spark: SparkSession,  # noqa: ARG001 - which `load` finds
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In six lines: the picture is the frame."""
    frames = np.arange(5 * 30 * 40, dtype="u2").reshape(5, 30, 40)
    with h5py.File(tmp_path / "run.h5", "w") as file:
        file["entry/data"] = frames
    code = python_in(README)[0]
    assert len([line for line in code.splitlines() if line.strip()]) <= MOST_LINES
    monkeypatch.chdir(tmp_path)
    plt.switch_backend("agg")
    shown = []
    monkeypatch.setattr(plt, "show", lambda: shown.append(plt.gci()))
    exec(compile(code, str(README), "exec"), {})
    (picture,) = shown
    assert picture is not None
    np.testing.assert_array_equal(picture.get_array(), frames[2])
    plt.close("all")


@pytest.mark.parametrize("page", ["README.md", "python/README.md"])
def test_a_scan_made_on_the_spot(
    spark: SparkSession, tmp_path: Path, capsys: pytest.CaptureFixture[str], page: str
) -> None:
    """Written and read; four frames are shown."""
    code = next(block for block in python_in(ROOT / page) if "from_numpy" in block)
    assert "/tmp/scan" in code
    exec(compile(code.replace("/tmp/scan", str(tmp_path / "scan")), page, "exec"), {})
    shown = capsys.readouterr().out
    assert len(re.findall(r"^\|\s+\d+\|\s+3\|", shown, re.MULTILINE)) == 4
    assert spark.read.format("clusterdata").load(str(tmp_path / "scan")).count() == 64
