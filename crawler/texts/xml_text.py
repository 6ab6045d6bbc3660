"""Text from pages as XML 1.0 can hold it."""

import re

_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str | None) -> str:
    """A text without the characters that no XML document may have; empty for None."""
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", text or "")
