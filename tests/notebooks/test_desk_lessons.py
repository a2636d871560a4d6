"""Lessons 11 to 13: each decimal number in the prose, the summary and the questions is one of the data."""

import re
from pathlib import Path

import pytest

from course_lib import claims, datasets, surveillance
from course_lib.claims import desk
from course_lib.notebooks import model
from course_lib.notebooks.rules.common import output_texts

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
LESSONS = sorted((NOTEBOOKS / "lessons").glob("1[123]_*.ipynb"))
NO_DATA = re.compile(
    r"\]\([^)]*\)|`[^`]*`|CFR [^)]*|sections? \d[^)]*?(?:and|,|:|\.) ?\d{3}\.\d+|\*\*[^*]*\*\*"
)
DECIMAL = re.compile(r"(?<![\d.\w])\d+(?:,\d{3})*\.\d+(?![\d.])")
# The other side of a rate, and two shares added before rounding; computed in the tests below.
DERIVED = {"12.0", "12.6"}


def said(text: str) -> set[str]:
    return {number.replace(",", "") for number in DECIMAL.findall(NO_DATA.sub(" ", text))}


def shown(notebook: model.Notebook) -> set[str]:
    text = " ".join(t for cell in notebook.code for t in output_texts(cell)).replace(",", "")
    exact = set(re.findall(r"\d+\.\d+", text))
    return exact | {f"{float(number):.1f}" for number in exact} | DERIVED


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.name[:2])
def test_a_decimal_number_in_the_prose_is_in_an_output(path):
    notebook = model.load(path)
    prose = " ".join(cell.source for cell in notebook.prose)
    assert len(said(prose)) > 5
    assert said(prose) - shown(notebook) == set()


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.name[:2])
def test_a_decimal_number_in_the_summary_is_in_an_output(path):
    summary = (NOTEBOOKS / "summaries" / f"{path.stem}.md").read_text(encoding="utf-8").split("\nSources:")[0]
    assert said(summary) - shown(model.load(path)) == set()


def test_a_wrong_number_is_found():
    assert said("It is 1,234.5 and `E66.9`, by 45 CFR 164.502(b).") == {"1234.5"}


def test_the_derived_numbers_of_lesson_11():
    table = claims.sample().claims
    old = desk.ageing(table, on="2026-09-30")["share"].tail(2).sum()
    assert {f"{100 * desk.denial_rate(table).value:.1f}", f"{100 * old:.1f}"} == DERIVED


def test_the_numbers_of_the_questions_on_the_synthetic_claims():
    rate = desk.first_pass(claims.sample().claims)
    asked = datasets.path("quizzes/billing-desk.yaml").read_text(encoding="utf-8")
    assert f"{rate.bottom:,.0f} less {rate.bottom - rate.top:,.0f} is {rate.top:,.0f}" in asked

    tables = claims.simulate(100_000)
    flu = tables.claims[surveillance.coded(tables.claims, ["J09", "J10", "J11"])]
    season = flu[flu["service_date"].between("2024-07-01", "2025-06-30")]
    people, insured = season["member"].nunique(), (tables.members["payer"] != "uninsured").sum()
    asked = datasets.path("quizzes/public-health.yaml").read_text(encoding="utf-8")
    assert f"{people} of {insured:,} insured members" in asked
    assert f"{len(season)} claims make only {people} people" in asked
    assert f"{len(flu):,} claims with influenza" in asked
    short = surveillance.prevalence(tables, "hypertension", since="2026-07-01")["coded"].iloc[-1]
    assert f"{short:.1f} percent in three" in asked


def test_the_upcoder_of_lesson_12_is_the_one_of_the_claims():
    tables, truth = claims.sample(), datasets.read_csv("claims/truth.csv")
    levels = desk.visit_levels(tables.claims, tables.lines)
    high = levels.loc[levels["provider"] == "P07", "high"].item()
    visits = tables.lines[tables.lines["code"].isin(["99214", "99215"])]
    mine = visits.merge(tables.claims.loc[tables.claims["provider"] == "P07", ["claim"]], on="claim")
    raised = mine["claim"].isin(truth.loc[truth["kind"] == "raised_visit", "claim"]).sum()
    asked = datasets.path("quizzes/accuracy-and-ethics.yaml").read_text(encoding="utf-8")
    assert f"{raised} of {high} is" in asked
