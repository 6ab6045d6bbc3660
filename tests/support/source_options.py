"""What tests of commands on sources give to them."""

from pathlib import Path

from tests.support.hostile_site import SETTINGS


def options(folder: Path, **more: object) -> list[str]:
    """Settings for servers on loopback, with `data` in a folder, as a command line has them."""
    given = {**SETTINGS, "DATA_DIR": folder / "data", "DOWNLOAD_TIMEOUT": 60, "RETRY_TIMES": 0, **more}
    return [part for name, value in given.items() for part in ("-s", f"{name}={value}")]
