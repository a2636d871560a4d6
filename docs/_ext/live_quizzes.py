"""Quizzes that answer on a page without a kernel.

A cell that shows a quiz is given the quiz itself in place of its output: questions with options
are live (graded by the widget's own script, kept by the browser), other kinds are printed with
their reasons folded away.
"""

import ast
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from course_lib import quiz
from course_lib.labels import t
from course_lib.quiz.text import only
from course_lib.widgets._assets import script, style
from course_lib.widgets._static import quiz_html
from course_lib.widgets.quiz import quiz_view

SCRIPT = "quiz-widget.js"


def call_of(source: str) -> ast.Call | None:
    """Return the `quiz.show` call that ends a cell, or None."""
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return None
    last = body[-1] if body else None
    call = last.value if isinstance(last, ast.Expr) else None
    return call if isinstance(call, ast.Call) and ast.unparse(call.func) == "quiz.show" else None


def page_html(call: ast.Call) -> str:
    """Return the quiz of a call as HTML that `live.js` brings to life."""
    given = {k.arg: ast.literal_eval(k.value) for k in call.keywords}
    [quiz_id] = (ast.literal_eval(a) for a in call.args)
    asked = only(quiz.load(quiz_id), given.get("question"))
    live = replace(asked, questions=[q for q in asked.questions if q.options])
    rest = replace(asked, questions=[q for q in asked.questions if not q.options])
    parts = []
    if live.questions:
        whole = "question" not in given and len(live.questions) > 1
        data = json.dumps({"id": asked.id, "quiz": quiz_view(live, whole)}).replace("<", "\\u003c")
        parts.append(
            f'<div class="cw-live"><script type="application/json">{data}</script>'
            f"<noscript>{quiz_html(live)}</noscript></div>"
        )
    if live.questions and rest.questions:
        parts.append(f"<p>{t('quiz.no-kernel')}</p>")
    if rest.questions:
        parts.append(quiz_html(rest))
    return "".join(parts)


def read_notebook(app: Sphinx, docname: str, source: list[str]) -> None:
    """Put the live quizzes in the place of their cells' outputs."""
    if Path(app.env.doc2path(docname)).suffix != ".ipynb":
        return
    notebook: dict[str, Any] = json.loads(source[0])
    for cell in notebook["cells"]:
        call = call_of("".join(cell["source"])) if cell["cell_type"] == "code" else None
        if call:
            data = {"text/html": page_html(call), "text/plain": ""}
            cell["outputs"] = [
                {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": data}
            ]
    source[0] = json.dumps(notebook)


def write_assets(app: Sphinx, exception: Exception | None) -> None:
    """Write the widget's script and style beside the site's own."""
    if exception is None:
        static = Path(app.outdir, "_static")
        (static / SCRIPT).write_text(script("quiz.js"), encoding="utf-8")
        (static / "quiz-widget.css").write_text(style("quiz.css"), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("source-read", read_notebook)
    app.connect("build-finished", write_assets)
    app.add_css_file("quiz-widget.css")
    app.add_js_file("live.js", type="module")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
