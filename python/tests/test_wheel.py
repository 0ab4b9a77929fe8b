"""A new user's way: an empty environment, one install, and a picture of a frame of one's own."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import h5py
import numpy as np
import pytest

from conftest import ROOT
from spark_arrays._jar import find_jar
from test_readme import README, python_in

PACKAGE = ROOT / "python"


@pytest.mark.long
def test_from_an_empty_environment_to_a_picture(tmp_path: Path) -> None:
    """An install, then the README's lines; the workers' Python is the environment's own."""
    frames = np.arange(5 * 30 * 40, dtype="u2").reshape(5, 30, 40)
    with h5py.File(tmp_path / "run.h5", "w") as file:
        file["entry/data"] = frames
    source = tmp_path / "python"
    copy = ["src", "pyproject.toml", "README.md"]
    source.mkdir()
    for name in copy:
        subprocess.run(["cp", "-r", str(PACKAGE / name), str(source / name)], check=True)
    jar = source / "src/spark_arrays/jars/spark-arrays.jar"
    jar.parent.mkdir(exist_ok=True)
    jar.write_bytes(find_jar().read_bytes())
    python = tmp_path / "venv/bin/python"
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    subprocess.run([str(python), "-m", "pip", "install", "-q", f"{source}[demo]"], check=True)
    script = tmp_path / "lines.py"
    script.write_text(python_in(README)[0].replace("plt.show()", 'plt.savefig("frame.png")'))
    unset = ("SPARK_ARRAYS_JAR", "PYTHONPATH", "SPARK_HOME", "PYSPARK_PYTHON")
    environment = {k: v for k, v in os.environ.items() if k not in unset}
    environment |= {"MPLBACKEND": "agg", "SPARK_LOCAL_IP": "127.0.0.1"}
    run = [str(python), str(script)]
    subprocess.run(run, check=True, cwd=tmp_path, env=environment, timeout=120)
    assert (tmp_path / "frame.png").read_bytes().startswith(b"\x89PNG")
    script.write_text(
        textwrap.dedent("""\
        import importlib.resources, spark_arrays
        assert (importlib.resources.files(spark_arrays) / "py.typed").is_file()
        df = spark_arrays.load("run.h5")
        means = spark_arrays.map_frames(
            df, lambda block, index: {"i": index, "m": block.mean((1, 2))}, "i long, m double"
        )
        print(sorted(tuple(row) for row in means.collect()))
        """)
    )
    told = subprocess.run(
        run, check=True, cwd=tmp_path, env=environment, timeout=120, capture_output=True, text=True
    )
    expected = [(i, float(frame.mean())) for i, frame in enumerate(frames)]
    assert told.stdout.strip().splitlines()[-1] == str(expected)
