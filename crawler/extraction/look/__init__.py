"""Finds what a page is shown with: style sheets, and the fonts and pictures that it and they name."""

from crawler.items import Link, RawPage


def find_look(raw: RawPage) -> tuple[Link, ...]:
    """The files that a page is shown with: see `crawler.extraction.look.page_files`.

    Imported when it is called, in a worker: only runs with ARCHIVE_REQUISITES=page need its libraries.
    """
    from crawler.extraction.look import page_files

    return page_files.find_look(raw)


def read_style(raw: RawPage, depth: int) -> tuple[Link, ...]:
    """The files that a style sheet names: see `crawler.extraction.look.style_sheets`; imported when it is called."""
    from crawler.extraction.look import style_sheets

    return style_sheets.read_style(raw, depth)
