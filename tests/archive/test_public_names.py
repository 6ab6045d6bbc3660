"""The public face of `archive`: what another project may import."""

import subprocess
import sys

import archive


def test_every_public_name_can_be_imported() -> None:
    assert [name for name in archive.__all__ if getattr(archive, name).__name__ != name] == []


def test_importing_archive_loads_none_of_its_modules() -> None:
    program = "import sys, archive; print([name for name in sys.modules if name.startswith('archive.')])"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
