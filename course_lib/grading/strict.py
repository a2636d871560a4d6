"""Profile ``strict``: what a graded cell's outputs are worth, and whether its checks still check.

The rules change outputs, not scores: a cell that must not earn its points gets an error
that says why, and nbgrader's own scoring does the rest.
"""

import math
import re
import secrets
import textwrap
from typing import Any

from nbformat.v4 import new_output
from nbgrader.utils import is_grade, is_solution

from course_lib.grading.incidents import Incident

_NUMPY = re.compile(r"np\.(?:float|int|uint|longdouble|half|single|double)\w*\((.*)\)")
# Tried behind each test, inside the request that runs it: a request of its own would cost as much as
# most cells. It goes the way that IPython takes a cell: transform the text, then the tree, then run.
_TRY = """
import contextlib, io
tree = ip.transform_ast(ip.compile.ast_parse(ip.transform_cell({cell!r})))
with contextlib.redirect_stdout(io.StringIO()):
    exec(compile(tree, "<checks>", "exec"), scope := {{"failed": 0}})
result = "{nonce} %d" % scope["failed"]
"""
_ONE = """\
try:
{lines}
except AssertionError:
    failed += 1
"""
_EXPRESSION = "(lambda scope: (exec({source!r}, scope), scope['result'])[1])({{'ip': get_ipython()}})"


def canary(must_fail: list[str]) -> tuple[str, str]:
    """Return an expression that tries checks which must fail, and what it must give, as text."""
    nonce = secrets.token_hex(4)
    lines = ["assert False", *must_fail]
    cell = "".join(_ONE.format(lines=textwrap.indent(one.strip(), "    ")) for one in lines)
    return _EXPRESSION.format(source=_TRY.format(cell=cell, nonce=nonce)), repr(f"{nonce} {len(lines)}")


def failing_cell() -> tuple[str, str]:
    """Return a cell that must fail, and its message: it goes the whole way of a cell and of its error.

    The error renders itself, because IPython's coloured traceback would cost more than the cell.
    """
    nonce = secrets.token_hex(4)
    kind = 'type("AssertionError", (AssertionError,), {"_render_traceback_": lambda error: []})'
    return f'raise {kind}("{nonce}")', nonce


def is_test(cell: Any) -> bool:
    """Tell whether a cell is scored by its outputs."""
    return cell.cell_type == "code" and bool(is_grade(cell)) and not is_solution(cell)


def blame(cell: Any, name: str, text: str) -> None:
    """Put an error before a cell's outputs, so that the cell earns nothing."""
    error = new_output("error", ename=name, evalue=text, traceback=[f"{name}: {text}"])  # type: ignore[no-untyped-call]
    cell.outputs.insert(0, error)


def settle(cell: Any) -> Incident | None:
    """Mend or refuse a test cell's result: one number from 0 to its points, or no number at all.

    Returns
    -------
    Incident or None
        What was changed; None when stock nbgrader's scoring is sound here.
    """
    name = cell.metadata.nbgrader.grade_id
    results = [output for output in cell.outputs if output.output_type == "execute_result"]
    if len(results) > 1:
        return _refuse(cell, name, "forged", f"the cell sent {len(results)} results, and a cell has one")
    for output in cell.outputs:
        if output.output_type == "error" or (output.output_type == "stream" and output.name == "stderr"):
            return None
        if output.output_type == "execute_result":
            return _score(cell, name, output)
    return None


def _score(cell: Any, name: str, output: Any) -> Incident | None:
    text, most = output.data.get("text/plain"), float(cell.metadata.nbgrader.points)
    if not isinstance(text, str) or not text:
        return _refuse(cell, name, "score", "the result has no text to read points from")
    numpy = _NUMPY.fullmatch(text.strip())
    try:
        value = float(numpy[1].strip("'\"") if numpy else text)
    except ValueError:
        return None  # no number: full marks, as nbgrader has it
    if not math.isfinite(value) or value < 0 or value > most + 1e-9:
        return _refuse(cell, name, "score", f"the result {text[:40]} is not between 0 and {most:g} points")
    if numpy or value > most:
        output.data["text/plain"] = repr(min(value, most))
        return Incident(name, "score", f"the result {text[:40]} counts as {min(value, most):g} points")
    return None


def _refuse(cell: Any, name: str, kind: str, text: str) -> Incident:
    blame(cell, "ScoreError", text)
    return Incident(name, kind, text, by_hand=True)
