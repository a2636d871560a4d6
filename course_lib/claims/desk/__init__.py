"""The billing desk: what is denied and why, what it costs, how old the receivables are, what to work first.

Every function takes the ``claims`` table of `course_lib.claims.simulation`, as a pandas
frame or a Dask one, and returns small pandas frames or a `Measure`. ``on`` is the day as
of which the account is read; left out, the last day on which a claim was filed.

>>> from course_lib.claims import desk
>>> table = claims.sample().claims
>>> desk.first_pass(table)
>>> desk.denials(table)
>>> desk.work_queue(table, on="2026-09-30").head(10)
"""

from course_lib.claims.desk.account import BUCKETS, ageing, balances, days_in_ar
from course_lib.claims.desk.common import Measure
from course_lib.claims.desk.queue import recoveries, work_queue
from course_lib.claims.desk.rates import denial_rate, denials, first_pass, visit_levels

__all__ = [
    "BUCKETS",
    "Measure",
    "ageing",
    "balances",
    "days_in_ar",
    "denial_rate",
    "denials",
    "first_pass",
    "recoveries",
    "visit_levels",
    "work_queue",
]
