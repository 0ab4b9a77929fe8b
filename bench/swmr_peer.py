"""Follow the bench's writers with swmr_tools, and print what `SwmrFollow.java` prints."""

from __future__ import annotations

import sys
import time

import h5py
import hdf5plugin
import swmr_tools

assert hdf5plugin.FILTERS  # Importing it registers the filters.


def follow(path: str, timeout: float) -> None:
    """Follow a scan to its end."""
    with h5py.File(path, "r", libver="latest", swmr=True) as file:
        source = swmr_tools.DataSource(
            [file["/entry/keys/key_1"]],
            {"data": file["/entry/data/data"]},
            timeout=timeout,
            finished_dataset=file["/entry/finished"],
        )
        print("ready", flush=True)
        lines = []
        for frames in source:
            now = time.time_ns()
            lines.append(f"{frames.index},{now},{frames['data'].flat[0]}\n")
        sys.stdout.write("".join(lines))
        print("done", flush=True)


for line in sys.stdin:
    follow(line.split()[0], float(line.split()[1]))
