"""The code sets side by side."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def compare() -> "pd.DataFrame":
    """Return ICD-10-CM, CPT, ICD-10-PCS and HCPCS Level II side by side.

    Returns
    -------
    pandas.DataFrame
        One row an aspect (owner, shape, size ...), one column a code set, and the column
        ``source`` with where the row comes from. ``attrs["notice"]`` is the CPT notice.
    """
    from course_lib import datasets
    from course_lib.codes.cpt import NOTICE

    frame = datasets.read_csv("codes/comparison.csv").set_index("aspect")
    frame.attrs["notice"] = NOTICE
    return frame
