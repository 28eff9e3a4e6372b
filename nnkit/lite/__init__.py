"""The course as a folder of plain files that runs in a browser: JupyterLite, Pyodide, and the notebooks.

`build` makes it. `pyodide` knows the Python for browsers and proves that its files are the official ones, `wheels` the
packages that come on top of it, `site` puts both and the notebooks together. As a command: ``nnkit lite``.
"""

from __future__ import annotations

from nnkit.lite.site import Site, build

__all__ = ["Site", "build"]
