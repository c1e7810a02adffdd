"""The command line: `lineage COMMAND`; data on stdout, everything else on stderr."""

import os

try:
    from lineage.cli.app import app
except KeyboardInterrupt:  # in the first moments, before there is a command that could say so
    raise SystemExit(130) from None

__all__ = ["app", "main"]


def main() -> None:
    """Run the command line and leave with its exit status."""
    # Batches come and go: Arrow's own allocators keep some 30 MB of them for later, the system's gives them back.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    app(prog_name="lineage")
