"""trafilatura's choices of elements by their names, as functions: its XPaths took half of its time.

For each element and regular expression lxml calls Python, with objects that it makes for that. A function here finds
what one XPath finds and takes its regular expressions from it. An XPath that is worded differently than the one that
was tried (as another release of trafilatura may word it) is used as it is.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from hashlib import sha256
from itertools import islice
from typing import NamedTuple, cast

from lxml.etree import XPath
from lxml.html import HtmlElement

Test = Callable[[str], bool]
Choice = Callable[[HtmlElement], Iterable[HtmlElement]]
"""The elements below one that are meant, in document order."""

_CACHED = 8192
_TEST = re.compile(r"re:test\((@[a-z|@]+),\s*'([^']*)'(?:,\s*'(i)')?\)")
_SECTIONS = ("div", "item", "list", "p", "section", "span")
_AREAS = ("article", "div", "main", "section")
_UNSEEN = frozenset({"aside", "fencedframe", "footer", "script", "style", "svg", "template"})


class Rule(NamedTuple):
    """Which elements are meant."""

    tags: tuple[str, ...] = ("*",)
    tests: Mapping[str, Test] = {}
    """By name of an attribute; one that holds is enough."""
    check: Callable[[HtmlElement], bool] | None = None
    """What must hold of such an element besides."""
    anyway: frozenset[str] = frozenset()
    """Tags of elements that are meant whatever their attributes are."""
    most: int | None = None

    def __call__(self, tree: HtmlElement) -> list[HtmlElement]:
        return list(islice(self._choose(tree), self.most))

    def _choose(self, tree: HtmlElement) -> Iterator[HtmlElement]:
        tests, check, anyway = self.tests, self.check, self.anyway
        for element in tree.iterdescendants(*self.tags):
            if element.tag in anyway:
                yield element
                continue
            for name, value in element.items():
                if name in tests and tests[name](value):
                    if check is None or check(element):
                        yield element
                    break


def _is_named(element: HtmlElement, **tests: Test) -> bool:
    return any(test(value) for name, test in tests.items() if (value := element.get(name)) is not None)


def _first_of(element: HtmlElement, *names: str) -> str:
    """The attribute that is written first: XPath's `string(@id|@class)`."""
    return next((value for name, value in element.items() if name in names), "")


def faster(expression: XPath) -> Choice:
    """What finds the same as an XPath of trafilatura; the XPath itself if it is not known."""
    build = _RULES.get(digest(expression))
    return cast(Choice, build(*_patterns(expression)) if build else expression)


def first_of(choices: Iterable[Choice]) -> Choice:
    """What finds something if one of several may: one walk instead of one for each."""
    rules = [choice for choice in choices if isinstance(choice, Rule)]
    tests: dict[str, Test] = {}
    for name in {name for rule in rules for name in rule.tests}:
        tests[name] = _any(*(rule.tests[name] for rule in rules if name in rule.tests))
    tags = {tag for rule in rules for tag in rule.tags}
    return cast(Choice, Rule(tuple(tags), tests, most=1))


def digest(expression: XPath) -> str:
    """What the wording of an XPath is known by."""
    return sha256("".join(expression.path.split()).encode()).hexdigest()[:8]


def _patterns(expression: XPath) -> Iterator[Test]:
    """The regular expressions of an XPath, in their order."""
    for _, pattern, flag in _TEST.findall(expression.path):
        yield _searching(pattern, re.IGNORECASE if flag else 0)


def _searching(pattern: str, flags: int) -> Test:
    search = re.compile(pattern, flags).search
    return lru_cache(_CACHED)(lambda name: search(name) is not None)


def _any(*tests: Test) -> Test:
    """One test of several; most elements of a site have names that others have too."""
    return lru_cache(_CACHED)(lambda name: any(test(name) for test in tests))


def _appended(by_id: Test, by_class: Test, mvp_id: Test, mvp_class: Test) -> Rule:
    """Follow-up articles (`RAW_TREE_PRUNE_XPATH`)."""

    def check(element: HtmlElement) -> bool:
        return element.find(".//h1") is None or _is_named(element, **{"id": mvp_id, "class": mvp_class})

    return Rule(("div", "section", "aside"), {"id": by_id, "class": by_class}, check)


def _share_buttons() -> Rule:
    return Rule(("div", "section", "aside"), {"class": lambda name: "elementor-share-buttons" in name})


def _comments(by_id: Test, by_class: Test, list_id: Test, list_class: Test) -> Rule:
    """Comments (`REMOVE_COMMENTS_AND_LISTS_XPATH`)."""

    def check(element: HtmlElement) -> bool:
        return element.tag not in ("ol", "ul") or _is_named(element, **{"id": list_id, "class": list_class})

    tags = ("div", "list", "section", "details", "ol", "ul")
    return Rule(tags, {"id": by_id, "class": by_class}, check)


def _surroundings(first: Test, by_id: Test, by_class: Test) -> Rule:
    """What surrounds a story (`OVERALL_DISCARD_XPATH`)."""
    others: dict[str, Test] = {
        "role": lambda role: "nav" in role.replace("N", "n"),
        "data-component": lambda name: "MostPopularStories" in name,
        "data-lp-replacement-content": lambda _: True,
    }
    exact = others | {"id": by_id, "class": by_class}

    def check(element: HtmlElement) -> bool:
        return _is_named(element, **exact) or first(_first_of(element, "id", "class"))

    return Rule(_SECTIONS, others | {"id": _any(by_id, first), "class": _any(by_class, first)}, check)


def _hidden(first: Test, by_id: Test, by_class: Test) -> Rule:
    """What is not shown (`OVERALL_DISCARD_XPATH`)."""

    def is_off(style: str) -> bool:
        return "display:none" in style or "display: none" in style

    def is_reply(name: str) -> bool:
        return name.startswith("reply-")

    exact: dict[str, Test] = {"id": by_id, "class": by_class, "style": is_off, "aria-hidden": "true".__eq__}
    tests = exact | {
        "id": _any(by_id, is_reply, first),
        "class": _any(by_class, is_reply),
        "style": _any(is_off, first),
    }

    def check(element: HtmlElement) -> bool:
        is_first = is_reply(_first_of(element, "id", "class")) or first(_first_of(element, "id", "style"))
        return is_first or _is_named(element, **exact)

    return Rule(tests=tests, check=check)


def _teasers() -> Rule:
    return Rule(_SECTIONS, dict.fromkeys(("id", "class"), lambda name: "teaser" in name.replace("T", "t")))


def _captions() -> Rule:
    return Rule(_SECTIONS, dict.fromkeys(("id", "class"), lambda name: "caption" in name))


def _first_body(by_id: Test, by_class: Test) -> Rule:
    tests: dict[str, Test] = {
        "id": _any(by_id, "articleContent".__eq__),
        "class": _any(by_class, ("post", "entry").__contains__),
        "itemprop": "articleBody".__eq__,
    }
    return Rule(_AREAS, tests, most=1)


def _first_article() -> Rule:
    return Rule(("article",), anyway=frozenset({"article"}), most=1)


def _first_story(by_id: Test, whole: Test, by_class: Test) -> Rule:
    names = ("postarea", "art-postcontent", "text", "cell", "story")
    tests: dict[str, Test] = {
        "id": _any(by_id, ("article", "story").__contains__),
        "class": _any(whole, by_class, names.__contains__),
        "role": "article".__eq__,
    }
    return Rule(_AREAS, tests, most=1)


def _first_content(by_id: Test, by_class: Test) -> Rule:
    def by_either(name: str) -> bool:
        return name == "content" or "main-content" in name.replace("C", "c").replace("M", "m")

    def is_page(name: str) -> bool:
        return "page-content" in name.replace("C", "c").replace("P", "p")

    return Rule(_AREAS, {"id": _any(by_id, by_either), "class": _any(by_class, by_either, is_page)}, most=1)


def _first_main() -> Rule:
    tests = dict.fromkeys(("id", "class", "role"), lambda name: name.startswith("main"))
    return Rule(_AREAS, tests, anyway=frozenset({"main"}), most=1)


def _boilerplate(by_class: Test, by_id: Test) -> Rule:
    """What is no text of a page (`BASIC_CLEAN_XPATH`)."""

    def is_footer(name: str) -> bool:
        return "footer" in name

    def check(element: HtmlElement) -> bool:
        is_consent = _is_named(element, **{"class": by_class, "id": by_id})
        return is_consent or (element.tag == "div" and is_footer(_first_of(element, "id", "class")))

    tests = {"class": _any(by_class, is_footer), "id": _any(by_id, is_footer)}
    return Rule(tests=tests, check=check, anyway=_UNSEEN)


_RULES: dict[str, Callable[..., Rule]] = {
    "466658fd": _appended,
    "b5844862": _share_buttons,
    "92af72fc": _comments,
    "58ecf747": _surroundings,
    "925782fe": _hidden,
    "42a3f11f": _teasers,
    "15fc338a": _captions,
    "4a3f3789": _first_body,
    "dffd8931": _first_article,
    "f1e29338": _first_story,
    "400c5b29": _first_content,
    "09f48cbb": _first_main,
    "081892c7": _boilerplate,
}
"""By the digest of the XPath, as trafilatura 2.3.1 has it."""
