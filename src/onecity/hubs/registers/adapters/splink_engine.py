"""Bulk comparison with Splink on DuckDB: training of weights, and scores of all pairs the keys bring together.

Owns the translation of our levels into Splink's settings and of its trained model into ours. Refuses clusters: those are rules.
"""

import logging
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from onecity.hubs.registers.rules.resolution.features import COLUMNS
from onecity.hubs.registers.rules.resolution.levels import COMPARISONS, KEYS, Comparison
from onecity.hubs.registers.rules.resolution.model import Model, model_from_splink

__all__ = ["MEMORY", "Pairs", "SplinkEngine"]

MEMORY = "700MB"
RARITY_FLOOR = 2e-5
_TRAINING_PAIRS = 300_000.0
_RANDOM_PAIRS = 800_000
# Chance agreement of numbers is too rare for any sample: by the size of the number space, and of slips onto kin's numbers.
_CHANCE = {"number": (5e-7, 5e-7, 3e-6, 0.2, 0.8)}


@dataclass(frozen=True)
class Pairs:
    """Scored pairs: rows of both sides and weights in bits, rounded to a ten-thousandth as everywhere."""

    left: Any
    right: Any
    weight: Any


def _level(level: Any, chance: float | None, trained: tuple[float, float] | None) -> dict[str, Any]:
    out: dict[str, Any] = {"sql_condition": level.sql, "label_for_charts": level.words}
    if trained is not None:
        agreement, weight = trained
        out |= {"m_probability": 2.0**agreement, "u_probability": 2.0 ** (agreement - weight)}
    elif chance is not None:
        out |= {"u_probability": chance, "fix_u_probability": True}
    if level.rarity:
        out |= {
            "tf_adjustment_column": level.rarity, "tf_adjustment_weight": 1.0,
            "tf_minimum_u_value": RARITY_FLOOR, "disable_tf_exact_match_detection": True,
        }  # fmt: skip
    return out


def _case(comparison: Comparison) -> str:
    last = len(comparison.levels) - 1
    tests = " ".join(f"WHEN {level.sql} THEN {last - n}" for n, level in enumerate(comparison.levels[:-1]))
    return f"CASE WHEN {comparison.missing} THEN -1 {tests} ELSE 0 END"


def _comparison(comparison: Any, model: Model | None, known: dict[str, tuple[float, ...]]) -> dict[str, Any]:
    missing = {"sql_condition": comparison.missing, "label_for_charts": "missing", "is_null_level": True}
    count = len(comparison.levels)
    chances: Any = known.get(comparison.name, (None,) * count)
    trained: Any = (None,) * count
    if model is not None:
        pairs = zip(model.agreement[comparison.name], model.weights[comparison.name], strict=True)
        trained = tuple(reversed(list(pairs)))
    levels = [_level(*each) for each in zip(comparison.levels, chances, trained, strict=True)]
    return {"output_column_name": comparison.name, "comparison_levels": [missing, *levels]}


def _settings(model: Model | None, chances: dict[str, tuple[float, ...]]) -> Any:
    from splink import SettingsCreator, block_on

    known = {} if model is None else {"probability_two_random_records_match": 1 / (1 + 2.0**-model.prior)}
    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=[_comparison(comparison, model, chances) for comparison in COMPARISONS],
        blocking_rules_to_generate_predictions=[block_on(*names) for names in KEYS],
        unique_id_column_name="row",
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=False,
        max_iterations=12,
        em_convergence=0.001,
        **known,
    )


class SplinkEngine:
    """One bulk run over a feature table. `close` gives the memory back."""

    def __init__(self, features: pa.Table, scratch: Path, threads: int = 2) -> None:
        logging.getLogger("splink").setLevel(logging.ERROR)
        self.connection = duckdb.connect(":memory:")
        self.connection.execute(
            f"SET memory_limit='{MEMORY}'; SET threads={int(threads)}; SET preserve_insertion_order=false;"
        )
        self.connection.execute("SET temp_directory='" + str(scratch).replace("'", "''") + "'")
        self.connection.register("incoming", features)
        self.connection.execute("CREATE TABLE resolution_features AS SELECT * FROM incoming")
        self.connection.unregister("incoming")

    def _chances(self) -> dict[str, tuple[float, ...]]:
        """How often two random records reach each level: all comparisons in one pass, where Splink would sample for each anew."""
        (count,) = self.connection.execute("SELECT count(*) FROM resolution_features").fetchone() or (0,)
        rounds = max(1, min(40, _RANDOM_PAIRS // max(1, count)))
        sides = ", ".join(f"{side}.{column} AS {column}_{side}" for side in "lr" for column in COLUMNS)
        found: dict[str, tuple[float, ...]] = {}
        cases = ", ".join(f"{_case(one)} AS {one.name}" for one in COMPARISONS)
        self.connection.execute(
            f"CREATE TABLE chance AS WITH drawn AS (SELECT *, (row * 48271 + step * 7919 + 11) % {max(1, count)} AS other "
            f"FROM resolution_features, range({rounds}) s(step)) SELECT {cases} FROM (SELECT {sides} FROM drawn l "
            "JOIN resolution_features r ON r.row = l.other WHERE l.row <> r.row)"
        )
        for one in COMPARISONS:
            seen = dict(
                self.connection.execute(
                    f"SELECT {one.name}, count(*) FROM chance WHERE {one.name} >= 0 GROUP BY 1"
                ).fetchall()
            )
            total = sum(seen.values()) + 1
            # Half a pair for a level never met: rare, but not impossible.
            levels = range(len(one.levels) - 1, -1, -1)
            found[one.name] = _CHANCE.get(one.name) or tuple(max(seen.get(level, 0), 0.5) / total for level in levels)
        self.connection.execute("DROP TABLE chance")
        return found

    def _linker(self, model: Model | None, chances: dict[str, tuple[float, ...]] | None = None) -> Any:
        from splink import Linker
        from splink.backends.duckdb import DuckDBAPI

        self.api = DuckDBAPI(connection=self.connection)
        return Linker(self.api.register("resolution_features"), _settings(model, chances or {}), log_level="ERROR")

    def train(self, version: str) -> Model:
        """Weights from the data alone: u from random pairs, m by expectation maximisation on three key sets."""
        from splink import block_on
        from splink.internals.exceptions import EMTrainingException

        linker = self._linker(None, self._chances())
        training = linker.training
        training.estimate_probability_two_random_records_match(
            [block_on("number", "name"), block_on("name", "birth", "phone")], recall=0.8
        )
        for names in (("number",), ("sound", "birth"), ("phone", "birth")):
            # Departments that deliver no telephones give no such pairs; what stays untrained keeps its usual weight.
            with suppress(EMTrainingException):
                training.estimate_parameters_using_expectation_maximisation(
                    block_on(*names), max_pairs=_TRAINING_PAIRS, fix_u_probabilities=True
                )
        return model_from_splink(linker.misc.save_model_to_json(), version, self._rarities())

    def _rarities(self) -> dict[str, dict[str, float]]:
        out = {}
        for column in ("name", "sound"):
            rows = self.connection.execute(
                f"SELECT {column}, count(*) / sum(count(*)) OVER () AS share FROM resolution_features "
                f"WHERE {column} IS NOT NULL GROUP BY 1 QUALIFY share > {RARITY_FLOOR}"
            ).fetchall()
            out[column] = dict(rows)
        return out

    def score(self, model: Model) -> Pairs:
        """All pairs of common keys that weigh at least the model's `review` bits, by its frozen weights and rarities."""
        linker = self._linker(model)
        for column, shares in model.rarity.items():
            self.connection.register(
                "shares", pa.table({"value": list(shares), "share": pa.array(shares.values(), pa.float64())})
            )
            name = f"rarity_{column}_{self._number()}"
            self.connection.execute(
                f"CREATE TABLE {name} AS SELECT {column}, coalesce(any_value(share), {model.floor}) AS tf_{column} "
                f"FROM resolution_features LEFT JOIN shares ON value = {column} WHERE {column} IS NOT NULL GROUP BY 1"
            )
            self.connection.unregister("shares")
            linker.table_management.register_term_frequency_lookup(self.api.register(name), column)
        made = linker.inference.predict(threshold_match_weight=model.review)
        table = self.connection.execute(
            f"SELECT row_l::INTEGER AS l, row_r::INTEGER AS r, round(match_weight, 4) AS w FROM {made.physical_name}"
        ).to_arrow_table()
        made.drop_table_from_database_and_remove_from_cache()
        return Pairs(*(np.asarray(table[key].combine_chunks()) for key in ("l", "r", "w")))

    def _number(self) -> int:
        self.made = getattr(self, "made", 0) + 1
        return self.made

    def close(self) -> None:
        """Give back what the run took."""
        self.connection.close()
