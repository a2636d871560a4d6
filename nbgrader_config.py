"""nbgrader's settings for this course: used by `course`, by `nbgrader` and by formgrader alike."""

import os
import secrets

from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbgrader.preprocessors import GetGrades

from course_lib.grading import formgrader
from course_lib.grading.feedback import HideTests
from course_lib.grading.late import DailyPenalty

c = get_config()  # noqa: F821  (nbgrader puts it there)

c.CourseDirectory.course_id = "crosswalk"
# Where a class has them in other places than this folder: on a hub, or in a database of its own.
if exchange := os.environ.get("COURSE_EXCHANGE"):
    c.Exchange.root = exchange
if gradebook := os.environ.get("COURSE_GRADEBOOK"):
    c.CourseDirectory.db_url = gradebook
# The assignments with solutions are part of the course's notebooks.
c.CourseDirectory.source_directory = "notebooks/assignments"
# wrong_answers.yaml holds solutions that must not earn points: never release it.
c.CourseDirectory.ignore = [
    ".ipynb_checkpoints",
    "*.pyc",
    "__pycache__",
    "feedback",
    "wrong_answers.yaml",
]

# A stub that fails in the check below it, with a sentence, rather than with a traceback of its own.
c.ClearSolutions.code_stub = {"python": "...  # your code goes here, in place of the dots"}
c.ClearSolutions.text_stub = "*Your answer goes here. Double-click to write it.*"

# A student who deletes a graded cell gets it back, and no points of an earlier attempt.
c.OverwriteCells.add_missing_cells = True
# nbclient leaves out cells with this tag; a name that nobody can guess keeps test cells running.
c.Execute.skip_cells_with_tag = secrets.token_hex(16)
c.Execute.timeout = 60

c.AssignLatePenalties.plugin_class = DailyPenalty
c.GenerateFeedback.preprocessors = [GetGrades, HideTests, CSSHTMLHeaderPreprocessor]

# Formgrader's button and `nbgrader autograde` run notebooks as `course grade` does: warm and contained.
c.Autograde.sanitize_preprocessors = formgrader.SANITIZE
c.Autograde.autograde_preprocessors = formgrader.AUTOGRADE
# What every notebook of this course imports, and the tables that many read: module:function is called
# when the assignment names the module.
c.CourseGrading.preload = [
    "numpy",
    "pandas",
    "matplotlib.pyplot:close",  # nothing to close: it is only loaded, half a second, if pyplot is named
    "course_lib.checks",
    "course_lib.casebook",
    "course_lib.codes.icd10cm:preload",
    "course_lib.claims:sample",
    "course_lib.surveillance:boston",
]
# The helpers that the tests call must still fail on a wrong answer after a student's code has run.
c.CourseGrading.must_fail = [
    "from course_lib import checks; checks.same(0, 1, 'canary')",
    "from course_lib import checks; checks.code('A00', 'B00', 'canary')",
    "from course_lib import checks; checks.cases(lambda one: one, {0: 1})",
    "from course_lib import checks; assert checks.credit(1, lambda one: one, {'canary': {0: 1}})",
    "from course_lib import casebook; assert casebook.credit(1, '', {'canary': 'I10||'}, 'first')",
]
