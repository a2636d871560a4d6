"""Quizzes: find one, grade answers, show it as a widget or as text, check the files.

::

    quiz.show("icd-structure")                              # the widget
    quiz.ask("icd-structure", {"header-or-code": "B"})      # the same as text
    quiz.grade("icd-structure", {"header-or-code": "B"})    # the pure function under both
"""

from course_lib.quiz.checks import check
from course_lib.quiz.engine import Mark, ObjectiveScore, Result, grade, ids, load
from course_lib.quiz.exams import Blueprint, Paper, exam, exam_ids, paper
from course_lib.quiz.model import Answer, Answers, Option, Question, Quiz, Source
from course_lib.quiz.overview import overview
from course_lib.quiz.session import Report, Rules, Session, shuffled
from course_lib.quiz.show import show
from course_lib.quiz.text import ask

__all__ = [
    "Answer",
    "Answers",
    "Blueprint",
    "Mark",
    "ObjectiveScore",
    "Option",
    "Paper",
    "Question",
    "Quiz",
    "Report",
    "Result",
    "Rules",
    "Session",
    "Source",
    "ask",
    "check",
    "exam",
    "exam_ids",
    "grade",
    "ids",
    "load",
    "overview",
    "paper",
    "show",
    "shuffled",
]
