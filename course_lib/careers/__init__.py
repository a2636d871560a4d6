"""Four careers around coded data: what they do, what they ask, what they pay, and how they fit.

::

    careers.roles()                              # the four roles as a table
    careers.role("coder")                        # one role: duties, a day, pay with sources
    careers.compare()                            # pay and growth side by side
    careers.fit({"medicine": 2, "people": -1})   # the questionnaire, scored in the open
    careers.explorer()                           # the widget
"""

from course_lib.careers.compare import chart, compare, roles
from course_lib.careers.fit import SCALE, Fit, fit
from course_lib.careers.model import Question, Role, questions, role
from course_lib.careers.show import explorer

__all__ = [
    "SCALE",
    "Fit",
    "Question",
    "Role",
    "chart",
    "compare",
    "explorer",
    "fit",
    "questions",
    "role",
    "roles",
]
