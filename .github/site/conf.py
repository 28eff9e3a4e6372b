"""How Sphinx makes the site. `nnkit site` puts together what it reads, this folder among it, and calls it."""

from __future__ import annotations

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # the pages of the reference are read by nnkit_site.docstrings

import nnkit

project = "nnkit"
author = "The nnkit authors"
copyright = author
version = release = nnkit.__version__

extensions = [
    "myst_nb",
    "nnkit_site.docstrings",
    "nnkit_site.headless",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.mathjax",
    "sphinx_copybutton",
]
exclude_patterns = ["extra", "generated", "README.md"]
html_extra_path = ["extra"]
html_static_path = ["_static"]
templates_path = ["_templates"]

# Notebooks are shown as they are stored, and none is run. No widget manager: what moved stands still.
nb_execution_mode = "off"
nb_ipywidgets_js: dict[str, dict[str, str]] = {}
nb_merge_streams = True
nb_code_prompt_show = "Show the code of this cell"
nb_code_prompt_hide = "Hide the code of this cell"
myst_enable_extensions = ["amsmath", "attrs_block", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 4
myst_dmath_double_inline = True

# Formulas are set by a MathJax that lies in the site. Its menu would load more of it when somebody opens it.
mathjax_path = "mathjax/tex-chtml.js"
mathjax3_config = {
    "options": {"enableMenu": False},
    "chtml": {"displayAlign": "left", "displayIndent": "1em", "scale": 1.02},
}

# In docstrings a single backtick holds a name of the library, or a piece of code.
default_role = "py:obj"
autodoc_typehints = "none"
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
numpydoc_show_class_members = False
numpydoc_xref_param_type = False
add_module_names = False

html_theme = "pydata_sphinx_theme"
html_title = "nnkit"
html_favicon = "_static/favicon.svg"
html_context = {"default_mode": "auto"}
html_copy_source = False
html_show_sourcelink = False
html_css_files = ["colours.css", "site.css"]
html_js_files = [("site.js", {"defer": "defer"})]
html_last_updated_fmt = None
pygments_style = "a11y-high-contrast-light"
html_theme_options = {
    "logo": {"text": "nnkit"},
    "navbar_align": "left",
    "header_links_before_dropdown": 6,
    "navbar_end": ["theme-switcher"],
    "secondary_sidebar_items": ["page-toc"],
    "show_prev_next": True,
    "show_toc_level": 2,
    "collapse_navigation": True,
    "navigation_depth": 3,
    "footer_start": ["copyright"],
    "footer_end": [],
    "back_to_top_button": True,
    "search_as_you_type": False,
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}
html_sidebars = {"index": [], "search": []}
copybutton_selector = "div.highlight pre"
copybutton_prompt_text = re.escape(">>> ") + "|" + re.escape("... ")
copybutton_prompt_is_regexp = True
suppress_warnings = ["myst.header"]
