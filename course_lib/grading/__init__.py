"""Floor 3: grade a class with nbgrader's formats, scoring and gradebook.

`course` knows where things lie, `collecting` brings submissions in, `loop` has the steps
of teaching, `report` tells what came out, `simulate` and `demo` make a class to try it on.

A run of grading is `running`: its `driver` alone writes the gradebook, by nbgrader's own
`steps`; `submission` and `prepare` look at a hand-in without running it; `engines` take it
as a job of plain data to a `worker`, whose `execution` runs it in a kernel of `kernels`,
locked up by `sandbox`. `strict` closes nbgrader's holes, `incidents` are what it tells.

It knows nbgrader and nothing of medicine.
"""

import sys

# nbgrader brings a checker of addresses in JSON, which nobody asks, and which takes a second to load.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
