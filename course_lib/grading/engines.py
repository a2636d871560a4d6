"""Where jobs run: in processes of this machine, or on a Dask cluster. Both are executors of Python's."""

import concurrent.futures
import ctypes
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from concurrent.futures import CancelledError, Executor, ProcessPoolExecutor
from typing import Any, Protocol

from course_lib.errors import CourseError

Broken = concurrent.futures.BrokenExecutor


class Engine(Protocol):
    """Gives executors; a new one when the last one broke."""

    jobs: int
    deaths: tuple[type[BaseException], ...]  # what a job ends with when its worker died

    def executor(self) -> Any:
        """Return a context manager with a `concurrent.futures.Executor`."""


class Local:
    """Worker processes on this machine.

    Parameters
    ----------
    orders : str
        `Orders` as JSON.
    jobs : int
        Number of workers.
    """

    def __init__(self, orders: str, jobs: int) -> None:
        self.orders, self.jobs, self.deaths = orders, jobs, (Broken,)

    @contextmanager
    def executor(self) -> Iterator[Executor]:
        """Start the workers; they end with this process, however it ends."""
        # Forked workers have all imports already, but a process with threads must not fork.
        way = "fork" if threading.active_count() == 1 and hasattr(os, "fork") else "spawn"
        pool = ProcessPoolExecutor(
            self.jobs, multiprocessing.get_context(way), initializer=_begin, initargs=(os.getpid(),)
        )
        try:
            yield pool
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in list((pool._processes or {}).values()):
                process.terminate()
                process.join(5)


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
            from distributed import Client, KilledWorker
        except ImportError:
            raise CourseError(
                "Dask is not installed, and this engine needs it.",
                remedy="pip install 'crosswalk-course[big]' here and at every worker.",
            ) from None
        if not scheduler.startswith("tls://"):
            raise CourseError(
                f"the connection to {scheduler or 'the scheduler'} would not be encrypted.",
                remedy="Start the cluster with TLS and say --scheduler tls://HOST:PORT; "
                "the certificates come from Dask's configuration.",
            )
        try:
            self.client = Client(scheduler, timeout=20, set_as_default=False)
        except (OSError, TimeoutError, ValueError, RuntimeError) as why:
            raise CourseError(
                f"the Dask scheduler at {scheduler} cannot be reached ({why}).",
                remedy="Check the address, and the certificates in Dask's configuration.",
            ) from why
        self.deaths = (KilledWorker, CancelledError)
        self.jobs = max(1, sum(self.client.nthreads().values()))

    @contextmanager
    def executor(self) -> Iterator[Executor]:
        """Give the cluster as an executor; a task that fails is not tried again by Dask."""
        yield self.client.get_executor(retries=0, pure=False)

    def close(self) -> None:
        """Leave the cluster as it is."""
        self.client.close()


def _begin(driver: int) -> None:
    """Set a worker up: Ctrl-C is the driver's, and the driver's end is ours."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if os.name == "posix" and hasattr(ctypes.CDLL(None), "prctl"):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != driver:
            os._exit(1)
