"""No descriptor of the American Medical Association (AMA) is in the course.

The AMA owns the descriptors of CPT, so they cannot be kept here even to compare with.
The guard works without them, in three ways:

1. **Style.** Our wording (the sample's and the modifiers' columns) must show none of
   the marks of AMA or CMS descriptors: a semicolon after a common stem, stock phrases,
   bracketed examples, coders' abbreviations, capitals throughout.
2. **Fingerprints.** ``ama_fingerprints.json`` holds, for 34 code numbers of the sample, a
   salted hash of the words of the short text that CMS prints in its relative value file
   (for one, of the first words of the long one), and how many words there are. A hash
   cannot be turned back into the text. Wherever one of these numbers stands, each run of
   that many words near it is hashed the same way and must differ.
3. **The whole repository.** Every tracked text file is read: a line that holds a number
   of CPT's shape may not hold a stock phrase, and fingerprints are looked up on that line
   and on the two beside it.

What it cannot see: a long descriptor without stock phrase that has no fingerprint. Each
check below also runs on an invented service in the same style and must find it.
"""

import csv
import hashlib
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from course_lib import datasets

ROOT = Path(__file__).parents[2]
PRINTS = json.loads((Path(__file__).parent / "ama_fingerprints.json").read_text())

# A number of CPT's shape that is no part of a longer number, a price, a date or a name.
CPT_NUMBER = re.compile(r"(?<![\w.,$#/-])(?:\d{5}|\d{4}[FTUM])(?![\w/-]|[.,]\d)")
STOCK_PHRASES = {
    "stock phrase": re.compile(
        r"each additional|separate procedure|list separately|in addition to code"
        r"|qualified health ?care professional|not otherwise specified|unlisted procedure",
        re.IGNORECASE,
    ),
    "bracketed example": re.compile(r"\((?:eg|ie)[ ,.]", re.IGNORECASE),
    # SVC*HC: opens a service line of an X12 835; it describes nothing.
    "abbreviations": re.compile(
        r"(?<!\w)(?:w/o?|o/p|addl|tx|bx|px|njx|phy/qhp|svc(?!\*HC:))(?!\w)", re.IGNORECASE
    ),
    "capitals": re.compile(r"(?:\b[A-Z]{3,}\b[ ,/-]+){3,}\b[A-Z]{3,}\b"),
}
# In our own columns a semicolon or a phrase of the book is enough; in prose it is not.
STYLE = STOCK_PHRASES | {
    "stem and semicolon": re.compile(";"),
    "phrase of the book": re.compile(
        r"with or without|when performed|including|any method|unless|subsequent|other than", re.IGNORECASE
    ),
    "no small letter": re.compile(r"\A[^a-z]+\Z"),
}
TEXT_FILES = {
    ".csv",
    ".yaml",
    ".yml",
    ".json",
    ".md",
    ".ipynb",
    ".py",
    ".js",
    ".html",
    ".txt",
    ".toml",
    ".cfg",
}


def marks(text: str, patterns: dict[str, re.Pattern[str]]) -> list[str]:
    """Return the names of the patterns that the text shows."""
    return [name for name, pattern in patterns.items() if pattern.search(text)]


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def fingerprint(salt: str, code: str, run: list[str]) -> str:
    return hashlib.blake2b(" ".join([salt, code, *run]).encode(), digest_size=10).hexdigest()


def matches(code: str, text: str, prints: dict) -> bool:
    """Whether a run of words in the text has the fingerprint of the code's descriptor."""
    length, wanted = prints["prints"][code]
    found = words(text)
    runs = (found[i : i + length] for i in range(len(found) - length + 1))
    return any(fingerprint(prints["salt"], code, run) == wanted for run in runs)


def suspicions(text: str, prints: dict) -> Iterator[tuple[int, str]]:
    """Yield (line, why) for each line that shows a descriptor beside a CPT number."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        codes = set(CPT_NUMBER.findall(line))
        if not codes:
            continue
        for why in marks(line, STOCK_PHRASES):
            yield number + 1, why
        near = "\n".join(lines[max(0, number - 1) : number + 2])
        for code in codes & prints["prints"].keys():
            if matches(code, near, prints):
                yield number + 1, f"the descriptor of {code}"


def tracked_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    return [ROOT / name for name in listed if Path(name).suffix in TEXT_FILES and (ROOT / name).is_file()]


def our_wording() -> list[tuple[str, str]]:
    found = []
    for name, columns in (
        ("cpt_sample.csv", ["description", "note"]),
        ("modifiers.csv", ["name", "meaning"]),
    ):
        with datasets.path(f"codes/{name}").open(encoding="utf-8", newline="") as file:
            found += [(row["code"], row[column]) for row in csv.DictReader(file) for column in columns]
    return [(code, text) for code, text in found if text]


def test_our_wording_has_no_mark_of_a_descriptor():
    bad = [(code, text, found) for code, text in our_wording() if (found := marks(text, STYLE))]
    assert not bad


def test_our_wording_is_no_descriptor():
    assert not [
        code for code, text in our_wording() if code in PRINTS["prints"] and matches(code, text, PRINTS)
    ]


def test_every_fingerprint_is_of_a_code_in_the_sample():
    sample = {code for code, _ in our_wording()}
    assert set(PRINTS["prints"]) <= sample
    assert len(PRINTS["prints"]) >= 30


def test_no_tracked_file_shows_a_descriptor_beside_a_number():
    files = tracked_files()
    assert len(files) > 30
    bad = [
        f"{file.relative_to(ROOT)}:{line}: {why}"
        for file in files
        for line, why in suspicions(file.read_text(encoding="utf-8", errors="replace"), PRINTS)
    ]
    assert not bad, "\n".join(bad)


# Negative controls: an invented service, "widget polishing", in each of the styles. The
# number and the words are joined here so that this file is clean for the scan above.
NUMBER = "0" * 5
INVENTED = "Widget polishing of the left flange"


@pytest.mark.parametrize(
    ("mark", "text"),
    [
        ("stem and semicolon", "Widget polishing; left flange"),
        ("stock phrase", "Widget polishing, each " + "additional widget"),
        ("stock phrase", "Widget polishing (separate " + "procedure)"),
        ("bracketed example", "Widget polishing (eg" + ", with wax)"),
        ("abbreviations", "Widget polishing w/" + "o wax"),
        ("phrase of the book", "Widget polishing, with or without wax"),
        ("no small letter", "WIDGET POLISHING WAX"),
    ],
)
def test_style_check_finds_an_invented_descriptor(mark, text):
    assert mark in marks(text, STYLE)


@pytest.mark.parametrize(
    "line",
    [
        f"{NUMBER},Widget polishing each " + "additional widget",
        f'"{NUMBER} WIDGET ' + 'POLISHING WITHOUT WAX",',
        f"| {NUMBER} | Widget polishing (eg" + ", with wax) |",
    ],
)
def test_scan_finds_an_invented_descriptor_beside_a_number(line):
    text = f"A first line.\n{line}\nA last line."
    assert [number for number, _ in suspicions(text, PRINTS)] == [2]


@pytest.mark.parametrize(
    "text",
    [
        f"code: {NUMBER}\ntitle: {INVENTED}",  # on the next line
        f"{NUMBER} | {INVENTED.upper()} | $12",  # other case and signs
        f"In this case {NUMBER} (widget-polishing of the LEFT flange) was billed.",  # inside prose
    ],
)
def test_fingerprint_finds_an_invented_descriptor(text):
    prints = {"salt": "s", "prints": {NUMBER: [6, fingerprint("s", NUMBER, words(INVENTED))]}}
    assert list(suspicions(text, prints))


def test_fingerprint_leaves_other_words_alone():
    prints = {"salt": "s", "prints": {NUMBER: [6, fingerprint("s", NUMBER, words(INVENTED))]}}
    assert not list(suspicions(f"{NUMBER}: the left flange of a widget is made to shine", prints))
    assert not list(suspicions(f"99999: {INVENTED}", prints)), "a fingerprint belongs to its code"


def test_plain_prose_beside_a_number_passes():
    prose = "99213 pays less in a hospital; the visit is the same. 74,719 codes, $12345.50, 2026-10-01."
    assert not list(suspicions(prose, PRINTS))
