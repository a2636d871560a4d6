"""The glossary: enough words, each with a source, in order, and its page is what the table makes."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from course_lib.cli import app
from course_lib.glossary import Term, in_order, page, slug, terms

ROOT = Path(__file__).parents[2]
LONGEST = 40  # words of a definition


def test_there_are_150_terms_with_a_source_in_order() -> None:
    found = terms()
    assert len(found) >= 150
    assert found == in_order(found), "sort datasets/glossary.csv by term, small and capital letters alike"
    assert [term.term for term in found if len(term.definition.split()) > LONGEST] == []
    assert [term.term for term in found if not term.definition.endswith(".")] == []


def test_no_two_terms_share_an_anchor() -> None:
    slugs = [term.slug for term in terms()]
    assert len(set(slugs)) == len(slugs)


def test_the_page_is_what_the_table_makes() -> None:
    written = (ROOT / "notebooks" / "glossary.md").read_text(encoding="utf-8")
    assert written == page(terms()), "run `course notebooks glossary`"


def test_the_command_writes_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "notebooks").mkdir()
    monkeypatch.setenv("COURSE_ROOT", str(tmp_path))
    result = CliRunner().invoke(app, ["notebooks", "glossary"])
    assert result.exit_code == 0, result.output
    assert (tmp_path / "notebooks" / "glossary.md").read_text(encoding="utf-8") == page(terms())


@pytest.mark.parametrize(
    ("term", "anchor"),
    [("days in A/R", "days-in-ar"), ("MS-DRG", "ms-drg"), ("with (convention)", "with-convention")],
)
def test_an_anchor_is_made_as_github_makes_it(term: str, anchor: str) -> None:
    assert slug(term) == anchor


def test_a_heading_stands_under_its_letter_with_its_anchor() -> None:
    text = page([Term("MUE", "The most units.", "09", "CMS"), Term("835", "A message.", "", "45 CFR")])
    assert text.index("## Numbers") < text.index('### <a id="835"></a>835') < text.index("## M\n")
    assert "*Lesson 09. Source: CMS.*" in text and "*Source: 45 CFR.*" in text
