"""HDF5 written by each HDF5 library, as h5py and the tools of HDF5 1.10.8 read it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import h5py
import hdf5plugin  # noqa: F401  (registers filters with h5py)
import numpy as np
import pytest
from numpy.typing import NDArray

from hdf5_library import JHDF5, jars

ROWS = 300
PIXELS = 500

WRITER = """
import sys
import spark_arrays

out, jars, natives = sys.argv[1:]
conf = {"spark.ui.enabled": False, "spark.log.level": "OFF"}
if jars:
    conf["spark.jars"] = jars
    conf["spark.driver.extraJavaOptions"] = f"-Djava.library.path={natives}"
spark = spark_arrays.session(master="local[2]", conf=conf)
rows = spark.range(0, 300, 1, 3).selectExpr(
    "id AS frame_index",
    "transform(sequence(1, 500), k -> cast(id + k AS int)) AS f",
    "cast(id AS string) AS s",
    "named_struct('a', id, 'b', cast(id AS string)) AS r",
)
for compression in ("none", "gzip", "lz4"):
    for single in ("false", "true"):
        writer = rows.write.format("hdf5").option("dataset", "/g").option("scanShape", "30,10")
        writer = writer.option("compression", compression).option("single", single)
        try:
            writer.option("chunks", "7").save(f"{out}/{compression}-{single}.h5")
        except Exception as error:
            text = str(error)
            print(compression, single, text[text.find("[") + 1 : text.find("]")])
"""


def write(folder: Path, provider: str) -> dict[str, str]:
    """Write files of all kinds; gives the errors of those that could not be written."""
    done = subprocess.run(
        [
            *(sys.executable, "-c", WRITER, str(folder)),
            *(",".join(map(str, jars(provider))), str(JHDF5)),
        ],
        env=os.environ | {"LD_LIBRARY_PATH": str(JHDF5), "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    words = [line.split() for line in done.stdout.splitlines()]
    return {f"{compression}-{single}": code for compression, single, code in words}


def tool(name: str, *arguments: str | Path) -> None:
    """Run a tool of HDF5 1.10.8."""
    binary = JHDF5 / name
    if not binary.exists():
        pytest.skip(f"{name} is absent: run make jhdf5")
    subprocess.run(
        [binary, *arguments],
        env=os.environ | {"LD_LIBRARY_PATH": str(JHDF5)},
        check=True,
        stdout=subprocess.DEVNULL,
    )


def expected() -> NDArray[Any]:
    """Give the frames."""
    return np.arange(ROWS)[:, None] + np.arange(1, PIXELS + 1)[None]


def check(path: Path) -> None:
    """Read all of a file by h5py."""
    with h5py.File(path) as file:
        group = file["g"]
        frames = group["f"][()].reshape(ROWS, PIXELS)
        assert (frames == expected()).all()
        assert group["s"].asstr()[()].ravel().tolist() == [str(i) for i in range(ROWS)]
        assert group["r"]["a"].ravel().tolist() == list(range(ROWS))


@pytest.mark.long
@pytest.mark.parametrize("provider", ["bytedeco", "jhdf5", "none"])
def test_what_each_library_writes(tmp_path: Path, provider: str) -> None:
    if provider == "jhdf5" and not jars(provider):
        pytest.skip("JHDF5 is absent: run make jhdf5")
    refused = write(tmp_path, provider)
    names = {f"{c}-{s}" for c in ("none", "gzip", "lz4") for s in ("false", "true")}
    lz4 = {"lz4-false", "lz4-true"}
    assert (
        refused
        == {
            "bytedeco": {},
            "jhdf5": dict.fromkeys(lz4, "UNSUPPORTED_BY_PROVIDER"),
            "none": dict.fromkeys(names, "HDF5_LIBRARY_MISSING"),
        }[provider]
    )
    for name in names - refused.keys():
        check(tmp_path / f"{name}.h5")
    for name in names - refused.keys() - lz4:
        path, raw = tmp_path / f"{name}.h5", tmp_path / "raw"
        tool("h5dump", "-d", "/g/f", "-b", "LE", "-o", raw, path)
        assert (np.fromfile(raw, "<i4").reshape(ROWS, PIXELS) == expected()).all()
        for file in (path, *Path(f"{path}.parts").glob("*.h5")):
            tool("h5dump", file)
            tool("h5stat", file)
