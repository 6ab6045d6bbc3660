"""The files that CSS names, as a browser would fetch them: imported style sheets, fonts and pictures.

https://www.w3.org/TR/css-syntax-3/ is tinycss2's; what is read here is where in a style sheet an address counts.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice, takewhile

import tinycss2
from tinycss2 import ast

from crawler.items import UrlKind

File = tuple[UrlKind, str]
"""What a file is for, and its address as written, or as the URL standard reads it."""

_MAY_NAME = re.compile(r"url|src|image|import|\\", re.IGNORECASE)
"""Without one of these CSS names no file; an escape may stand for any letter."""

_GROUPS = frozenset({"media", "supports", "layer", "container", "scope", "starting-style", "document"})
"""Rules with rules in them (CSS Conditional Rules, Cascade, Containment)."""

_BEFORE_IMPORTS = frozenset({"charset", "import", "layer"})
_IMAGE_SETS = frozenset({"image-set", "-webkit-image-set"})
_FORMATS = frozenset({"woff2", "woff", "truetype", "opentype", "collection"})
_NO_FORMATS = (".eot", ".svg")
"""Ends of the addresses of fonts that no browser of today reads."""


def files_of_sheet(text: str) -> Iterator[File]:
    """The files that a style sheet names, in its order."""
    if _MAY_NAME.search(text):
        rules = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
        yield from chain.from_iterable(map(_imported, takewhile(_may_precede_imports, rules)))
        yield from chain.from_iterable(map(_files_of_rule, _with_grouped(rules)))


def files_of_style(text: str) -> Iterator[File]:
    """The files that a `style` attribute names."""
    if _MAY_NAME.search(text):
        yield from _files_within(tinycss2.parse_component_value_list(text, skip_comments=True))


def _with_grouped(rules: Iterable[ast.Node]) -> Iterator[ast.Node]:
    """Rules in their order; for those of _GROUPS the rules in them, however deep."""
    waiting = [iter(rules)]
    while waiting:
        rule = next(waiting[-1], None)
        if rule is None:
            waiting.pop()
        elif isinstance(rule, ast.AtRule) and rule.lower_at_keyword in _GROUPS and rule.content is not None:
            grouped = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            waiting.append(iter(grouped))
        else:
            yield rule


def _may_precede_imports(rule: ast.Node) -> bool:
    """Whether imports behind a rule count (CSS Cascade, 2)."""
    if isinstance(rule, ast.AtRule):
        return rule.lower_at_keyword in _BEFORE_IMPORTS and rule.content is None
    return isinstance(rule, ast.ParseError)


def _files_of_rule(rule: ast.Node) -> Iterator[File]:
    if not isinstance(rule, ast.AtRule | ast.QualifiedRule) or rule.content is None:
        return
    if isinstance(rule, ast.AtRule) and rule.lower_at_keyword == "font-face":
        yield from _font(rule.content)
    else:
        yield from _files_within(rule.content)


def _imported(rule: ast.Node) -> Iterator[File]:
    """The style sheet that a rule names if it is an `@import`, whatever the media it is for."""
    if isinstance(rule, ast.AtRule) and rule.lower_at_keyword == "import":
        address = _string(rule.prelude) or _address(_first(rule.prelude))
        yield from [(UrlKind.STYLE, address)] if address else []


def _font(content: Sequence[ast.Node]) -> Iterator[File]:
    """The file of a font that browsers take: of its last `src` the first that has a format of theirs."""
    descriptors = tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
    sources = [
        each.value for each in descriptors if isinstance(each, ast.Declaration) and each.lower_name == "src"
    ]
    offers = _offers(sources[-1]) if sources else ()
    address = next((address for address, format_ in offers if _is_read(address, format_)), None)
    if address is not None:
        yield UrlKind.FONT, address


def _offers(tokens: Iterable[ast.Node]) -> Iterator[tuple[str, str]]:
    """Address and format of each file of a font; the format is empty where none is named."""
    address = format_ = ""
    for token in chain(tokens, [ast.LiteralToken(0, 0, ",")]):
        if isinstance(token, ast.LiteralToken) and token.value == ",":
            if address:
                yield address, format_
            address = format_ = ""
        elif isinstance(token, ast.FunctionBlock) and token.lower_name == "format":
            named = (each for each in token.arguments if isinstance(each, ast.StringToken | ast.IdentToken))
            format_ = next((each.value.lower() for each in named), "unknown")
        else:
            address = address or _address(token)


def _is_read(address: str, format_: str) -> bool:
    if format_:
        return format_.removesuffix("-variations") in _FORMATS
    return not re.split("[?#]", address, maxsplit=1)[0].lower().endswith(_NO_FORMATS)


def _files_within(tokens: Sequence[ast.Node]) -> Iterator[File]:
    """The pictures that values name, however deep in blocks and functions; of a set the first one."""
    waiting = [iter(tokens)]
    while waiting:
        token = next(waiting[-1], None)
        if token is None:
            waiting.pop()
        elif address := _address(token):
            yield UrlKind.IMAGE, address
        elif isinstance(token, ast.FunctionBlock) and token.lower_name in _IMAGE_SETS:
            yield from _first_of_set(token)
        else:
            waiting.append(iter(_content(token)))


def _first_of_set(images: ast.FunctionBlock) -> Iterator[File]:
    # Written for a screen of one device pixel per CSS pixel, as `crawler.extraction.images.srcset` assumes it.
    found = (each.value if isinstance(each, ast.StringToken) else _address(each) for each in images.arguments)
    yield from ((UrlKind.IMAGE, address) for address in islice(filter(None, found), 1))


def _address(token: ast.Node | None) -> str:
    """The address that a token holds; empty if it holds none, or one within the document itself (`url(#mask)`)."""
    address = ""
    if isinstance(token, ast.URLToken):
        address = token.value
    elif isinstance(token, ast.FunctionBlock) and token.lower_name == "url":
        address = _string(token.arguments)
    return "" if address.lstrip().startswith("#") else address.strip()


def _string(tokens: Iterable[ast.Node]) -> str:
    """The text of the first token; empty if it is no string, or a broken one."""
    first = _first(tokens)
    return first.value if isinstance(first, ast.StringToken) else ""


def _first(tokens: Iterable[ast.Node]) -> ast.Node | None:
    return next((token for token in tokens if not isinstance(token, ast.WhitespaceToken)), None)


def _content(token: ast.Node) -> Sequence[ast.Node]:
    if isinstance(token, ast.FunctionBlock):
        return token.arguments
    if isinstance(token, ast.CurlyBracketsBlock | ast.ParenthesesBlock | ast.SquareBracketsBlock):
        return token.content
    return ()
