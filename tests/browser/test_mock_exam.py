"""A full mock exam in a real JupyterLab, taken by an automated learner, against grading in plain Python."""

import random
from dataclasses import dataclass, field
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Locator, expect

from course_lib import quiz
from course_lib.quiz.exams import Paper
from course_lib.quiz.markup import spans, to_plain

BY_KEYBOARD = 3
MARKS = '"verdict"'  # what the kernel sends with each mark

# Chooses an option of each question and saves it, without the mouse's way there.
ANSWER = """(root, answers) => {
  const forms = root.querySelectorAll("form");
  for (const [n, option] of answers) {
    forms[n].querySelectorAll("input")[option].click();
    forms[n].requestSubmit();
  }
}"""


@dataclass
class Wire:
    """Everything that the server sends to a page over web sockets, from now on."""

    frames: list[bytes] = field(default_factory=list)

    def listen(self, page: Any) -> None:
        page.on("websocket", lambda socket: socket.on("framereceived", self._keep))

    def _keep(self, frame: str | bytes) -> None:
        self.frames.append(frame.encode() if isinstance(frame, str) else frame)

    def text(self) -> str:
        return b"\n".join(self.frames).decode(errors="replace")


@pytest.fixture(scope="module")
def sheet() -> Paper:
    return quiz.paper("cpc", seed=1)


def chosen(sheet: Paper) -> dict[int, int]:
    """Return an option by number of question: right by its key, wrong, or none, as a seed decides."""
    rng, answers = random.Random(4), {}
    for n, question in enumerate(sheet.quiz.questions):
        how = rng.choices(["right", "wrong", "skipped"], [75, 15, 10])[0]
        if n < BY_KEYBOARD or how != "skipped":
            right = [i for i, option in enumerate(question.options) if option.correct == (how != "wrong")]
            answers[n] = rng.choice(right)
    return answers


def secrets(sheet: Paper) -> set[str]:
    """Return the pieces of reasons and explanations that no question shows by itself."""
    questions = sheet.quiz.questions
    shown = "\n".join(to_plain(text) for q in questions for text in (q.stem, *(o.text for o in q.options)))
    told = [text for q in questions for text in (q.explanation, *(o.why for o in q.options))]
    pieces = {piece for text in told for _, piece in spans(text)}
    return {piece for piece in pieces if len(piece) > 25 and piece not in shown and '"' not in piece}


def test_a_whole_exam_is_taken_paused_resumed_and_graded_as_in_python(lab, sheet: Paper) -> None:
    lab.progress.unlink(missing_ok=True)
    cells = ["from course_lib import quiz", "quiz.exam('cpc', seed=1)"]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = new_notebook(cells=[new_code_cell(source) for source in cells], metadata=kernel)
    nbformat.write(notebook, lab.root / "exam.ipynb")
    answers, hidden = chosen(sheet), secrets(sheet)
    given = {sheet.quiz.questions[n].id: [option] for n, option in answers.items()}
    result = quiz.grade(sheet.quiz, given)
    session = quiz.Session(sheet.quiz, quiz.Rules(mode="exam"))
    for question_id, answer in given.items():
        session.answer(question_id, answer)
    report, wire = session.finish(), Wire()
    assert (report.points, report.answered) == (result.points, len(given))
    assert 0 < result.points < len(given) < 100  # all three: right, wrong and skipped
    assert len(hidden) > 100

    with lab.open("exam.ipynb") as window:
        page = window.page
        window.run_all()
        exam = page.locator(".cw-session")
        expect(exam.locator("form")).to_have_count(100)
        for n in range(BY_KEYBOARD):
            answer_by_keyboard(window, exam.locator("form").nth(n), answers[n])
        clock = exam.get_by_role("timer")
        exam.get_by_role("button", name="Pause the timer").click()
        paused = clock.inner_text()
        half = [pair for pair in answers.items() if BY_KEYBOARD <= pair[0] < 50]
        exam.evaluate(ANSWER, half)
        expect_answered(exam, BY_KEYBOARD + len(half))
        page.wait_for_timeout(1100)
        assert clock.inner_text() == paused != "Time left 240:00"
        assert found(hidden, page.content()) == set()

        wire.listen(page)
        window.reload_and_run()  # the next day: what was answered is there, and the time that was used
        expect_answered(exam, BY_KEYBOARD + len(half))
        assert 60 < seconds(clock.inner_text()) <= seconds(paused)
        for n, option in (*half[:3], *half[-3:]):
            expect(exam.locator("form").nth(n).locator("input").nth(option)).to_be_checked()
        exam.evaluate(ANSWER, [pair for pair in answers.items() if pair[0] >= 50])
        expect_answered(exam, len(answers))
        assert sheet.quiz.questions[99].options[0].text.strip("`") in wire.text()
        for place in (page.content(), wire.text()):
            assert found(hidden, place) == set()
            assert MARKS not in place

        exam.get_by_role("button", name="Finish the exam").click()
        mark = "reached" if sheet.passed(report) else "not reached"
        total = exam.locator(".cw-total")
        expect(total).to_contain_text(f"{result.points:g} of 100 points, {len(given)} answered, ")
        expect(total).to_contain_text(f"The mark of 70 percent is {mark}.")
        assert report_rows(exam) == [
            [row.objective, f"{row.points:g} of {row.out_of}", "; ".join(row.reread) or "nothing"]
            for row in report.rows
        ]
        verdicts = [mark.verdict if mark.given is not None else None for mark in result.marks]
        assert (
            exam.evaluate("root => [...root.querySelectorAll('form')].map(f => f.dataset.verdict ?? null)")
            == verdicts
        )
        # The control: the same searches find feedback once the exam is over.
        assert found(hidden, page.content())
        assert MARKS in wire.text()
        assert found(hidden, wire.text())
        assert window.outside == []


def answer_by_keyboard(window: Any, form: Locator, option: int) -> None:
    first = form.locator("input").first
    if not form.evaluate("node => node.closest('.cw-session').contains(document.activeElement)"):
        window.walk_to_cell(form)
    window.tab_to(first)
    for key in ("Space", *["ArrowDown"] * option, "Enter"):
        window.page.keyboard.press(key)
    expect(form.locator("input").nth(option)).to_be_checked()
    expect(form.locator(".cw-feedback")).to_have_text("Answer saved. You can change it until you finish.")


def seconds(left: str) -> int:
    """Return the seconds in ``"Time left 239:41"``."""
    minutes, rest = left.removeprefix("Time left ").split(":")
    return 60 * int(minutes) + int(rest)


def expect_answered(exam: Locator, count: int) -> None:
    expect(exam.get_by_role("progressbar")).to_have_accessible_name(f"{count} of 100 answered")


def found(pieces: set[str], text: str) -> set[str]:
    return {piece for piece in pieces if piece in text}


def report_rows(exam: Locator) -> list[list[str]]:
    return exam.get_by_role("table", name="Points by objective").evaluate(
        "table => [...table.tBodies[0].rows].map(row => [...row.cells].map(cell => cell.textContent))"
    )
