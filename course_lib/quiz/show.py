"""`show`: the one upward step, to the views on floor 3, taken when it is called."""

from typing import TYPE_CHECKING

from course_lib.quiz.engine import load
from course_lib.quiz.model import Quiz
from course_lib.quiz.session import Mode, Rules, Session, shuffled
from course_lib.quiz.text import only

if TYPE_CHECKING:
    from course_lib.widgets.quiz import QuizWidget
    from course_lib.widgets.session import SessionWidget


def show(
    quiz_id: str,
    question: str | list[str] | None = None,
    *,
    mode: Mode = "immediate",
    seed: int | None = None,
    minutes: float | None = None,
    tries: int | None = None,
) -> "QuizWidget | SessionWidget":
    """Return a quiz as a widget; make it the last line of a cell.

    Parameters
    ----------
    quiz_id : str
        The quiz.
    question : str or list of str, optional
        One question (a knowledge check inside a lesson) or some. Default: all.
    mode : {"immediate", "exam"}
        Feedback after each answer, or none until the end. An exam's page holds no key.
    seed : int, optional
        Shuffles questions and options; the same seed gives the same order.
    minutes : float, optional
        Shows a timer, which the learner may pause or turn off.
    tries : int, optional
        Answers a question in immediate mode. Default: no limit.

    Examples
    --------
    >>> quiz.show("icd-structure")                              # doctest: +SKIP
    >>> quiz.show("icd-structure", question="header-or-code")   # doctest: +SKIP
    >>> quiz.show("icd-structure", mode="exam", seed=1, minutes=20)   # doctest: +SKIP
    """
    asked = only(load(quiz_id), question)
    plain = mode == "immediate" and seed is None and minutes is None and tries is None
    if plain and all(q.options for q in asked.questions):
        from course_lib.widgets.quiz import QuizWidget

        return QuizWidget(asked, whole=question is None and len(asked.questions) > 1)
    name = asked.id + (".exam" if mode == "exam" else ".sitting")
    if seed is not None:
        name += f".seed-{seed}"
    if question is not None:
        name += "." + "+".join(q.id for q in asked.questions)
    return sit(asked, name, Rules(mode=mode, minutes=minutes, tries=tries), seed)


def sit(quiz: Quiz, name: str, rules: Rules, seed: int | None = None) -> "SessionWidget":
    """Return a sitting of a quiz as a widget; `name` is what it is kept under."""
    from course_lib.widgets.session import SessionWidget

    return SessionWidget(Session(quiz if seed is None else shuffled(quiz, seed), rules), name)
