"""Burmese in Zawgyi, a font encoding that uses the code points of Unicode for other signs: usual until 2019."""

import re
import warnings
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from myanmartools import ZawgyiDetector

_BURMESE = re.compile("[\u1000-\u109f]")
_SAMPLE = 500
"""Characters that the detector reads: a sentence is enough."""
_SURE = 0.95


def in_unicode(text: str) -> str:
    """A text in Unicode, whether it is in Zawgyi or not."""
    first = _BURMESE.search(text)
    if first is None or _probability(text[first.start() : first.start() + _SAMPLE]) < _SURE:
        return text
    from myanmar.converter import convert

    converted: str = convert(text, "zawgyi", "unicode")
    return converted


def _probability(sample: str) -> float:
    """That the Burmese of a text is in Zawgyi, from 0 to 1; minus infinity if no sign of it can tell."""
    return float(_detector().get_zawgyi_probability(sample))


@cache
def _detector() -> "ZawgyiDetector":
    from myanmartools import ZawgyiDetector

    with (
        warnings.catch_warnings()
    ):  # it reads its model by a function that Python 3.11 and 3.12 call deprecated
        warnings.simplefilter("ignore", DeprecationWarning)
        return ZawgyiDetector()
