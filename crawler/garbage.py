"""When Python looks for garbage: neither among what a command loads, nor once the command has ended.

What is loaded stays, some million objects. To look through them while they come, and three times at the end of the
process, takes a second of CPU in all.
"""

import gc


def pause() -> None:
    """Look for none while modules and tables are loaded."""
    gc.disable()


def resume() -> None:
    """Look for garbage among what is made from now on."""
    gc.freeze()
    gc.enable()


def look_no_more() -> None:
    """Look for none while the process ends: all of its memory is given back anyway."""
    gc.disable()
    gc.freeze()
