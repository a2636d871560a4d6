"""The lessons are written in plain English: short sentences, and a school grade of 10 or lower.

Measured is the prose a person reads as sentences. Headings, tables, code and addresses are
left out; a word of the glossary counts as one plain word, since the lesson explains it; and
so does code in a line. This lives here and not among the rules, because textstat is a
package for development that no learner needs.

Two of textstat's school grades are taken, and the higher one counts. Both count letters. Those
that count syllables fetch a dictionary from the network, which a test must not.
"""

import re
from pathlib import Path
from statistics import median

import pytest
import textstat

from course_lib.glossary import terms
from course_lib.notebooks.model import load

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
LESSONS = [NOTEBOOKS / "00_start_here.ipynb", *sorted((NOTEBOOKS / "lessons").glob("*.ipynb"))]
LONGEST_MEDIAN = 20  # words; the median sentence is shorter
HIGHEST_GRADE = 10

_TERMS = re.compile(
    "|".join(rf"\b{re.escape(t.word)}s?\b" for t in sorted(terms(), key=lambda t: -len(t.word))),
    re.IGNORECASE,
)
_END = re.compile(r"(?<=[.!?])[\"')*]*\s+(?=[A-Z\"'(*\d])")


def sentences(source: str) -> list[str]:
    """Return the sentences of a Markdown text; a paragraph and a list item end one."""
    text = re.sub(r"^(```|~~~).*?^\1.*?$", "", source, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"^[ \t]*(#{1,6} .*|\|.*|<.*>)$", "", text, flags=re.MULTILINE)
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", text)
    text = re.sub(r"\]\([^)]*\)", "]", text).replace("[", "").replace("]", "")
    text = re.sub(r"`[^`\n]*`", "code", text)
    text = _TERMS.sub("term", text.replace("*", ""))
    blocks = re.split(r"\n\s*\n|\n(?=[ \t]*(?:[-*+]|\d+[.)])[ \t])", text)
    found = [part for block in blocks for part in _END.split(" ".join(block.split()))]
    return [re.sub(r"^(?:[-+]|\d+[.)]) ", "", part) for part in found if len(part.split()) > 2]


def grade(found: list[str]) -> float:
    text = " ".join(part.rstrip(" .;:,") + "." for part in found)
    return max(textstat.automated_readability_index(text), textstat.coleman_liau_index(text))


def typical(found: list[str]) -> float:
    return median(len(part.split()) for part in found)


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_is_written_in_plain_english(path: Path) -> None:
    found = [part for cell in load(path).prose for part in sentences(cell.source)]
    longest = "\n".join(sorted(found, key=lambda part: -len(part.split()))[:5])
    assert typical(found) < LONGEST_MEDIAN, f"shorten the longest sentences:\n{longest}"
    assert grade(found) <= HIGHEST_GRADE, f"use shorter words, and begin with these:\n{longest}"


@pytest.mark.parametrize("page", [NOTEBOOKS / "glossary.md", *sorted(NOTEBOOKS.glob("summaries/*.md"))])
def test_a_page_beside_the_lessons_is_written_in_plain_english(page: Path) -> None:
    found = sentences(page.read_text(encoding="utf-8"))
    assert typical(found) < LONGEST_MEDIAN
    assert grade(found) <= HIGHEST_GRADE


def test_long_sentences_of_long_words_are_found() -> None:
    heavy = (
        "Notwithstanding the aforementioned considerations, the methodological heterogeneity of contemporary "
        "administrative documentation necessitates comprehensive interdisciplinary reconciliation before any "
        "representative characterization of institutional reimbursement can be substantiated."
    )
    assert typical(sentences(heavy)) > LONGEST_MEDIAN and grade(sentences(heavy)) > HIGHEST_GRADE


def test_what_is_no_sentence_does_not_count() -> None:
    source = (
        "## Heading of words\n\nSee [the page](https://a.b/c). A conversion factor is set each year.\n\n"
        "- Run `book.search('x')` now;\n- read it aloud.\n\n| a | b |\n|---|---|\n\n```\ncode here now\n```"
    )
    assert sentences(source) == [
        "See the page.",
        "A term is set each year.",
        "Run code now;",
        "read it aloud.",
    ]
