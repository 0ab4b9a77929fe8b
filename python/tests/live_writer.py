"""Write a scan into a live HDF5 file as a detector does, frame by frame: a process of its own.

    /entry/data/data          scan + frame, one chunk a frame
    /entry/keys/key_1 ...     scan (+ dimensions of 1), 0 until the frame may be read, then not
    /entry/timing/created_ns  when the frame was made
    /entry/finished           1 at the end

Beside the file is a CSV with the times at which each frame was made and its keys were flushed.
"""

from __future__ import annotations

import argparse
import math
import os
import random
import signal
import sys
import time
from pathlib import Path
from typing import Any

import h5py
import hdf5plugin
import numpy as np

FILTERS: dict[str, Any] = {
    "none": {},
    "gzip": {"compression": "gzip", "compression_opts": 1, "shuffle": True},
    "bslz4": dict(hdf5plugin.Bitshuffle(cname="lz4")),
}


POOL = 16
"""Compressed frames that are written in turn."""


def numbers(text: str) -> tuple[int, ...]:
    """Read ``10,20``."""
    return tuple(int(part) for part in text.split(",") if part)


def frame(index: int, shape: tuple[int, ...], dtype: str = "u2") -> Any:
    """Give the frame of an index: noise, and its number in the first two pixels."""
    values = np.random.default_rng(1).poisson(3, size=shape).astype(dtype)
    flat = values.reshape(-1)
    flat[0] = index & 0xFFFF
    if flat.size > 1:
        flat[1] = index >> 16
    return values


def written(options: argparse.Namespace, index: int) -> Any:
    """Give the frame that a writer with these options writes."""
    return frame(index % POOL if options.direct else index, options.frame, options.dtype)


class Writer:
    """The open file."""

    def __init__(self, options: argparse.Namespace) -> None:
        """Create all objects, and let readers in."""
        self.options = options
        scan: tuple[int, ...] = options.scan
        start = (1 if options.grow else scan[0], *scan[1:])
        most = (None if options.grow else scan[0], *scan[1:])
        ones = (1,) * options.key_ones
        chunk = (1,) * (len(scan) - 1) + (min(options.key_chunk, scan[-1]),)
        self.file = h5py.File(options.path, "w", libver=options.libver)
        self.data = self.file.create_dataset(
            "entry/data/data",
            start + options.frame,
            options.dtype,
            maxshape=most + options.frame,
            chunks=(1,) * len(scan) + options.frame,
            **FILTERS[options.compression],
        )
        self.keys = [
            self.file.create_dataset(
                f"entry/keys/key_{k + 1}",
                start + ones,
                options.key_type,
                maxshape=most + ones,
                chunks=chunk + ones,
            )
            for k in range(options.keys)
        ]
        self.made = self.file.create_dataset(
            "entry/timing/created_ns", start, "i8", maxshape=most, chunks=chunk
        )
        self.finished = None
        if not options.no_finished:
            self.finished = self.file.create_dataset(
                "entry/finished", data=np.zeros(1, "i4"), maxshape=(1,), chunks=(1,)
            )
        self.file.flush()
        print("created", flush=True)
        time.sleep(options.late_swmr)
        if not options.no_swmr:
            self.file.swmr_mode = True
        self.made_at = [0] * math.prod(scan)
        self.flushed_at = [0] * math.prod(scan)
        print("ready", flush=True)

    def position(self, index: int) -> tuple[int, ...]:
        """Give the scan point of an index."""
        return tuple(int(i) for i in np.unravel_index(index, self.options.scan))

    def put_data(self, index: int, values: Any) -> None:
        """Write a frame; flush it if it is its turn."""
        position = self.position(index)
        if position[0] >= self.data.shape[0]:
            for dataset in (self.data, self.made, *self.keys):
                dataset.resize(position[0] + 1, axis=0)
        self.made_at[index] = time.time_ns()
        if isinstance(values, bytes):
            self.data.id.write_direct_chunk(position + (0,) * len(self.options.frame), values)
        else:
            self.data[position] = values
        self.made[position] = self.made_at[index]
        if (index + 1) % self.options.data_flush_every == 0:
            self.data.flush()
            self.made.flush()

    def put_keys(self, keys: list[Any], indexes: list[int]) -> None:
        """Set and flush keys."""
        for index in indexes:
            for key in keys:
                if index not in self.options.missing:
                    key[self.position(index) + (0,) * self.options.key_ones] = index + 1
        for key in keys:
            key.flush()
        for index in indexes:
            self.flushed_at[index] = time.time_ns()

    def finish(self) -> None:
        """Flush what is left, and say that it is all."""
        self.data.flush()
        self.made.flush()
        if self.finished is not None and not self.options.never_finish:
            self.finished[0] = 1
            self.finished.flush()
        rows = enumerate(zip(self.made_at, self.flushed_at, strict=True))
        lines = [f"{index},{made},{flushed}\n" for index, (made, flushed) in rows]
        Path(f"{self.options.path}.csv").write_text("".join(lines), encoding="utf-8")


def pool(options: argparse.Namespace) -> list[Any]:
    """Give frames to write: compressed ones if they shall be written as they are."""
    if not options.direct:
        return []
    chunks = []
    with h5py.File("pool.h5", "w", driver="core", backing_store=False) as file:
        for i in range(POOL):
            values = frame(i, options.frame, options.dtype)[None]
            dataset = file.create_dataset(
                str(i), data=values, chunks=values.shape, **FILTERS[options.compression]
            )
            chunks.append(dataset.id.read_direct_chunk((0,) * values.ndim)[1])
    return chunks


def write(options: argparse.Namespace) -> None:
    """Write the whole scan."""
    ready = pool(options)
    base = frame(0, options.frame, options.dtype)
    writer = Writer(options)
    frames = math.prod(options.scan)
    shuffled = random.Random(1)
    if options.go:
        sys.stdin.readline()
    head, last = writer.keys[:-1], writer.keys[-1:]
    early: list[int] = []
    block: list[int] = []
    begin = time.monotonic()
    for index in range(frames):
        if options.fps:
            time.sleep(max(0.0, begin + index / options.fps - time.monotonic()))
        values = base.copy()
        values.reshape(-1)[:2] = (index & 0xFFFF, index >> 16)[: values.size]
        writer.put_data(index, ready[index % len(ready)] if ready else values)
        if not (options.gaps and options.gaps_on == "all"):
            early.append(index)
        if len(early) == options.key_flush_every or index == frames - 1:
            writer.put_keys(head, early)
            early = []
        block.append(index)
        if options.gaps and (len(block) == options.gaps or index == frames - 1):
            shuffled.shuffle(block)
            for each in block:
                writer.put_keys(last if options.gaps_on == "last" else writer.keys, [each])
            block = []
        while not options.gaps and (
            len(block) >= options.lag + options.key_flush_every or (block and index == frames - 1)
        ):
            writer.put_keys(last, block[: options.key_flush_every])
            del block[: options.key_flush_every]
        if index + 1 == options.kill_after:
            os.kill(os.getpid(), signal.SIGKILL)
    writer.finish()
    print(f"wrote {frames / (time.monotonic() - begin):.1f} frames/s", flush=True)
    time.sleep(options.hold)
    writer.file.close()


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the options."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("path")
    parser.add_argument("--scan", type=numbers, default=(60,))
    parser.add_argument("--frame", type=numbers, default=(16, 16))
    parser.add_argument("--dtype", default="u2")
    parser.add_argument("--fps", type=float, default=0.0, help="0 is as fast as it can")
    parser.add_argument("--compression", choices=FILTERS, default="none")
    parser.add_argument("--direct", action="store_true", help="write compressed chunks as they are")
    parser.add_argument("--keys", type=int, default=1)
    parser.add_argument("--key-type", default="i8")
    parser.add_argument("--key-ones", type=int, default=0, help="trailing dimensions of keys")
    parser.add_argument("--key-chunk", type=int, default=1024)
    parser.add_argument("--data-flush-every", type=int, default=1)
    parser.add_argument("--key-flush-every", type=int, default=1)
    parser.add_argument("--lag", type=int, default=0, help="frames that the last keys come later")
    parser.add_argument("--gaps", type=int, default=0, help="so many keys come in random order")
    parser.add_argument(
        "--gaps-on", choices=("last", "all"), default="last", help="which data sets of keys do so"
    )
    parser.add_argument("--missing", type=numbers, default=(), help="frames without keys")
    parser.add_argument("--grow", action="store_true", help="extend the first dimension")
    parser.add_argument("--never-finish", action="store_true")
    parser.add_argument("--no-finished", action="store_true", help="no data set that says so")
    parser.add_argument("--no-swmr", action="store_true", help="let nobody read before the end")
    parser.add_argument("--kill-after", type=int, default=-1, help="die after so many frames")
    parser.add_argument("--late-swmr", type=float, default=0.0, help="seconds without readers")
    parser.add_argument("--go", action="store_true", help="begin after a line of standard input")
    parser.add_argument("--hold", type=float, default=0.0, help="seconds open after the end")
    parser.add_argument("--libver", default="latest")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    write(parse())
