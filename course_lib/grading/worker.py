"""A worker: it runs jobs in kernels of its own, and never sees the gradebook."""

import json
import threading
import time
from typing import Any

import nbformat
from nbgrader.preprocessors import Execute

from course_lib.errors import CourseError
from course_lib.grading.execution import Run
from course_lib.grading.jobs import Job, Result, unpack
from course_lib.grading.kernels.parent import Warm, WarmGoneError
from course_lib.grading.kernels.place import Place, Shared
from course_lib.grading.kernels.talk import KernelEnded
from course_lib.grading.settings import Orders
from course_lib.grading.submission import SubmissionError

# This process's place of work, and the orders that it was made for.
_PLACES: dict[str, Place] = {}
_LOCK = threading.Lock()  # a Dask worker may have several threads


def place_for(orders: str, early: Warm | None = None) -> Place:
    """Return this process's place of work; made at the first call, or inherited by a fork."""
    with _LOCK:
        if orders not in _PLACES:
            _PLACES[orders] = Place(Orders.from_json(orders), begun=early)
        return _PLACES[orders]


def join(orders: str, shared: Shared) -> None:
    """Use the place of the process that started this one."""
    _PLACES[orders] = Place(Orders.from_json(orders), shared)


def leave(orders: str) -> None:
    """Close this process's place of work for these orders."""
    if place := _PLACES.pop(orders, None):
        place.close()


def work(orders: str, job: str) -> str:
    """Run one submission.

    Parameters
    ----------
    orders, job : str
        `Orders` and `Job` as JSON.

    Returns
    -------
    str
        `Result` as JSON. A student's fault is in it, never an exception.
    """
    try:
        return _work(place_for(orders), Job.from_json(job)).to_json()
    except WarmGoneError:
        # Somebody ended the warm process. It was perhaps the driver's, so it is not ours to close.
        _PLACES.pop(orders, None)
        return _work(place_for(orders), Job.from_json(job)).to_json()


def _work(place: Place, task: Job) -> Result:
    begun = time.perf_counter()
    done = Result(task.student, notes=place.notes)
    figures = {"cpu": 0.0, "peak_mb": 0}
    fault = ""
    for name in sorted(task.notebooks):
        try:
            _notebook(place, task, name, done, figures)
        except (WarmGoneError, CourseError):
            raise
        except (SubmissionError, KernelEnded) as why:
            fault = f"{name}: {why}"
            break
        except Exception as why:  # whatever it is, it is this student's and stops no other
            fault = f"{name}: {type(why).__name__}: {why}"
            break
    wall = time.perf_counter() - begun
    return Result(**vars(done) | figures | {"fault": fault, "wall": round(wall, 3)})


def _notebook(place: Place, job: Job, name: str, done: Result, figures: dict[str, Any]) -> None:
    """Run one notebook and enter what came of it."""
    nb = nbformat.from_dict(json.loads(job.notebooks[name]))  # type: ignore[no-untyped-call]
    files = unpack(job.files) | unpack(place.orders.files)
    with place.kernel(files) as talk:
        run = Run(executor(place.orders), place.orders, talk)
        run.notebook(nb)
    used = talk.kernel.ended or {}
    figures["cpu"] = round(figures["cpu"] + used.get("cpu", 0.0), 3)
    figures["peak_mb"] = max(figures["peak_mb"], used.get("peak_mb", 0))
    done.notebooks[name] = json.dumps(nb)
    done.incidents[name] = run.incidents
    done.seconds[name] = run.seconds


def executor(orders: Orders) -> Execute:
    """Return nbgrader's `Execute` with the settings of the orders."""
    return Execute(**orders.execute)
