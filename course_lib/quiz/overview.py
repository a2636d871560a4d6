"""All quizzes with what the learner has done of them."""

from typing import TYPE_CHECKING

from course_lib.quiz.engine import ids, load

if TYPE_CHECKING:
    import pandas as pd

    from course_lib.progress import Progress


def overview(progress: "Progress | None" = None) -> "pd.DataFrame":
    """Return one row a quiz: ``quiz, title, lesson, questions, answered, right``.

    Parameters
    ----------
    progress : Progress, optional
        Default: the learner's own progress file.
    """
    import pandas as pd

    from course_lib.progress import open

    kept = progress or open()
    rows = []
    for quiz_id in ids():
        quiz = load(quiz_id)
        answers = [item for q in quiz.questions if (item := kept.get(quiz_id, q.id))]
        rows.append(
            (
                quiz_id,
                quiz.title,
                quiz.lesson,
                len(quiz.questions),
                len(answers),
                sum(item.correct for item in answers),
            )
        )
    return pd.DataFrame(rows, columns=["quiz", "title", "lesson", "questions", "answered", "right"])
