"""The root of all errors that an operator can put right; any other exception is a defect of ours."""

import logging
import sys
from typing import NoReturn

from archive.warc.target_uri import without_any_credentials
from crawler.exit_codes import USAGE
from crawler.program import as_typed


class OperatorError(Exception):
    """One sentence for the operator (what happened, to what, what to do), and the exit code of the command."""

    def __init__(self, sentence: str, exit_code: int = USAGE) -> None:
        super().__init__(without_any_credentials(sentence))  # an operator's arguments are quoted in it
        self.exit_code = exit_code


def leave(error: OperatorError) -> NoReturn:
    """Print the sentence, or log it where the log takes such, and end the process with the exit code."""
    if any(getattr(handler, "takes_errors", False) for handler in logging.root.handlers):
        logging.getLogger("frontwire").error("%s", error)
    else:
        print(f"frontwire: {as_typed(str(error))}", file=sys.stderr)
    raise SystemExit(error.exit_code)
