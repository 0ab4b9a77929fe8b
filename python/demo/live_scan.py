"""Write a simulated scan into an HDF5 file as a detector does: frame by frame, in SWMR mode.

Run by the demo as a process of its own::

    python python/demo/live_scan.py scan.h5 --rate 80
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import h5py
import numpy as np

from simulation import Scan

SCAN = Scan(scan_shape=(24, 24), frame_shape=(64, 64), dose=20_000)


def write(scan: Scan, path: Path, rate: float) -> None:
    """Write all frames, so many a second; the key of each after the frame itself."""
    points = scan.scan_shape[0] * scan.scan_shape[1]
    frames = scan.frames(np.arange(points)).astype(np.uint16)
    with h5py.File(path, "w", libver="latest") as file:
        data = file.create_dataset(
            "entry/data/data", scan.scan_shape + scan.frame_shape, "u2", chunks=(1, 1, 64, 64)
        )
        keys = file.create_dataset("entry/keys/detector", scan.scan_shape, "i4", chunks=(24, 24))
        finished = file.create_dataset("entry/finished", (1,), "i4", chunks=(1,))
        file.swmr_mode = True  # from here on others read
        begin = time.monotonic()
        for index, frame in enumerate(frames):
            time.sleep(max(0.0, begin + index / rate - time.monotonic()))
            at = np.unravel_index(index, scan.scan_shape)
            data[at] = frame
            data.flush()
            keys[at] = index + 1
            keys.flush()
        finished[0] = 1
        finished.flush()


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("path", type=Path)
    arguments.add_argument("--rate", type=float, default=80.0, help="frames a second")
    chosen = arguments.parse_args()
    write(SCAN, chosen.path, chosen.rate)
