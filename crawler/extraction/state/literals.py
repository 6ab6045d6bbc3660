"""Reads what scripts assign: JSON, JavaScript literals, strings of JSON. Nothing is executed."""

import json
import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from crawler.extraction.lenient_json import Json

_QUOTED = r"""(?:"[^"\\]*(?:\\.[^"\\]*)*"|'[^'\\]*(?:\\.[^'\\]*)*'|`[^`\\]*(?:\\.[^`\\]*)*`)"""
_STRING = re.compile(_QUOTED, re.DOTALL)
_TOKEN = re.compile(rf"{_QUOTED}|[A-Za-z_$][\w$]*|-?\.?\d[\w.]*(?:(?<=[eE])[+-]\d+)?|\S", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_CONTROL = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": ""}
_FUNCTION = re.compile(r"\(\s*(?:function\s*\(([\w$,\s]*)\)|\(([\w$,\s]*)\)\s*=>)\s*\{")
_RETURN = re.compile(r"(?:^|[;{}\s])return\s*(?=[{\[])")
_PARSE = re.compile(r"JSON\s*\.\s*parse\s*\(\s*(decodeURIComponent\s*\(\s*)?")
_CONSTANTS = {"true": "true", "false": "false", "undefined": "null", "null": "null", "NaN": "null"}
_BARE_POINT = re.compile(r"(?<!\d)\.(?=\d)")
_OPENING, _CLOSING = frozenset("{[("), frozenset("}])")


def read_value(text: str, at: int, most: int) -> tuple[Json, int]:
    """The value that a script assigns at a position, and where it ends; ValueError if it is no plain value.

    `most`: characters that are read of a literal that is not JSON.
    """
    if (parsing := _PARSE.match(text, at)) is not None:
        return _read_parsed(text, parsing)
    if (function := _FUNCTION.match(text, at)) is not None:
        return _read_called(text[: at + most], function)
    try:
        return json.JSONDecoder(strict=False).raw_decode(text, at)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    except ValueError:
        return _read_literal(text[: at + most], at, {})


def unquoted(token: str) -> str:
    """The text of a JavaScript string with its quotes."""
    body = token[1:-1]
    if "\\" not in body:
        return body
    return _ESCAPE.sub(_unescape, body).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _unescape(escape: re.Match[str]) -> str:
    code = escape[1] or escape[2] or escape[3]
    if code:
        return chr(min(int(code, 16), 0x10FFFF))
    return _CONTROL.get(escape[4], escape[4])


def _read_parsed(text: str, parsing: re.Match[str]) -> tuple[Json, int]:
    """The value of `JSON.parse("…")`."""
    string = _STRING.match(text, parsing.end())
    if string is None:
        raise ValueError("what is parsed is no string")
    content = unquoted(string[0])
    try:
        return json.loads(unquote(content) if parsing[1] else content, strict=False), string.end()
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _read_called(text: str, function: re.Match[str]) -> tuple[Json, int]:
    """The value of `(function(a, b) { return {…} })(1, "x")`, as Nuxt 2 writes its state."""
    returning = _RETURN.search(text, function.end() - 1)
    if returning is None:
        raise ValueError("the function returns nothing that can be read")
    end = _end_of(text, returning.end())
    calling = re.compile(r"[;\s]*\}\s*\)?\s*(?=\()").match(text, end)
    names = re.split(r"\s*,\s*", (function[1] or function[2] or "").strip())
    values: list[str] = []
    if calling is not None:
        after = _end_of(text, calling.end())
        values = _split_arguments(text[calling.end() + 1 : after - 1])
    return _read_literal(text, returning.end(), dict(zip(names, values, strict=False)))


def _split_arguments(text: str) -> list[str]:
    """The arguments of a call, each as JSON."""
    value = json.loads(_to_json(f"[{text}]", 0, {})[0], strict=False)
    return [json.dumps(argument) for argument in value]


def _end_of(text: str, at: int) -> int:
    """Where the brackets close that open at a position."""
    depth = 0
    for token in _TOKEN.finditer(text, at):
        depth += (token[0] in _OPENING) - (token[0] in _CLOSING)
        if depth == 0:
            return token.end()
    raise ValueError("brackets do not close")


def _read_literal(text: str, at: int, names: Mapping[str, str]) -> tuple[Json, int]:
    written, end = _to_json(text, at, names)
    try:
        return json.loads(written, strict=False), end
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _to_json(text: str, at: int, names: Mapping[str, str]) -> tuple[str, int]:
    """A literal as JSON, and where it ends."""
    end = _end_of(text, at)
    return "".join(_json_tokens([token[0] for token in _TOKEN.finditer(text, at, end)], names)), end


def _json_tokens(tokens: list[str], names: Mapping[str, str]) -> Iterator[str]:
    before = ""
    for token, following in zip(tokens, [*tokens[1:], ""], strict=True):
        is_key = following == ":" and before in ("{", ",")
        is_trailing = token == "," and following in _CLOSING
        is_call = following == "(" or token in (
            "new",
            "(",
            ")",
            "!",
            "void",
        )  # `new Date(0)`: its arguments stay
        if is_key or not (is_trailing or is_call):
            yield _json_token(token, names, before, is_key)
        before = token


def _json_token(token: str, names: Mapping[str, str], before: str, is_key: bool) -> str:
    if token[0] in "\"'`":
        return token if token[0] == '"' and "\\" not in token else json.dumps(unquoted(token))
    if before in ("!", "void"):
        return "null" if before == "void" else json.dumps(token == "0")
    if is_key:
        return json.dumps(token)
    if token in names:
        return names[token]
    return _CONSTANTS.get(token) or _BARE_POINT.sub("0.", token)
