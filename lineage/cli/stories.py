"""`lineage stories`: what a scan found, one line a story."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from lineage.records import Story


def stories(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Folder that a scan wrote.", show_default=False)],
    json: Annotated[bool, typer.Option("--json", help="The story records, as a JSON array.")] = False,
) -> None:
    """List the stories of a scan: id, articles, first date, headline and the whole in a paragraph, tabs between."""
    from lineage import pipeline

    found = pipeline.load_stories(out)
    if json:
        from lineage.settings import DrawSettings

        # Always an array: what a program reads must not change its shape with the number of stories.
        records = pipeline.export(found, "jsonl", DrawSettings()).splitlines()
        typer.echo(b"[" + b",\n".join(records) + b"]")
        return
    for story in found:
        typer.echo("\t".join((story.id, str(len(story.articles)), *_outside(story))))


def _outside(story: "Story") -> tuple[str, str, str]:
    """The first date of a story, the headline of its most probable root, and its paragraph."""
    from lineage.report import labels

    first_dated = min((line for line in story.headlines if line.earliest), key=lambda line: line.earliest, default=None)
    roots = sorted(story.derivation.roots, key=lambda root: (-root.probability, root.article))
    first = roots[0].article if roots else story.articles[0]
    titles = {line.id: line.title for line in story.headlines}
    date = labels.date(first_dated) if first_dated is not None else ""
    return date, labels.clean(titles.get(first, "") or first), labels.clean(story.summary)
