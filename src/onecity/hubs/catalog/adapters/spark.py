"""The same plans on Spark, for cities that have a cluster. Local mode needs Java 17 and the extra `spark`.

Owns the session and the order: rows come back sorted by their place in the delivered file, so both engines name the same rows.
"""

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import sqlglot

from onecity.hubs.catalog.adapters import lake
from onecity.hubs.catalog.rules.plan import Plan

__all__ = ["SparkEngine"]

_ROW = "_row"


@cache
def _session() -> Any:
    # Workers must run this interpreter, not the system's.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    from pyspark.sql import SparkSession

    builder: Any = SparkSession.builder
    return (
        builder.appName("onecity-quality").config("spark.sql.session.timeZone", "UTC").config("spark.ui.enabled", "false")
        .config("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS").config("spark.sql.shuffle.partitions", "8")
        .config("spark.master", os.environ.get("SPARK_MASTER", "local[2]")).getOrCreate()
    )  # fmt: skip


class SparkEngine:
    """Runs plans with Spark over the same Parquet."""

    name = "spark"

    def checked(self, raw: Path, plan: Plan) -> Iterator[pa.RecordBatch]:
        """Typed items and bits of every row of `raw`, in order."""
        spark = _session()
        _view(spark, "onecity_raw", raw)
        answer = spark.sql(f"{plan.select('onecity_raw', carried=[_ROW], dialect='spark')} ORDER BY {_ROW}")
        with lake.drafted(".spark") as folder:
            try:
                answer.drop(_ROW).write.mode("overwrite").parquet(str(folder))
                for part in sorted(folder.glob("part-*.parquet")):
                    with pq.ParquetFile(part) as file:
                        yield from file.iter_batches(lake.ROW_GROUP)
            finally:
                shutil.rmtree(folder, ignore_errors=True)

    def rows_breaking(self, statement: str, relations: dict[str, Path]) -> Sequence[int]:
        """Row numbers a rule over rows names, ascending."""
        spark = _session()
        for name, path in relations.items():
            _view(spark, name, path)
        text = sqlglot.transpile(statement, read="duckdb", write="spark")[0]
        return sorted(int(row[_ROW]) for row in spark.sql(text).collect())


def _view(spark: Any, name: str, path: Path) -> None:
    spark.read.parquet(str(path)).selectExpr(f"_metadata.row_index AS {_ROW}", "*").createOrReplaceTempView(name)
