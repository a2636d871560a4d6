"""The roles side by side, as a table and as a figure."""

from typing import TYPE_CHECKING

from course_lib.careers.model import all_roles

if TYPE_CHECKING:
    import pandas as pd

    from course_lib.plots import Figure


def roles() -> "pd.DataFrame":
    """Return one row a role: ``id, role, what, education, credentials, occupation``."""
    import pandas as pd

    rows = [
        (r.id, r.name, r.short, r.education, ", ".join(r.credentials), r.occupation)
        for r in all_roles().values()
    ]
    return pd.DataFrame(rows, columns=["id", "role", "what", "education", "credentials", "BLS occupation"])


def compare() -> "pd.DataFrame":
    """Return one row a role with pay and growth, each with its year and page.

    Returns
    -------
    DataFrame
        ``role, BLS occupation, median (US dollars), year, growth, openings a year, how
        well BLS fits, pay source``. Missing growth reads "check the page".
    """
    import pandas as pd

    rows = []
    for r in all_roles().values():
        pay = r.pay[0]
        growth = r.growth[0] if r.growth else None
        rows.append(
            (
                r.name,
                r.occupation,
                pay.median,
                pay.year,
                f"{growth.percent:+g} % ({growth.period})" if growth else "check the page",
                f"{growth.openings:,}" if growth and growth.openings else "check the page",
                r.stands_for,
                pay.source,
            )
        )
    columns = ["role", "BLS occupation", "median a year (US dollars)", "year", "growth in ten years"]
    columns += ["openings a year", "how well BLS fits", "source of the pay"]
    return pd.DataFrame(rows, columns=columns)


def chart() -> "Figure":
    """Return the medians as bars, each with its year and occupation code."""
    import pandas as pd

    from course_lib import plots

    newest = {
        f"{r.name} ({r.occupation[:7]}, {r.pay[0].year})": r.pay[0].median for r in all_roles().values()
    }
    words = "; ".join(f"{name}: ${value:,}" for name, value in newest.items())
    return plots.bar(
        pd.Series(newest).rename_axis("role, occupation code and year"),
        title="Median pay by role",
        unit="US dollars a year",
        alt=f"Four bars. {words}. The manager's bar is more than twice as long as the others.",
        caption="US Bureau of Labor Statistics, national medians, second-hand: the table of roles names the "
        "pages. Coder and technician are one occupation; the manager's holds hospital executives too.",
    )
