"""Whether a file is an archive, recognised by its content: names say little."""

import zipfile
from contextlib import suppress
from pathlib import Path

from archive.objects.whereabouts import open_file
from archive.warc.compressed_members import members_of
from archive.warc.files import SUFFIXES, ZIP
from archive.warc.heads import LOOK_BYTES, shape_of
from archive.warc.look_ahead import Content
from archive.warc.record_blocks import DAMAGE


def is_archive(path: Path) -> bool:
    """Whether a file is named as an archive, or begins as one; what cannot be opened is none."""
    if path.name.lower().endswith(SUFFIXES):
        return True
    with suppress(*DAMAGE, RuntimeError), open_file(path) as file:
        beginning = file.read(LOOK_BYTES)
        if beginning[:4] in ZIP:
            with zipfile.ZipFile(file) as package:
                return any(name.lower().endswith(SUFFIXES) for name in package.namelist())
        members = members_of(file)
        if members is not None:
            beginning = Content(members.at(members.begin(0)).read).peek(LOOK_BYTES)
        return shape_of(beginning.lstrip(b"\r\n")) is not None
    return False
