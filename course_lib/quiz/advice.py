"""What the code book says of a code while it is typed: whether it exists and could stand on a claim."""

from course_lib.codes.book import CodeBook, plain
from course_lib.codes.near import advice
from course_lib.codes.shapes import tidy_code


def about_code(book: CodeBook, text: str) -> str:
    """Return one sentence about what was typed; it never says whether it is the answer.

    >>> about_code(icd10cm.load(), "e11.2")     # doctest: +SKIP
    'E11.2 is a header; it needs a 5th character.'
    """
    code = tidy_code(text)
    if len(plain(code)) < 3:
        return ""
    node = book.get(code)
    if node is None:
        return f"{code} is not in ICD-10-CM {book.edition}. {advice(book, code)}"
    if node.billable:
        return f"{node.code} is a billable code."
    if node.seventh and node.kind == "code":
        return f"{node.code} is not complete; it needs a 7th character: {', '.join(node.seventh)}."
    return f"{node.code} is a header; it needs a {_ORDINALS[len(plain(node.code))]} character."


_ORDINALS = {3: "4th", 4: "5th", 5: "6th", 6: "7th"}
