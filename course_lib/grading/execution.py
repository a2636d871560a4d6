"""Run one notebook's cells in a kernel of ours, with nbgrader's own handling of outputs."""

import contextlib
import time
from typing import Any

from nbclient.exceptions import CellExecutionComplete
from nbgrader.preprocessors import Execute
from nbgrader.utils import determine_grade

from course_lib.grading import strict
from course_lib.grading.incidents import Incident
from course_lib.grading.kernels.talk import KernelEnded, Reply, Talk
from course_lib.grading.settings import Orders
from course_lib.grading.submission import SubmissionError, deep

_CELL_BYTES = 10_000_000  # of streams and figures that a cell may keep
_BULKY = {"stream", "display_data", "update_display_data", "comm_open", "comm_msg"}
_DEEPEST = 40
_CANARY_SECONDS = 20.0


class Run:
    """One notebook in one kernel.

    Parameters
    ----------
    execute : Execute
        nbgrader's settings and its way to turn messages into outputs.
    orders : Orders
        The profile.
    talk : Talk
        The kernel.

    Attributes
    ----------
    incidents : list of Incident
    seconds : dict of str to float
        Wall time by cell.
    """

    def __init__(self, execute: Execute, orders: Orders, talk: Talk) -> None:
        self.execute, self.orders, self.talk = execute, orders, talk
        self.incidents: list[Incident] = []
        self.seconds: dict[str, float] = {}
        self._earned: list[tuple[Any, str]] = []
        self._sure = False  # whether a cell that must fail was tried
        self._last_test = ""

    def notebook(self, nb: Any) -> None:
        """Run all cells and put their outputs in.

        Raises
        ------
        SubmissionError
            In profile ``compat``, where nbgrader would give no grade.
        """
        self.execute.nb = nb
        self.execute.reset_execution_trackers()
        tests = [name_of(cell, index) for index, cell in enumerate(nb.cells) if strict.is_test(cell)]
        self._last_test = tests[-1] if tests else ""
        done = -1
        try:
            nb.metadata["language_info"] = self.talk.ready().get("language_info", {})
            for done, cell in enumerate(nb.cells):
                if self._runs(cell):
                    self._cell(done, cell)
        except KernelEnded as why:
            if not self.orders.strict:
                raise SubmissionError(str(why)) from None
            self._leave(nb.cells[max(done, 0) :], str(why))
        self._look_for_forgery(nb)
        with contextlib.suppress(Exception):
            self.execute.set_widgets_metadata()

    def _runs(self, cell: Any) -> bool:
        skipped = not self.orders.strict and self.execute.skip_cells_with_tag in cell.metadata.get("tags", [])
        return cell.cell_type == "code" and bool(cell.source.strip()) and not skipped

    def _cell(self, index: int, cell: Any) -> None:
        begun, name = time.perf_counter(), name_of(cell, index)
        cell.outputs, cell.metadata["execution"] = [], {}
        self.execute.clear_before_next_output = False
        kept = 0

        def handle(message: dict[str, Any], size: int) -> None:
            nonlocal kept
            kept += size if message["msg_type"] in _BULKY else 0
            if kept > _CELL_BYTES and message["msg_type"] in _BULKY:
                return
            try:
                if not deep(message["content"], _DEEPEST):
                    self.execute.process_message(message, cell, index)
            except CellExecutionComplete:
                pass
            except Exception as why:  # a stranger's message may lack any key and have any type
                if not self.orders.strict:
                    raise SubmissionError(f"the kernel sent a message that is none ({why})") from why
                self.talk.malformed += 1

        tried, expected = strict.canary(self.orders.must_fail) if self._is_tested(cell) else ("", "")
        try:
            reply = self.talk.execute(
                cell.source,
                handle,
                self.execute._get_timeout(cell),
                self.execute.iopub_timeout,
                name=name,
                store_history=True,
                user_expressions={"checks": tried} if tried else {},
            )
        finally:
            self.seconds[name] = round(time.perf_counter() - begun, 4)
        if kept > _CELL_BYTES:
            self._note(name, "output", f"output beyond {_CELL_BYTES // 1_000_000} MB was cut")
        self._conclude(cell, index, name, reply)
        if tried:
            self._judge(cell, name, reply, expected)

    def _conclude(self, cell: Any, index: int, name: str, reply: Reply) -> None:
        """Do what nbgrader does after a cell."""
        content = reply.content
        if reply.timed_out:
            content = {**(self.execute.error_on_timeout or content), "status": "error"}
            self._note(name, "timeout", f"the cell ran longer than {self.execute._get_timeout(cell)} s")
        if reply.unfinished and not self.orders.strict and self.execute.raise_on_iopub_timeout:
            raise SubmissionError(f"the outputs of {name} have no end")
        content = {"ename": "", "evalue": "", "traceback": [], "status": "error"} | content
        with contextlib.suppress(Exception):
            self.execute.on_cell_executed(cell=cell, cell_index=index, execute_reply={"content": content})

    def _is_tested(self, cell: Any) -> bool:
        return self.orders.strict and strict.is_test(cell)

    def _judge(self, cell: Any, name: str, reply: Reply, expected: str) -> None:
        """Read the result as a number of points, and believe only checks that check."""
        content = reply.content
        if not reply.timed_out and (content.get("status") not in ("ok", "error") or reply.unfinished):
            strict.blame(cell, "ScoreError", "the kernel's answer is not whole")
        elif incident := strict.settle(cell):
            self.incidents.append(incident)
        if determine_grade(cell)[0]:
            self._earned.append((cell, name))
            told, error = _tried(content)
            if told != expected:
                self._distrust(cell, name, error)
        if self._earned and (name == self._last_test or not self._sure):
            self._try_a_cell()

    def _try_a_cell(self) -> None:
        """Run a cell that must fail; whoever replaced the way of a cell loses what was earned by it."""
        code, expected = strict.failing_cell()
        reply = self.talk.execute(
            code, lambda message, size: None, _CANARY_SECONDS, name="canary", store_history=False
        )
        self._sure = True
        found = reply.content.get("ename"), reply.content.get("evalue")
        if found != ("AssertionError", expected):
            for cell, name in self._earned:
                self._distrust(cell, name, str(found[0]))

    def _distrust(self, cell: Any, name: str, error: str) -> None:
        """Take a cell's points, and leave it to a person."""
        if not determine_grade(cell)[0]:
            return
        text = "a check that must fail passes in this notebook: it changes how checks work"
        if error in ("MemoryError", "OSError", "KeyboardInterrupt"):
            text = f"the checks could not be tried out afterwards ({error})"
        strict.blame(cell, "UnsureChecks", text)
        self._note(name, "neutralised", text, by_hand=True)

    def _leave(self, cells: list[Any], why: str) -> None:
        """Mark the cell in which the kernel ended, and those after it; graded ones are for a person."""
        for number, cell in enumerate(cells):
            if cell.cell_type != "code":
                continue
            text = why if number == 0 else f"not run, because the kernel had ended: {why}"
            if number:
                cell.outputs = []
            strict.blame(cell, "KernelEnded", text)
            if strict.is_test(cell):
                self._note(cell.metadata.nbgrader.grade_id, "ended", text, by_hand=True)
        self._note("", "ended", why)

    def _look_for_forgery(self, nb: Any) -> None:
        if not self.orders.strict:
            return
        forged = {name for name, _ in self.talk.late}
        for index, cell in enumerate(nb.cells):
            name = name_of(cell, index)
            if name in forged and strict.is_test(cell):
                text = "the kernel answered this cell twice: one of the answers is forged"
                strict.blame(cell, "ForgedAnswer", text)
                self._note(name, "forged", text, by_hand=True)

    def _note(self, cell: str, kind: str, text: str, *, by_hand: bool = False) -> None:
        self.incidents.append(Incident(cell, kind, text, by_hand))


def _tried(content: dict[str, Any]) -> tuple[str, str]:
    """Return what came of the checks behind a test, and the name of the error if there was one."""
    with contextlib.suppress(AttributeError, TypeError, KeyError):  # a stranger's answer has any shape
        told = content["user_expressions"]["checks"]
        return str(told.get("data", {}).get("text/plain")), str(told.get("ename", ""))
    return "", ""


def name_of(cell: Any, index: int) -> str:
    """Return a cell's grade id, or ``"cell 3"``."""
    return str(cell.metadata.get("nbgrader", {}).get("grade_id") or f"cell {index + 1}")
