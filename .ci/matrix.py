"""Run the smoke tests on every supported release of Spark, and print a grid of what came of it.

Called by ``make test-matrix`` with the packaged jar in place. Each release gets an environment of
its own, ``.venv-spark-<release>``, once; a release given as an argument runs alone. The exit status
is 0 only if every test passed or was skipped on every release.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SMOKE = ROOT / "python" / "tests" / "smoke"
REQUIREMENTS = ROOT / "python" / "requirements-matrix.txt"
REPORTS = ROOT / "build" / "test-reports"
TIMEOUT_SECONDS = 900


def releases() -> list[str]:
    """Give the releases of PySpark to test on."""
    lines = (SMOKE / "spark-versions.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def environment(release: str) -> str:
    """Make the environment of a release, unless it is there, and give its Python."""
    folder = ROOT / f".venv-spark-{release}"
    stamp = folder / ".stamp"
    python = str(folder / "bin" / "python")
    if stamp.exists() and stamp.stat().st_mtime >= REQUIREMENTS.stat().st_mtime:
        return python
    print(f"-- setting up {folder.name}: a minute or two the first time", flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    pip = [python, "-m", "pip", "--disable-pip-version-check", "--no-input", "-q", "install"]
    subprocess.run([*pip, "-r", str(REQUIREMENTS), f"pyspark=={release}"], check=True)
    stamp.touch()
    return python


def run(release: str) -> dict[str, str]:
    """Run the smoke tests on a release: ``ok``, ``fail`` or ``skip`` for each."""
    report = REPORTS / f"smoke-{release}.xml"
    report.unlink(missing_ok=True)
    # Else Spark and its workers would be another environment's.
    away = ("SPARK_HOME", "PYSPARK_PYTHON", "PYSPARK_DRIVER_PYTHON", "PYSPARK_SUBMIT_ARGS")
    env = {key: value for key, value in os.environ.items() if key not in away}
    env["PYTHONPATH"] = str(ROOT / "python" / "src")
    command = [environment(release), "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    print(f"== Spark {release}", flush=True)
    try:
        subprocess.run(
            [*command, f"--junitxml={report}", "tests/smoke"],
            cwd=ROOT / "python",
            env=env,
            timeout=TIMEOUT_SECONDS,
        )
    except subprocess.TimeoutExpired:
        print(f"   given up after {TIMEOUT_SECONDS} s", flush=True)
    return outcomes(report)


def outcomes(report: Path) -> dict[str, str]:
    """Read a JUnit XML report."""
    found: dict[str, str] = {}
    if report.exists():
        for case in ElementTree.parse(report).getroot().iter("testcase"):
            failed = case.find("failure") is not None or case.find("error") is not None
            skipped = case.find("skipped") is not None
            found[case.get("name", "?")] = "fail" if failed else "skip" if skipped else "ok"
    return found


def grid(results: dict[str, dict[str, str]]) -> str:
    """Lay the outcomes out, a line a test and a column a release; what did not run failed."""
    tests = list(dict.fromkeys(test for found in results.values() for test in found))
    width = max(map(len, tests), default=4)
    lines = [" | ".join([f"{'test':<{width}}", *(f"{release:<6}" for release in results)])]
    lines.append("-|-".join(["-" * width, *("-" * 6 for _ in results)]))
    for test in tests:
        cells = (f"{found.get(test, 'fail'):<6}" for found in results.values())
        lines.append(" | ".join([f"{test:<{width}}", *cells]))
    return "\n".join(lines)


def main() -> int:
    """Run the matrix."""
    results = {release: run(release) for release in sys.argv[1:] or releases()}
    print(f"\n{grid(results)}\n")
    tests = {test for found in results.values() for test in found}
    bad = [
        release
        for release, found in results.items()
        if not found or any(found.get(test, "fail") == "fail" for test in tests)
    ]
    print(f"failed on: {', '.join(bad)}" if bad else f"passed on: {', '.join(results)}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
