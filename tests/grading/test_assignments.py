"""Every assignment: what wrong answers earn, and that nothing is earned by a trick."""

import ast
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from course_lib import icd10cm
from course_lib.datasets import load_yaml
from course_lib.grading import loop
from course_lib.grading.collecting import collect
from course_lib.grading.simulate import DUE, WrongAnswers, make_class

FOLDERS = sorted(
    p.parent for p in (Path(__file__).parents[2] / "notebooks" / "assignments").glob("*/*.ipynb")
)


def wrong_answers(folder):
    return load_yaml(folder / "wrong_answers.yaml", WrongAnswers).wrong_answers


WRONG = [
    pytest.param(folder.name, wrong, id=f"{folder.name[:3]}-{wrong.name}")
    for folder in FOLDERS
    for wrong in wrong_answers(folder)
]
CONSTANTS = (None, ..., "", True, False, 0, 1, 0.0, [], {}, set(), pd.DataFrame(), pd.Series(dtype=int))


class EqualsEverything:
    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0

    def __call__(self, *arguments):
        return self

    def __getattr__(self, name):
        return self

    def __iter__(self):
        return iter([self])

    def __len__(self):
        return 16


class EqualsEveryText(str):
    __hash__ = str.__hash__

    def __eq__(self, other):
        return True


@pytest.fixture(params=FOLDERS, ids=lambda folder: folder.name[:3])
def folder(request):
    return request.param


@pytest.fixture
def bench(folder, benches):
    return benches(folder.name)


def test_there_are_wrong_answers_for_every_question(folder, bench):
    assert {wrong.graded for wrong in wrong_answers(folder)} == set(bench.tests)


@pytest.mark.parametrize(("name", "wrong"), WRONG)
def test_a_wrong_answer_earns_what_its_table_says(name, wrong, benches):
    bench = benches(name)
    assert bench.tests[wrong.graded] == wrong.answer
    assert bench.score(wrong.graded, wrong.source) == wrong.earns < bench.points[wrong.graded]
    others = [g for g in bench.tests if bench.tests[g] == wrong.answer and g != wrong.graded]
    lost = {g: bench.score(g, wrong.source) for g in others}
    assert wrong.also == {g: points for g, points in lost.items() if points != bench.points[g]}


def test_the_solution_earns_all_points(bench):
    assert {g: bench.score(g, bench.solution(g)) for g in bench.tests} == bench.points


def test_no_trick_earns_a_point(bench):
    codes = [code.code for code in icd10cm.load("2026-04-01").billable()]
    earned = {}
    for graded in bench.tests:
        told = constants(bench.cells[graded]) | constants(bench.solution(graded))
        tricks = {
            "equals everything": lambda *a: EqualsEverything(),
            "equals every text": lambda *a: EqualsEveryText(a[0]),
            "is no function": EqualsEverything(),
            "list of it": lambda *a: [EqualsEverything()],
            "dict of it": lambda *a, told=told: {text: EqualsEverything() for text in told},
            "the argument": lambda *a: a[0],
            "flags every code": lambda *a: list(codes),
            "a list of what it was told": lambda *a, told=told: sorted(told),
            "raises": lambda *a: 1 / 0,
        }
        # Whatever a test cell names, hidden part included, given back always.
        for value in [*CONSTANTS, *told, *([text] for text in told)]:
            tricks[f"always {value!r}"] = lambda *a, value=value: value
        earned |= {(graded, name): bench.score(graded, trick) for name, trick in tricks.items()}
    assert {name: points for name, points in earned.items() if points} == {}


def constants(source):
    """Return the texts that a cell names."""
    nodes = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant))
    return {node.value for node in nodes if isinstance(node.value, str) and len(node.value) < 40}


def test_partial_credit_is_a_plain_float(bench):
    namespaces = {g: dict(bench.namespace) for g in bench.tests}
    for graded, namespace in namespaces.items():
        exec(bench.solution(graded), namespace)
        value = bench.value(graded, namespace)
        assert value is None or type(value) is float


@pytest.mark.grading
def test_a_simulated_class_of_another_assignment_is_collected(tmp_path, course):
    folder = FOLDERS[1]
    shutil.copytree(folder, course.source / folder.name)
    loop.release(course, folder.name, DUE)
    students = make_class(course, folder.name, tmp_path / "drop", 3)
    taken = collect(course, folder.name, tmp_path / "drop")
    assert {c.student: c.status for c in taken} == {s.id: "new" for s in students}


def test_points_add_up_and_one_question_is_graded_by_hand(bench):
    marks = [c["metadata"]["nbgrader"] for c in bench.notebook["cells"] if "nbgrader" in c["metadata"]]
    graded = [m for m in marks if m["grade"]]
    promised = re.search(r"\*\*Points:\*\* (\d+)", "".join(bench.notebook["cells"][0]["source"]))
    assert sum(m["points"] for m in graded) == int(promised[1])
    assert len(graded) >= 8
    assert len([m for m in graded if m["solution"]]) == 1
