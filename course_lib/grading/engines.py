"""Where jobs run: in processes of this machine, or on a Dask cluster. Both are executors of Python's."""

import concurrent.futures
import multiprocessing
import multiprocessing.connection
import os
import signal
import sys
import threading
from concurrent.futures import CancelledError, Executor, ProcessPoolExecutor
from typing import Any, Protocol

from course_lib.errors import CourseError
from course_lib.grading import worker
from course_lib.grading.kernels.place import Shared

_SECONDS = 20  # to reach a scheduler
Broken = concurrent.futures.BrokenExecutor


class Engine(Protocol):
    """Has an executor for jobs, and makes a new one when a worker's death broke it."""

    jobs: int
    deaths: tuple[type[BaseException], ...]  # what a job ends with when its worker died
    executor: Executor

    def renew(self) -> None:
        """Make a new executor."""

    def close(self) -> None:
        """End what was started."""


class Local:
    """Worker processes on this machine, started at once; they end with this process, however it ends.

    Parameters
    ----------
    jobs : int
        Number of workers.
    orders : str
        `Orders` as JSON.
    shared : Shared or None
        The place of work that they use together; without it, each makes its own.
    """

    deaths: tuple[type[BaseException], ...] = (Broken,)

    def __init__(self, jobs: int, orders: str, shared: Shared | None) -> None:
        self.jobs, self.orders, self.shared = jobs, orders, shared
        self.executor: Executor = self._started()

    def renew(self) -> None:
        """Make new workers in place of what is left of the old ones."""
        self.close()
        self.executor = self._started()

    def close(self) -> None:
        """End the workers at once."""
        processes = list((getattr(self.executor, "_processes", None) or {}).values())
        self.executor.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.terminate()
            process.join(5)

    def _started(self) -> ProcessPoolExecutor:
        ways = multiprocessing.get_all_start_methods()
        # Forked workers have all imports already, but a process with threads must not fork.
        alone = sys.platform.startswith("linux") and threading.active_count() == 1
        way = "fork" if alone else "forkserver" if "forkserver" in ways else "spawn"
        context: Any = multiprocessing.get_context(way)
        if way == "forkserver":
            context.set_forkserver_preload(["course_lib.grading.worker"])
        pool = ProcessPoolExecutor(
            self.jobs, context, initializer=_begin, initargs=(self.orders, self.shared)
        )
        pool.submit(int)  # the first job starts them: now, and not when the gradebook is open
        return pool


class Dask:
    """Workers of a Dask cluster, one task a submission.

    Parameters
    ----------
    scheduler : str
        Its address, ``tls://host:port``.

    Raises
    ------
    CourseError
        When it cannot be reached, or the connection would not be encrypted: whoever
        can talk to a scheduler can run code on all its workers.
    """

    def __init__(self, scheduler: str) -> None:
        try:
            import distributed
        except ImportError:
            raise CourseError(
                "Dask is not installed, and this engine needs it.",
                remedy="pip install 'crosswalk-course[big]' here and at every worker.",
            ) from None
        cluster: Any = distributed
        if not scheduler.startswith("tls://"):
            raise CourseError(
                f"the connection to {scheduler or 'the scheduler'} would not be encrypted.",
                remedy="Start the cluster with TLS and say --scheduler tls://HOST:PORT; "
                "the certificates come from Dask's configuration.",
            )
        try:
            self.client: Any = cluster.Client(scheduler, timeout=_SECONDS, set_as_default=False)
        except (OSError, TimeoutError, ValueError, RuntimeError) as why:
            raise CourseError(
                f"the Dask scheduler at {scheduler} cannot be reached ({why}).",
                remedy="Check the address, and the certificates in Dask's configuration.",
            ) from why
        self.deaths: tuple[type[BaseException], ...] = (cluster.KilledWorker, CancelledError)
        self.jobs = max(1, sum(self.client.nthreads().values()))

        self.renew()

    def renew(self) -> None:
        """Give the cluster as an executor; a task that fails is not tried again by Dask."""
        self.executor: Executor = self.client.get_executor(retries=0, pure=False)

    def close(self) -> None:
        """Leave the cluster as it is."""
        self.client.close()


def _begin(orders: str, shared: Shared | None) -> None:
    """Set a worker up: Ctrl-C is the driver's, and the driver's end, however it comes, is ours."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    driver = multiprocessing.parent_process()
    if driver is None:
        return

    def end_with_driver() -> None:
        multiprocessing.connection.wait([driver.sentinel])
        os._exit(1)

    threading.Thread(target=end_with_driver, daemon=True).start()
    if shared:
        worker.join(orders, shared)
