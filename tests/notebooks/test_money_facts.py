"""Each amount and weight that lessons 08 to 10 and their pages name is one that they show."""

import re
from pathlib import Path

import pytest

from course_lib.notebooks import model
from course_lib.notebooks.rules.common import output_texts

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
NAMES = ["08_icd_vs_cpt", "09_from_codes_to_a_clean_claim", "10_what_a_code_pays"]
_AMOUNT = re.compile(r"(?<![\w./])\d[\d,]*\.\d{2,4}(?![\w.])")
_RULE = re.compile(r"(?:CFR|CCR)\s+(?:part\s+)?[\d.]+(?:\s+(?:to|and)\s+[\d.]+)*|(?<=`)[A-Z]\d[\w.]+(?=`)")


def unproved(prose: str, shown: str) -> set[str]:
    """Return the amounts of a text that neither a cell nor its output holds."""
    there = set(re.findall(r"\d+\.\d+", shown.replace(",", "")))
    return {
        amount for amount in _AMOUNT.findall(_RULE.sub("", prose)) if amount.replace(",", "") not in there
    }


@pytest.mark.parametrize("name", NAMES)
def test_an_amount_in_the_prose_is_in_a_cell(name: str) -> None:
    notebook = model.load(NOTEBOOKS / "lessons" / f"{name}.ipynb")
    shown = " ".join(text for cell in notebook.code for text in [cell.source, *output_texts(cell)])
    assert not unproved(" ".join(cell.source for cell in notebook.prose), shown)


def test_an_amount_of_the_page_of_lesson_10_is_in_its_cells() -> None:
    notebook = model.load(NOTEBOOKS / "lessons" / f"{NAMES[2]}.ipynb")
    shown = " ".join(text for cell in notebook.code for text in [cell.source, *output_texts(cell)])
    page = (NOTEBOOKS / "summaries" / f"{NAMES[2]}.md").read_text(encoding="utf-8")
    # 99214 in a facility stands on the page only; the fee schedule of the library has it.
    assert unproved(page, shown) == {"84.50"}


def test_a_wrong_amount_in_the_prose_is_found() -> None:
    prose = "It pays 95.19 dollars, not 95.20, and 4,801.30 for the stay (42 CFR 414.20 to 414.26). `E11.22`"
    assert unproved(prose, "95.19 and 4801.30") == {"95.20"}
