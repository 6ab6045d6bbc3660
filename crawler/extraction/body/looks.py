"""How an element looks, as far as its own class names and style tell."""

import re
from functools import lru_cache
from typing import NamedTuple

# In the style sheets of Bootstrap, Tailwind, WordPress, Drupal, Foundation, jQuery UI, Angular and many sites.
_SPOKEN = re.compile(
    r"(?:(?<![A-Za-z])|(?<=[a-z])(?=[A-Z]))(?<!not-)(?i:sr-?only|visually-?hidden|hide-?visually"
    r"|screen-?readers?(?:-?(?:text|only))?|(?:show-)?for-sr|element-invisible|off-?screen|hidden-?accessible"
    r"|(?:a11y|accessib(?:le|ility))-?(?:hidden|only|text)|assistive|u-v?h)(?:-(?:text|label|focusable))?(?![a-z-])"
)
_SPOKEN_WORD = re.compile(
    "sr-?o|hidden|hide|visually|reader|for-sr|invisible|screen|a11y|accessib|assistive|u-v?h"
)
_SPOKEN_ON_PHONES = re.compile(r"(?:sm|md|lg|xl):not-sr-only")
_CLIPPED = re.compile(
    r"clip\s*:\s*rect\(\s*[01](?![.\d])|clip-path\s*:\s*(?:inset\(\s*(?:50|100)%|circle\(\s*0)"
    r"|(?:left|top|right|text-indent)\s*:\s*-\d{3}|font-size\s*:\s*0(?:\.0*)?(?:px|pt|r?em|%)?\s*(?:;|!|$)",
    re.IGNORECASE,
)
_TINY = re.compile(r"(?<![\w-])(?:height|width)\s*:\s*1px", re.IGNORECASE)
_CUT = re.compile(r"overflow\s*:\s*(?:hidden|clip)", re.IGNORECASE)
_OFF = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SHOWN_AGAIN = re.compile(r"(?:^|\s)(?:sm|md|lg|xl|2xl|desktop|print)[:@-]|-(?:xs|sm|md|lg|xl)(?:-|\s|$)")
"""Classes that make an element visible or hidden on screens of some width."""

_OFF_NAMES = frozenset(
    {"d-none", "display-none", "hidden", "invisible", "is-hidden", "ng-hide", "u-hidden", "uk-hidden"}
)
_DISPLAY = re.compile(r"display\s*:\s*(?:block|flex|grid|table(?!-c)|list-item|flow-root)", re.IGNORECASE)
_KEEPS_LINES = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)", re.IGNORECASE)


class Look(NamedTuple):
    """What class names and style say of one element."""

    is_block: bool
    """It begins and ends a block, whatever its tag."""
    is_spoken: bool
    """It is there only for screen readers."""
    is_off: bool
    """It is not displayed."""
    is_responsive: bool
    """Whether it is displayed depends on the width of the screen."""
    keeps_lines: bool
    """Line breaks in its text are shown."""


PLAIN = Look(False, False, False, False, False)


@lru_cache(maxsize=8192)
def look_of(names: str, style: str) -> Look:
    """The look that class names and the style attribute give."""
    is_spoken = (
        _SPOKEN_WORD.search(names.lower()) is not None
        and _SPOKEN.search(names) is not None
        and not _SPOKEN_ON_PHONES.search(names)
    )
    return Look(
        is_block=bool(style and _DISPLAY.search(style)),
        is_spoken=is_spoken or (style != "" and _is_clipped(style)),
        is_off=bool(style and _OFF.search(style)) or not _OFF_NAMES.isdisjoint(names.split()),
        is_responsive=bool(_SHOWN_AGAIN.search(names)),
        keeps_lines="whitespace-pre" in names or bool(style and _KEEPS_LINES.search(style)),
    )


def _is_clipped(style: str) -> bool:
    return bool(_CLIPPED.search(style) or (_TINY.search(style) and _CUT.search(style)))
