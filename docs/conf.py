"""How Sphinx makes a site of these pages: `tests/docs.sh`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from crawler import __version__

project = "Frontwire"
release = version = __version__
author = copyright = "the Frontwire developers"
extensions = ["myst_parser"]
exclude_patterns = ["site"]
myst_enable_extensions = ["strikethrough"]
myst_heading_anchors = 4  # `page.md#heading`, as in a repository browser
html_theme = "furo"
html_title = "Frontwire"
html_show_sphinx = False
html_copy_source = False
nitpicky = True
