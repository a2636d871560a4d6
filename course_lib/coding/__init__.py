"""Score codes against a key: how much is right, and what is wrong by name.

::

    got = coding.score(["E11.21", "N18.4"], ["E11.22", "N18.4"])
    got.f1, got.hierarchical           # 0.5, 0.9
    got.feedback()                     # sentences for a learner, without the key
    got.to_frame()                     # the named errors for a reviewer, with the key
"""

from course_lib.coding.compare import score
from course_lib.coding.credit import shared_credit
from course_lib.coding.feedback import KINDS
from course_lib.coding.mistakes import coding_mistake
from course_lib.coding.model import MEASURES, Finding, Line, Score, Submission

__all__ = [
    "KINDS",
    "MEASURES",
    "Finding",
    "Line",
    "Score",
    "Submission",
    "coding_mistake",
    "score",
    "shared_credit",
]
