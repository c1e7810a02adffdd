"""`python -m lineage` is the `lineage` command."""

from lineage.cli import main

# Guarded, because the processes of a scan import this module again.
if __name__ == "__main__":
    main()
