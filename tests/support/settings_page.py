"""`docs/settings.md` as the table of settings gives it: `python -m tests.support.settings_page` writes it."""

from crawler.setting_types import Setting
from crawler.settings import groups
from tests.support.checkout import ROOT

PAGE = ROOT / "docs" / "settings.md"

HEAD = """# Settings

Each setting can be given in three places; the first that has it wins:

1. on the command line: `-s NAME=VALUE`;
2. in the environment: `FRONTWIRE_NAME=VALUE`;
3. in `frontwire.toml` beside `scrapy.cfg`: `NAME = VALUE`, texts in quotes.

A name that is no setting, or a value that cannot be used, is refused in one sentence and with exit code 2, by every
command. Scrapy's other settings, which its documentation lists, can be given in the same places.

This page is made from the table in `crawler/settings.py`: after a change there run
`python -m tests.support.settings_page`.
"""


def rendered() -> str:
    """The page, by subject."""
    sections = (f"## {group.title}\n\n{_table(group.settings)}" for group in groups)
    return "\n".join([HEAD, *sections])


def _table(settings: tuple[Setting, ...]) -> str:
    rows = [("setting", "default", "value", "meaning"), ("---",) * 4, *map(_row, settings)]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _row(setting: Setting) -> tuple[str, ...]:
    return f"`{setting.name}`", setting.shown or _default(setting.default), setting.kind, setting.meaning


def _default(value: object) -> str:
    if value in (None, "", []):
        return "empty"
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, list):
        return ", ".join(f"`{each}`" for each in value)
    if isinstance(value, dict):
        return ", ".join(f"`{name}`: {each}" for name, each in value.items())
    return f"`{value}`"


if __name__ == "__main__":
    PAGE.write_text(rendered(), encoding="utf-8")
