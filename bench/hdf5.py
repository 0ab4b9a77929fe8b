"""Reading HDF5 beside h5py, jhdf and plain reads: ratios of medians, after results were compared.

    .venv/bin/python bench/hdf5.py [--out build/bench-hdf5] [--mib 1024] [--runs 5] [--only gzip]

Frames are uint16 of 512 x 512 with Poisson counts, one a chunk, in the page cache. Runs alternate.
Ours and jhdf run in JVMs that stay warm, h5py in processes that do.
"""

from __future__ import annotations

import argparse
import multiprocessing
import statistics
import subprocess
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from types import TracebackType

import h5py
import hdf5plugin
import numpy as np
import numpy.typing as npt
from timing import Job, Timed, alternate, report, report_seconds

ROOT = Path(__file__).resolve().parents[1]
SIDE = 512
FRAME_BYTES = SIDE * SIDE * 2
DISTINCT = 64
CHUNKS = 1_000_000
CORES = 2
FIRST_FRAMES = 200
NAME = "/entry/data"
GROUPS = ["gzip", "bitshuffle", "contiguous", "threads", "index", "open"]

Frames = npt.NDArray[np.uint16]


def distinct_frames() -> Frames:
    """Give frames as a pixel detector has them: a bright centre, few counts outside."""
    rng = np.random.default_rng(0)
    y, x = np.mgrid[:SIDE, :SIDE] - SIDE // 2
    rate = (
        0.3 + 400 * np.exp(-(x**2 + y**2) / 900) + 3 * np.exp(-((np.hypot(x, y) - 150) ** 2) / 80)
    )
    frames = rng.poisson(np.broadcast_to(rate, (DISTINCT, SIDE, SIDE))).astype(np.uint16)
    frames[:, rng.integers(0, SIDE, 20), rng.integers(0, SIDE, 20)] = 65535
    return frames


def write_frames(path: Path, frames: Frames, count: int, **options: object) -> None:
    """Write so many frames, the same ones over and over: what is stored is made once."""
    with h5py.File(path, "w") as file:
        shape = (count, SIDE, SIDE)
        if not options:
            data = file.create_dataset(NAME, shape, np.uint16)
            for start in range(0, count, DISTINCT):
                data[start : start + DISTINCT] = frames[: count - start]
            return
        data = file.create_dataset(
            NAME, shape, np.uint16, chunks=(1, SIDE, SIDE), maxshape=(None, SIDE, SIDE), **options
        )
        data[: min(count, DISTINCT)] = frames[:count]
        for i in range(DISTINCT, count):
            mask, stored = data.id.read_direct_chunk((i % DISTINCT, 0, 0))
            data.id.write_direct_chunk((i, 0, 0), stored, mask)


def write_chunks(path: Path, libver: str, *, unlimited: bool) -> None:
    """Write a data set of many small chunks."""
    with h5py.File(path, "w", libver=(libver, "v110")) as file:
        shape = (CHUNKS, 4)
        maxshape = (None, 4) if unlimited else None
        data = file.create_dataset(
            NAME, shape, np.uint8, chunks=(1, 4), maxshape=maxshape, compression="lzf"
        )
        data[0] = 1
        mask, stored = data.id.read_direct_chunk((0, 0))
        for i in range(1, CHUNKS):
            data.id.write_direct_chunk((i, 0), stored, mask)


def read_frames(path: Path, *, total: bool, part: int, parts: int) -> int:
    """Read a part of the frames with h5py, one by one into one array."""
    buffer = np.empty((SIDE, SIDE), np.uint16)
    result = 0
    with h5py.File(path, "r") as file:
        data = file[NAME]
        for i in range(len(data) * part // parts, len(data) * (part + 1) // parts):
            data.read_direct(buffer, np.s_[i])
            if total:
                result += int(buffer.sum(dtype=np.uint64))
    return result


def by_h5py(pool: ProcessPoolExecutor, path: Path, *, total: bool) -> float:
    """Read all frames with the processes of a pool."""
    read = partial(read_frames, path, total=total, parts=CORES)
    parts = [pool.submit(read, part=part) for part in range(CORES)]
    return float(sum(part.result() for part in parts))


class Jvm:
    """A JVM that reads files, warm after its first job."""

    def __init__(self, classpath: str, *, intel: bool = False) -> None:
        jars = [jar for jar in classpath.split(":") if intel or "/gkl" not in jar]
        self.process = subprocess.Popen(
            ["java", "-Xmx4g", "-cp", ":".join(jars), "io.sparkarrays.bench.Hdf5Jobs"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Jvm:
        """Give itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the process."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()

    def ask(self, do: str, path: Path, *, threads: int = 1, total: bool = False) -> Timed:
        """Have a job done."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        job = [do, str(threads), str(path), NAME, str(total).lower()]
        print("\t".join(job), file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline().split()
        if len(answer) != 2:
            raise RuntimeError(f"the JVM ended over {job}")
        return Timed(float(answer[1]), float(answer[0]))


class Bench:
    """The files, and who reads them."""

    def __init__(self, out: Path, mib: int, runs: int, stack: ExitStack) -> None:
        self.out, self.runs = out, runs
        self.count = mib * 2**20 // FRAME_BYTES
        self.size = float(self.count * FRAME_BYTES)
        self.frames = distinct_frames()
        sums = self.frames.reshape(DISTINCT, -1).sum(axis=1, dtype=np.uint64)
        self.total = float(sum(int(sums[i % DISTINCT]) for i in range(self.count)))
        classpath = ":".join(
            [
                str(ROOT / "target/test-classes"),
                str(ROOT / "target/classes"),
                (ROOT / "target/bench-classpath.txt").read_text().strip(),
            ]
        )
        self.plain = stack.enter_context(Jvm(classpath))
        self.intel = stack.enter_context(Jvm(classpath, intel=True))
        context = multiprocessing.get_context("spawn")
        self.pool = stack.enter_context(ProcessPoolExecutor(CORES, mp_context=context))

    def file(self, name: str, **options: object) -> Path:
        """Write a file of frames, unless it is there."""
        path = self.out / f"{name}-{self.count}.h5"
        if not path.exists():
            temp = path.with_suffix(".tmp")
            write_frames(temp, self.frames, self.count, **options)
            temp.rename(path)
        path.read_bytes()  # into the page cache
        return path

    def check(self, path: Path, ways: dict[str, tuple[Jvm, str]]) -> None:
        """Compare the sums of everything before anything is timed."""
        sums: dict[str, float] = {"h5py": by_h5py(self.pool, path, total=True)}
        for name, (jvm, do) in ways.items():
            sums[name] = float(jvm.ask(do, path, threads=CORES, total=True).result)
        for name, got in sums.items():
            if got != self.total:
                raise SystemExit(f"{name} sums {path} to {got}, not {self.total}")

    def reading(self, title: str, path: Path, ways: dict[str, tuple[Jvm, str]]) -> str:
        """Time reading all frames."""
        self.check(path, ways)
        jobs: dict[str, Job] = {
            name: partial(jvm.ask, do, path, threads=CORES) for name, (jvm, do) in ways.items()
        }
        jobs["h5py, 2 processes"] = lambda: by_h5py(self.pool, path, total=False)
        return report(title, self.size, alternate(self.runs, jobs, 0.0))

    def gzip(self) -> str:
        """Deflate behind a shuffle, with and without Intel's inflater; jhdf."""
        path = self.file("gzip", compression="gzip", shuffle=True)
        ways = {
            "ours, 2 threads": (self.plain, "ours"),
            "ours with ISA-L, 2 threads": (self.intel, "ours"),
            "jhdf, 2 threads": (self.plain, "jhdf"),
        }
        return self.reading("gzip and shuffle", path, ways)

    def bitshuffle(self) -> str:
        """Bitshuffle with LZ4, the plugin's own decoder beside ours."""
        path = self.file("bitshuffle", **hdf5plugin.Bitshuffle(cname="lz4"))
        ways = {
            "ours, 2 threads": (self.plain, "ours"),
            "jhdf, 2 threads": (self.plain, "jhdf"),
        }
        return self.reading("bitshuffle and LZ4", path, ways)

    def contiguous(self) -> str:
        """No chunks: beside reads that know of no HDF5."""
        path = self.file("contiguous")
        ways = {
            "ours, 2 threads": (self.plain, "ours"),
            "jhdf, 2 threads": (self.plain, "jhdf"),
        }
        self.check(path, ways)
        jobs: dict[str, Job] = {
            name: partial(jvm.ask, do, path, threads=CORES) for name, (jvm, do) in ways.items()
        }
        jobs["plain pread, 2 threads"] = partial(self.plain.ask, "pread", path, threads=CORES)
        jobs["h5py, 2 processes"] = lambda: by_h5py(self.pool, path, total=False)
        return report("contiguous", self.size, alternate(self.runs, jobs, 0.0))

    def threads(self) -> str:
        """Share one open file among more and more threads."""
        path = self.file("gzip", compression="gzip", shuffle=True)
        jobs: dict[str, Job] = {
            f"{threads} threads": partial(self.plain.ask, "ours", path, threads=threads)
            for threads in (1, 2, 4, 8)
        }
        return report("gzip, threads on one open file", self.size, alternate(self.runs, jobs, 0.0))

    def index(self) -> str:
        """Read the index of a million chunks, from opening the file on."""
        tables = []
        for name, libver, unlimited in (
            ("B-tree of version 1", "earliest", True),
            ("extensible array", "v110", True),
            ("fixed array", "v110", False),
        ):
            path = self.out / f"index-{libver}-{unlimited}.h5"
            if not path.exists():
                temp = path.with_suffix(".tmp")
                write_chunks(temp, libver, unlimited=unlimited)
                temp.rename(path)
            jobs: dict[str, Job] = {
                "ours": partial(self.plain.ask, "index", path),
                "h5py, `chunk_iter`": partial(chunk_iter, path),
            }
            times = alternate(self.runs, jobs, float(CHUNKS))
            tables.append(report_seconds(f"index of {CHUNKS} chunks, {name}", times))
        return "\n".join(tables)

    def open(self) -> str:
        """Open the file and read the first frame, over and over."""
        tables = []
        for name, options in (
            ("contiguous", {}),
            ("gzip", {"compression": "gzip", "shuffle": True}),
        ):
            path = self.file(name, **options)
            jobs: dict[str, Job] = {
                "ours": partial(self.plain.ask, "first", path),
                "h5py": partial(first_frame, path),
            }
            times = alternate(self.runs, jobs, 0.0)
            micro = {who: [1e6 * t for t in seconds] for who, seconds in times.items()}
            table = report_seconds(f"open to first frame, {name}", micro)
            tables.append(table.replace("s, median", "µs, median"))
        return "\n".join(tables)


def first_frame(path: Path) -> Timed:
    """Open the file and read the first frame; give the median of many."""
    buffer = np.empty((SIDE, SIDE), np.uint16)
    times = []
    for _ in range(FIRST_FRAMES):
        begin = time.perf_counter()
        with h5py.File(path, "r") as file:
            file[NAME].read_direct(buffer, np.s_[0])
        times.append(time.perf_counter() - begin)
    return Timed(0.0, statistics.median(times))


def chunk_iter(path: Path) -> float:
    """Have h5py list all chunks, into one list as any user of them would."""
    with h5py.File(path, "r") as file:
        chunks: list[tuple[tuple[int, ...], int, int, int]] = []
        file[NAME].id.chunk_iter(
            lambda info: chunks.append(
                (info.chunk_offset, info.byte_offset, info.size, info.filter_mask)
            )
        )
        return float(len(chunks))


def main() -> None:
    """Measure what the command line asks for, and write a report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "build/bench-hdf5")
    parser.add_argument("--mib", type=int, default=1024)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", default=",".join(GROUPS), help=",".join(GROUPS))
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        bench = Bench(args.out, args.mib, args.runs, stack)
        tables = [getattr(bench, group)() for group in args.only.split(",")]
    text = "\n".join(tables)
    (args.out / "report.md").write_text(text)
    print(text)


if __name__ == "__main__":
    main()
