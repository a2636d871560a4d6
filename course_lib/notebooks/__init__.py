"""Floor 3: notebooks as data. Find, run, normalise and check lessons and assignments.

A lesson is committed *executed*; an assignment is committed without outputs.
``course notebooks run`` writes the outputs, ``course notebooks check`` proves that
they are fresh and that each notebook keeps the rules of `course_lib.notebooks.rules`.
"""
