"""Floor 1: the code sets. `icd10cm` is the diagnosis code book; beside it the procedure sets."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def compare() -> "pd.DataFrame":
    """Return ICD-10-CM, CPT, ICD-10-PCS and HCPCS Level II side by side; see `contrast.compare`."""
    from course_lib.codes import contrast

    return contrast.compare()
