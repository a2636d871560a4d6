"""How good and how fast the search of the code book is, on the query set of the tests.

Run it as ``python benchmarks/_search_quality.py``, or through ``course bench codes``. The
query set, ``tests/codes/search_queries.csv``, was written before the search was tuned,
each query with the source of its expected category, and split in halves at random: the
search is tuned on ``tune``; ``holdout`` tells how it does on what it was not tuned on. ``tune-2``
is a later batch by another hand, measured unseen and then used for tuning too.
"""

import csv
import json
import random
import time
from pathlib import Path
from typing import Any

QUERIES = Path(__file__).parent.parent / "tests" / "codes" / "search_queries.csv"
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def queries(half: str | None = None) -> list[dict[str, str]]:
    """Return the queries of one part, or all, a dict a row of the CSV."""
    with QUERIES.open(encoding="utf-8", newline="") as lines:
        return [row for row in csv.DictReader(lines) if half in (None, row["half"])]


def quality(book: Any, half: str | None = None, seed: int = 20261123) -> dict[str, Any]:
    """Return how often the right category is found, how fast, and what a typo costs.

    Parameters
    ----------
    book : CodeBook
        The edition to search.
    half : str, optional
        ``tune``, ``tune-2`` or ``holdout``; all when left out.
    seed : int
        Of the typos: one slip in one word of five or more letters of each query that has
        such a word and is not misspelled already, three times over.

    Returns
    -------
    dict
        queries (count), first and first_ten (shares), expected_code (share of those with
        one that are found in the first ten), median_ms and p99_ms of the queries as written,
        typo_median_ms and typo_p99_ms of those with a slip, typo_queries (count), typo_first
        and typo_first_ten (shares), typo_cost_first and typo_cost_first_ten (points of
        100 lost against the same queries without the slip), by_kind, misses.
    """
    rows = queries(half)
    book.search("warm up")
    clean = [_try(book, row, row["query"]) for row in rows]
    rng = random.Random(seed)
    able = [
        n for n, row in enumerate(rows) if row["kind"] not in ("typo", "cut") and _long_words(row["query"])
    ]
    slips = [_try(book, rows[n], slip(rows[n]["query"], rng)) for _ in range(3) for n in able]
    before = [clean[n] for n in able]
    coded = [t for t in clean if t["code"] is not None]
    kinds = sorted({row["kind"] for row in rows})
    return {
        "queries": len(rows),
        "first": _share(clean, "first"),
        "first_ten": _share(clean, "ten"),
        "expected_code": _share(coded, "code"),
        "median_ms": _quantile(clean, 0.5),
        "p99_ms": _quantile(clean, 0.99),
        "typo_median_ms": _quantile(slips, 0.5),
        "typo_p99_ms": _quantile(slips, 0.99),
        "typo_queries": len(slips),
        "typo_first": _share(slips, "first"),
        "typo_first_ten": _share(slips, "ten"),
        "typo_cost_first": 100 * (_share(before, "first") - _share(slips, "first")),
        "typo_cost_first_ten": 100 * (_share(before, "ten") - _share(slips, "ten")),
        "by_kind": {k: _share([t for t in clean if t["kind"] == k], "ten") for k in kinds},
        "misses": [f"{t['query']}: {t['got']}" for t in clean + slips if not t["ten"]],
    }


def slip(query: str, rng: random.Random) -> str:
    """Return the query with one slip of the fingers: a letter lost, added, wrong or swapped."""
    words = query.split()
    at = rng.choice(_long_words(query))
    word, place, letter = words[at], rng.randrange(1, len(words[at]) - 1), rng.choice(_LETTERS)
    words[at] = rng.choice([
        word[:place] + word[place + 1 :],
        word[:place] + letter + word[place:],
        word[:place] + letter + word[place + 1 :],
        word[:place] + word[place + 1] + word[place] + word[place + 2 :],
    ])  # fmt: skip
    return " ".join(words)


def _long_words(query: str) -> list[int]:
    return [n for n, word in enumerate(query.split()) if len(word) >= 5 and word.isalpha()]


def _try(book: Any, row: dict[str, str], query: str) -> dict[str, Any]:
    start = time.perf_counter()
    hits = book.search(query)
    taken = (time.perf_counter() - start) * 1000
    wanted = row["expected"].split(";")
    found = [hit.code[:3] in wanted for hit in hits]
    code = row["expected_code"]
    return {
        "query": query,
        "kind": row["kind"],
        "first": found[:1] == [True],
        "ten": any(found),
        "code": any(hit.code == code for hit in hits) if code else None,
        "got": [hit.code for hit in hits[:3]],
        "ms": taken,
    }


def _quantile(tries: list[dict[str, Any]], share: float) -> float:
    times = sorted(t["ms"] for t in tries)
    return times[int(len(times) * share)]


def _share(tries: list[dict[str, Any]], key: str) -> float:
    return sum(bool(t[key]) for t in tries) / len(tries) if tries else 0.0


if __name__ == "__main__":
    from course_lib import icd10cm

    code_book = icd10cm.load()
    print(json.dumps({half: quality(code_book, half) for half in ("tune", "tune-2", "holdout")}, indent=2))
