"""The root of all errors that an operator can put right; any other exception is a defect of ours."""

from crawler.exit_codes import USAGE


class OperatorError(Exception):
    """One sentence for the operator (what happened, to what, what to do), and the exit code of the command."""

    def __init__(self, sentence: str, exit_code: int = USAGE) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code
