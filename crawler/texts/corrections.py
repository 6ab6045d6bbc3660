"""Decides whether a newsroom declared a change of an article, by a note or by its date."""

import re

from crawler.fates import Fate
from crawler.items import Article
from crawler.texts.corpus_text import CorpusText

_LONGEST_NOTE = 600
"""Characters above which a paragraph is not a note."""

_NOTE = re.compile(
    r"\b(?:corrections?|corrected|clarifications?|errat(?:um|a)|editor[’']s note|retraction)\b"
    r"|\b(?:article|story|report|headline|version) (?:has been|was) (?:updated|amended|changed|revised)\b"
    r"|\b(?:rectificati(?:f|on)|correctif|mis[e]? à jour|version (?:corrigée|précédente))\b"
    r"|\b(?:fe de erratas?|correcci[oó]n|rectificaci[oó]n|actualizad[oa]|versión anterior)\b"
    r"|\b(?:korrektur|korrigiert|berichtigung|aktualisiert|anmerkung der redaktion)\b"
    r"|\b(?:correção|errata|atualizad[oa]|correzione|rettifica|aggiornat[oa])\b"
    r"|\b(?:исправлен\w*|поправк\w*|уточнен\w*|обновлен\w*|от редакции|виправлен\w*|уточнен\w*|оновлен\w*)\b"
    r"|\b(?:düzeltme|düzeltildi|güncelle\w+)\b"
    r"|اصلاحیه|به‌روزرسانی|تصحيح|تصويب|استدراك|جرى تعديل|تم تعديل|تم تحديث|תיקון|עודכן|הבהרה"
    r"|更正|勘误|勘誤|訂正|编者按|編者按",
    re.IGNORECASE,
)


def is_silent(article: Article, earlier: CorpusText) -> bool:
    """Whether a changed text has neither a new note of correction nor a new date of modification.

    Never true of a live blog, which is meant to change.
    """
    if article.verdict == Fate.LIVE_BLOG or article.modified != earlier.modified:
        return False
    known = set(earlier.text.split("\n\n"))
    return not any(is_note(paragraph) for paragraph in article.paragraphs if paragraph not in known)


def is_note(paragraph: str) -> bool:
    """Whether a paragraph is a note of correction."""
    return len(paragraph) <= _LONGEST_NOTE and _NOTE.search(paragraph) is not None
