"""How quick the widgets answer a learner, in a real JupyterLab and browser, and how large their messages are.

Run it through ``course bench widgets``. The times are taken in the page, from the event
that a learner causes until the browser has drawn what it leads to. The server and the
browser are those of the browser tests, so `run` hands this file to pytest.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from course_lib import explorer, icd10cm, quiz

if TYPE_CHECKING:
    from rich.console import Console

ROOT = Path(__file__).resolve().parents[1]
STEP = 10  # every tenth entry is weighed
TARGETS = {
    "quiz: click to feedback, ms": "under 100",
    "explorer: first paint after the cell, ms": "under 300",
    "explorer: expand, ms": "under 100",
    "explorer: largest message, KB": "under 100",
}

# Does something in the page and waits until it shows; two frames later it is on the screen.
TIMED = """
async (selector, act, shows) => {
  const node = document.querySelector(selector);
  const start = performance.now();
  await act(node);
  await new Promise((done, fail) => {
    setTimeout(() => fail(new Error(`nothing shown in 20 s: ${selector} ${act}`)), 20000);
    const look = () => (shows(node) ? requestAnimationFrame(() => requestAnimationFrame(done)) : watch());
    const watch = () => { const o = new MutationObserver(() => { if (shows(node)) { o.disconnect();
      requestAnimationFrame(() => requestAnimationFrame(done)); } });
      o.observe(document.body, {childList: true, subtree: true, attributes: true, characterData: true}); };
    look();
  });
  return performance.now() - start;
}
"""


def timed(page: Any, selector: str, act: str, shows: str) -> float:
    return float(page.evaluate(f"() => ({TIMED})({json.dumps(selector)}, {act}, {shows})"))


def run(console: "Console") -> dict[str, Any]:
    """Return medians in ms of each step, and the largest messages in KB."""
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "times.json"
        options = ["-q", "-p", "conftest", "-p", "no:cacheprovider"]
        options += ["-o", "python_files=widgets.py", "-o", "python_functions=measure_*"]
        command = [sys.executable, "-m", "pytest", *options, str(Path(__file__))]
        # By its folder: another package may bring a module that is called `tests`.
        paths = os.pathsep.join([str(ROOT / "tests/browser"), os.environ.get("PYTHONPATH", "")])
        env = {**os.environ, "COURSE_TIMES": str(kept), "PYTHONPATH": paths}
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stdout[-3000:] + done.stderr[-1000:])
        figures = {**json.loads(kept.read_text()), **sizes()}
    for name, value in figures.items():
        console.print(f"{name}: {value:,.1f}", f"({TARGETS[name]})" if name in TARGETS else "")
    return figures


def sizes() -> dict[str, float]:
    """Return the largest message of each kind in KB."""
    book = icd10cm.load()
    cards = []
    levels: dict[str, float] = {"": kilobytes(explorer.children(book))}
    for code in list(book)[::STEP]:
        card = explorer.card(book, code)
        above = [row["code"] for row in card["path"]]
        for name in above:
            if name not in levels:
                levels[name] = kilobytes(explorer.children(book, name))
        cards.append(kilobytes(card) + sum(levels[name] for name in ["", *above]))  # what opening it sends
    found = [kilobytes(explorer.search(book, words)) for words in ("fracture", "initial encounter", "S")]
    return {
        "explorer: largest message, KB": max(*cards, *levels.values(), *found),
        "explorer: median card message, KB": statistics.median(cards),
        "explorer: largest level, KB": max(levels.values()),
        "explorer: largest page of results, KB": max(found),
    }


def kilobytes(payload: Any) -> float:
    return len(json.dumps(payload).encode()) / 1000


@pytest.fixture
def notebook(lab: Any) -> Iterator[Any]:
    from nbformat import write
    from nbformat.v4 import new_code_cell, new_notebook

    first = next(q for q in (quiz.load(i) for i in quiz.ids()) if q.questions[0].kind == "single")
    cells = [
        "from course_lib import explorer, quiz",
        f"quiz.show({first.id!r}, question={first.questions[0].id!r})",
        "explorer.show()",
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    file = lab.root / "widgets.ipynb"
    write(new_notebook(cells=[new_code_cell(c) for c in cells], metadata=kernel), file)
    with lab.open(file.name) as opened:
        opened.run_all()
        yield opened


def measure_widgets(notebook: Any) -> None:
    page = notebook.page
    page.locator(".cw-explorer [role=tree]").wait_for()
    page.locator(".cw-quiz").first.wait_for()
    figures = {**quiz_times(page), **paint_times(page), **tree_times(page), **search_times(page)}
    Path(os.environ["COURSE_TIMES"]).write_text(json.dumps(figures))


def quiz_times(page: Any) -> dict[str, float]:
    card = page.locator(".cw-quiz form").first
    times = []
    for n in range(20):
        card.get_by_role("radio").nth(n % 2).check()  # takes the last feedback away
        times.append(
            timed(
                page,
                ".cw-quiz form",
                "(form) => form.querySelector('.cw-check').click()",
                "(form) => form.querySelector('.cw-feedback').childElementCount > 0",
            )
        )
    return {"quiz: click to feedback, ms": statistics.median(times), "quiz: slowest of 20, ms": max(times)}


def paint_times(page: Any) -> dict[str, float]:
    times = []
    for _ in range(8):
        page.evaluate("""() => { const notebook = jupyterapp.shell.currentWidget.content;
            notebook.activeCellIndex = 2; notebook.widgets[2].model.clearExecution(); }""")
        page.locator(".cw-explorer").wait_for(state="detached")
        run = "async () => { jupyterapp.commands.execute('notebook:run-cell'); }"
        times.append(timed(page, "body", run, "() => document.querySelector('.cw-explorer [role=tree] li')"))
    return {
        "explorer: first paint after the cell, ms": statistics.median(times),
        "explorer: slowest of 8 first paints, ms": max(times),
    }


def tree_times(page: Any) -> dict[str, float]:
    key = "(item) => item.dispatchEvent(new KeyboardEvent('keydown', {key: '%s', bubbles: true}))"
    expand, card = [], []
    for chapter in range(1, 23):
        selector = f'.cw-explorer [data-code="{chapter}"]'
        expand.append(
            timed(page, selector, key % "ArrowRight", "(i) => i.querySelector('[role=group] > li')")
        )
        open_now = f"() => document.querySelector('.cw-explorer').dataset.open === '{chapter}'"
        card.append(timed(page, selector, key % "Enter", open_now))
    return {
        "explorer: expand, ms": statistics.median(expand),
        "explorer: slowest of 22 expands, ms": max(expand),
        "explorer: open a card, ms": statistics.median(card),
    }


def search_times(page: Any) -> dict[str, float]:
    """From Enter to results; typing adds the pause of 150 ms that it waits for."""
    times = []
    for words in (
        "heart attack",
        "t2dm with ckd",
        "asthma",
        "broken wrist",
        "E11.2",
        "high blood pressure",
        "flu",
    ):
        act = (
            f"(field) => {{ field.value = {json.dumps(words)};"
            " field.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true})); }"
        )
        shows = (
            "() => document.querySelector('.cw-explorer .cw-status').textContent"
            f".includes({json.dumps(repr(words))})"
        )
        times.append(timed(page, ".cw-explorer input", act, shows))
    return {
        "explorer: search, ms": statistics.median(times),
        "explorer: first search (index is read), ms": times[0],
    }
