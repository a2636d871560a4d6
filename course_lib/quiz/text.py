"""The text twin of the quiz widget: the same questions, answers and reasons as plain text."""

from collections.abc import Iterator

from course_lib.labels import t
from course_lib.quiz.engine import LETTERS, Mark, Result, grade, kept_form, load
from course_lib.quiz.markup import to_plain
from course_lib.quiz.model import Answers, Kind, Question, Quiz


def ask(
    quiz_id: str | Quiz, answers: Answers | None = None, *, question: str | list[str] | None = None
) -> None:
    """Print a quiz, or grade answers to it and print what they earned.

    Parameters
    ----------
    quiz_id : str or Quiz
        The quiz; a mock exam's is `Paper.quiz`.
    answers : mapping, optional
        Question id to letters or option numbers: ``{"header-or-code": "B"}``, or to what
        the kind of question takes. They are
        kept in the progress file, as the widget does.
    question : str or list of str, optional
        Only these questions. Default: all.

    Examples
    --------
    >>> ask("icd-structure")                                # doctest: +SKIP
    >>> ask("icd-structure", {"header-or-code": "B"})       # doctest: +SKIP
    """
    from course_lib import progress

    asked = only(load(quiz_id) if isinstance(quiz_id, str) else quiz_id, question)
    if answers is None:
        print("\n\n".join([*question_texts(asked), _how_to_answer(asked)]))
        return
    result = grade(asked, answers)
    kept = progress.open()
    for graded in result.marks:
        if graded.given is not None:
            kept.record(asked.id, graded.question, kept_form(graded.given), graded.verdict == "right")
    print(result_text(asked, result))


def only(quiz: Quiz, question: str | list[str] | None) -> Quiz:
    """Return the quiz with the named questions only, in the order named."""
    if question is None:
        return quiz
    wanted = [question] if isinstance(question, str) else question
    return Quiz(quiz.id, quiz.title, quiz.lesson, quiz.edition, [quiz[name] for name in wanted])


def question_texts(quiz: Quiz) -> Iterator[str]:
    """Yield the heading, then every question with its lettered options."""
    yield f"{quiz.title} (ICD-10-CM {quiz.edition})"
    for n, question in enumerate(quiz.questions, 1):
        yield f"{n}. {question_text(question)}"


def how(kind: Kind) -> str:
    """Return what a kind of question asks for, after its stem; nothing for a single choice."""
    return "" if kind == "single" else t(f"quiz.how.{kind}")


def question_text(question: Question) -> str:
    """Return the stem, the id to answer with and what there is to choose from."""
    unit = t("quiz.unit", unit=question.number.unit) if question.number and question.number.unit else ""
    asked = " ".join(filter(None, [to_plain(question.stem), how(question.kind), unit]))
    lines = [f"{asked} [{question.id}]"]
    lines += [f"   {n}. {to_plain(pair.text)}" for n, pair in enumerate(question.pairs, 1)]
    texts = [option.text for option in question.options] + question.choices
    texts += [item.text for item in question.items]
    lines += [f"   {LETTERS[k]}  {to_plain(text)}" for k, text in enumerate(texts)]
    for part in question.parts:
        lines += [f"   {line}" for line in question_text(part).splitlines()]
    return "\n".join(lines)


def _how_to_answer(quiz: Quiz) -> str:
    first = quiz.questions[0]
    return f'{t("quiz.to-answer")} quiz.ask("{quiz.id}", {{"{first.id}": {_example(first)}}})'


def _example(question: Question) -> str:
    """Return how an answer is written; it says nothing of the key."""
    if question.parts:
        return "{" + ", ".join(f'"{part.id}": {_example(part)}' for part in question.parts) + "}"
    letters = LETTERS[: len(question.items)] or "A" * (len(question.pairs) or 1)
    return {"numeric": "1.5", "code": '"Z00.00"'}.get(question.kind, f'"{letters}"')


def mark_text(question: Question, graded: Mark) -> str:
    """Return the verdict, the reason of everything chosen and the source."""
    lines = [graded.message]
    for reason in graded.reasons:
        verdict = t("quiz.right") if reason.right else t("quiz.wrong")
        lines.append(f"   {reason.label}  {verdict}: {to_plain(reason.why)}")
    if graded.verdict == "right" and question.explanation:
        lines.append(f"   {to_plain(question.explanation)}")
    if graded.given is not None:
        lines.append(f"   {t('quiz.source')} {source_text(question)}")
    return "\n".join(lines)


def source_text(question: Question) -> str:
    """Return a question's source with its address."""
    return question.source.text + (f" <{question.source.url}>" if question.source.url else "")


def result_text(quiz: Quiz, result: Result) -> str:
    """Return every answered question's mark, then the points."""
    blocks = [
        f"{n}. [{q.id}] {mark_text(q, result[q.id])}"
        for n, q in enumerate(quiz.questions, 1)
        if result[q.id].given is not None
    ]
    return "\n\n".join([*blocks, total_text(result)])


def total_text(result: Result) -> str:
    """Return the points, in all and by objective."""
    points = points_text(result.points)
    total = t("quiz.total", points=points, out_of=result.out_of, answered=result.answered)
    parts = [
        f"   {t('quiz.points-of', points=points_text(score.points), out_of=score.out_of)}  {score.objective}"
        for score in result.by_objective()
    ]
    return "\n".join([total, *parts])


def points_text(points: float) -> str:
    """Return points with at most two decimals: ``1``, ``0.5``, ``0.67``."""
    return f"{round(points, 2):g}"
