"""Followers of live scans beside swmr_tools: latency at a steady rate, frames/s at full rate.

    .venv/bin/python bench/swmr.py [--out build/bench] [--runs 3] [--seconds 6] [--only 256,fixed]

The Java follower has followed another scan for three seconds before, as its code is compiled
while it runs. A latency is the time from the flush of a key, as the writer saw it, to the frame in
the follower's memory. Writer and follower are processes of their own on the same machine, and the
ways take turns. A follower whose frames are not all there, once each and right, ends the bench.
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


FOLLOWERS = {
    "DataSource": ["java", "-Xmx1g", "-cp", classpath(), str(ROOT / "bench/SwmrFollow.java")],
    "swmr_tools": [sys.executable, str(ROOT / "bench/swmr_peer.py")],
}


def await_line(process: subprocess.Popen[str], wanted: str) -> None:
    """Wait for a process to say something."""
    assert process.stdout is not None
    for line in process.stdout:
        if line.strip() == wanted:
            return
    sys.exit(f"{process.args} ended before it said {wanted}")


def follow(name: str, case: Case, timeout: int, seconds: float) -> tuple[np.ndarray, float]:
    """Run a writer and a follower; give latencies in ms, and frames a second."""
    pipe = subprocess.PIPE
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "live.h5"
        other = Path(folder) / "other.h5"
        write = [sys.executable, str(WRITER)]
        subprocess.run([*write, str(other), *case.arguments(50)], stdout=pipe, check=True)
        scan = [str(path), *case.arguments(case.frames(seconds)), "--go", "--hold", "1"]
        writer = subprocess.Popen([*write, *scan], stdin=pipe, stdout=pipe, text=True)
        await_line(writer, "ready")
        command = [*FOLLOWERS[name], str(path), str(timeout), str(other)]
        follower = subprocess.Popen(command, stdout=pipe, text=True)
        await_line(follower, "ready")
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
        output, _ = follower.communicate()
        writer.communicate()
        times = np.loadtxt(f"{path}.csv", dtype="i8", delimiter=",", ndmin=2)
    found = np.array([line.split(",") for line in output.split()], dtype="i8").reshape(-1, 3)
    count = case.frames(seconds)
    number = np.arange(count)
    pixels = number % POOL if case.compression != "none" else number & 0xFFFF
    if not (np.array_equal(found[:, 0], number) and np.array_equal(found[:, 2], pixels)):
        sys.exit(f"{name} gave {len(found)} frames of {count}, or wrong ones: nothing is reported")
    latency = (found[:, 1] - times[:, 2]) / 1e6
    rate = count / ((found[-1, 1] - times[0, 2]) / 1e9)
    return latency, rate


def measure(case: Case, runs: int, timeout: int, seconds: float) -> str:
    """Give a row of the table: medians over the runs."""
    p50: dict[str, list[float]] = {name: [] for name in FOLLOWERS}
    p99: dict[str, list[float]] = {name: [] for name in FOLLOWERS}
    rates: dict[str, list[float]] = {name: [] for name in FOLLOWERS}
    for _ in range(runs):
        for name in FOLLOWERS:
            latency, rate = follow(name, case, timeout, seconds)
            p50[name].append(float(np.percentile(latency, 50)))
            p99[name].append(float(np.percentile(latency, 99)))
            rates[name].append(rate)
            print(f"  {case}, {name}: p50 {p50[name][-1]:.2f} ms, {rate:.0f} frames/s", flush=True)
    ours, theirs = FOLLOWERS

    def pair(values: dict[str, list[float]], digits: int) -> tuple[str, float]:
        a, b = statistics.median(values[ours]), statistics.median(values[theirs])
        return f"{a:.{digits}f}, {b:.{digits}f}", a / b

    columns = [pair(p50, 2), pair(p99, 1), pair(rates, 0)]
    cells = " | ".join(f"{text} | {ratio:.2f}" for text, ratio in columns)
    return f"| {case} | {cells} |"


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
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=6.0, help="of a scan, about")
    parser.add_argument(
        "--timeout", type=int, default=1, help="of both followers; swmr_tools' poll"
    )
    parser.add_argument("--only", default="", help="words that a case's title must have")
    options = parser.parse_args()
    words = [word for word in options.only.split(",") if word]
    chosen = [case for case in cases() if all(word in str(case) for word in words)]
    head = "| scan | p50 ms, ours, theirs | ÷ | p99 ms | ÷ | frames/s | ÷ |"
    rows = [measure(case, options.runs, options.timeout, options.seconds) for case in chosen]
    table = "\n".join([head, "|---|---|---|---|---|---|---|", *rows, ""])
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "swmr.md").write_text(table, encoding="utf-8")
    print(table)


if __name__ == "__main__":
    main()
