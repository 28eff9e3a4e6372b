"""The class of attackers: what students might hand in to get points that they have not earned, or to do harm.

Each module here holds the attacks of one kind, or of a few, as `ATTACKS`; `attack.all_attacks` finds the modules.
`tests/grading/test_attacks.py` grades all of them, by every route, and `table` makes the table of the documentation.
"""
