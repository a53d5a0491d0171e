"""Mutated documents through every parser: no crash but our own errors, and no reading that is in no cell.

`make fuzz` runs it for some minutes; `test_fuzzing.py` is its smoke test. A new parser is a row in
`targets.TARGETS`.
"""
