"""The drill as a widget: one item after another, each answered and explained in the notebook.

The browser grades an item itself; the kernel grades it again, keeps the first answer in
the review log and makes the next item.
"""

from typing import Any

import anywidget
import traitlets

from course_lib.drills import Deck, Family, item, record
from course_lib.errors import CourseError
from course_lib.labels import t
from course_lib.quiz.engine import mark
from course_lib.quiz.model import Quiz
from course_lib.widgets._assets import script, style
from course_lib.widgets._static import quiz_html
from course_lib.widgets.quiz import question_view


class DrillWidget(anywidget.AnyWidget):
    """Items of one family, without end.

    Made by `course_lib.drills.practice`.

    Parameters
    ----------
    family : Family
        What is drilled.
    seed : int
        The first item's seed; each next one adds one.
    deck : Deck
        The code book that items are made from.

    Attributes
    ----------
    item : dict
        The item shown: its number from 1, and its question.
    answers : dict of str to list of int
        The checked answers by question id, as the browser sent them.
    wanted : int
        Number of the item that the learner asks for.
    score, notice : str
        How many are right; what the learner must know about the review log.
    """

    _esm = property(lambda self: script("quiz.js", "drills.js"))
    _css = style("quiz.css")

    drill = traitlets.Dict().tag(sync=True)
    item = traitlets.Dict().tag(sync=True)
    answers = traitlets.Dict().tag(sync=True)
    wanted = traitlets.Int(1).tag(sync=True)
    score = traitlets.Unicode().tag(sync=True)
    notice = traitlets.Unicode().tag(sync=True)

    def __init__(self, family: Family, seed: int, deck: Deck) -> None:
        self._family, self._seed, self._deck = family, seed, deck
        self._first: dict[str, bool] = {}
        self._shown = item(family, seed, deck)
        super().__init__(drill={"title": family.title}, item=self._view(1))
        self.observe(self._keep, "answers")
        self.observe(self._next, "wanted")

    def _view(self, number: int) -> dict[str, Any]:
        return {"number": number, "question": question_view(self._shown.question)}

    def _next(self, change: Any) -> None:
        self._shown = item(self._family, self._seed + change.new - 1, self._deck)
        self.item = self._view(change.new)

    def _keep(self, change: Any) -> None:
        """Grade the item shown; its first answer counts, for the score and in the log."""
        question = self._shown.question
        answer = change.new.get(question.id)
        if not answer or question.id in self._first:
            return
        right = mark(question, answer).verdict == "right"
        self._first[question.id] = right
        self.score = t("drill.score", right=sum(self._first.values()), n=len(self._first))
        try:
            record(self._family.id, right)
        except (CourseError, OSError) as why:
            self.notice = t("drill.not-kept", why=why)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        first = item(self._family, self._seed, self._deck).question
        title = self._family.title
        shown = Quiz(self._family.id, title, "", first.edition, [first])
        twin = f'drills.ask("{self._family.id}", seed={self._seed})'
        line = t("drill.plain", title=title, twin=twin)
        return {**data, "text/plain": line, "text/html": quiz_html(shown)}, metadata
