"""What entity resolution is compared with on the same data: default Splink, and a plain rule matcher."""

import logging
from typing import Any

import duckdb
import pyarrow as pa

from onecity.codes import CitizenNumber, CodeError

__all__ = ["default_splink", "plain_rules"]

MEMORY = "1400MB"


def default_splink(records: pa.Table) -> list[int]:
    """Splink as its getting-started page configures it: library comparisons, three exact blocking rules, clusters at 0.95."""
    import splink.comparison_library as cl
    from splink import Linker, SettingsCreator, block_on
    from splink.backends.duckdb import DuckDBAPI

    logging.getLogger("splink").setLevel(logging.ERROR)
    connection = duckdb.connect(":memory:")
    connection.execute(f"SET memory_limit='{MEMORY}'; SET threads=2; SET preserve_insertion_order=false")
    connection.register("incoming", records.append_column("row", pa.array(range(records.num_rows), pa.int64())))
    connection.execute("CREATE TABLE persons AS SELECT * FROM incoming")
    connection.unregister("incoming")
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="row",
        comparisons=[
            cl.NameComparison("name").configure(term_frequency_adjustments=True),
            cl.DateOfBirthComparison("birth_date", input_is_string=False),
            cl.DamerauLevenshteinAtThresholds("number", [1, 2]),
            cl.ExactMatch("sex"),
            cl.ExactMatch("phone").configure(term_frequency_adjustments=True),
            cl.LevenshteinAtThresholds("address", [1, 5]),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("number"),
            block_on("name", "birth_date"),
            block_on("phone"),
        ],
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=False,
    )
    linker = Linker(DuckDBAPI(connection=connection).register("persons"), settings, log_level="ERROR")
    training = linker.training
    training.estimate_probability_two_random_records_match(
        [block_on("number"), block_on("name", "birth_date")], recall=0.7
    )
    training.estimate_u_using_random_sampling(max_pairs=1e6, seed=7)
    for names in (("name", "birth_date"), ("number",)):
        training.estimate_parameters_using_expectation_maximisation(block_on(*names))
    predicted = linker.inference.predict(threshold_match_probability=0.5)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(predicted, threshold_match_probability=0.95)
    found = connection.execute(f"SELECT cluster_id FROM {clusters.physical_name} ORDER BY row").fetchall()
    connection.close()
    return [int(label) for (label,) in found]


def _valid(number: str | None) -> str | None:
    try:
        return str(CitizenNumber.parse(number)) if number else None
    except CodeError:
        return None


def plain_rules(records: pa.Table) -> list[int]:
    """The rules offices use: same valid number (15 digits upgraded), or same name with birth date and telephone or address."""
    parent = list(range(records.num_rows))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    first: dict[tuple[Any, ...], int] = {}
    columns = (records[name].to_pylist() for name in ("number", "name", "birth_date", "phone", "address"))
    for row, (number, name, birth, phone, address) in enumerate(zip(*columns, strict=True)):
        keys: list[tuple[Any, ...]] = []
        if valid := _valid(number):
            keys.append((valid,))
        if name and birth:
            keys += [(name, birth, kind, value) for kind, value in (("phone", phone), ("address", address)) if value]
        for key in keys:
            a, b = root(first.setdefault(key, row)), root(row)
            parent[max(a, b)] = min(a, b)
    return [root(row) for row in range(records.num_rows)]
