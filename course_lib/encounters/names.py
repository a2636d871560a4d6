"""Find words in a chart that could be a real person's: a title with a name, a given name, a pair."""

import re
from collections.abc import Iterator

# Common given names in the United States that are no ordinary word, month or eponym of medicine.
_GIVEN = frozenset(
    re.findall(
        r"\w+",
        """
    Aaron Adam Alan Albert Alex Alexander Alice Amanda Amber Amy Andrea Andrew Angela Ann Anna Anne
    Anthony Arthur Ashley Barbara Benjamin Betty Beverly Bob Bobby Brandon Brenda Brian Bruce Bryan Carl
    Carlos Carol Carolyn Catherine Charles Charlotte Cheryl Chris Christina Christine Christopher Cynthia
    Daniel David Deborah Debra Denise Dennis Diana Diane Donald Donna Doris Dorothy Douglas Dylan Edward
    Elizabeth Emily Emma Eric Ethan Eugene Evelyn Frances Gabriel Gary George Gerald Gloria Gregory Hannah
    Harold Heather Helen Henry Jack Jacob Jacqueline James Jane Janet Janice Jason Jean Jeffrey Jennifer
    Jeremy Jerry Jesse Jessica Joan Joe John Johnny Jonathan Jordan Jose Joseph Joshua Joyce Juan Judith
    Judy Julia Julie Justin Karen Katherine Kathleen Kathryn Kayla Keith Kelly Kenneth Kevin Kimberly Kyle
    Larry Laura Lauren Lawrence Linda Lisa Logan Lori Louis Luis Madison Margaret Maria Marie Marilyn
    Martha Mary Matthew Megan Melissa Michael Michelle Mike Mildred Nancy Natalie Nathan Nicholas Nicole
    Noah Olivia Pamela Patricia Patrick Paul Peter Philip Rachel Ralph Randy Raymond Rebecca Richard
    Robert Roger Ronald Roy Russell Ruth Ryan Samantha Samuel Sandra Sara Sarah Scott Sean Sharon Shirley
    Sophia Stephanie Stephen Steven Susan Teresa Theresa Thomas Timothy Tom Tyler Victoria Vincent
    Virginia Walter Wayne William Zachary
    """,
    )
)
# Capitalised pairs of medicine and of charts that are no person.
_NO_PERSON = {
    "Glasgow Coma", "Coma Scale", "Emergency Department", "Intensive Care", "Care Unit", "Urgent Care",
    "Labor Day", "Salter Harris", "Ottawa Ankle", "Gram Stain",
}  # fmt: skip
_TITLE = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Mx|Madam|Master)\b\.?\s+[A-Z]\w*")
_DOCTOR = re.compile(
    r"\b(?:Dr|Doctor|Prof|Professor|Nurse)\b\.?\s+[A-Z]\w+|\b[A-Z][a-z]+,? (?:MD|DO|RN|NP|PA-C)\b"
)
_PAIR = re.compile(r"(?<=[a-z,;] )[A-Z][a-z]+ [A-Z][a-z]+\b")
_WORD = re.compile(r"\b[A-Z][a-z]+\b")


def names(text: str) -> Iterator[str]:
    """Yield what could be a person's name: ``Mr. Smith``, ``Dr. Lee``, ``Maria``, ``saw Tom Lee``.

    ``the patient`` and ``Dr. A`` pass. A capitalised pair counts inside a sentence, where
    capitals are no accident; headings in capitals, and pairs after a full stop or at the
    start of a line, do not.
    """
    for line in text.splitlines():
        yield from (found[0] for found in _TITLE.finditer(line))
        yield from (found[0] for found in _DOCTOR.finditer(line))
        yield from (found[0] for found in _PAIR.finditer(line) if found[0] not in _NO_PERSON)
        yield from (found[0] for found in _WORD.finditer(line) if found[0] in _GIVEN)
