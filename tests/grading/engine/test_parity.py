"""Profile ``compat``: the gradebook that stock nbgrader would have written, row by row."""

import contextlib
import json
import logging
import shutil
import warnings
from pathlib import Path

import nbformat
import pytest
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory

from course_lib.grading import loop
from course_lib.grading.course import open_course
from course_lib.grading.simulate import load_wrong_answers
from course_lib.grading.stock import generate_release

pytestmark = pytest.mark.grading
TINY, FILE = "a99_tiny", "tiny.ipynb"
ROOT = Path(__file__).parents[3]
ASSIGNMENTS = ROOT / "notebooks" / "assignments"


def stock_autograde(course, assignment, student):
    """Run nbgrader's own converter on one student; a fault of the student's is no error here."""
    log = logging.Logger("stock", logging.CRITICAL)
    folder = CourseDirectory(config=course.config, log=log)
    folder.assignment_id, folder.student_id = assignment, student
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with contextlib.suppress(NbGraderException, SystemExit):
            Autograde(coursedir=folder, config=course.config, log=log).start()


def named(nb, grade_id):
    return next(c for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade_id") == grade_id)


def answer(name, text):
    def change(nb):
        named(nb, name).source = text

    return change


def marks(grade_id, **values):
    def change(nb):
        named(nb, grade_id).metadata["nbgrader"].update(values)

    return change


def dropped(*grade_ids):
    def change(nb):
        nb.cells = [c for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade_id") not in grade_ids]

    return change


def copied(nb):
    nb.cells.append(json.loads(json.dumps(named(nb, "one"))))
    return json.dumps(nb)


def edited_test(nb):
    named(nb, "one").source = "pass"


def raw_test(nb):
    cell = named(nb, "one")
    cell.cell_type = "raw"
    cell.pop("outputs", None), cell.pop("execution_count", None)


def tagged(nb):
    for cell in nb.cells:
        cell.metadata["tags"] = ["skip-execution"]


def last_cell(text):
    def change(nb):
        nb.cells.append(nbformat.v4.new_code_cell(text, id="last"))

    return change


def stub(nb):
    for name in ("answer_one", "answer_part"):
        named(nb, name).source = "..."


def first_cell(text):
    def change(nb):
        nb.cells.insert(0, nbformat.v4.new_code_cell(text, id="first"))

    return change


def essay(nb):
    named(nb, "essay").source = "What I think."
    named(nb, "task").source = "Done."


def renamed(nb):
    named(nb, "one").metadata["nbgrader"]["grade_id"] = "unheard_of"


def differing(expected, found):
    return {
        k: (expected.get(k), found.get(k)) for k in {*expected, *found} if expected.get(k) != found.get(k)
    }


SWALLOWS = """
def one():
    while True:
        try:
            while True: pass
        except KeyboardInterrupt:
            pass
"""
VARIANTS = {
    "right": None,
    "stub": stub,
    "wrong": answer("answer_one", "def one(): return 2"),
    "raises": answer("answer_one", "raise ValueError('no')"),
    "syntax-error": answer("answer_one", "def one(:"),
    "essay": essay,
    "partial-nan": answer("answer_part", "def part(): return float('nan')"),
    "partial-negative": answer("answer_part", "def part(): return -1"),
    "partial-numpy": answer("answer_part", "import numpy as np\ndef part(): return np.float64(0.5)"),
    "partial-text": answer("answer_part", "def part(): return 'all'"),
    "partial-none": answer("answer_part", "def part(): return None"),
    "partial-too-much": answer("answer_part", "def part(): return 7"),
    "partial-then-error": answer(
        "answer_part", "def part():\n    from IPython.display import display\n    display(1)\n    return 2"
    ),
    "stderr": answer(
        "answer_one", "import sys\ndef one():\n    print('careful', file=sys.stderr)\n    return 1"
    ),
    "warning": answer("answer_one", "import warnings\ndef one():\n    warnings.warn('old')\n    return 1"),
    "noisy-import": answer("answer_one", "def one():\n    import this\n    return 1"),
    "late": (None, "2026-11-22 10:00:00 UTC"),
    "late-wrong": (answer("answer_one", "def one(): return 2"), "2026-11-22 10:00:00 UTC"),
    "edited-test": edited_test,
    "raw-test": raw_test,
    "points-changed": marks("one", points=200),
    "flag-flipped": marks("one", grade=False),
    "unlocked": marks("one", locked=False),
    "solution-locked": marks("answer_one", solution=False),
    "test-deleted": dropped("one"),
    "all-tests-deleted": dropped("one", "part", "naive"),
    "answer-deleted": dropped("answer_one"),
    "task-deleted": dropped("task"),
    "renamed": renamed,
    "tagged": tagged,
    "copied-cell": copied,
    "schema-99": marks("one", schema_version=99),
    "schema-1": marks("one", schema_version=1),
    "points-text": marks("one", points="many"),
    "extra-key": marks("one", colour="blue"),
    "bad-json": lambda nb: nbformat.writes(nb)[:-100],
    "not-utf8": lambda nb: b"\xff\xfe" + nbformat.writes(nb).encode(),
    "exits-early": first_cell("import os; os._exit(1)"),
    "exits-last": last_cell("import os; os._exit(0)"),
    "sys-exit": answer("answer_one", "import sys\nsys.exit()"),
    "loops": answer("answer_one", "def one():\n    while True: pass"),
    "swallows-interrupts": answer("answer_one", SWALLOWS),
    "clears-output": answer(
        "answer_part",
        "def part():\n    from IPython.display import clear_output, display\n    display('x')\n"
        "    clear_output()\n    return 1.0",
    ),
    "thousand-lines": last_cell("for n in range(3000): print(n)"),
    "figure": last_cell("import matplotlib.pyplot as plt\nplt.plot([1, 2]);"),
    "other-kernel": lambda nb: nb.metadata.update(kernelspec={"name": "r", "display_name": "R"}),
    "no-metadata": lambda nb: nb.metadata.clear(),
}  # fmt: skip

# Where a kernel's start could make a difference; stock nbgrader starts the others by our provisioner.
COLD = {"right", "stderr", "warning", "noisy-import", "figure", "exits-early", "swallows-interrupts"}


def variants(lab):
    for name, variant in VARIANTS.items():
        change, at = variant if isinstance(variant, tuple) else (variant, "2026-11-20 10:00:00 UTC")
        lab.hand_in(name, change, at)


@pytest.fixture
def compared(new_class, warm_stock):
    """Grade the same hand-ins with stock nbgrader and with ours; return both gradebooks' rows."""

    def compare(*lines, hand_in=variants):
        stock, ours = new_class(*lines), new_class(*lines)
        hand_in(stock)
        shutil.copytree(stock.course.submitted, ours.course.submitted)
        for student in stock.course.students(TINY):
            with warm_stock(cold=student in COLD):
                stock_autograde(stock.course, TINY, student)
        outcomes = ours.grade(profile="compat", jobs=2)
        return stock, ours, outcomes

    return compare


def test_every_row_is_as_stock_nbgrader_writes_it(compared):
    stock, ours, outcomes = compared()
    assert differing(stock.rows(), ours.rows()) == {}
    # The controls: the variants differ from each other, and stock's holes are in the rows.
    assert stock.points("tagged")["one"] == 2 and stock.points("wrong")["one"] == 0
    assert stock.points("partial-numpy")["part"] == 3
    no_grade = {s for s, o in outcomes.items() if o.status == "fault"}
    graded = {p.parent.name for p in stock.course.autograded.glob(f"*/{TINY}")}
    assert no_grade == set(VARIANTS) - graded
    assert {p.parent.name for p in ours.course.autograded.glob(f"*/{TINY}")} == graded


def test_what_a_person_gave_stays_and_a_newer_attempt_is_scored_as_stock_does(new_class):
    """Manual scores, comments, extensions, ignored warnings and returned cells."""
    lines = (
        "c.IgnorePattern.enabled = True",
        "c.IgnorePattern.pattern = 'careful'",
        "c.OverwriteCells.add_missing_cells = True",
    )
    stock, ours = new_class(*lines), new_class(*lines)
    for lab in (stock, ours):
        for student in ("a", "b", "c"):
            lab.hand_in(student)
        lab.hand_in("d", VARIANTS["stderr"])
    for student in "abcd":
        stock_autograde(stock.course, TINY, student)
    ours.grade(profile="compat")
    assert stock.points("d")["one"] == 2
    for lab in (stock, ours):
        with lab.course.gradebook() as gradebook:
            gradebook.find_grade("one", "tiny", TINY, "a").manual_score = 1.5
            gradebook.find_grade("essay", "tiny", TINY, "a").manual_score = 3
            gradebook.find_grade("naive", "tiny", TINY, "b").extra_credit = 0.5
            gradebook.find_comment("essay", "tiny", TINY, "a").manual_comment = "Well said."
            gradebook.grant_extension(TINY, "c", days=1)
        lab.hand_in("a", VARIANTS["wrong"], "2026-11-21 18:00:00 UTC")
        lab.hand_in("b", VARIANTS["test-deleted"], "2026-11-21 18:00:00 UTC")
        lab.hand_in("c", VARIANTS["wrong"], "2026-11-21 18:00:00 UTC")
    for student in "abcd":
        stock_autograde(stock.course, TINY, student)
    outcomes = ours.grade(profile="compat")
    assert {s: o.status for s, o in outcomes.items()} == dict.fromkeys("abc", "graded") | {"d": "unchanged"}
    assert differing(stock.rows(), ours.rows()) == {}
    assert ours.rows()["a", TINY, "tiny", "grade", "one"] == (0, 1.5, None, True)
    assert ours.rows()["a", TINY, "tiny", "comment", "essay"][1] == "Well said."


@pytest.mark.parametrize("name", sorted(p.name for p in ASSIGNMENTS.iterdir() if any(p.glob("*.ipynb"))))
def test_honest_work_on_an_assignment_has_stocks_grades_in_both_profiles(name, tmp_path, warm_stock, dump):
    """Solution, stub and the course's wrong answers: stock, compat and strict agree."""
    stock = released(tmp_path / "stock", name)
    hand_ins(stock, name)
    ours = [open_course(shutil.copytree(stock.root, tmp_path / kind)) for kind in ("compat", "strict")]
    for student in stock.students(name):
        with warm_stock(cold=student == "solution"):
            stock_autograde(stock, name, student)
    for course, profile in zip(ours, ("compat", "strict"), strict=True):
        loop.grade(course, name, how=loop.How(jobs=2, profile=profile))
        assert differing(dump(stock), dump(course)) == {}
    points = dict.fromkeys(stock.students(name), 0.0)
    for key, row in dump(stock).items():
        if "grade" in key:
            points[key[0]] += row[0] or 0
    assert points["solution"] > points["wrong-0"] >= points["stub"] == 0


def released(folder, name):
    """A course with one of the real assignments; stock's own steps, the real settings else."""
    shutil.copytree(ASSIGNMENTS / name, folder / "notebooks" / "assignments" / name)
    config = (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
    for line in ("c.Autograde.sanitize_preprocessors", "c.Autograde.autograde_preprocessors"):
        assert line in config
        config = config.replace(line, f"# {line}")
    (folder / "nbgrader_config.py").write_text(config, encoding="utf-8")
    course = open_course(folder)
    generate_release(course, name)
    return course


def hand_ins(course, name):
    """Hand in the solution, the stub, and notebooks with one wrong answer to each question."""
    file = course.notebooks(name)[0]
    solved = nbformat.read(course.source / name / file, as_version=4)
    stub = nbformat.read(course.release / name / file, as_version=4)
    answers = {
        c.metadata.nbgrader.grade_id: "\n".join(
            line for line in c.source.splitlines() if not line.strip().startswith("### ")
        )
        for c in solved.cells
        if c.metadata.get("nbgrader", {}).get("solution")
    }
    rounds = [{}]
    for wrong in load_wrong_answers(course, name):
        place = next((r for r in rounds[1:] if wrong.answer not in r), None)
        if place is None:
            rounds.append(place := {})
        place[wrong.answer] = wrong.source
    for number, mistakes in enumerate(rounds[:1] + rounds[1:3]):
        student = f"wrong-{number - 1}" if number else "solution"
        submit(course, name, file, student, stub, answers | mistakes)
    submit(course, name, file, "stub", stub, {})


def submit(course, name, file, student, stub, answers):
    nb = nbformat.from_dict(json.loads(json.dumps(stub)))
    for cell in nb.cells:
        if (answer := cell.metadata.get("nbgrader", {}).get("grade_id")) in answers:
            cell.source = answers[answer]
    folder = course.submitted / student / name
    folder.mkdir(parents=True)
    nbformat.write(nb, folder / file)
