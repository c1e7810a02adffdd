"""The command line: `lineage COMMAND`; data on stdout, everything else on stderr."""

from lineage.cli.app import app

__all__ = ["app", "main"]


def main() -> None:
    """Run the command line and leave with its exit status."""
    app(prog_name="lineage")
