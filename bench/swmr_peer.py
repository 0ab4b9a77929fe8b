"""Follow the bench's writer with swmr_tools, and print what `SwmrFollow.java` prints."""

from __future__ import annotations

import sys
import time

import h5py
import hdf5plugin
import swmr_tools

assert hdf5plugin.FILTERS  # Importing it registers the filters.

with h5py.File(sys.argv[1], "r", libver="latest", swmr=True) as file:
    source = swmr_tools.DataSource(
        [file["/entry/keys/key_1"]],
        {"data": file["/entry/data/data"]},
        timeout=float(sys.argv[2]),
        finished_dataset=file["/entry/finished"],
    )
    print("ready", flush=True)
    lines = []
    for frames in source:
        now = time.time_ns()
        lines.append(f"{frames.index},{now},{frames['data'].flat[0]}\n")
    sys.stdout.write("".join(lines))
