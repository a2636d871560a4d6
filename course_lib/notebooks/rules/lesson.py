"""Rules for the anatomy of a lesson."""

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from course_lib.notebooks import markdown
from course_lib.notebooks.model import Notebook
from course_lib.notebooks.rules import Fault

CHECKS = 3
TIME = re.compile(r"Time: about (\d+) minutes\. Before this: .+")
_CODE_YEAR = re.compile(r"\b(FY ?20\d\d|fiscal year 20\d\d|(January|April|October)(?: 1,)? 20\d\d)\b")
_COMMON = re.compile(
    r"with|from|that|this|what|when|where|which|into|your|their|have|than|then|each|more|codes?|tell|name"
)


class QuizCall(NamedTuple):
    """A call that shows a quiz: the cell's id, the quiz, and the question (``""`` for all of them)."""

    cell: str
    quiz: str
    question: str


def time_line(notebook: Notebook) -> Iterator[Fault]:
    """Demand, under the title, the time it takes and what comes before it."""
    first = notebook.node.cells[0]
    lines = [line for line in first.source.splitlines() if line.strip()]
    if len(lines) < 2 or not TIME.fullmatch(lines[1].strip("*_ ")):
        yield Fault(
            first.id,
            "the line under the title does not tell time and prerequisites.",
            "Write `Time: about 35 minutes. Before this: ...`.",
        )


def objectives_first(notebook: Notebook) -> Iterator[Fault]:
    """Demand that the first section is ``## Objectives``, with a list."""
    second = [(c.id, h.text) for c in notebook.prose for h in markdown.headings(c.source) if h.level == 2]
    if not second or second[0][1] != "Objectives":
        cell = second[0][0] if second else ""
        yield Fault(
            cell, "its first section is not its objectives.", "Begin with `## Objectives` and a list."
        )
    elif len(listed(notebook, "Objectives")) < 2:
        yield Fault(second[0][0], "the objectives are no list.", "Write one verb and one thing an item.")


def recap_mirrors(notebook: Notebook) -> Iterator[Fault]:
    """Demand a ``## Recap`` with as many items as objectives, each about the same thing."""
    goals, answers = listed(notebook, "Objectives"), listed(notebook, "Recap")
    if len(goals) != len(answers):
        yield Fault(
            _cell_of(notebook, "Recap"),
            f"{len(goals)} objectives, but {len(answers)} items in the recap.",
            "Write `## Recap` with one item for each objective, in the same order.",
        )
        return
    for number, (goal, answer) in enumerate(zip(goals, answers, strict=True), 1):
        if not words(goal) & words(answer):
            yield Fault(
                _cell_of(notebook, "Recap"),
                f"item {number} of the recap shares no word with its objective ({goal!r}).",
                "Say what the reader can do now, in the objective's words.",
            )


def read_more(notebook: Notebook) -> Iterator[Fault]:
    """Demand ``## Where to read more`` with web addresses."""
    text = _section(notebook, "Where to read more")
    if text is None or not any(link.startswith("https://") for link in markdown.links(text)):
        yield Fault(
            _cell_of(notebook, "Where to read more"),
            "it does not tell where to read more.",
            "Add `## Where to read more` with sources, section numbers and https links.",
        )


def code_year(notebook: Notebook) -> Iterator[Fault]:
    """Demand the name of the code year that it uses."""
    if not any(_CODE_YEAR.search(cell.source) for cell in notebook.prose):
        yield Fault(
            "", "it does not name its code year.", "Say it, for example `April 1, 2026` or `FY 2026`."
        )


def knowledge_checks(notebook: Notebook) -> Iterator[Fault]:
    """Demand three or more checks for understanding, the quiz at its end included."""
    calls = quiz_calls(notebook)
    if len(calls) < CHECKS:
        yield Fault("", f"{len(calls)} knowledge checks, of {CHECKS} or more.", "Add quiz.show(...) cells.")


def ends_in_quiz(notebook: Notebook) -> Iterator[Fault]:
    """Demand that the last code cell shows a whole quiz."""
    last = notebook.code[-1].id if notebook.code else ""
    if not any(call.cell == last and not call.question for call in quiz_calls(notebook)):
        yield Fault(last, "it does not end in its quiz.", 'Let the last code cell be `quiz.show("...")`.')


def quiz_calls(notebook: Notebook) -> list[QuizCall]:
    """Return each ``quiz.show`` or ``quiz.ask`` call."""
    return [
        QuizCall(name, _text(node.args[:1]), _text([k.value for k in node.keywords if k.arg == "question"]))
        for name, tree in notebook.trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("quiz.show", "quiz.ask")
    ]


def listed(notebook: Notebook, title: str) -> list[str]:
    """Return the list items under a heading, in whichever cell they stand."""
    return markdown.items(_section(notebook, title) or "")


def words(text: str) -> set[str]:
    """Return the stems (five letters) of the words that carry meaning."""
    long = re.findall(r"[a-z0-9-]{4,}", text.lower())
    return {word[:5] for word in long if not _COMMON.fullmatch(word)} or {text.lower()}


def _text(nodes: list[ast.expr]) -> str:
    """Return the text that the first node writes out, the code itself when it computes one."""
    node = next(iter(nodes), None)
    if node is None:
        return ""
    return str(node.value) if isinstance(node, ast.Constant) else ast.unparse(node)


def _section(notebook: Notebook, title: str) -> str | None:
    return markdown.section("\n\n".join(cell.source for cell in notebook.prose), title)


def _cell_of(notebook: Notebook, title: str) -> str:
    """Return the id of the cell that holds the heading, or ``""``."""
    for cell in notebook.prose:
        if any(heading.text == title for heading in markdown.headings(cell.source)):
            return str(cell.id)
    return ""
