"""What a kernel in the browser does before the first cell: every session begins without files that programs have kept.

So Matplotlib looks through its fonts again in every session, and would say so, in red, in a reader's first cell.
"""

import logging

logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
del logging
