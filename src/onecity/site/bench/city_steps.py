"""The building step of the city bench, a process of its own: tables, packs, the city with its seconds by stage, and the floor.

`python -m onecity.site.bench.city_steps <residents> <seed> <file>` writes JSON to the file.
"""

import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

import psutil

__all__ = ["main"]


class _Stages:
    """Takes the builder's progress; keeps the seconds of each stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._name, self._began = "", time.perf_counter()

    def tell(self, stage: str, share: float) -> None:
        """A stage begins: the one before has ended."""
        moment = time.perf_counter()
        if self._name:
            self.seconds[self._name] = self.seconds.get(self._name, 0.0) + moment - self._began
        self._name, self._began = stage, moment

    def slowest(self, count: int = 12) -> dict[str, float]:
        """The dearest stages."""
        ranked = sorted(self.seconds.items(), key=lambda one: -one[1])
        return {name: round(seconds, 2) for name, seconds in ranked[:count]}


def _spent() -> float:
    """Processor seconds of this process and of processes it waited for."""
    return sum(
        used.ru_utime + used.ru_stime
        for used in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )


def _database() -> psutil.Process:
    from django.db import connection

    connection.ensure_connection()
    return psutil.Process(connection.connection.info.backend_pid)


def _database_spent(backend: psutil.Process) -> float:
    spent = backend.cpu_times()
    return float(spent.user + spent.system)


def _floor(residents: int, seed: int) -> dict[str, Any]:
    """The same tables generated and copied as they are: no checks, no references, no seals, no indexes, no files."""
    from django.db import connection

    from onecity.kernel.database import copy_arrow
    from onecity.simcity.api import generated_tables

    began, rows = time.perf_counter(), 0
    for place, table in enumerate(generated_tables(residents, seed).values()):
        name, columns = f"floor_{place}", ", ".join(f'"{column}" text' for column in table.column_names)
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TABLE {name} ({columns})")
        rows += copy_arrow(name, table)
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {name}")
    return {"floor_rows": rows, "floor_rows_per_s": round(rows / (time.perf_counter() - began))}


def main(residents: int, seed: int, target: Path) -> None:
    """Build and write what it took."""
    from onecity.site.bootstrap import wake_django

    wake_django()
    from onecity.simcity import api as simcity
    from onecity.site.configuration import configuration
    from onecity.site.preparation import apply_packs, migrate_database

    migrate_database()
    simcity.first_date()
    apply_packs(lambda line: print(line, file=sys.stderr))
    stages, backend = _Stages(), _database()
    own, other = _spent(), _database_spent(backend)
    report = simcity.build_city(residents, seed, stages.tell, home=configuration().home)
    made = {
        "rows": report.loaded, "generated_rows": report.generated, "seconds": round(report.seconds, 2),
        "rows_per_s": report.rows_per_second, "cpu_seconds": round(_spent() - own, 2),
        "database_cpu_seconds": round(_database_spent(backend) - other, 2), "slowest_stages": stages.slowest(),
        "peak_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }  # fmt: skip
    target.write_text(json.dumps(made | _floor(residents, seed)), encoding="utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
