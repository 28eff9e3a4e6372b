"""`nnkit.functional` under the name that it has in PyTorch: `import nnkit.nn.functional as F`."""

from nnkit.functional import *  # noqa: F403
