"""How a code differs from the right one, in words that do not give that one away."""

TELLS = {
    "a 7th character is missing": "seventh-character",
    "does not stand in seventh place": "seventh-character",
    "but another 7th character": "seventh-character",
    "the gap is not filled with X": "placeholder",
    "but more than seven characters": "invalid",
    "but more detail is needed": "not-specific",
    "but other detail": "other detail",
    "another category (the first": "category",
    "not written as the book prints them": "notation",
}
"""What tells each mistake in a sentence of `coding_mistake` -> the error's name."""


def coding_mistake(got: str, expected: str) -> str:
    """Return in words how a code differs from the right one, without giving that one away.

    Examples
    --------
    >>> coding_mistake("S52.501", "S52.501A")
    'right category, but a 7th character is missing'
    """
    ours, right = _bare(got), _bare(expected)
    if ours == right:
        return "the right characters, but not written as the book prints them (capitals, dot, blanks)"
    if ours[:3] != right[:3]:
        return "another category (the first three characters)"
    if len(right) == 7 and len(ours) < 7:
        if right.startswith(ours):
            return "right category, but a 7th character is missing"
        return "right category, but the last character does not stand in seventh place"
    if len(ours) > 7:
        return "right category, but more than seven characters"
    if right.startswith(ours):
        return "right category, but more detail is needed"
    if len(right) == 7 and "X" in right[3:6] and ours[6] == right[6] and "X" not in ours[3:]:
        return "right category and 7th character, but the gap is not filled with X"
    if len(right) == 7 and ours[:6] == right[:6]:
        return "right up to the sixth character, but another 7th character"
    return "right category, but other detail"


def _bare(text: str) -> str:
    return text.strip().upper().replace(".", "")
