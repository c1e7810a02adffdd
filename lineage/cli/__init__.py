"""The command line: `lineage COMMAND`; data on stdout, everything else on stderr."""

try:
    from lineage.cli.app import app
except KeyboardInterrupt:  # in the first moments, before there is a command that could say so
    raise SystemExit(130) from None

__all__ = ["app", "main"]


def main() -> None:
    """Run the command line and leave with its exit status."""
    app(prog_name="lineage")
