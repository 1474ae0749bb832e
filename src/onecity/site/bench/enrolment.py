"""N families enrol a child through the real HTTP API with 8 clients; then the schools are allocated and notices issued."""

import statistics
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import psycopg

from onecity.site.bench import Options, Progress
from onecity.site.bench.clients import Answer, Caller
from onecity.site.bench.instance import Instance, temporary_instance

if TYPE_CHECKING:
    from onecity.simcity.families import ReadyFamily

__all__ = ["run"]

FAMILIES, CLIENTS = 1000, 8
GIVE_UP_SECONDS = 60.0
APPLICATIONS = "/api/v1/service/applications"


@dataclass
class Tally:
    """What the clients saw, gathered under one lock."""

    latencies: dict[str, list[float]] = field(default_factory=dict)
    classified: int = 0
    failures: dict[str, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def timed(self, name: str, call: Callable[[], Answer]) -> Answer:
        """Run one call and keep its milliseconds under `name`."""
        began = time.perf_counter()
        answer = call()
        with self.lock:
            self.latencies.setdefault(name, []).append((time.perf_counter() - began) * 1000)
        return answer

    def passed(self) -> None:
        """Count a family that came through."""
        with self.lock:
            self.classified += 1

    def fail(self, reason: str) -> None:
        """Count why a family did not come through."""
        with self.lock:
            self.failures[reason] = self.failures.get(reason, 0) + 1


@dataclass(frozen=True)
class Counters:
    """Figures of the database at one moment."""

    position: str
    proofs: int
    proof_commits: int
    jobs: int


def _counters(url: str) -> Counters:
    with psycopg.connect(url, autocommit=True) as database:
        database.execute("CREATE EXTENSION IF NOT EXISTS pg_walinspect")
        (position,) = database.execute("SELECT pg_current_wal_insert_lsn()::text").fetchone() or ("",)
        proofs, commits = database.execute(
            "SELECT count(*), count(DISTINCT xmin::text) FROM exchange_proofrecord"
        ).fetchone() or (0, 0)
        (jobs,) = database.execute("SELECT last_value FROM procrastinate_jobs_id_seq").fetchone() or (0,)
    return Counters(position, proofs, commits, jobs)


def _commits_between(url: str, begin: str, end: str) -> int:
    """Write transactions as the write-ahead log counts them: one COMMIT record each, subtransactions not counted."""
    with psycopg.connect(url, autocommit=True) as database:
        row = database.execute(
            "SELECT count(*) FROM pg_get_wal_records_info(%s, %s) "
            "WHERE resource_manager = 'Transaction' AND record_type LIKE 'COMMIT%%'",
            [begin, end],
        ).fetchone()
    return int(row[0]) if row else 0


@dataclass(frozen=True)
class Phone:
    """One family's way to the city: its session on the shared connections."""

    caller: Caller
    token: str
    tally: Tally

    def ask(self, name: str, method: str, path: str, body: Mapping[str, Any] | None = None) -> Answer:
        """One timed call."""
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.tally.timed(name, lambda: self.caller.call(method, path, body, headers=headers))

    def until(self, application: str, enough: Callable[[dict[str, Any]], bool]) -> dict[str, Any] | None:
        """Look at the application until `enough`, as the page does; None after a minute."""
        end, pause = time.monotonic() + GIVE_UP_SECONDS, 0.15
        while time.monotonic() < end:
            seen = self.ask("look", "GET", f"{APPLICATIONS}/{application}").json()
            if seen and enough(seen):
                return seen
            time.sleep(pause)
            pause = min(pause * 1.5, 0.5)
        return None


def _enrol(phone: Phone, family: "ReadyFamily", bundle: str) -> None:
    """One family: open (consent), wait for the prefilled form, submit, see the verdict."""
    key = f"bench:{family.child}"
    opened = phone.ask("open", "POST", APPLICATIONS, {
        "bundle": bundle, "behalf": str(family.child), "answers": dict(family.answers), "consented": True,
        "idempotency_key": key,
    })  # fmt: skip
    if opened.status != 201:
        return phone.tally.fail(_reason(opened))
    view = phone.until(opened.json()["id"], lambda seen: bool(seen["prefilled"]))
    if view is None:
        return phone.tally.fail("not_prefilled")
    typed = family.values(frozenset(entry["key"] for entry in view["fields"] if entry["editable"]))
    body = {"values": dict(typed), "version": view["version"], "idempotency_key": f"{key}:in"}
    sent = phone.ask("submit", "POST", f"{APPLICATIONS}/{view['id']}/submit", body)
    if sent.status != 200:
        return phone.tally.fail(_reason(sent))
    if sent.json()["verdict"] is None and phone.until(view["id"], lambda seen: seen["verdict"] is not None) is None:
        return phone.tally.fail("not_classified")
    return phone.tally.passed()


def _reason(answer: Answer) -> str:
    told = answer.json()
    fields = (told.get("data") or {}).get("fields") if isinstance(told.get("data"), dict) else None
    return f"{told.get('code', answer.status)}{': ' + ', '.join(sorted(fields)) if fields else ''}"


def _between(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    return {name: value - before.get(name, 0.0) for name, value in after.items()}


def _quantile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] if values else 0.0


def _exactness(url: str, families: int) -> tuple[int, int]:
    """Lost: classified applications missing from the database. Doubled: a child with two, or a proof entered twice."""
    with psycopg.connect(url, autocommit=True) as database:
        kept = database.execute(
            "SELECT count(*) FROM service_application WHERE submitted_at IS NOT NULL AND outcome <> ''"
        ).fetchone()
        doubled = database.execute(
            "SELECT coalesce(sum(n - 1), 0) FROM (SELECT count(*) n FROM service_application "
            "WHERE state <> 'withdrawn' GROUP BY bundle, person HAVING count(*) > 1) d"
        ).fetchone()
    return families - int(kept[0] if kept else 0), int(doubled[0] if doubled else 0)


def _sessions(home: Any, size: int) -> tuple[str, list[tuple[Any, str]]]:
    """Families with a session each, opened directly: 1,000 password hashes would measure the hash, not the city."""
    from onecity.hubs.identity import api as identity
    from onecity.kernel.actor import Actor
    from onecity.simcity.families import ready_families
    from onecity.simcity.ports import registered_plays

    play = registered_plays()["school_enrolment"]
    ready = ready_families(play, size, home)
    system = Actor.system("site")
    return play.bundle, [(f, identity.open_session(system, account_id=f.account_id).token) for f in ready]


def _decide(url: str, progress: Progress) -> tuple[float, int]:
    """The second batch: close, check, publish, allocate, issue. Seconds and admission notices."""
    from onecity.kernel.actor import Actor
    from onecity.simcity.ports import registered_plays

    progress("closing the rounds: allocation, draw and admission notices")
    finish, began = registered_plays()["school_enrolment"].finish, time.perf_counter()
    assert finish is not None
    finish(Actor.system("site"))
    seconds = time.perf_counter() - began
    with psycopg.connect(url, autocommit=True) as database:
        row = database.execute("SELECT count(*) FROM credential_certificate").fetchone()
    return seconds, int(row[0]) if row else 0


def _wait_for_events(url: str) -> None:
    """Let the worker deliver what the submissions announced, so that the round sees every family."""
    end = time.monotonic() + GIVE_UP_SECONDS
    query = (
        "SELECT count(*) FROM kernel_eventcursor c WHERE EXISTS (SELECT 1 FROM kernel_eventrow e "
        "WHERE (e.transaction, e.sequence) > (c.transaction, c.sequence))"
    )
    with psycopg.connect(url, autocommit=True) as database:
        while time.monotonic() < end:
            row = database.execute(query).fetchone()
            if row and not row[0]:
                return
            time.sleep(0.2)


def run(options: Options, progress: Progress) -> dict[str, object]:
    """N families through the HTTP API: applications per second, latencies, writes, exactness; then the allocation."""
    size, clients = options.size or FAMILIES, options.clients or CLIENTS
    variables = {"RESIDENTS": str(max(1000, size)), "SEED": str(options.seed)}
    with temporary_instance(progress, variables) as instance:
        progress("building the city and starting web, gateway and worker")
        instance.start()
        return _measure(instance, size, clients, progress)


def _let_sources_answer_at_once(instance: Instance) -> None:
    from onecity.simcity.twin import control
    from onecity.simcity.twin.behaviour import Behaviour

    control.behave(instance.home, Behaviour().to_json() | {"latency": [0.0, 0.0]})


def _measure(instance: Instance, size: int, clients: int, progress: Progress) -> dict[str, object]:
    from onecity.site.bootstrap import wake_django

    wake_django()
    _let_sources_answer_at_once(instance)
    progress("opening accounts and sessions")
    bundle, families = _sessions(instance.home, size)
    tally, before, spent = Tally(), _counters(instance.database_url), instance.processor_seconds()
    progress(f"{len(families)} families, {clients} clients")
    caller, used = Caller(instance.web), time.process_time()
    began = time.perf_counter()
    with ThreadPoolExecutor(clients) as hands:
        list(hands.map(lambda one: _enrol(Phone(caller, one[1], tally), one[0], bundle), families))
    seconds, used = time.perf_counter() - began, time.process_time() - used
    after, spent = _counters(instance.database_url), _between(spent, instance.processor_seconds())
    commits = _commits_between(instance.database_url, before.position, after.position)
    _wait_for_events(instance.database_url)
    progress(f"{tally.classified} classified in {seconds:.1f} s; {dict(tally.failures)}")
    decide_seconds, issued = _decide(instance.database_url, progress)
    lost, doubled = _exactness(instance.database_url, tally.classified)
    # A job's own rows: enqueueing joins the caller's transaction, fetching and finishing commit once each.
    own = commits - (after.proof_commits - before.proof_commits) - 2 * (after.jobs - before.jobs)
    everything = [value for values in tally.latencies.values() for value in values]
    slowest = max(tally.latencies, key=lambda name: _quantile(tally.latencies[name], 0.95))
    each = 1000 / max(1, tally.classified)
    return {
        "bench": "enrolment",
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "families": len(families),
        "clients": clients,
        "classified": tally.classified,
        "seconds": round(seconds, 2),
        "applications_per_s": round(tally.classified / seconds, 2),
        "p50_ms": round(statistics.median(everything), 1) if everything else 0.0,
        "p95_ms": round(_quantile(tally.latencies[slowest], 0.95), 1),
        "slowest_call": slowest,
        "p95_by_call_ms": {name: round(_quantile(values, 0.95), 1) for name, values in tally.latencies.items()},
        "exchange_calls": after.proofs - before.proofs,
        "writes_per_application": round(own / max(1, tally.classified), 2),
        "cpu_ms_per_application": round(sum(spent.values()) * each, 1),
        "cpu_ms_by_process": {name: round(value * each, 1) for name, value in spent.items()},
        "client_cpu_ms_per_application": round(used * each, 1),
        "decide_seconds": round(decide_seconds, 2),
        "notices": issued,
        "peak_rss_mb": round(instance.peak_rss / 2**20),
        "lost": lost,
        "doubled": doubled,
        "failures": tally.failures,
    }
