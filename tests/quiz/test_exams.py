"""Mock exams: their shape, how they are filled, and that they say what they are not."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib import quiz
from course_lib.errors import CourseError
from course_lib.quiz import exams
from course_lib.quiz.exams import Blueprint, Section, blueprint, shares
from course_lib.quiz.model import Option, Question, Source


def draw(family: str, seed: int) -> Question:
    """A drill that is quick: one question a family and seed."""
    options = [Option(str(n), n == 1, f"why {n}") for n in range(4)]
    return Question(
        "d", "single", "", 1, f"{family} {seed}?", options, Source(family), "2026-04-01", hint="h"
    )


@pytest.fixture(autouse=True)
def own_progress(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "progress.json"))


@pytest.mark.parametrize(("name", "count", "minutes"), [("cpc", 100, 240), ("cca", 90, 120)])
def test_a_paper_has_the_published_length_and_time(name: str, count: int, minutes: int) -> None:
    sheet = quiz.paper(name, 1, draw)
    assert len(sheet.quiz.questions) == count == sum(sheet.given.values())
    assert sheet.blueprint.minutes == minutes
    assert len({q.id for q in sheet.quiz.questions}) == count
    assert len({(q.stem, *(o.text for o in q.options)) for q in sheet.quiz.questions}) == count
    assert all(q.kind == "single" and not q.hint for q in sheet.quiz.questions)


def test_a_seed_makes_the_same_paper_and_another_one_another() -> None:
    assert quiz.paper("cpc", 5, draw) == quiz.paper("cpc", 5, draw)
    assert quiz.paper("cpc", 5, draw).quiz.questions != quiz.paper("cpc", 6, draw).quiz.questions


@pytest.mark.parametrize("name", quiz.exam_ids())
def test_the_bank_comes_before_the_drills(name: str) -> None:
    sheet = quiz.paper(name, 1, draw)
    for section in sheet.blueprint.sections:
        stems = {q.stem for q in sheet.quiz.questions if q.objective == section.title}
        bank = {
            q.stem
            for quiz_id in section.quizzes
            for q in quiz.load(quiz_id).questions
            if q.kind == "single" and (not section.objectives or q.objective in section.objectives)
        }
        assert stems <= bank or bank <= stems


@pytest.mark.parametrize("name", quiz.exam_ids())
def test_a_paper_says_whose_it_is_not_and_what_it_lacks(name: str) -> None:
    sheet = quiz.paper(name, 1, draw)
    about = " ".join(sheet.about())
    assert "These are not A" in about
    empty = [s.title for s in sheet.blueprint.sections if not s.quizzes and not s.drills]
    assert empty
    assert all(title in about and not sheet.given[title] for title in empty)
    for section in sheet.blueprint.sections:
        if count := sheet.given[section.title]:
            assert f"{section.title}: {count} questions here, {section.questions} in the shape" in about


def test_a_split_of_our_own_is_never_told_as_the_body_s() -> None:
    sheet = quiz.paper("cpc", 1, draw)
    told = [line for line in sheet.about() if "questions here" in line]
    assert len(told) == len([s for s in sheet.blueprint.sections if s.quizzes or s.drills])
    assert all(line.endswith("in the shape that we took (our own assumption).") for line in told)
    assert "the course's own assumption, not AAPC's list" in " ".join(sheet.about())
    sourced = [s.title for s in sheet.blueprint.sections if s.status != "assumed"]
    assert sourced == [f"Surgery, {n}0000 series" for n in range(1, 6)]
    told = [line for line in quiz.paper("cca", 1, draw).about() if "questions here" in line]
    assert told and all(line.endswith("(secondary source).") for line in told)


@given(st.lists(st.tuples(st.integers(1, 60), st.booleans()), min_size=1, max_size=20), st.integers(1, 200))
def test_shares_add_up_and_no_section_without_questions_gets_one(
    sections: list[tuple[int, bool]], total: int
) -> None:
    parts = [Section(str(n), count, "official", [], ["d"] * has) for n, (count, has) in enumerate(sections)]
    if not any(part.drills for part in parts):
        return
    plan = Blueprint("x", "", total, 1, 70, "", "", Source(""), parts)
    given_out = shares(plan)
    assert sum(given_out.values()) == total
    weight = sum(part.questions for part in parts if part.drills)
    for part in parts:
        exact = total * part.questions / weight if part.drills else 0
        assert abs(given_out[part.title] - exact) < 1


@pytest.mark.parametrize("name", quiz.exam_ids())
def test_every_quiz_and_objective_that_a_section_names_has_a_single_choice(name: str) -> None:
    for section in blueprint(name).sections:
        bank = [q for quiz_id in section.quizzes for q in quiz.load(quiz_id).questions if q.kind == "single"]
        assert {q.objective for q in bank} >= set(section.objectives), section.title


@pytest.mark.parametrize("name", quiz.exam_ids())
def test_a_section_without_drills_gets_what_its_quizzes_have_and_no_more(name: str) -> None:
    sheet = quiz.paper(name, 3, draw)
    for section in sheet.blueprint.sections:
        if not section.quizzes or section.drills:
            continue
        bank = [q for quiz_id in section.quizzes for q in quiz.load(quiz_id).questions if q.kind == "single"]
        named = [q.stem for q in bank if not section.objectives or q.objective in section.objectives]
        given_out = [q.stem for q in sheet.quiz.questions if q.objective == section.title]
        assert len(given_out) == sheet.given[section.title] <= len(named)
        assert set(given_out) <= set(named)


def test_an_exam_that_no_section_can_fill_is_refused() -> None:
    small = Section("small", 5, "assumed", ["start-here"])
    with pytest.raises(CourseError, match="too few questions"):
        shares(Blueprint("x", "", 50, 1, 70, "", "", Source(""), [small]))


def test_the_report_is_by_section_and_says_whether_the_mark_is_reached() -> None:
    sheet = quiz.paper("cca", 1, draw)
    session = quiz.Session(sheet.quiz, quiz.Rules(mode="exam", minutes=120))
    key = {q.id: sorted(q.key) for q in sheet.quiz.questions}
    for question_id in list(key)[:63]:
        session.answer(question_id, key[question_id])
    report = session.finish()
    assert [row.objective for row in report.rows] == [title for title, n in sheet.given.items() if n]
    assert report.points == 63
    assert sheet.passed(report)  # 63 of 90 is 70 percent
    session = quiz.Session(sheet.quiz)
    for question_id in list(key)[:62]:
        session.answer(question_id, key[question_id])
    assert not sheet.passed(session.finish())


def test_too_few_questions_are_told_and_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exams, "_bank", lambda section: [])
    with pytest.raises(CourseError, match="different questions"):
        quiz.paper("cpc", 1, lambda family, seed: draw(family, 0))


def test_a_blueprint_whose_numbers_do_not_add_up_is_refused(bank: Path) -> None:
    source = Path(__file__).parents[2] / "datasets" / "exams" / "cca.yaml"
    folder = bank.parents[1] / "exams"
    folder.mkdir()
    (folder / "cca.yaml").write_text(source.read_text().replace("questions: 29", "questions: 30"))
    with pytest.raises(CourseError, match="91 questions and the exam has 90"):
        blueprint("cca")
    with pytest.raises(CourseError, match="There is: cca"):
        blueprint("ccs")


def test_the_widget_has_the_real_questions_no_key_and_the_notice() -> None:
    widget = quiz.exam("cca", seed=2)
    assert len(widget.view["questions"]) == 90
    assert widget.view["about"][0].startswith("These are not AHIMA's questions")
    html = widget._repr_mimebundle_()[0]["text/html"]
    assert "Answer and reasons" not in html
    assert "correct" not in widget.view["questions"][0]
    assert set(widget.state["marks"]) == set()


def test_the_text_twin_asks_a_paper(capsys: pytest.CaptureFixture[str]) -> None:
    sheet = quiz.paper("cca", 1, draw)
    quiz.ask(sheet.quiz, question="q001")
    assert "A mock exam of the CCA's shape" in capsys.readouterr().out
