"""Followers of live scans beside swmr_tools: latency at a steady rate, frames/s at full rate.

    .venv/bin/python bench/swmr.py [--out build/bench] [--runs 1] [--seconds 4] [--only 256,fixed]

The Java follower and Spark's streaming query have followed another scan for three and fifteen
seconds before, as their code is compiled while it runs. A latency is the time from the flush of a
key, as the writer saw it, to the frame in the follower's memory; with Spark, to a pixel of it in
the driver's `foreachBatch`. Writer and follower are processes of their own on the same machine, and
the ways take turns. A follower whose frames are not all there, once each and right, ends the bench.
At last a look at a million keys is timed, of which a thousand are new each time.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np

ROOT = Path(__file__).resolve().parents[1]
JAR = ROOT / "python/src/spark_arrays/jars/spark-arrays.jar"
WRITER = ROOT / "python/tests/live_writer.py"
POOL = 16
"""Compressed frames that the writer writes in turn, so that compressing is not what is measured."""


@dataclass(frozen=True)
class Case:
    """A scan: pixels a side, how it is stored, whether it grows, and its rate, 0 being full."""

    side: int
    compression: str
    grows: bool
    fps: int

    def __str__(self) -> str:
        """Give a row's title."""
        growth = "growing" if self.grows else "fixed"
        rate = f"{self.fps} frames/s" if self.fps else "full rate"
        return f"{self.side}² {self.compression} {growth}, {rate}"

    def frames(self, seconds: float) -> int:
        """Give a scan of about so many seconds, and of no more than 1 GiB."""
        rate = self.fps or (2000 if self.side <= 256 else 200)
        return min(int(rate * seconds), (1 << 30) // (2 * self.side**2))

    def arguments(self, frames: int) -> list[str]:
        """Give the writer's options."""
        options = {
            "--scan": frames,
            "--frame": f"{self.side},{self.side}",
            "--fps": self.fps,
            "--compression": self.compression,
        }
        direct = ["--direct"] if self.compression != "none" else []
        grow = ["--grow"] if self.grows else []
        pairs = itertools.chain.from_iterable((name, str(value)) for name, value in options.items())
        return [*pairs, *direct, *grow]


def classpath() -> str:
    """Give the jar, and Spark's own, for the decompressors."""
    import pyspark

    return f"{JAR}:{Path(pyspark.__file__).parent / 'jars'}/*"


COMMANDS = {
    "DataSource": ["java", "-Xmx1g", "-cp", classpath(), str(ROOT / "bench/SwmrFollow.java")],
    "swmr_tools": [sys.executable, str(ROOT / "bench/swmr_peer.py")],
    "Spark": [sys.executable, str(ROOT / "bench/swmr_spark.py")],
}
PEER = "swmr_tools"


class Process:
    """A process that is told what to do by lines, and answers by lines."""

    def __init__(self, command: list[str]) -> None:
        """Start it."""
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)

    def tell(self, line: str) -> None:
        """Write a line."""
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def until(self, wanted: str) -> list[str]:
        """Give the lines before a certain one."""
        assert self.process.stdout is not None
        lines = []
        for line in self.process.stdout:
            if line.strip() == wanted:
                return lines
            lines.append(line)
        sys.exit(f"{self.process.args} ended before it said {wanted}")

    def line(self) -> str:
        """Give the next line."""
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def end(self) -> None:
        """Let it end."""
        self.process.communicate()


def follow(
    name: str, follower: Process, case: Case, timeout: int, seconds: float
) -> tuple[np.ndarray, float]:
    """Run a writer and a follower; give latencies in ms, and frames a second."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "live.h5"
        other = Path(folder) / "other.h5"
        write = [sys.executable, str(WRITER)]
        pipe = subprocess.PIPE
        subprocess.run([*write, str(other), *case.arguments(50)], stdout=pipe, check=True)
        writer = Process([*write, str(path), *case.arguments(case.frames(seconds)), "--go"])
        writer.until("ready")
        follower.tell(f"{path} {timeout} {other}")
        follower.until("ready")
        writer.tell("go")
        lines = follower.until("done")
        writer.end()
        times = np.loadtxt(f"{path}.csv", dtype="i8", delimiter=",", ndmin=2)
    found = np.array([line.split(",") for line in lines], dtype="i8").reshape(-1, 3)
    count = case.frames(seconds)
    number = np.arange(count)
    pixels = number % POOL if case.compression != "none" else number & 0xFFFF
    if not (np.array_equal(found[:, 0], number) and np.array_equal(found[:, 2], pixels)):
        sys.exit(f"{name} gave {len(found)} frames of {count}, or wrong ones: nothing is reported")
    latency = (found[:, 1] - times[:, 2]) / 1e6
    rate = count / ((found[-1, 1] - times[0, 2]) / 1e9)
    return latency, rate


def poll() -> str:
    """Time looks at a million keys with a thousand new ones; give the median and the slowest."""
    keys, new, looks = 1_000_000, 1000, 100
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "keys.h5"
        with h5py.File(path, "w", libver="latest") as file:
            data = file.create_dataset("keys", (keys,), "i8", maxshape=(None,), chunks=(1024,))
            end = keys - looks * new
            data[:end] = 1
            file.swmr_mode = True
            java = Process([*COMMANDS["DataSource"], str(path)])
            java.tell("look")
            java.line()
            times = []
            while end < keys:
                data[end : end + new] = 1
                data.flush()
                end += new
                java.tell("look")
                nanos, last = map(int, java.line().split())
                if last != end - 1:
                    sys.exit(f"a look found {last + 1} keys of {end}")
                times.append(nanos / 1e6)
            java.end()
    median, slowest = statistics.median(times), max(times)
    return (
        f"A look at 1,000,000 keys, 1,000 of them new: {median:.2f} ms, the slowest {slowest:.2f}\n"
    )


def measure(
    case: Case, followers: dict[str, Process], runs: int, timeout: int, seconds: float
) -> list[str]:
    """Give rows of the table, one a follower beside the peer: medians over the runs."""
    p50: dict[str, list[float]] = {name: [] for name in followers}
    p99: dict[str, list[float]] = {name: [] for name in followers}
    rates: dict[str, list[float]] = {name: [] for name in followers}
    for _ in range(runs):
        for name, follower in followers.items():
            latency, rate = follow(name, follower, case, timeout, seconds)
            p50[name].append(float(np.percentile(latency, 50)))
            p99[name].append(float(np.percentile(latency, 99)))
            rates[name].append(rate)
            print(f"  {case}, {name}: p50 {p50[name][-1]:.2f} ms, {rate:.0f} frames/s", flush=True)

    def pair(values: dict[str, list[float]], name: str, digits: int) -> str:
        a, b = statistics.median(values[name]), statistics.median(values[PEER])
        return f"{a:.{digits}f}, {b:.{digits}f} | {a / b:.2f}"

    rows = []
    for name in followers:
        if name != PEER:
            cells = [pair(p50, name, 2), pair(p99, name, 1), pair(rates, name, 0)]
            rows.append(" | ".join([f"| {case}", name, *cells]) + " |")
    return rows


def cases() -> list[Case]:
    """Give all scans."""
    return [
        Case(side, compression, grows, fps)
        for side in (256, 1024)
        for compression in ("none", "bslz4")
        for grows in (False, True)
        for fps in (100 if side == 256 else 20, 0)
    ]


def main() -> None:
    """Run the cases, and save the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, default=Path("build/bench"))
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=4.0, help="of a scan, about")
    parser.add_argument(
        "--timeout", type=int, default=1, help="of both followers; swmr_tools' poll"
    )
    parser.add_argument("--only", default="", help="words that a case's title must have")
    parser.add_argument("--ways", default="DataSource,Spark", help="what is beside swmr_tools")
    options = parser.parse_args()
    words = [word for word in options.only.split(",") if word]
    chosen = [case for case in cases() if all(word in str(case) for word in words)]
    ways = [name for name in COMMANDS if name in options.ways.split(",") or name == PEER]
    followers = {name: Process(COMMANDS[name]) for name in ways}
    head = "| scan | | p50 ms, ours, swmr_tools | ÷ | p99 ms | ÷ | frames/s | ÷ |"
    rows = [
        row
        for case in chosen
        for row in measure(case, followers, options.runs, options.timeout, options.seconds)
    ]
    for follower in followers.values():
        follower.end()
    table = "\n".join([head, "|---|---|---|---|---|---|---|---|", *rows, "", poll()])
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "swmr.md").write_text(table, encoding="utf-8")
    print(table)


if __name__ == "__main__":
    main()
