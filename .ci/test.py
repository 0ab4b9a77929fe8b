"""Run every check of the project, show progress, and count what passed, failed and was skipped.

Called by ``make test`` with the environments already set up, and by ``make test-long`` with
``--long``: that runs only the tests marked long (JUnit's tag, pytest's marker), which take minutes
each. The parts run one after another, and all of them run even if one fails. A part that counts no
tests of its own (style, types) counts as one. The last line has the form
``N passed, N failed, N skipped``; the exit status is 0 only if nothing failed.
"""

from __future__ import annotations

import argparse
import csv
import subprocess
import sys
import threading
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable
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
TYPED = ["src", "demo", "tests", "../bench/jobs.py", "../.ci", "--exclude", "tests/oracles/"]
BUILD_JAR = Part("Jar for Python", [["make", "--no-print-directory", "jar"]])
SUITE = [
    Part("Java style", [mvn("spotless:check")]),
    Part(
        "Java build, checks and tests",
        [mvn("verify")],
        ("target/surefire-reports/*.xml", "target/failsafe-reports/TEST-*.xml"),
    ),
    BUILD_JAR,
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
    Part(
        "Python tests",
        [pytest("python")],
        ("build/test-reports/python.xml",),
        folder=ROOT / "python",
        needs=JAR,
    ),
    Part(
        "Cluster tests",
        # A process of their own: they have another Spark session than the other tests.
        [pytest("cluster", "tests/cluster")],
        ("build/test-reports/cluster.xml",),
        folder=ROOT / "python",
        needs=JAR,
    ),
    Part(
        "Notebooks",
        [pytest("notebooks", "--nbmake", "--nbmake-timeout=600", "notebooks")],
        ("build/test-reports/notebooks.xml",),
        needs=JAR,
    ),
]
LONG_SUITE = [
    Part(
        "Long Java tests",
        [mvn("test", "-Dtest.groups=long", "-Dtest.excludedGroups=")],
        ("target/surefire-reports/*.xml",),
    ),
    BUILD_JAR,
    Part(
        "Long Python tests",
        [pytest("python-long", "-m", "long", "--ignore=tests/cluster")],
        ("build/test-reports/python-long.xml",),
        folder=ROOT / "python",
        needs=JAR,
    ),
    Part(
        "Long cluster tests",
        [pytest("cluster-long", "-m", "long", "tests/cluster")],
        ("build/test-reports/cluster-long.xml",),
        folder=ROOT / "python",
        needs=JAR,
    ),
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


def run(part: Part) -> Count:
    """Run the part's commands and count; a command that fails without a failed test is one."""
    if part.needs is not None and not part.needs.exists():
        print(f"   not run: {part.needs.relative_to(ROOT)} is missing", flush=True)
        return Count(failed=1)
    begin = time.time()
    done = threading.Event()

    def heartbeat() -> None:
        while not done.wait(HEARTBEAT_SECONDS):
            so_far = read_reports(part.report_files(begin))
            tests = f", so far {so_far}" if part.reports else ""
            print(f"   … {part.name}: {time.time() - begin:.0f} s{tests}", flush=True)

    watcher = threading.Thread(target=heartbeat, daemon=True)
    watcher.start()
    ok = True
    try:
        for command in part.commands:
            ok = subprocess.run(command, cwd=part.folder).returncode == 0
            if not ok:
                print(f"   failed: {' '.join(command)}", flush=True)
                break
    finally:
        done.set()
        watcher.join()
    count = read_reports(part.report_files(begin))
    if not ok and count.failed == 0:
        count.failed = 1
    elif part.reports and count.passed + count.failed == 0:
        print("   failed: not a single test ran", flush=True)
        count.failed = 1
    elif not part.reports:
        count.passed = 1
    return count


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
    parts = LONG_SUITE if options.parse_args().long else SUITE
    REPORTS.mkdir(parents=True, exist_ok=True)
    started = time.time()
    total = Count()
    lines = []
    for number, part in enumerate(parts, 1):
        print(f"== [{number}/{len(parts)}] {part.name}", flush=True)
        begin = time.time()
        count = run(part)
        total.add(count)
        lines.append(f"{part.name:<30} {count}, {time.time() - begin:.0f} s")
        print(f"   {count}, {time.time() - begin:.0f} s", flush=True)
    print(f"\n== Summary after {time.time() - started:.0f} s{coverage()}")
    print("\n".join(lines))
    if total.reasons:
        print(f"\n!! SKIPPED {total.skipped} tests:")
        print("\n".join(f"   {reason}" for reason in total.reasons))
    print(f"\n{total}")
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main())
