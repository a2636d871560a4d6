"""Floor 3: grade a class with nbgrader's formats, scoring and gradebook.

`course` knows where things lie, `collecting` brings submissions in, `submission` looks
at one without running it, `stock` runs nbgrader, `loop` goes through the class,
`report` tells what came out, `simulate` and `demo` make a class to try it on. Only
`stock` executes notebooks, so another engine can take its place.

It knows nbgrader and nothing of medicine.
"""
