"""`scrapy completion bash|zsh|fish`: what a shell completes."""

from crawler.cli.base import FrontwireCommand


class Command(FrontwireCommand):
    """Print a shell's completion of our commands and their options."""

    def syntax(self) -> str:
        return "bash | zsh | fish"

    def short_desc(self) -> str:
        return "Print what lets your shell complete commands and options"

    def long_desc(self) -> str:
        return (
            "Example: scrapy completion bash > ~/.local/share/bash-completion/completions/scrapy. "
            "zsh: into a file _scrapy in a folder of $fpath. fish: into ~/.config/fish/completions/scrapy.fish. "
            "It is made of the commands that are installed: make it anew after an update."
        )
