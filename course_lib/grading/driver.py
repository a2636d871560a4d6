"""Grade a class: plan, prepare, hand out, collect, write. The only one who writes the gradebook.

A student's fault is that student's result, never the class's. After each submission the
gradebook, the folder ``autograded/`` and the log agree, so a run that is killed loses what
was in the kernels at that moment and nothing else.
"""

import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from pathlib import Path

from course_lib.grading import jobs, submission
from course_lib.grading.course import Course
from course_lib.grading.engines import Broken, Engine
from course_lib.grading.incidents import Incident
from course_lib.grading.jobs import Job, Result
from course_lib.grading.outcomes import Log, Outcome
from course_lib.grading.steps import Steps
from course_lib.grading.submission import SubmissionError
from course_lib.grading.worker import work

Step = Callable[[Outcome], None]
_AHEAD = 2  # submissions that wait ready, so that no worker waits for the driver
_TRIES = 3  # for a submission during which a worker died


class Driver:
    """One run.

    Parameters
    ----------
    course : Course
        Where the submissions lie.
    steps : Steps
        nbgrader's steps, with the open gradebook.
    engine : Engine
        Where the kernels run.
    orders : str
        `Orders` as JSON.
    log : Log
        Where each outcome goes as soon as it is safe.
    step : callable
        Told each outcome.
    """

    def __init__(
        self, course: Course, steps: Steps, engine: Engine, orders: str, log: Log, step: Step
    ) -> None:
        self.course, self.steps, self.engine, self.orders = course, steps, engine, orders
        self.log, self.step = log, step
        self.notes: list[str] = []
        self._running: dict[Future[str], str] = {}
        self._waiting: deque[str] = deque()
        self._broken = False
        self._told: dict[str, dict[str, list[Incident]]] = {}
        self._tries: dict[str, int] = {}

    def run(self, students: Iterable[str]) -> None:
        """Grade the students, in this order as far as the workers are equally quick."""
        self._waiting = deque(students)
        while self._waiting or self._running:
            while self._waiting and not self._broken and self._room():
                self._hand_out(self._waiting.popleft())
            if self._running:
                finished, _ = wait(self._running, return_when=FIRST_COMPLETED)
                for future in finished:
                    self._take_in(future)
            elif self._broken:
                self.engine.renew()
                self._broken = False

    def _room(self) -> bool:
        """Tell whether one more may be handed out; who was there when a worker died runs alone."""
        suspects = {self._waiting[0], *self._running.values()} & self._tries.keys()
        return not self._running if suspects else len(self._running) < self.engine.jobs + _AHEAD

    def _hand_out(self, student: str) -> None:
        begun = time.perf_counter()
        place = self.course.submitted / student / self.steps.assignment
        try:
            self.steps.clear(student)
            texts, others = submission.take(place, list(self.steps.plans))
            ready, self._told[student] = self.steps.sanitise(student, texts)
        except (SubmissionError, OSError) as why:
            self._no_grade(student, str(why), time.perf_counter() - begun)
            return
        job = Job(student, ready, jobs.pack(others))
        try:
            self._running[self.engine.executor.submit(work, self.orders, job.to_json())] = student
        except Broken:
            self._broken = True
            self._waiting.appendleft(student)

    def _take_in(self, future: "Future[str]") -> None:
        student = self._running.pop(future)
        told = self._told.pop(student)
        try:
            result = Result.from_json(future.result())
        except self.engine.deaths as why:
            self._broken = self._broken or isinstance(why, Broken)
            self._try_again(student)
            return
        for file, found in told.items():
            result.incidents[file] = found + result.incidents.get(file, [])
        self.notes += [note for note in result.notes if note not in self.notes]
        if result.fault:
            self._no_grade(student, result.fault, result.wall)
            return
        try:
            self.steps.enter(student, result, self._place(student))
        except SubmissionError as why:
            self._no_grade(student, str(why), result.wall)
            return
        incidents = tuple(one for found in result.incidents.values() for one in found)
        cells = round(sum(sum(times.values()) for times in result.seconds.values()), 3)
        used = result.wall, cells, result.cpu, result.peak_mb
        self._tell(Outcome(student, "graded", "", *used, incidents))

    def _no_grade(self, student: str, fault: str, seconds: float) -> None:
        self.steps.enter_no_grade(student, self._place(student))
        self._tell(Outcome(student, "fault", fault, round(seconds, 3)))

    def _tell(self, outcome: Outcome) -> None:
        self.log.add(outcome)
        self.step(outcome)

    def _try_again(self, student: str) -> None:
        """Put a submission back whose worker died; the one that kills workers has no grade."""
        self._tries[student] = self._tries.get(student, 0) + 1
        if self._tries[student] < _TRIES:
            self._waiting.appendleft(student)
        else:
            self._no_grade(student, f"{_TRIES} workers died while they ran it", 0.0)

    def _place(self, student: str) -> Path:
        return Path(self.course.submitted, student, self.steps.assignment)
