"""Assignment a01: what wrong answers earn, and that nothing is earned by a trick.

The notebook's own cells run here in this process, scored as nbgrader scores them.
"""

import ast
import builtins
from dataclasses import dataclass
from pathlib import Path

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.utils import determine_grade

from course_lib.codes.book import CodeBook
from course_lib.datasets import load_yaml
from course_lib.grading.simulate import WrongAnswers

FOLDER = Path(__file__).parents[2] / "notebooks" / "assignments" / "a01_code_shapes"
WRONG = load_yaml(FOLDER / "wrong_answers.yaml", WrongAnswers).wrong_answers
GRADED = (
    "normalise_dots", "billable_or_header", "chapter_block_category",
    "placeholder_x", "seventh_character_meaning", "codes_by_length",
    "family_of_a_header", "largest_chapters", "name_the_fault",
)  # fmt: skip


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


@dataclass
class Bench:
    """The notebook after its first cells, ready to try an answer."""

    cells: dict
    tests: dict  # test cell -> answer cell
    points: dict
    namespace: dict

    def score(self, graded, answer):
        """Return the points of a test cell after `answer`: source text, or a function to put in its place."""
        namespace = dict(self.namespace)
        if isinstance(answer, str):
            exec(answer, namespace)
        else:
            namespace[self.name(self.tests[graded])] = answer
        return self.run(graded, namespace)

    def name(self, answer):
        return ast.parse(self.cells[answer]).body[0].name

    def run(self, graded, namespace):
        body = ast.parse(self.cells[graded])
        last = body.body[-1]
        outputs = []
        try:
            if isinstance(last, ast.Expr):
                exec(compile(ast.Module(body.body[:-1], []), graded, "exec"), namespace)
                value = eval(compile(ast.Expression(last.value), graded, "eval"), namespace)
                if value is not None:
                    outputs = [new_output("execute_result", {"text/plain": repr(value)})]
            else:
                exec(compile(body, graded, "exec"), namespace)
        except Exception as why:
            self.message = f"{type(why).__name__}: {why}"
            outputs = [new_output("error", ename="x", evalue="x", traceback=[])]
        marks = {"grade": True, "solution": False, "points": self.points[graded]}
        cell = NotebookNode(cell_type="code", source="", outputs=outputs, metadata={"nbgrader": marks})
        return determine_grade(cell)[0]


@pytest.fixture(scope="module")
def bench(a01):
    """The bench; the table of the book is read once, not once for each trick."""
    cells, tests, points, namespace, answer = {}, {}, {}, {}, ""
    for cell in a01["cells"]:
        marks, source = cell["metadata"].get("nbgrader", {}), "".join(cell["source"])
        if cell["cell_type"] == "code" and not marks:
            exec(source, namespace)
        elif marks:
            cells[marks["grade_id"]] = source
            if marks["solution"]:
                answer = marks["grade_id"]
            elif marks["grade"]:
                tests[marks["grade_id"]], points[marks["grade_id"]] = answer, marks["points"]
    assert tuple(tests) == GRADED
    table = namespace["table"].copy()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CodeBook, "to_frame", lambda self: table.copy())
        yield Bench(cells, tests, points, namespace)


def test_there_are_wrong_answers_for_every_question():
    assert {w.graded for w in WRONG} == set(GRADED)


@pytest.mark.parametrize("graded", GRADED)
def test_the_solution_earns_all_points(bench, graded):
    assert bench.score(graded, bench.cells[bench.tests[graded]]) == bench.points[graded]


@pytest.mark.parametrize("wrong", WRONG, ids=lambda w: w.name)
def test_a_wrong_answer_earns_what_its_table_says(bench, wrong):
    assert bench.tests[wrong.graded] == wrong.answer
    assert bench.score(wrong.graded, wrong.source) == wrong.earns < bench.points[wrong.graded]


@pytest.mark.parametrize("graded", GRADED)
def test_no_trick_earns_a_point(bench, graded):
    book, table = bench.namespace["book"], bench.namespace["table"]
    tricks = {
        "equals everything": lambda *a: EqualsEverything(),
        "equals every text": lambda *a: EqualsEveryText(a[0]),
        "is no function": EqualsEverything(),
        "list of it": lambda *a: [EqualsEverything()],
        "dict of it": lambda *a: {"chapter": EqualsEverything(), "block": "", "category": ""},
        "the argument": lambda *a: a[0],
        "all codes": lambda *a: [code.code for code in book.billable()],
        "the whole table": lambda *a: table["length"],
        "raises": lambda *a: 1 / 0,
    }
    constants = [None, ..., "", True, False, 0, 1, [], {}, "billable", "header", "unknown", "none"]
    constants += ["not in the book", "more detail needed", "7th character missing", "initial encounter"]
    tricks |= {repr(value): (lambda *a, value=value: value) for value in constants}
    earned = {name: bench.score(graded, trick) for name, trick in tricks.items()}
    assert {name: points for name, points in earned.items() if points} == {}


@pytest.mark.parametrize(
    ("graded", "answer", "told"),
    [
        ("normalise_dots", "tidy(text): ...", "returned nothing"),
        ("normalise_dots", "tidy(text): return text.upper()", "not written as the book prints them"),
        ("placeholder_x", "extend(stem, s): return stem", "right category, but a 7th character is missing"),
        ("placeholder_x", "extend(stem, s): return stem + '.' + s", "not stand in seventh place"),
        ("family_of_a_header", "family(code): return ['J44.0']", "4 items are missing and 0 do not belong"),
        ("billable_or_header", "status(text): return 1", "should be text (str), but is of type int"),
        ("billable_or_header", "status(text): return book[text].kind", "is 'category'"),
        ("codes_by_length", "lengths(table): return table['length']", "not the right number"),
        ("chapter_block_category", "address(code): return book[code].chapter", "should be a dict"),
    ],
)  # fmt: skip
def test_a_failed_check_teaches(bench, graded, answer, told):
    assert bench.score(graded, f"def {answer}") == 0
    assert told in bench.message


def test_a_hidden_check_does_not_print_its_key(bench):
    # Right on all shown cases, wrong on a hidden one.
    shown = {"I10": "billable", "S52.501": "header", "R07.4": "unknown", "e1122": "billable"}
    assert bench.score("billable_or_header", lambda text: shown.get(text, "somewhere")) == 0
    assert "somewhere" in bench.message
    assert not any(word in bench.message for word in ("billable'", "header'", "unknown'"))


def test_partial_credit_is_a_plain_float(bench):
    source = bench.cells["seventh_character_meaning"]
    namespace = dict(bench.namespace, seventh_meaning=lambda code: None)
    body = ast.parse(source).body
    exec(compile(ast.Module(body[:-1], []), "cell", "exec"), namespace)
    value = eval(compile(ast.Expression(body[-1].value), "cell", "eval"), namespace)
    assert type(value) is float
    assert builtins.float(repr(value)) == 0.0


def test_points_add_up_and_one_question_is_graded_by_hand(a01):
    marks = [c["metadata"]["nbgrader"] for c in a01["cells"] if "nbgrader" in c["metadata"]]
    assert sum(m["points"] for m in marks if m["grade"]) == 24
    assert [m["grade_id"] for m in marks if m["grade"] and m["solution"]] == ["explain_two_rejections"]


def test_the_case_of_question_ten_is_in_the_book(bench):
    book = bench.namespace["book"]
    assert not book["S52.501"].billable
    assert book["S52.501"].title == "Unspecified fracture of the lower end of right radius"
    assert book["S52.501A"].seventh["A"] == "initial encounter for closed fracture"
    assert book["S52.501D"].seventh["D"] == "subsequent encounter for closed fracture with routine healing"
    notes = " ".join(note.text for note in book.notes("S52"))
    assert "The appropriate 7th character is to be added to all codes from category S52" in notes
    assert "A fracture not indicated as open or closed should be coded to closed" in notes
    start, end = book.effective
    assert start.isoformat() == "2026-04-01"
    assert end.isoformat() == "2026-09-30"
