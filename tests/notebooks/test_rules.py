"""Every rule lets the good notebook pass and rejects the one that breaks it."""

import copy
from collections.abc import Callable
from pathlib import Path

import pytest
from nbformat import NotebookNode

from course_lib.notebooks.model import Notebook, load
from course_lib.notebooks.normalise import dumps
from course_lib.notebooks.rules.learning import minutes
from course_lib.notebooks.structure import RULES, name_of, problems

Spoil = Callable[[NotebookNode], None]


def cell(node: NotebookNode, name: str) -> NotebookNode:
    return next(c for c in node.cells if c.id == name)


def change(name: str, old: str, new: str) -> Spoil:
    """Spoil a cell's source by one replacement."""

    def spoil(node: NotebookNode) -> None:
        target = cell(node, name)
        assert old in target.source
        target.source = target.source.replace(old, new)

    return spoil


def put(name: str, key: str, value: object) -> Spoil:
    """Spoil a cell by setting one of its keys (``a.b`` for a nested one)."""

    def spoil(node: NotebookNode) -> None:
        target = cell(node, name)
        *outer, last = key.split(".")
        for part in outer:
            target = target[part]
        target[last] = value

    return spoil


def html(name: str, text: str) -> Spoil:
    return lambda node: cell(node, name).outputs[0].data.update({"text/html": text})


def show(name: str, /, **output: object) -> Spoil:
    return lambda node: cell(node, name).outputs.append(NotebookNode(output))


def drop(name: str) -> Spoil:
    return lambda node: node.cells.remove(cell(node, name))


def meta(key: str, value: dict) -> Spoil:
    return lambda node: node.metadata.update({key: NotebookNode(value)})


LESSON = [
    ("one-h1", "recap", change("recap", "## Recap", "# Recap")),
    ("one-h1", "title", change("title", "# The shape", "The shape")),
    ("heading-levels", "chapters", change("chapters", "## Chapters", "#### Chapters")),
    ("kernelspec", "", meta("kernelspec", {"name": "ir", "display_name": "R", "language": "R"})),
    ("cell-ids", "recap", put("more", "id", "recap")),
    ("cell-ids", "3fa91bc0", put("more", "id", "3fa91bc0")),
    (
        "cell-ids",
        "8d4a1f60-0a2b-4c1d-9e3f-1234567890ab",
        put("more", "id", "8d4a1f60-0a2b-4c1d-9e3f-1234567890ab"),
    ),
    ("known-tags", "count", put("count", "metadata.tags", ["determinstic"])),
    ("normalised", "", meta("widgets", {"application/vnd.jupyter.widget-state+json": {}})),
    ("normalised", "", meta("language_info", {"name": "python", "version": "3.14.0"})),
    ("normalised", "count", put("count", "metadata.execution", {"iopub.execute_input": "2026-11-23"})),
    ("normalised", "count", put("count", "source", "print(7)\n\n")),
    (
        "normalised",
        "quiz",
        lambda node: (
            cell(node, "quiz")
            .outputs[0]
            .data.update(
                {"application/vnd.jupyter.widget-view+json": {"model_id": "0f1e", "version_major": 2}}
            )
        ),
    ),
    ("links", "chapters", change("chapters", "#Objectives", "#Aims")),
    ("links", "chapters", change("chapters", "#Objectives", "03_missing.ipynb")),
    ("links", "more", change("more", "https://www", "http://www")),
    ("links", "more", change("more", "https://www.cms.gov/icd10", "https://localhost:8888/x")),
    ("links", "more", change("more", "https://www.cms.gov/icd10", "/lessons/02.ipynb")),
    ("image-alt", "chapters", change("chapters", "We use", "![](https://www.cms.gov/a.png) We use")),
    ("image-alt", "chapters", change("chapters", "We use", '<img src="https://www.cms.gov/a.png"> We use')),
    ("no-absolute-path", "imports", change("imports", "from", 'x = "/home/ann/course"\nfrom')),
    (
        "no-absolute-path",
        "count",
        show("count", output_type="stream", name="stdout", text="C:\\course\\x.csv"),
    ),
    (
        "no-absolute-path",
        "count",
        show("count", output_type="stream", name="stdout", text="in /tmp/x1/a.csv"),
    ),
    ("plain-python", "count", change("count", "print(7)", "!ls")),
    ("plain-python", "count", change("count", "print(7)", "%pip install pandas")),
    ("plain-python", "count", change("count", "print(7)", 'import sys\nsys.path.append("..")')),
    ("plain-python", "count", change("count", "print(7)", "import subprocess")),
    ("no-network", "count", change("count", "print(7)", "from urllib.request import urlopen")),
    ("no-network", "count", change("count", "print(7)", 'pd.read_csv("https://data.cdc.gov/x.csv")')),
    ("executed", "figure", put("figure", "execution_count", 9)),
    ("executed", "count", put("count", "execution_count", None)),
    ("clean-outputs", "count", show("count", output_type="stream", name="stderr", text="Warning: old")),
    ("clean-outputs", "count", show("count", output_type="error", ename="E", evalue="x", traceback=["E: x"])),
    ("clean-outputs", "count", put("count", "metadata.tags", ["raises-exception"])),
    ("no-address", "count", show("count", output_type="stream", name="stdout", text="<Axes at 0x7f3a2b1c>")),
    ("alt-text", "figure", html("figure", '<img src="x.png"><table></table>')),
    ("alt-text", "figure", html("figure", '<svg width="9"></svg><table></table>')),
    (
        "alt-text",
        "count",
        show("count", output_type="display_data", metadata={}, data={"image/png": "iVBORw0KGgo="}),
    ),
    ("table-twin", "figure", html("figure", '<figure><img alt="Bars." src="x.png"></figure>')),
    ("short-cells", "count", change("count", "print(7)", "\n".join(["print(7)"] * 16))),
    ("time-line", "title", change("title", "Time: about 30 minutes.", "30 minutes.")),
    ("objectives-first", "objectives", change("objectives", "## Objectives", "## Aims")),
    ("objectives-first", "objectives", change("objectives", "- ", "")),
    ("recap-mirrors", "recap", change("recap", "\n- You can count characters.", "")),
    ("recap-mirrors", "recap", change("recap", "count characters", "sing")),
    ("recap-mirrors", "", drop("recap")),
    ("read-more", "", drop("more")),
    ("read-more", "more", change("more", "[the guidelines](https://www.cms.gov/icd10)", "the guidelines")),
    ("code-year", "", change("chapters", "April 1, 2026", "this year")),
    ("knowledge-checks", "", lambda node: [drop(f"check-{n}")(node) for n in range(7)]),
    ("ends-in-quiz", "quiz", change("quiz", 'quiz.show("shape")', 'quiz.show("shape", question="x")')),
    ("links", "ask-figure", change("ask-figure", "#placeholder", "#place-holder")),
    ("predictions", "", change("ask-last", "Predict, then run:", "Now run:")),
    ("predictions", "recap", change("recap", "Print", "**Predict, then run:** Print")),
    ("figures", "", html("second-figure", "<p>Codes</p>")),
    ("one-page-summary", "", change("recap", "../summaries/90_good.md", "../glossary.md")),
    ("glossary-links", "ask-last", change("ask-figure", "[placeholder](../glossary.md#placeholder)", "X")),
    ("glossary-links", "chapters", change("chapters", "We use", "Placeholders. We use")),
    ("quiz-size", "check-1", change("check-1", "checks-90", "no-such-quiz")),
    ("quiz-size", "", drop("check-1")),
    (
        "objectives-asked",
        "",
        change("objectives", "- Count its characters.", "- Sing.\n- Count its characters."),
    ),
    ("stated-time", "title", change("title", "30", "20")),
    ("stated-time", "title", change("title", "30", "50")),
]
ASSIGNMENT = [
    ("no-outputs", "test-upper", put("test-upper", "execution_count", 3)),
    ("no-outputs", "test-upper", show("test-upper", output_type="stream", name="stdout", text="E")),
    ("grade-ids", "test-lower", put("test-lower", "metadata.nbgrader.grade_id", "first_letter_upper")),
    ("grade-ids", "test-lower", put("test-lower", "metadata.nbgrader.grade_id", "cell-3fa91bc0")),
    ("grade-ids", "test-lower", put("test-lower", "metadata.nbgrader.grade_id", "test_2")),
    ("points", "task-letter", change("task-letter", "(5 points)", "(4 points)")),
    ("points", "task-why", put("answer-why", "metadata.nbgrader.points", 3)),
    ("points", "answer-why", change("task-why", " (2 points)", "")),
    ("graded-cells", "", put("test-upper", "metadata.nbgrader.grade", False)),
    ("graded-cells", "", put("answer-why", "metadata.nbgrader.solution", False)),
    ("graded-cells", "", change("task-why", "Rubric: one point a reason.", "Explain.")),
    ("test-cells", "test-upper", change("test-upper", '"""The first letter of a upper code."""\n', "")),
    ("test-cells", "test-upper", change("test-upper", 'assert first_letter("E11") == "E"\n', "")),
    ("markers", "test-upper", change("test-upper", "\n### END HIDDEN TESTS", "")),
    ("markers", "solution-letter", change("solution-letter", "    ### BEGIN SOLUTION\n", "")),
    ("markers", "solution-letter", put("solution-letter", "metadata.nbgrader.solution", False)),
    ("plain-python", "solution-letter", change("solution-letter", "return", "!return")),
]
# Spoilt beside the notebook: a file of its data, or its summary.
AROUND = [
    (
        "quiz-size",
        "datasets/quizzes/shape.yaml",
        lambda text: text.partition("- difficulty: 1\n  id: q13")[0],
    ),
    (
        "quiz-size",
        "datasets/quizzes/checks-90.yaml",
        lambda text: text.partition("- difficulty: 1\n  id: q7")[0],
    ),
    ("quiz-size", "datasets/quizzes/shape.yaml", lambda text: text.replace("kind: single", "kind: multiple")),
    ("quiz-size", "datasets/quizzes/shape.yaml", lambda text: "id: shape"),
    ("objectives-asked", "datasets/quizzes/shape.yaml", lambda text: text.replace("Count its", "Weigh its")),
    ("one-page-summary", "notebooks/summaries/90_good.md", lambda text: text + "word " * 450),
    ("one-page-summary", "notebooks/summaries/90_good.md", lambda text: text.replace("# The", "The")),
    ("one-page-summary", "notebooks/summaries/90_good.md", lambda text: text.replace("Sources", "From")),
    ("one-page-summary", "notebooks/summaries/90_good.md", lambda text: text.replace("#place", "#no")),
    ("links", "notebooks/summaries/90_good.md", None),
    ("glossary-links", "datasets/glossary.csv", lambda text: text.replace("91", "90")),
]
CASES = [("lesson", *case) for case in LESSON] + [("assignment", *case) for case in ASSIGNMENT]


@pytest.mark.parametrize("kind", ["lesson", "assignment"])
def test_the_good_notebook_passes(kind: str, good: Callable[[str], Notebook]) -> None:
    assert [str(problem) for problem in problems(good(kind))] == []


@pytest.mark.parametrize(
    ("kind", "rule", "where", "spoil"), CASES, ids=[f"{k}-{r}-{n}" for n, (k, r, _, _) in enumerate(CASES)]
)
def test_the_bad_notebook_is_rejected(
    kind: str, rule: str, where: str, spoil: Spoil, good: Callable[[str], Notebook]
) -> None:
    notebook = good(kind)
    node = copy.deepcopy(notebook.node)
    spoil(node)
    notebook.path.write_text(dumps(node), encoding="utf-8")

    found = list(problems(load(notebook.path)))

    named = [problem for problem in found if problem.rule == rule]
    assert named, f"{rule} saw nothing; found: {[str(p) for p in found]}"
    assert where in {problem.cell for problem in named}
    told = str(named[0])
    assert str(notebook.path) in told and rule in told and named[0].remedy


@pytest.mark.parametrize(
    ("rule", "name", "spoil"), AROUND, ids=[f"{r}-{n}" for n, (r, *_) in enumerate(AROUND)]
)
def test_what_a_lesson_needs_beside_it_is_checked(
    rule: str, name: str, spoil: Callable[[str], str] | None, good: Callable[[str], Notebook], tmp_path: Path
) -> None:
    notebook, file = good("lesson"), tmp_path / name
    if spoil is None:
        file.unlink()
    else:
        before = file.read_text()
        file.write_text(spoil(before))
        assert file.read_text() != before
    assert rule in {problem.rule for problem in problems(notebook)}


def test_a_term_of_another_lesson_need_not_be_linked(good: Callable[[str], Notebook]) -> None:
    notebook = good("lesson")
    cell(notebook.node, "chapters").source += " A sequela is no placeholder_x."
    assert [p for p in problems(notebook) if p.rule == "glossary-links"] == []


def test_the_model_of_the_stated_time_counts_what_its_docstring_says(good: Callable[[str], Notebook]) -> None:
    notebook = good("lesson")
    words = sum(len(cell.source.split()) for cell in notebook.prose)
    assert minutes(notebook) == pytest.approx(words / 180 + 15 / 3 + 5 / 2 + 22, abs=0.2)


def test_every_rule_has_a_bad_notebook() -> None:
    named = {(kind, rule) for kind, rule, *_ in CASES}
    common = {name_of(rule) for rule in set(RULES["lesson"]) & set(RULES["assignment"])}
    for kind in ("lesson", "assignment"):
        for rule in {name_of(rule) for rule in RULES[kind]}:
            assert (kind, rule) in named or (rule in common and ("lesson", rule) in named), rule


def test_a_page_keeps_no_lesson_anatomy() -> None:
    assert set(RULES["page"]) < set(RULES["lesson"])


@pytest.mark.parametrize(
    ("rule", "name", "spoil"),
    [
        ("short-cells", "count", change("count", "print(7)", "\n".join(["print(7)"] * 16))),
        ("table-twin", "figure", html("figure", '<figure><img alt="Bars." src="x.png"></figure>')),
    ],
)
def test_a_tag_excuses_a_cell(rule: str, name: str, spoil: Spoil, good: Callable[[str], Notebook]) -> None:
    notebook = good("lesson")
    node = copy.deepcopy(notebook.node)
    spoil(node)
    cell(node, name).metadata.tags = [f"allow-{rule}"]
    notebook.path.write_text(dumps(node), encoding="utf-8")
    assert rule not in {problem.rule for problem in problems(load(notebook.path))}


def test_no_tag_excuses_from_alt_text(good: Callable[[str], Notebook]) -> None:
    notebook = good("lesson")
    node = copy.deepcopy(notebook.node)
    html("figure", '<img src="x.png"><table></table>')(node)
    cell(node, "figure").metadata.tags = ["allow-alt-text"]
    notebook.path.write_text(dumps(node), encoding="utf-8")
    assert {"alt-text", "known-tags"} <= {problem.rule for problem in problems(load(notebook.path))}
