"""The written shape of ICD-10-CM codes: how to find one in a text, and how to tidy one."""

import re

# A category (E11, C4A, QA0) with or without what follows the dot. Undotted long codes have
# the shape of other code sets as well, so they are not found.
ICD10CM_SHAPE = re.compile(r"\b[A-Z](?:\d[0-9A-Z]|A\d)(?:\.[0-9A-Z]{1,4})?\b")


def tidy_code(text: str) -> str:
    """Return a code in upper case with its dot: ``e1122`` is ``E11.22``."""
    bare = re.sub(r"[\s.]", "", text.upper())
    return bare[:3] + ("." + bare[3:] if bare[3:] else "")
