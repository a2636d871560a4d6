"""A sitting of a quiz as a widget: every kind of question, graded by the kernel alone.

No key, reason or hint is in the page until the sitting shows it, so exams use this view.
The browser sends what the learner did; `course_lib.quiz.session` decides what it earns.
"""

import json
from typing import Any

import anywidget
import traitlets

from course_lib import progress
from course_lib.errors import CourseError
from course_lib.labels import t
from course_lib.quiz.advice import about_code
from course_lib.quiz.engine import Mark, kept_form
from course_lib.quiz.markup import spans
from course_lib.quiz.model import Question
from course_lib.quiz.session import Session
from course_lib.quiz.text import how
from course_lib.widgets._assets import script, style
from course_lib.widgets._static import quiz_html, quiz_line


class SessionWidget(anywidget.AnyWidget):
    """A sitting that a learner takes in the notebook; made by `course_lib.quiz.show`.

    Parameters
    ----------
    session : Session
        The sitting.
    name : str
        What the sitting is kept under in the progress file, so that it can go on later.
    kept : Progress, optional
        Default: the learner's progress file.

    Attributes
    ----------
    view : dict
        The questions, without keys.
    state : dict
        Answers, shown hints and marks, and the report at the end.
    notice : str
        What the learner must know, such as trouble with the progress file.
    """

    # session.js builds on the helpers of quiz.js.
    _esm = property(lambda self: script("quiz.js", "session.js"))
    _css = style("quiz.css", "session.css")

    view = traitlets.Dict().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)
    notice = traitlets.Unicode().tag(sync=True)

    def __init__(self, session: Session, name: str, *, kept: progress.Progress | None = None) -> None:
        self._session, self._name = session, name
        self._tickets: dict[str, int] = {}  # question id -> the page's number of its last answer
        notices: list[str] = []
        self._kept = kept or progress.open(tell=notices.append)
        item = self._kept.get(name, "sitting")
        if item and isinstance(item.answer, str):
            session.restore(json.loads(item.answer))
        super().__init__(view=_view(session), state=_state(session))
        self._notices = notices
        self.notice = " ".join(notices)
        self.on_msg(self._receive)

    def introduce(self, about: list[str], pass_percent: float) -> None:
        """Show paragraphs above the questions, and at the end whether the mark was reached."""
        self.view = {**self.view, "about": about, "passPercent": pass_percent}

    def _receive(self, _: Any, content: dict[str, Any], __: Any) -> None:
        """Do what the learner did: answer, take a hint, type a code, let time pass, finish."""
        question_id, told = str(content.get("id", "")), ""
        if content["do"] == "advise":
            self.send({"id": question_id, "part": content.get("part", ""), "text": self._advice(content)})
            return
        try:
            if content["do"] == "answer":
                self._tickets[question_id] = int(content.get("ticket", 0))
                self._session.answer(question_id, content["answer"])
                self._keep_answer(question_id)
            elif content["do"] == "hint":
                self._session.hint(question_id)
            elif content["do"] == "finish":
                self._session.finish()
        except CourseError as why:
            told = str(why)
        self._session.seconds = max(self._session.seconds, float(content.get("seconds", 0)))
        state = json.dumps(self._session.state(), sort_keys=True)
        self._kept.record(self._name, "sitting", state, self._session.done)
        self.notice = " ".join(self._notices)
        # The turn makes every state a new one, so the page always hears of it.
        turn = self.state["turn"] + 1
        self.state = {
            **_state(self._session),
            "told": {question_id: told} if told else {},
            "tickets": dict(self._tickets),
            "turn": turn,
        }

    def _keep_answer(self, question_id: str) -> None:
        """Count an answer of a quiz in its own order among the learner's answers, as `quiz.ask` does."""
        graded = self._session.mark_of(question_id)
        if graded and self._name == self._session.quiz.id + ".sitting":
            self._kept.record(
                self._session.quiz.id, question_id, kept_form(graded.given), graded.verdict == "right"
            )

    def _advice(self, content: dict[str, Any]) -> str:
        from course_lib.codes import icd10cm

        try:
            question = self._session.quiz[str(content["id"])]
            book = icd10cm.load(self._session.quiz.edition_of(question))
            return about_code(book, str(content["text"])[:20])
        except CourseError:
            return ""  # without a code book there is nothing to say; grading does not need it

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        exam, quiz = self._session.rules.mode == "exam", self._session.quiz
        return {**data, "text/plain": quiz_line(quiz), "text/html": quiz_html(quiz, keys=not exam)}, metadata


def _view(session: Session) -> dict[str, Any]:
    return {
        "title": session.quiz.title,
        "exam": session.rules.mode == "exam",
        "minutes": session.rules.minutes,
        "about": [],
        "passPercent": None,
        "hintCost": session.rules.hint_cost,
        "questions": [_question(question) for question in session.quiz.questions],
    }


def _question(question: Question) -> dict[str, Any]:
    """Return what the page may know of a question: neither key nor reason nor hint."""
    return {
        "id": question.id,
        "kind": question.kind,
        "stem": spans(question.stem),
        "how": _how(question),
        "unit": question.number.unit if question.number else "",
        "options": [spans(option.text) for option in question.options],
        "choices": list(question.choices),
        "rows": [spans(pair.text) for pair in question.pairs],
        "items": [spans(item.text) for item in question.items],
        "hasHint": bool(question.hint),
        "parts": [_question(part) for part in question.parts],
    }


def _how(question: Question) -> str:
    """Return what the page asks for; the text twin, which works with letters, has other words."""
    return {"matching": t("session.matching"), "ordering": t("session.ordering")}.get(
        question.kind, how(question.kind)
    )


def _state(session: Session) -> dict[str, Any]:
    shown = session.done or session.rules.mode == "immediate"
    marks = {q.id: session.mark_of(q.id) for q in session.quiz.questions}
    return {
        "answers": {name: _plain(one.given) for name, one in marks.items() if one},
        "marks": {q.id: _mark(q, m) for q in session.quiz.questions if shown and (m := marks[q.id])},
        "hints": {q.id: spans(q.hint) for q in session.quiz.questions if session.hinted(q.id)},
        "closed": [q.id for q in session.quiz.questions if session.done or session.tries_left(q.id) == 0],
        "seconds": session.seconds,
        "done": session.done,
        "report": _report(session) if session.done else {},
        "told": {},
        "tickets": {},
        "turn": 0,
    }


def _plain(given: Any) -> Any:
    return {k: _plain(v) for k, v in given.items()} if isinstance(given, dict) else given


def _mark(question: Question, graded: Mark) -> dict[str, Any]:
    return {
        "verdict": graded.verdict,
        "message": graded.message,
        "reasons": [{"label": r.label, "right": r.right, "why": spans(r.why)} for r in graded.reasons],
        "explanation": spans(question.explanation) if graded.verdict == "right" else [],
        "source": {"text": question.source.text, "url": question.source.url},
    }


def _report(session: Session) -> dict[str, Any]:
    report = session.report()
    return {
        "points": report.points,
        "outOf": report.out_of,
        "answered": report.answered,
        "seconds": report.seconds,
        "rows": [
            {"objective": r.objective, "points": r.points, "outOf": r.out_of, "reread": list(r.reread)}
            for r in report.rows
        ],
    }
