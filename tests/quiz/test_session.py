"""A sitting: order, hints, tries, exam mode, resume and report; and its widget without a browser."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib import icd10cm, progress, quiz
from course_lib.errors import CourseError
from course_lib.quiz.advice import about_code
from course_lib.widgets.session import SessionWidget

GALLERY = quiz.load("gallery")


@pytest.fixture(autouse=True)
def own_progress(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "progress.json"))


def tell(widget: Any, **content: Any) -> None:
    widget._receive(widget, content, [])


@given(st.integers())
def test_a_seed_changes_the_order_and_nothing_else(seed: int) -> None:
    one = quiz.shuffled(GALLERY, seed)
    assert one == quiz.shuffled(GALLERY, seed)
    assert {q.id for q in one.questions} == {q.id for q in GALLERY.questions}
    for question in one.questions:
        before = GALLERY[question.id]
        assert sorted(o.text for o in question.options) == sorted(o.text for o in before.options)
        assert {question.options[n].text for n in question.key} == {
            before.options[n].text for n in before.key
        }


def test_two_seeds_give_two_orders() -> None:
    assert len({tuple(q.id for q in quiz.shuffled(GALLERY, seed).questions) for seed in range(20)}) > 5


def test_a_hint_costs_its_share_and_only_once() -> None:
    session = quiz.Session(GALLERY)
    assert session.hint("enter-the-code") == "Side first, then the 7th character."
    session.hint("enter-the-code")
    session.answer("enter-the-code", "S93.401A")
    assert session.points_of("enter-the-code") == 0.75


def test_the_tries_run_out_and_the_newest_counts() -> None:
    session = quiz.Session(GALLERY, quiz.Rules(tries=2))
    session.answer("one-right", "B")
    session.answer("one-right", "A")
    assert session.points_of("one-right") == 0
    with pytest.raises(CourseError, match="no try is left"):
        session.answer("one-right", "B")


def test_an_exam_lets_answers_change_until_the_end_and_then_no_more() -> None:
    session = quiz.Session(GALLERY, quiz.Rules(mode="exam", tries=1))
    for answer in "ACB":
        session.answer("one-right", answer)
    report = session.finish()
    assert (report.points, report.answered, report.out_of) == (1, 1, 6)
    with pytest.raises(CourseError, match="over"):
        session.answer("one-right", "A")
    with pytest.raises(CourseError, match="over"):
        session.hint("enter-the-code")


def test_the_report_says_what_to_read_again() -> None:
    session = quiz.Session(GALLERY)
    session.answer("one-right", "B")
    rows = {row.objective: row for row in session.finish().rows}
    billable = rows["Tell a header from a billable code"]
    assert (billable.points, billable.out_of) == (1, 2)
    assert billable.reread == (GALLERY["count-the-codes"].source.text,)
    assert rows["Sequence codes by their notes"].reread == (GALLERY["order-the-codes"].source.text,)


def test_a_sitting_goes_on_from_its_state() -> None:
    one = quiz.Session(GALLERY)
    one.hint("enter-the-code")
    one.answer("a-visit", {"diabetes": "E11.22"})
    one.seconds = 12
    other = quiz.Session(GALLERY)
    other.restore({**json.loads(json.dumps(one.state()))})
    assert other.state() == one.state()
    assert other.report() == one.report()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("e11.2", "E11.2 is a header; it needs a 5th character."),
        ("M17", "M17 is a header; it needs a 4th character."),
        ("S93.401", "S93.401 is not complete; it needs a 7th character: A, D, S."),
        ("e1122", "E11.22 is a billable code."),
        ("E1", ""),
    ],
)
def test_what_the_book_says_of_a_code_as_it_is_typed(text: str, said: str) -> None:
    assert about_code(icd10cm.load("2026-04-01"), text) == said


def test_a_code_that_does_not_exist_names_near_misses() -> None:
    assert "Did you mean" in about_code(icd10cm.load("2026-04-01"), "E11.2Z")


def everything_sent(widget: SessionWidget) -> str:
    return json.dumps([widget.get_state(["view", "state", "notice"]), widget._repr_mimebundle_()[0]])


def secrets() -> list[str]:
    """Reasons and hints of the gallery, as the page would hold them."""
    found = [q.hint for q in GALLERY.questions if q.hint]
    for q in [*GALLERY.questions, *GALLERY["a-visit"].parts]:
        found += [o.why for o in q.options] + [p.why for p in q.pairs] + [i.why for i in q.items]
        found += [key.why for key in (q.number, q.code) if key] + ([q.code.code] if q.code else [])
    # E11.22 stands in stems; texts with markup are cut at its marks.
    return [text.split("`")[0] for text in found if text != "E11.22" and len(text.split("`")[0]) > 5]


def test_an_exams_page_holds_no_key_before_the_end_and_every_reason_after() -> None:
    widget = quiz.show("gallery", mode="exam", seed=3)
    tell(widget, do="answer", id="one-right", answer=[0])
    sent = everything_sent(widget)
    assert [text for text in secrets() if json.dumps(text)[1:-1] in sent] == []
    assert '"correct"' not in sent and '"why"' not in sent
    tell(widget, do="finish")
    assert widget.state["report"]["outOf"] == 6
    assert "why" in json.dumps(widget.state["marks"])


def test_the_leak_test_would_see_a_leak() -> None:
    sent = everything_sent(quiz.show("gallery"))
    assert len([text for text in secrets() if json.dumps(text)[1:-1] in sent]) > 10  # folded static answers


def test_the_widget_grades_keeps_and_goes_on() -> None:
    widget = quiz.show("gallery")
    assert isinstance(widget, SessionWidget)
    tell(widget, do="answer", id="enter-the-code", answer="s93401a", seconds=5)
    assert widget.state["marks"]["enter-the-code"]["verdict"] == "right"
    tell(widget, do="answer", id="count-the-codes", answer="many")
    assert "is no number" in widget.state["told"]["count-the-codes"]
    again = quiz.show("gallery")
    assert again.state["answers"] == {"enter-the-code": "S93.401A"}
    assert again.state["seconds"] == 5
    assert progress.open().get("gallery", "enter-the-code").correct is True  # type: ignore[union-attr]


def test_a_seed_has_a_sitting_of_its_own() -> None:
    tell(quiz.show("gallery", seed=1), do="answer", id="one-right", answer=[0])
    assert quiz.show("gallery", seed=2).state["answers"] == {}
    assert list(quiz.show("gallery", seed=1).state["answers"]) == ["one-right"]


def test_typing_asks_the_code_book(monkeypatch: pytest.MonkeyPatch) -> None:
    widget, heard = quiz.show("gallery"), []
    monkeypatch.setattr(widget, "send", lambda message: heard.append(message["text"]))
    tell(widget, do="advise", id="enter-the-code", text="S93.401")
    tell(widget, do="advise", id="nothing", text="S93.401")
    assert heard == ["S93.401 is not complete; it needs a 7th character: A, D, S.", ""]
