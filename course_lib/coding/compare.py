"""Score a list of codes, or a whole coded encounter, against a key."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TypeAlias

from course_lib.codes.book import CodeBook, plain
from course_lib.coding import credit
from course_lib.coding.findings import Case, findings, out_of_place
from course_lib.coding.model import Line, Score, Submission, read

Codes: TypeAlias = Sequence[str] | Submission


def score(
    submitted: Codes,
    expected: Codes,
    *,
    book: CodeBook | None = None,
    on: date | str | None = None,
    setting: str | None = None,
    optional: Iterable[str] = (),
    reasons: Mapping[str, tuple[str, str]] | None = None,
) -> Score:
    """Compare codes with a key.

    Parameters
    ----------
    submitted, expected : sequence of str, or Submission
        ICD-10-CM codes in order, or diagnoses with procedures. Case and dots do not matter.
    book : CodeBook, optional
        Default: `icd10cm.load`.
    on : date or str, optional
        Date of service. Default: the last day of the book's edition.
    setting : str, optional
        ``outpatient``, ``emergency`` or ``inpatient``; without it, no rule of a setting is tried.
    optional : iterable of str
        Codes that may be added: not counted when submitted, not missed when absent.
    reasons : mapping, optional
        For a code, why it is or is not reported, and the source; used in the findings.

    Returns
    -------
    Score
        Its measures, over diagnoses and procedures together, where ``right`` counts codes that
        are in both lists (a code listed twice counts once for each time that the key has it):

        precision
            right / submitted: how much of what was coded is right. Falls with over-coding.
        recall
            right / expected: how much of the key was found. Falls with under-coding.
        f1
            2 right / (submitted + expected).
        code_over_code
            right / (expected + extra), the share of all codes in question that are right: the
            reviewer's codes and the coder's extra ones. Reviews that do not deduct extra codes
            report what is `recall` here.
        hierarchical
            As f1, but a diagnosis in the right category earns part: the leading characters that
            it shares with its partner in the key, over the length of the longer. Partners are
            chosen one to one so that the sum is highest.
        sequencing
            0 when the first diagnosis is neither the key's nor a near miss of it. Else the share of
            the submitted diagnoses that are right and that no note of the Tabular List wants
            elsewhere. The order of other diagnoses is free.

        Nothing submitted for a key that has codes is 0 throughout, and so is anything submitted
        for an empty key; two empty lists agree, 1 throughout. Listing every code there is has a
        recall of 1, so recall alone is no grade; each other measure of it is close to 0.

    Raises
    ------
    CourseError
        When a list is none, or holds something that is no text.
    """
    given, key = read(submitted, "the submission"), read(expected, "the key")
    if book is None:
        from course_lib.codes import icd10cm

        book = icd10cm.load()
    counted = _without(given, key, {plain(code) for code in optional})
    known = {plain(code): why for code, why in (reasons or {}).items()}
    case = Case(given, counted, key, book, on or book.effective[1], setting, known)
    found = tuple(findings(case))
    mine, wanted = _bag(counted), _bag(key)
    right, n_mine, n_key = (mine & wanted).total(), mine.total(), wanted.total()
    if not n_mine and not n_key:
        return Score(not found, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, found)
    lines = (_lines(counted.procedures) & _lines(key.procedures)).total()
    partial = credit.total(case.pairs) + lines
    return Score(
        exact=not found and right == n_mine == n_key,
        precision=right / n_mine if n_mine else 0.0,
        recall=right / n_key if n_key else 0.0,
        f1=2 * right / (n_mine + n_key),
        code_over_code=right / (n_key + n_mine - right),
        hierarchical=2 * partial / (n_mine + n_key),
        sequencing=_sequencing(case),
        findings=found,
    )


def _without(given: Submission, key: Submission, optional: set[str]) -> Submission:
    """Leave out optional codes that the key has not, each once; a second one is extra."""
    spare = optional - {code for _, code in _bag(key)}

    def counts(code: str) -> bool:
        if plain(code) not in spare:
            return True
        spare.discard(plain(code))
        return False

    return Submission(
        tuple(code for code in given.diagnoses if counts(code)),
        tuple(line for line in given.procedures if counts(line.code)),
    )


def _bag(coded: Submission) -> Counter[tuple[str, str]]:
    """Count the codes; a procedure's number among the diagnoses is no procedure."""
    diagnoses = Counter(("diagnosis", plain(code)) for code in coded.diagnoses)
    return diagnoses + _lines(coded.procedures)


def _lines(lines: Sequence[Line]) -> Counter[tuple[str, str]]:
    return Counter(("procedure", plain(line.code)) for line in lines)


def _sequencing(case: Case) -> float:
    mine, key = case.given.diagnoses, case.key.diagnoses
    if not key and not mine:
        return 1.0  # only procedures: nothing to put in order
    if case.misplaced:
        return 0.0
    wrong = out_of_place(case)
    right = [a for a, _, value in case.pairs if value == 1]
    placed = sum(plain(case.counted.diagnoses[a]) not in wrong for a in right)
    return placed / len(case.counted.diagnoses)
