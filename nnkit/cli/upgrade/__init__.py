"""A reader's folder of notebooks, brought up to a newer version of the course without losing anything of theirs.

From below: `cells` (what a notebook's cells are), `history` (which of their texts are the course's), `merging` (the new
text around the reader's answers), `files` (writing so that nothing is lost), `placing` (what becomes of each file),
`resetting` (one notebook back to fresh), `telling` (all of it in sentences).
"""
