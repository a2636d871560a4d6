"""Words of the search: splitting a text into tokens, and the stem that they share.

The index and the query go through the same functions, so "fractured ribs" and
"Fracture of one rib" meet at ``fractur rib``.
"""

import re
import unicodedata
from functools import lru_cache


def listed(text: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(text.split())


STOP = listed("""
    a an and any are as at be been being but by can for from got had has have having he her his
    i if in into is it its me my of on or our patient patients she some such than that the their
    them there these they this those to up was we were when which while who with you your due
    during
""")
# Words that stand in thousands of titles and say little: a query may lack or have them.
WEAK = listed("""
    unspecified other specified condition disease disorder disorders site part type visit
    encounter syndrome classified primary initial status current recent bad really very side
    bodies area attack problem problems trouble issue issues episode check test testing results
    lot big feeling feels keeps getting gets needs need wants today yesterday day days month
    months ago doctor help because something near after
""")
NEGATORS = frozenset({"without", "not"})
NEGATED = "zz"  # "without hemorrhage" is indexed as "zzhemorrhag": no other word begins so

JOINT = "+"  # between a hyphenated word and its halves

_TOKEN = re.compile(r"[a-z0-9]+(?:[-'][a-z0-9]+)*|[,;()]")
_HYPHENATED = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")
_ENDINGS = sorted(
    listed("""
        ically iveness ional ious eous ance ancy ence ency ness able ible ated ates ating ation
        ive ion ing ent ant ary ory ity ous ism ist ial eal ine al ic ed ia ly is us um e a y
    """),
    key=lambda ending: (-len(ending), ending),
)


def plain_text(text: str) -> str:
    """Return `text` in lower case without accents, typographic quotes or ligatures."""
    if text.isascii():  # nearly every title is
        return text.lower()
    text = text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").replace("\N{EN DASH}", "-")
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def tokens(text: str) -> list[str]:
    """Return the words of a text in order, with ``,`` where a clause ends.

    A hyphenated word is one token without its hyphen: ``gastro-esophageal`` is
    ``gastroesophageal``.
    """
    return [t if t.isalnum() else clean(t) for t in _TOKEN.findall(plain_text(text))]


def clean(word: str) -> str:
    """Return one raw word without possessive, apostrophe and hyphen; a sign is ``,``."""
    if word in ",;()":
        return ","
    return word.removesuffix("'s").replace("'", "").replace("-", "")


def parts(text: str) -> dict[str, list[str]]:
    """Return the halves of the hyphenated words of a text, by the word without its hyphen."""
    lowered = plain_text(text)
    found = _HYPHENATED.findall(lowered) if "-" in lowered else []
    return {clean(word): [p for p in word.split("-") if p not in STOP] for word in found}


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return the stem of an English or Latin medical word.

    It strips one ending, the longest that leaves four letters. It is milder than
    Porter's, and knows the endings of medicine: ``stenosis stenotic stenoses``,
    ``anemia anemic``, ``pelvis pelvic``, ``esophagus esophageal``.
    """
    if len(word) < 4 or not word.isalpha():
        return word
    for ending in ("osis", "oses", "otic"):
        if word.endswith(ending) and len(word) > 6:
            return word[: -len(ending)] + "o"
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith("s") and word[-2] not in "sui" and len(word) > 3:
        word = word[:-1]
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            if ending in ("ated", "ates", "ating", "ation"):  # perforated, perforation: perforat
                return word[: -len(ending)] + "at"
            root = word[: -len(ending)]
            doubled = ending in ("ing", "ed") and root[-1] == root[-2] and root[-1] not in "lsz"
            return root[:-1] if doubled else root
    return word


def stems(text: str) -> list[str]:
    """Return the stems of a text's words, stop words left out, denied ones marked.

    ``"Migraine with aura, without status"`` gives ``migra aura zzstat``. A hyphenated word
    carries its halves, ``gastroesophag+gastro+esophag``, so that all spellings meet.
    """
    halves = parts(text)
    found: list[str] = []
    denied = False
    for word in tokens(text):
        if word in NEGATORS:
            denied = True
        elif word in (",", "with"):
            denied = False
        elif word not in STOP:
            root = JOINT.join(map(stem, (word, *halves[word]))) if word in halves else stem(word)
            found.append(NEGATED + root.replace(JOINT, JOINT + NEGATED) if denied else root)
    return found
