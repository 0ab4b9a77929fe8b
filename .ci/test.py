"""Run every check of the project, show progress, and count what passed, failed and was skipped.

Called by ``make test`` with the environments already set up, and by ``make test-long`` with
``--long``: that runs only the tests marked long (JUnit's tag, pytest's marker), which take minutes
each. The jar is built first; then the parts run in lanes beside each other, since tests of Spark
wait more than they compute, and all run even if one fails. What a part prints goes to a file in
``build/test-reports``, and is shown if the part failed. A part that counts no tests of its own
(style, types) counts as one. The last line has the form ``N passed, N failed, N skipped``; the exit
status is 0 only if nothing failed.
"""

from __future__ import annotations

import argparse
import csv
import re
import subprocess
import sys
import threading
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
REPORTS = ROOT / "build" / "test-reports"
HEARTBEAT_SECONDS = 30


@dataclass
class Count:
    """Tests by outcome, and why the skipped ones were skipped."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    reasons: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """Give the form of the last line."""
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"

    def add(self, other: Count) -> None:
        """Take in what another part counted."""
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        self.reasons += other.reasons


@dataclass(frozen=True)
class Part:
    """One step: its commands run in ``folder`` until one fails; ``reports`` are JUnit XML files."""

    name: str
    commands: list[list[str]]
    reports: tuple[str, ...] = ()
    folder: Path = ROOT
    needs: Path | None = None

    @property
    def log(self) -> Path:
        """The file that takes what the commands print."""
        return REPORTS / f"{self.name.replace(' ', '-').replace(',', '').lower()}.log"

    def report_files(self, since: float) -> Iterable[Path]:
        """Give the reports written by this run, not those of an earlier one."""
        for pattern in self.reports:
            for path in ROOT.glob(pattern):
                if path.stat().st_mtime >= since:
                    yield path


def mvn(*arguments: str) -> list[str]:
    """Give a Maven call that prints problems only."""
    return ["mvn", "-q", *arguments]


def pytest(name: str, *arguments: str) -> list[str]:
    """Give a pytest call that reports to a file of this name."""
    report = REPORTS / f"{name}.xml"
    return [str(BIN / "pytest"), "-q", f"--junitxml={report}", *arguments]


JAR = ROOT / "python/src/spark_arrays/jars/spark-arrays.jar"
RUFF = str(BIN / "ruff")
PYTHON_FOLDERS = ["-q", "--config", "pyproject.toml", ".", "../notebooks", "../bench", "../.ci"]
# The oracle runs in LiberTEM's environment, which has no types.
TYPED = [
    "src",
    "demo",
    "tests",
    "conftest.py",
    "../bench/jobs.py",
    "../.ci",
    "--exclude",
    "tests/oracles/",
]
BUILD_JAR = Part("Jar for Python", [["make", "--no-print-directory", "jar"]])


def python_tests(name: str, report: str, *arguments: str) -> Part:
    """Give a part that has pytest run in the folder of the Python package."""
    return Part(
        name,
        [pytest(report, *arguments)],
        (f"build/test-reports/{report}.xml",),
        folder=ROOT / "python",
        needs=JAR,
    )


SUITE = [
    [
        Part("Java style", [mvn("spotless:check")]),
        Part(
            "Java build, checks and tests",
            [mvn("verify")],
            ("target/surefire-reports/*.xml", "target/failsafe-reports/TEST-*.xml"),
        ),
        Part(
            "Notebooks",
            [pytest("notebooks", "--nbmake", "--nbmake-timeout=600", "notebooks")],
            ("build/test-reports/notebooks.xml",),
            needs=JAR,
        ),
    ],
    [
        Part(
            "Python style",
            [
                [RUFF, "check", *PYTHON_FOLDERS],
                [RUFF, "format", "--check", *PYTHON_FOLDERS],
            ],
            folder=ROOT / "python",
        ),
        Part(
            "Python types",
            [[str(BIN / "mypy"), "--strict", "--no-error-summary", *TYPED]],
            folder=ROOT / "python",
        ),
        Part("Docs site and its links", [["make", "--no-print-directory", "docs"]]),
        python_tests("Python tests", "python"),
        # A process of their own: they have another Spark session than the other tests.
        python_tests("Cluster tests", "cluster", "tests/cluster"),
    ],
]
LONG_SUITE = [
    [
        Part(
            "Long Java tests",
            [mvn("test", "-Dtest.groups=long", "-Dtest.excludedGroups=")],
            ("target/surefire-reports/*.xml",),
        ),
        python_tests("Long cluster tests", "cluster-long", "-m", "long", "tests/cluster"),
    ],
    [python_tests("Long Python tests", "python-long", "-m", "long", "--ignore=tests/cluster")],
]


def read_reports(files: Iterable[Path]) -> Count:
    """Count the test cases of JUnit XML reports; one that is still being written is left out."""
    count = Count()
    for path in files:
        try:
            root = ElementTree.parse(path).getroot()
        except ElementTree.ParseError:
            continue
        for case in root.iter("testcase"):
            skipped = case.find("skipped")
            if case.find("failure") is not None or case.find("error") is not None:
                count.failed += 1
            elif skipped is not None:
                count.skipped += 1
                name = f"{case.get('classname', '')}.{case.get('name', '')}"
                count.reasons.append(f"{name}: {skipped.get('message') or 'no reason given'}")
            else:
                count.passed += 1
    return count


class Progress:
    """Says every half minute what runs and how far it is; safe for several threads."""

    def __init__(self) -> None:
        """Start to speak."""
        self._started = time.time()
        self._running: dict[str, tuple[Part, float]] = {}
        self._lock = threading.Lock()
        self._done = threading.Event()
        self._speaker = threading.Thread(target=self._speak, daemon=True)
        self._speaker.start()

    def begin(self, part: Part) -> float:
        """Take in a part that starts now; give the time."""
        now = time.time()
        with self._lock:
            self._running[part.name] = (part, now)
        self.say(f"== {part.name}")
        return now

    def end(self, part: Part, text: str) -> None:
        """Take out a part, and say what became of it."""
        with self._lock:
            del self._running[part.name]
        self.say(text)

    def say(self, text: str) -> None:
        """Print one text in one piece, with the seconds since the start before it."""
        print(f"[{time.time() - self._started:4.0f} s] {text}", flush=True)

    def close(self) -> None:
        """Say no more."""
        self._done.set()
        self._speaker.join()

    def _speak(self) -> None:
        while not self._done.wait(HEARTBEAT_SECONDS):
            with self._lock:
                running = list(self._running.values())
            for part, begin in running:
                self.say(f"   … {part.name}{so_far(part, begin)}")


def so_far(part: Part, begin: float) -> str:
    """Give the tests that a running part has reported; pytest prints a share until it reports."""
    count = read_reports(part.report_files(begin))
    if count.passed + count.failed > 0:
        return f": so far {count}"
    printed = re.findall(rb"\[ *(\d+)%\]", part.log.read_bytes()) if part.log.exists() else []
    return f": {int(printed[-1])} %" if printed else ""


def run(part: Part, progress: Progress) -> tuple[Part, Count, float]:
    """Run the part's commands and count; a command that fails without a failed test is one."""
    begin = progress.begin(part)
    problem = ""
    with part.log.open("wb") as log:
        if part.needs is not None and not part.needs.exists():
            problem = f"not run: {part.needs.relative_to(ROOT)} is missing"
        else:
            for command in part.commands:
                ends = subprocess.run(
                    command, cwd=part.folder, stdout=log, stderr=subprocess.STDOUT
                )
                if ends.returncode != 0:
                    problem = f"failed: {' '.join(command)}"
                    break
    count = read_reports(part.report_files(begin))
    if problem and count.failed == 0:
        count.failed = 1
    elif part.reports and count.passed + count.failed == 0:
        problem = "failed: not a single test ran"
        count.failed = 1
    elif not part.reports:
        count.passed = 1
    seconds = time.time() - begin
    text = f"-- {part.name}: {count}, {seconds:.0f} s"
    if problem or count.failed:
        shown = part.log.read_text(errors="replace")
        text = f"{shown}\n{text}\n   {problem}\n   above: {part.log.relative_to(ROOT)}"
    progress.end(part, text)
    return part, count, seconds


def coverage() -> str:
    """Give the line coverage that JaCoCo measured, or nothing."""
    report = ROOT / "target/site/jacoco/jacoco.csv"
    if not report.exists():
        return ""
    with report.open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    covered = sum(int(row["LINE_COVERED"]) for row in rows)
    total = covered + sum(int(row["LINE_MISSED"]) for row in rows)
    return f"; Java line coverage {100 * covered / total:.0f} %" if total else ""


def main() -> int:
    """Run all parts of one suite; give the exit status."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--long", action="store_true", help="only the tests marked long")
    lanes = LONG_SUITE if options.parse_args().long else SUITE
    REPORTS.mkdir(parents=True, exist_ok=True)
    started = time.time()
    progress = Progress()
    done = [run(BUILD_JAR, progress)]
    with ThreadPoolExecutor(len(lanes)) as pool:
        ran = pool.map(lambda lane: [run(part, progress) for part in lane], lanes)
        done += [each for lane in ran for each in lane]
    progress.close()
    total = Count()
    for _, count, _ in done:
        total.add(count)
    print(f"\n== Summary after {time.time() - started:.0f} s{coverage()}")
    print("\n".join(f"{part.name:<30} {count}, {seconds:.0f} s" for part, count, seconds in done))
    if total.reasons:
        print(f"\n!! SKIPPED {total.skipped} tests:")
        print("\n".join(f"   {reason}" for reason in total.reasons))
    print(f"\n{total}")
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main())
