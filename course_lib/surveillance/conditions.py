"""How many people have a condition: as coded, and as surveyed."""

from typing import TYPE_CHECKING, Any

from course_lib.errors import CourseError
from course_lib.surveillance.series import coded

if TYPE_CHECKING:
    import pandas as pd

CONDITIONS = {
    "hypertension": ("I10", "I11", "I12", "I13", "I15", "I16"),
    "diabetes": ("E08", "E09", "E10", "E11", "E13"),
    "obesity": ("E66",),
}
"""Categories of ICD-10-CM that count as each condition here."""


def surveyed(condition: str | None = None) -> "pd.DataFrame":
    """Return what national surveys found, with source and definition.

    The survey (NHANES) examines people; it finds those whom no doctor has told.

    Parameters
    ----------
    condition : str, optional
        One of `CONDITIONS`; all when left out.

    Returns
    -------
    DataFrame
        ``condition, age_from, age_to`` (missing: no end), ``sex`` (all, M, F), ``measure`` (has,
        diagnosed: of everybody; aware: of those who have it), ``percent, definition, from, to, source``.
    """
    import pandas as pd

    from course_lib import datasets

    frame = datasets.read_csv("surveillance/surveyed_prevalence.csv", dtype={"percent": float})
    frame["age_from"] = frame["age_from"].astype("int64")
    frame["age_to"] = pd.to_numeric(frame["age_to"], errors="coerce")
    if condition is not None:
        _known(condition)
        frame = frame[frame["condition"] == condition].reset_index(drop=True)
    return frame


def prevalence(tables: Any, condition: str, *, since: str | None = None) -> "pd.DataFrame":
    """Return the share of members with a condition by age group: coded, known, there, and surveyed.

    Parameters
    ----------
    tables : Tables
        Of `course_lib.claims.simulate` or `read_simulated`.
    condition : str
        One of `CONDITIONS`.
    since : str, optional
        Count codes from this day on; the whole window when left out. A shorter look finds fewer.

    Returns
    -------
    DataFrame
        ``ages, people`` (members on the last day), ``coded`` (with a claim that carries a code), ``known``
        (diagnosed, coded or not) and ``has`` (synthetic truth), all in percent of members, and ``surveyed``
        (percent of the population that the survey found).
    """
    import pandas as pd

    codes = _known(condition)
    claims = tables.claims if since is None else tables.claims[tables.claims["service_date"] >= since]
    with_code = claims[coded(claims, codes)]["member"].unique()
    members = _now(tables.members)
    last = pd.Timestamp(_now(tables.claims["service_date"].max()))
    age = (last - members["birth_date"]).dt.days / 365.25
    found = members["member"].isin(list(_now(with_code)))
    rows = []
    national = surveyed(condition)
    national = national[(national["measure"] == "has") & (national["sex"] == "all")]
    everybody = national["age_to"].isna() & (national["age_from"] == national["age_from"].min())
    for group in pd.concat([national[~everybody], national[everybody]]).to_dict("records"):
        low, top = group["age_from"], group["age_to"]
        open_end = pd.isna(top)
        inside = (age >= low) & (open_end | (age < top + 1))
        state = members[condition][inside]
        rows.append(
            {
                "ages": f"{low} and over" if open_end else f"{low}-{top:.0f}",
                "people": int(inside.sum()),
                "coded": 100 * found[inside].mean(),
                "known": 100 * (state == "diagnosed").mean(),
                "has": 100 * (state != "").mean(),
                "surveyed": group["percent"],
            }
        )
    return pd.DataFrame(rows)


def _known(condition: str) -> tuple[str, ...]:
    if condition not in CONDITIONS:
        raise CourseError(f"there is no condition {condition!r}.", remedy=f"Choose {', '.join(CONDITIONS)}.")
    return CONDITIONS[condition]


def _now(data: Any) -> Any:
    return data.compute() if hasattr(data, "compute") else data
