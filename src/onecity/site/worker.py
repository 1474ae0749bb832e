"""The worker process: delivers events, runs background jobs, seals the audit trail, until told to stop."""

import gc
import logging
import threading

from onecity.site.bootstrap import wake_django
from onecity.site.configuration import configuration

__all__ = ["run_worker"]

logger = logging.getLogger("onecity.worker")


def run_worker() -> None:
    """Run all registered loops in threads and the job queue in front; SIGINT and SIGTERM let running jobs finish."""
    wake_django()
    from procrastinate.contrib.django import app

    from onecity.kernel.jobs import rescue_stalled
    from onecity.kernel.worker import loops, register_loop, run_loops

    if "kernel.rescue" not in {loop.name for loop in loops()}:
        register_loop("kernel.rescue", 15.0, rescue_stalled)

    gc.collect()
    gc.freeze()
    stop = threading.Event()
    threads = run_loops(stop)
    logger.info("worker ready with %s loops", len(threads))
    try:
        connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
        with app.replace_connector(connector) as queue:
            queue.run_worker(
                concurrency=configuration().worker_jobs,
                shutdown_graceful_timeout=8,
                fetch_job_polling_interval=2,
                update_heartbeat_interval=5,
                delete_jobs="successful",
            )
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=5)
