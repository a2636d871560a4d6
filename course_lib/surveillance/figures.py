"""Ready figures of surveillance; each says in words what it shows."""

from typing import TYPE_CHECKING

from course_lib import plots
from course_lib.surveillance.breaks import SWITCH, level_shift
from course_lib.surveillance.flu import CREDIT, seasons

if TYPE_CHECKING:
    import pandas as pd

HALF_A_YEAR = 26  # weeks; a shorter piece of a season has no peak to speak of
SYNTHETIC = "Claims: synthetic, no real person."


def influenza_figure(weeks: "pd.DataFrame") -> plots.Figure:
    """Return coded influenza and the Boston series as two lines; `weeks` comes from `influenza`."""
    peaks = {
        name: ", ".join(
            f"{s['peak']:.0f} in the week of {s['peak_week'].date()}"
            for s in seasons(weeks, name).to_dict("records")
            if s["weeks"] >= HALF_A_YEAR
        )
        for name in ("boston", "coded")
    }
    drawn = weeks[["week", "boston", "coded"]].rename(
        columns={"boston": "Boston, emergency visits", "coded": "synthetic claims, coded influenza"}
    )
    said = "; ".join(f"{'Boston' if n == 'boston' else 'the claims'}: {text}" for n, text in peaks.items())
    return plots.line(
        drawn,
        title="Influenza by week, observed and coded",
        unit="a week per 100,000 people",
        x="week",
        alt=f"Two lines rise every winter and lie low in summer. Peaks of the seasons, {said}.",
        caption=f"{CREDIT} {SYNTHETIC}",
    )


def prevalence_figure(table: "pd.DataFrame", condition: str) -> plots.Figure:
    """Return coded and surveyed prevalence by age group as bars; `table` comes from `prevalence`."""
    import pandas as pd

    groups = table.to_dict("records")
    rows = [(f"{g['ages']}, {name}", float(g[name])) for g in groups for name in ("coded", "surveyed")]
    values = pd.Series(dict(rows), name="percent").round(1).rename_axis("ages")
    said = " ".join(
        f"Ages {r.ages}: {r.coded:.0f} coded, {r.surveyed:.0f} surveyed." for r in table.itertuples()
    )
    return plots.bar(
        values,
        title=f"{condition.capitalize()}, coded and surveyed",
        unit="percent of people",
        alt=f"Bars in pairs, coded below surveyed. {said}",
        highlight=[name for name, _ in rows if name.endswith("surveyed")],
        caption=f"Surveyed: NCHS, NHANES August 2021 to August 2023. {SYNTHETIC}",
    )


def break_figure(series: "pd.DataFrame", on: str = SWITCH) -> plots.Figure:
    """Return a monthly series with its break; `series` comes from `icd9_break`."""
    import pandas as pd

    shift = 100 * (level_shift(series, on) - 1)
    return plots.line(
        series[["month", "cases"]],
        title="One condition through a change of code set",
        unit="cases a month",
        alt=f"A line with a winter peak each year jumps on {on}: the year after is {shift:.0f} % higher.",
        marks={pd.Timestamp(on): "ICD-10-CM begins"},
        caption=series.attrs.get("about", ""),
    )


def uptake_figure(counts: "pd.DataFrame", on: str, what: str) -> plots.Figure:
    """Return a new and an old code as lines; `counts` comes from `uptake`.

    Parameters
    ----------
    counts : DataFrame
    on : str
        First day of the new code.
    what : str
        What is coded, for the title: ``"obesity"``.
    """
    import pandas as pd

    whole = counts.iloc[1:-1]  # first and last month are cut by the window
    last = whole.iloc[-1]
    return plots.line(
        whole,
        title=f"A new code takes over: {what}",
        unit="visits a month",
        alt=(
            f"The new code is absent before {on} and reaches {last['new']} visits in {last['month']:%B %Y}; "
            f"the old one falls to {last['old']}; either of them stays near {whole['either'].mean():.0f}."
        ),
        marks={pd.Timestamp(on): "new code"},
        caption=SYNTHETIC,
    )
