"""Functions over frames in queries: with masks, nulls and each other; and used wrongly."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from py4j.protocol import Py4JJavaError
from pyspark.errors import AnalysisException, PySparkException
from pyspark.sql import SparkSession
from pyspark.sql import functions as F  # noqa: N812 - Spark's own custom

from frame_checks import partitions, write_partitions
from spark_arrays import to_numpy


@pytest.fixture(scope="module")
def counts(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a view of 12 small frames of uint16, each with another sum."""
    scan = np.arange(12 * 6, dtype="uint16").reshape(12, 2, 3)
    path = write_partitions(tmp_path_factory.mktemp("counts") / "scan", scan, [0, 12])
    spark.sql(f"CREATE OR REPLACE TEMPORARY VIEW counts USING clusterdata OPTIONS (path '{path}')")
    return path


@pytest.mark.usefixtures("counts")
def test_group_by_a_function(spark: SparkSession) -> None:
    rows = spark.sql(
        "SELECT frame_index, arrays.frame_sum(frame) AS s, count(*) AS n FROM counts "
        "GROUP BY frame_index, arrays.frame_sum(frame)"
    ).collect()
    assert {(row.frame_index, row.s, row.n) for row in rows} == {
        (i, float(sum(range(6 * i, 6 * i + 6))), 1) for i in range(12)
    }


@pytest.mark.usefixtures("counts")
def test_where_and_order_by(spark: SparkSession) -> None:
    rows = spark.sql(
        "SELECT frame_index FROM counts WHERE arrays.frame_max(frame) < 40 "
        "ORDER BY arrays.frame_mean(frame) DESC LIMIT 2"
    ).collect()
    assert [row.frame_index for row in rows] == [5, 4]
    having = spark.sql(
        "SELECT frame_index % 2 AS odd FROM counts GROUP BY odd "
        "HAVING element_at(arrays.frame_total(frame), 1) > 200"
    ).collect()
    assert [row.odd for row in having] == [1]


def test_functions_of_the_dataframe_api(spark: SparkSession, counts: Path) -> None:
    table = partitions(spark, counts)
    total = F.call_function("arrays.frame_sum", "frame")
    assert [row.s for row in table.select(total.alias("s")).limit(2).collect()] == [15.0, 51.0]


@pytest.mark.usefixtures("counts")
def test_a_mask_in_the_query(spark: SparkSession) -> None:
    row = spark.sql(
        "SELECT arrays.masked_sum(frame, array(0, 0, 1, 0, 0, -2)) AS literal, "
        "arrays.masked_sum(frame, array(true, false, false, false, false, true)) AS chosen, "
        "arrays.masked_sum(frame, (SELECT frame FROM counts WHERE frame_index = 0)) AS query "
        "FROM counts WHERE frame_index = 1"
    ).collect()[0]
    assert row == (8.0 - 22.0, 6.0 + 11.0, float(np.arange(6, 12) @ np.arange(6)))


def test_a_bool_mask_selects(spark: SparkSession) -> None:
    sql = "SELECT arrays.masked_sum(array(1.5D, double('NaN')), array({mask})) AS s"
    assert spark.sql(sql.format(mask="true, false")).collect()[0].s == 1.5
    assert math.isnan(spark.sql(sql.format(mask="1, 0")).collect()[0].s)


def test_nulls(spark: SparkSession) -> None:
    sql = """SELECT {name}(CAST(NULL AS ARRAY<INT>){rest}) AS r"""
    for name, rest in [
        ("frame_sum", ""), ("frame_max", ""), ("frame_at", ", 0"), ("center_of_mass", ", 1, 1"),
        ("masked_sum", ", array(1)"), ("frame_region", ", 1, 1, 0, 1, 0, 1"), ("frame_total", ""),
    ]:  # fmt: skip
        query = sql.format(name="arrays." + name, rest=rest)
        assert spark.sql(query).collect()[0].r is None, name
    assert spark.sql("SELECT arrays.frame_sum(CAST(NULL AS BINARY), 'int8') AS r").head() == (None,)
    some = spark.sql(
        "SELECT arrays.frame_total(f) AS t FROM VALUES (array(1, 2)), (NULL), (array(3, 4)) AS v(f)"
    )
    assert some.collect()[0].t == [4.0, 6.0]
    assert spark.sql("SELECT arrays.frame_at(array(1, NULL), 1) AS r").collect()[0].r is None


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("frame_sum()", "call it as"),
        ("frame_sum(1)", "must be an array of numbers or a binary frame"),
        ("frame_sum(array('a'))", "not of numbers"),
        ("frame_sum(array(array(1)))", "frames = array"),
        ("frame_sum(array(named_struct('re', 1.0F, 'im', 1.0F)))", "z.re"),
        ("frame_sum(array(1.5))", "cast it to ARRAY<DOUBLE>"),
        ("frame_sum(array(1), 'int32')", "2 arguments for array frames"),
        ("frame_sum(X'00')", "dtype"),
        ("frame_sum(X'00', 8)", "must be a string"),
        ("frame_at(array(1))", "1 arguments"),
        ("frame_at(array(1), 'x')", "k must be a whole number"),
        ("frame_at(array(1), 1.5)", "k must be a whole number"),
        ("frame_region(array(1), 1, 1, 0, 1, 0)", "x1"),
        ("masked_sum(array(1), 1)", "mask must be"),
        ("masked_sum(array(1), X'00')", "mask must be an array"),
        ("center_of_mass(array(1), 1)", "height, width"),
        ("frame_total(array('a'))", "not of numbers"),
    ],
)
def test_wrong_types_fail_at_analysis(spark: SparkSession, call: str, said: str) -> None:
    with pytest.raises(AnalysisException) as caught:
        spark.sql(f"SELECT arrays.{call}")
    assert said in str(caught.value)
    assert call.split("(")[0] in str(caught.value)


def test_an_unknown_function(spark: SparkSession) -> None:
    with pytest.raises(AnalysisException, match="frame_nothing"):
        spark.sql("SELECT arrays.frame_nothing(array(1))")


@pytest.mark.parametrize(
    ("call", "code"),
    [
        ("frame_at(frame, 6)", "ELEMENT_OUT_OF_RANGE"),
        ("frame_at(frame, -1)", "ELEMENT_OUT_OF_RANGE"),
        ("frame_at(frame, 5000000000)", "ELEMENT_OUT_OF_RANGE"),
        ("masked_sum(frame, array(1, 2))", "MASK_LENGTH"),
        ("frame_region(frame, 2, 3, 0, 3, 0, 1)", "ELEMENT_OUT_OF_RANGE"),
        ("frame_region(frame, 2, 3, 1, 0, 0, 1)", "ELEMENT_OUT_OF_RANGE"),
        ("frame_region(frame, 2, 3, 0, 1, -1, 1)", "ELEMENT_OUT_OF_RANGE"),
        ("frame_region(frame, 2, 2, 0, 1, 0, 1)", "FRAME_LENGTH"),
        ("center_of_mass(frame, 5, 1)", "FRAME_LENGTH"),
        ("center_of_mass(frame, -2, -3)", "FRAME_LENGTH"),
        ("frame_sum(array(1, NULL, int(frame_index)))", "ELEMENT_NULL"),
        ("frame_total(frame_region)", "FRAME_LENGTH"),
        ("frame_sum(X'000102', 'int16')", "FRAME_LENGTH"),
        ("frame_sum(X'0001', '>i2')", "DTYPE_UNSUPPORTED"),
        ("frame_sum(X'0001', 'complex64')", "DTYPE_UNSUPPORTED"),
        ("frame_sum(X'0001', 'text')", "DTYPE_UNSUPPORTED"),
        ("frame_sum(array(CAST(-1 AS DECIMAL(20,0))))", "VALUE_OUT_OF_RANGE"),
    ],
)
@pytest.mark.usefixtures("counts")
def test_wrong_values_fail_in_the_task(spark: SparkSession, call: str, code: str) -> None:
    # Frames of two lengths, for the aggregate.
    call = call.replace("frame_region)", "slice(frame, 1, 1 + int(frame_index)))")
    query = spark.sql(f"SELECT arrays.{call} FROM counts")
    with pytest.raises((PySparkException, Py4JJavaError)) as caught:
        query.collect()
    assert f"[{code}]" in str(caught.value)


def test_regions_compose(spark: SparkSession, counts: Path) -> None:
    scan = np.arange(12 * 6, dtype="uint16").reshape(12, 2, 3)
    binary = partitions(spark, counts, frames="binary")
    found = spark.sql(
        "SELECT arrays.frame_sum(arrays.frame_region(frame, 2, 3, 0, 2, 1, 3, 'uint16'), 'uint16')"
        " AS s FROM {t} ORDER BY frame_index",
        t=binary,
    ).collect()
    assert [row.s for row in found] == scan[:, :, 1:].sum(axis=(1, 2)).tolist()
    empty = "SELECT arrays.frame_region(array(1, 2), 1, 2, 0, 1, 2, 2) AS r"
    assert spark.sql(empty).collect()[0].r == []


def test_the_empty_frame_has_no_centre(spark: SparkSession) -> None:
    for call in ("array(0, 0, 0, 0), 2, 2", "CAST(array() AS ARRAY<INT>), 0, 7"):
        center = spark.sql(f"SELECT arrays.center_of_mass({call}) AS c").collect()[0].c
        assert all(math.isnan(value) for value in center)


def test_results_are_columns_like_others(spark: SparkSession, counts: Path) -> None:
    table = partitions(spark, counts)
    schema = table.selectExpr(
        "arrays.frame_sum(frame) AS s", "arrays.frame_max(frame) AS m",
        "arrays.frame_region(frame, 2, 3, 0, 1, 0, 1) AS r",
        "arrays.center_of_mass(frame, 2, 3) AS c",
    ).dtypes  # fmt: skip
    assert schema == [("s", "double"), ("m", "int"), ("r", "array<int>"), ("c", "array<double>")]
    assert to_numpy(table.limit(1)).shape == (1, 2, 3)
