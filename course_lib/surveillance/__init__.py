"""Public health from coded visits: rates, seasons, prevalence, and what coding itself does to a series.

>>> from course_lib import claims, surveillance
>>> tables = claims.simulate(100_000)
>>> surveillance.seasons(surveillance.boston())          # real emergency visits
>>> surveillance.influenza(tables)                       # synthetic claims beside them
>>> surveillance.prevalence(tables, "hypertension")      # coded, and surveyed

The claims are synthetic; the Boston series and the surveys are real, and credited where
they are shown. Every function takes pandas or Dask tables.
"""

from course_lib.surveillance.breaks import (
    SWITCH,
    code_events,
    icd9_break,
    level_shift,
    uptake,
)
from course_lib.surveillance.conditions import CONDITIONS, prevalence, surveyed
from course_lib.surveillance.figures import (
    break_figure,
    influenza_figure,
    prevalence_figure,
    uptake_figure,
)
from course_lib.surveillance.flu import INFLUENZA, boston, influenza, seasons
from course_lib.surveillance.series import coded, trend
from course_lib.surveillance.standard import Adjusted, adjust, age_group, standard_population

__all__ = [
    "CONDITIONS",
    "INFLUENZA",
    "SWITCH",
    "Adjusted",
    "adjust",
    "age_group",
    "boston",
    "break_figure",
    "code_events",
    "coded",
    "icd9_break",
    "influenza",
    "influenza_figure",
    "level_shift",
    "prevalence",
    "prevalence_figure",
    "seasons",
    "standard_population",
    "surveyed",
    "trend",
    "uptake",
    "uptake_figure",
]
