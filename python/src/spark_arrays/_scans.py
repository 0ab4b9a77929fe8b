"""Which scan a column of a DataFrame comes from, and whether its rows can say where frames are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame
from pyspark.sql.functions import col

from spark_arrays.errors import SparkArraysError

__all__ = ["UnreferredError", "binary", "referred", "scan_shape"]

INDEX, OFFSET, REFERENCE = "frame_index", "_offset", "_reference"
"""Columns of rows that say where frames are."""

RELATION = "DataSourceV2Relation"

KEEPS_ROWS = {
    "Project", "Filter", "Sort", "Sample", "SubqueryAlias", "GlobalLimit", "LocalLimit", "Offset",
    "Tail", "Repartition", "RepartitionByExpression", "Join", "ResolvedHint", "Window",
}  # fmt: skip
"""Spark's operations whose rows are those of the scan, as they were; of others none is known."""


class UnreferredError(Exception):
    """Why rows can't say where their frames are."""


def binary(df: DataFrame, column: str) -> DataFrame:
    """Give the indexes and frames of a DataFrame, which Spark sends faster as bytes."""
    try:
        return _beside(df, column, "_bytes_", [], column)
    except UnreferredError:
        return df.select(INDEX, column)


def referred(df: DataFrame, column: str) -> DataFrame:
    """Give the rows of a DataFrame with references in place of the frames.

    Raises
    ------
    UnreferredError
        the reason, for people to read
    """
    rows = _beside(df, column, "_reference_", [OFFSET], REFERENCE)
    if not str(df.sparkSession.sparkContext.master).startswith("local"):
        _require_in_place(rows)
    return rows


def _beside(df: DataFrame, column: str, prefix: str, more: list[str], name: str) -> DataFrame:
    """Select a hidden column that the scan of a column of frames has beside it."""
    if df.isStreaming:
        raise UnreferredError("the frames are of a stream")
    plan = df._jdf.queryExecution().analyzed()
    outputs = [a for a in _items(plan.output()) if a.name() == column]
    if len(outputs) != 1:
        raise UnreferredError(f"{len(outputs)} columns are called `{column}`")
    _scan(plan, outputs[0].exprId())
    hidden = f"{prefix}{column}"
    # Looked for, because Spark logs an error for a column that it does not find.
    given = [a.name() for of in (plan.output(), plan.metadataOutput()) for a in _items(of)]
    for wanted in (hidden, *more):
        if wanted not in given:
            raise UnreferredError(f"the rows don't tell where frames are stored, by `{wanted}`")
    try:
        quoted = hidden.replace("`", "``")
        return df.select(INDEX, *more, col(f"`{quoted}`").alias(name))
    except AnalysisException as error:
        reason = str(error).split("\n")[0].split(". ")[0]
        raise UnreferredError(f"the rows don't tell where frames are stored: {reason}") from None


def scan_shape(df: DataFrame, column: str) -> tuple[int, ...]:
    """Give the shape of the scan that a column of frames is of.

    Raises
    ------
    SparkArraysError
        ``SCAN_UNCLEAR``
    """
    try:
        plan = df._jdf.queryExecution().analyzed()
        outputs = [a for a in _items(plan.output()) if a.name() == column]
        if len(outputs) != 1:
            raise UnreferredError(f"{len(outputs)} columns are called `{column}`")
        text = _scan(plan, outputs[0].exprId()).table().properties().get("scan")
        if text is None:
            raise UnreferredError("the table does not tell it")
        return tuple(int(extent) for extent in str(text).split(",") if extent)
    except UnreferredError as reason:
        raise SparkArraysError(
            "SCAN_UNCLEAR",
            f"column `{column}`",
            f"the shape of its scan is not known: {reason}",
            "Give the shape: scan=(64, 64)",
        ) from None


def _items(sequence: Any) -> Iterator[Any]:
    """Walk through a Scala sequence."""
    return (sequence.apply(i) for i in range(sequence.size()))


def _scan(plan: Any, wanted: Any) -> Any:
    """Find the table that an attribute comes from, past nothing that makes other rows."""
    if plan.getClass().getSimpleName() == RELATION:
        return plan
    if plan.nodeName() not in KEEPS_ROWS:
        raise UnreferredError(f"{plan.nodeName()} makes other rows than the table's")
    for child in _items(plan.children()):
        if any(a.exprId().equals(wanted) for a in _items(child.output())):
            return _scan(child, wanted)
    raise UnreferredError("the column is computed, not read")


def _require_in_place(rows: DataFrame) -> None:
    """Demand that rows stay in the tasks that read them: hosts may have files of their own."""
    _stay(rows._jdf.queryExecution().executedPlan())


def _stay(plan: Any) -> None:
    if plan.nodeName() == "AdaptiveSparkPlan":
        _stay(plan.initialPlan())
        return
    if plan.nodeName().endswith("Exchange"):
        raise UnreferredError("rows are moved to other tasks before their frames are needed")
    for child in _items(plan.children()):
        if any(a.name().startswith(REFERENCE) for a in _items(child.output())):
            _stay(child)
