"""The quiz as a widget: questions answered and explained in the notebook.

The browser grades an answer itself, so feedback needs no kernel. The kernel grades it
again with `course_lib.quiz.engine`, which is the authority, and keeps it in the
progress file. Without a kernel the cell shows `_static.quiz_html`.
"""

from typing import Any

import anywidget
import traitlets

from course_lib import progress
from course_lib.errors import CourseError
from course_lib.quiz.engine import chosen_options, mark
from course_lib.quiz.markup import spans
from course_lib.quiz.model import Question, Quiz
from course_lib.widgets._assets import script, style
from course_lib.widgets._static import quiz_html, quiz_line


class QuizWidget(anywidget.AnyWidget):
    """A quiz, or single questions of one, that a learner answers in the notebook.

    Made by `course_lib.quiz.show`.

    Parameters
    ----------
    quiz : Quiz
        The questions to show.
    whole : bool
        True for a quiz that closes a lesson: it shows how many questions are answered
        and, at the end, the points by objective.
    kept : Progress, optional
        Where answers are kept. Default: the learner's progress file.

    Attributes
    ----------
    answers : dict of str to list of int
        The checked answers by question id, as the browser sent them.
    notice : str
        What the learner must know about the progress file, or empty.
    """

    _esm = property(lambda self: script("quiz.js"))  # in the language of the day
    _css = style("quiz.css")

    quiz = traitlets.Dict().tag(sync=True)
    answers = traitlets.Dict().tag(sync=True)
    notice = traitlets.Unicode().tag(sync=True)

    def __init__(self, quiz: Quiz, *, whole: bool = True, kept: progress.Progress | None = None) -> None:
        self._asked = quiz
        notices: list[str] = []
        self._kept = kept or progress.open(tell=notices.append)
        super().__init__(quiz=quiz_view(quiz, whole), answers=_restored(quiz, self._kept))
        self.notice = " ".join(notices)
        self._notices = notices
        self.observe(self._keep, "answers")

    def _keep(self, change: Any) -> None:
        """Grade and record every answer that is new or another one."""
        for question_id, answer in change.new.items():
            if answer == change.old.get(question_id):
                continue
            graded = mark(self._asked[question_id], answer)
            if graded.chosen:
                self._kept.record(self._asked.id, question_id, list(graded.chosen), graded.verdict == "right")
        self.notice = " ".join(self._notices)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        return {
            **data,
            "text/plain": quiz_line(self._asked),
            "text/html": quiz_html(self._asked),
        }, metadata


def _restored(quiz: Quiz, kept: progress.Progress) -> dict[str, list[int]]:
    """Return the kept answers that still fit their question."""
    answers: dict[str, list[int]] = {}
    for question in quiz.questions:
        item = kept.get(quiz.id, question.id)
        if item is None or isinstance(item.answer, float):
            continue
        try:
            answers[question.id] = list(chosen_options(question, item.answer))
        except CourseError:
            continue  # the question has changed since: it is asked again
    return answers


def quiz_view(quiz: Quiz, whole: bool) -> dict[str, Any]:
    """Return what the browser needs; texts go as spans, so that it never parses markup."""
    return {
        "title": quiz.title,
        "whole": whole,
        "questions": [question_view(question) for question in quiz.questions],
    }


def question_view(question: Question) -> dict[str, Any]:
    """Return what the browser needs of one question, its key with it."""
    return {
        "id": question.id,
        "kind": question.kind,
        "objective": question.objective,
        "stem": spans(question.stem),
        "options": [
            {"text": spans(option.text), "why": spans(option.why), "correct": option.correct}
            for option in question.options
        ],
        "explanation": spans(question.explanation),
        "hint": spans(question.hint),
        "source": {"text": question.source.text, "url": question.source.url},
    }
