"""Every kind of question: what it reads, what it earns, what it says, how it is asked as text."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib import progress, quiz
from course_lib.errors import CourseError
from course_lib.quiz.engine import from_kept, kept_form, mark
from course_lib.quiz.kinds import read
from course_lib.quiz.model import Number, Question

GALLERY = quiz.load("gallery")
RIGHT: dict[str, Any] = {
    "enter-the-code": "s93401a",
    "count-the-codes": "3",
    "match-the-level": "ABCD",
    "order-the-codes": "CBA",
    "a-visit": {"diabetes": "E11.22", "more-codes": "AB"},
    "one-right": "B",
}


def test_the_gallery_has_every_kind_and_its_key_earns_every_point() -> None:
    assert len({q.kind for q in GALLERY.questions}) == 6  # `multiple` is a part of the scenario
    assert quiz.grade(GALLERY, RIGHT).points == len(GALLERY.questions)


@pytest.mark.parametrize(
    ("name", "answer", "points", "said"),
    [
        ("enter-the-code", "S93.401", 6 / 7, "The 7th character is missing"),
        ("enter-the-code", "S93.402A", 5 / 7, "is the left ankle"),
        ("enter-the-code", "J18.9", 0, "another category"),
        ("count-the-codes", 1, 0, "not billable itself"),
        ("count-the-codes", 2, 0, "Not right."),
        ("match-the-level", "ABDC", 0.5, "2 of the 4 rows matched"),
        ("order-the-codes", "CAB", 1 / 3, "1 of the 3 items in their place"),
        ("a-visit", {"diabetes": "E11.22"}, 0.5, "1 of the 2 parts"),
        ("a-visit", {"diabetes": "E10.22", "more-codes": "A"}, 0.25, "This is type 1 diabetes."),
    ],
)
def test_a_wrong_answer_earns_its_share_and_hears_why(
    name: str, answer: Any, points: float, said: str
) -> None:
    graded = mark(GALLERY[name], answer)
    assert graded.points == pytest.approx(points)
    assert said in " ".join([graded.message, *(reason.why for reason in graded.reasons)])


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("enter-the-code", "E1", "has not the shape of a code"),
        ("enter-the-code", [1], "has not the shape of a code"),
        ("count-the-codes", "three", "is no number"),
        ("count-the-codes", "nan", "is no number"),
        ("count-the-codes", [3], "is no number"),
        ("count-the-codes", True, "is no number"),
        ("match-the-level", "ABC", "one for each row"),
        ("match-the-level", "ABCE", "Its options are A to D"),
        ("order-the-codes", "AAB", "each of its 3 items once"),
        ("order-the-codes", 2, "Its options are A to C"),
        ("a-visit", "E11.22", "It has parts"),
        ("a-visit", {"x": "A"}, "It has parts"),
        ("a-visit", {"more-codes": "E"}, "Its options are A to D"),
    ],
)
def test_an_answer_of_another_kind_is_told(name: str, answer: Any, said: str) -> None:
    with pytest.raises(CourseError) as caught:
        mark(GALLERY[name], answer)
    assert said in str(caught.value)


@pytest.mark.parametrize("name", RIGHT)
def test_no_answer_and_a_kept_answer(name: str) -> None:
    question = GALLERY[name]
    assert mark(question, {} if question.parts else "").verdict == "unanswered"
    assert from_kept(question, kept_form(read(question, RIGHT[name]))) == read(question, RIGHT[name])
    assert from_kept(question, [99]) is None


@given(
    st.floats(-1e6, 1e6), st.floats(0, 100), st.floats(-2, 2).filter(lambda share: abs(abs(share) - 1) > 1e-3)
)
def test_a_number_is_right_within_its_tolerance(value: float, tolerance: float, share: float) -> None:
    tolerance += 0.1
    question = Question("n", "numeric", "", 1, "", number=Number(value, "", tolerance))
    assert mark(question, value + share * tolerance).points == (abs(share) < 1)


@pytest.mark.parametrize(("text", "value"), [("1,250.50", 1250.5), ("$ 3", 3), ("-0.5", -0.5), (".5", 0.5)])
def test_a_number_is_read_as_people_write_it(text: str, value: float) -> None:
    assert read(GALLERY["count-the-codes"], text) == value


def test_the_text_twin_asks_every_kind_and_keeps_every_answer(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "progress.json"))
    quiz.ask("gallery")
    out = capsys.readouterr().out
    for wanted in (
        "Enter one code.",
        "Enter a number. (in codes)",
        "1. E08-E13",
        "Put the letters in order.",
    ):
        assert wanted in out
    assert "S93.401A" not in out
    quiz.ask("gallery", RIGHT)
    assert "6 of 6 points, 6 answered." in capsys.readouterr().out
    item = progress.open().get("gallery", "a-visit")
    assert item is not None
    assert from_kept(GALLERY["a-visit"], item.answer) == {"diabetes": "E11.22", "more-codes": (0, 1)}


# What to replace in the gallery, with what, and what `check` must say.
SPOILED = [
    ("code: S93.401A", "code: S93.401Z", "S93.401Z is not in ICD-10-CM"),
    ("code: S93.401A", "code: S93.40", "S93.40 is a header"),
    ("code: S93.402A", "code: S93.401A", "is the key or is there twice"),
    ("code: S93.402A", "code: S93.409Q", "S93.409Q is not in ICD-10-CM"),
    ("value: 1\n", "value: 3\n", "within the tolerance"),
    ("unit: codes", "tolerance: -1", "below 0"),
    ("choice: a block", "choice: a blok", "is none of the choices"),
    ("[a block, a category", "[a category, a category", "a choice is there twice"),
    ("place: 3", "place: 4", "are not 1, 2, 3"),
    ("place: 3", "place: 2", "are not 1, 2, 3"),
    ("kind: numeric", "kind: ordering", "a ordering question has no `number`"),
    ("id: more-codes", "id: diabetes", "part id 'diabetes' is there twice"),
    ("why: It is a combination code for both.", "why: ''", "`why` is empty"),
    ("why: It is a range of categories.", "why: ''", "`why` is empty"),
]


@pytest.mark.parametrize(("old", "new", "said"), SPOILED)
def test_a_fault_of_a_kind_is_found(bank: Path, old: str, new: str, said: str) -> None:
    source = Path(__file__).parents[2] / "datasets" / "quizzes" / "gallery.yaml"
    text = source.read_text().replace("lessons/02_icd10cm_shape_of_a_code", "lessons/sample")
    assert old in text
    file = bank.parent / "gallery.yaml"
    file.write_text(text)
    assert quiz.check("gallery") == []
    file.write_text(text.replace(old, new, 1))
    assert any(said in str(fault) for fault in quiz.check("gallery"))


def test_items_shown_in_the_right_order_are_refused(bank: Path) -> None:
    source = Path(__file__).parents[2] / "datasets" / "quizzes" / "gallery.yaml"
    text = source.read_text().replace("place: 3", "place: 0").replace("place: 1", "place: 3")
    (bank.parent / "gallery.yaml").write_text(text.replace("place: 0", "place: 1"))
    assert any("in the right order already" in str(fault) for fault in quiz.check("gallery"))
