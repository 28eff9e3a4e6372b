"""What Sphinx reads, put together: the pages of `.github/site`, and everything that is made from the repository.

`sources` is the entrance; `notebooks`, `pages`, `reference`, `look` and `live` each make one kind of thing. Nothing
here is part of the package nnkit: the site is built from a checkout, by `nnkit site`.
"""
