"""A story shows itself in a notebook: as a drawing where the notebook trusts one, as a picture or words elsewhere."""

from lineage.errors import DrawingError
from lineage.records import Edge, Story
from lineage.report.drawing import drawing
from lineage.report.labels import chance, clean
from lineage.report.render import render
from lineage.settings import DrawSettings


def bundle(story: Story, draw: DrawSettings) -> dict[str, str | bytes]:
    """The story by MIME type: `image/svg+xml`, `image/png` and `text/plain`.

    A notebook that is not trusted shows no SVG, hence the PNG. Where nothing can draw, or not in time, there are the
    words alone, with the reason as their last line.
    """
    dot = drawing(story, draw)
    try:
        svg, png = render(dot, "svg", draw.timeout).decode(), render(dot, "png", draw.timeout)
    except DrawingError as error:
        return {"text/plain": f"{words(story)}\n({error})"}
    return {"image/svg+xml": svg, "image/png": png, "text/plain": words(story)}


def words(story: Story) -> str:
    """The derivation in sentences, one an edge; articles without an edge are said to be undetermined."""
    names = _names(story)
    lines = [_count(story), *(_sentence(edge, names) for edge in story.derivation.edges)]
    linked = {end for edge in story.derivation.edges for end in (edge.parent, edge.child)}
    left = [names[article] for article in story.articles if article not in linked]
    lines += [f"{name}: undetermined" for name in left]
    return "\n".join(lines)


def _count(story: Story) -> str:
    number = len(story.articles)
    return f"Story {clean(story.id)}: {number} article{'' if number == 1 else 's'}"


def _names(story: Story) -> dict[str, str]:
    derivation = story.derivation
    names = {article: clean(article) for article in story.articles}
    names |= {source.id: f"a posited source ({clean(source.reason)})" for source in derivation.posited}
    return names | {named.id: clean(named.name) for named in derivation.named}


def _sentence(edge: Edge, names: dict[str, str]) -> str:
    parent, child = names[edge.parent], names[edge.child]
    if not edge.directed:
        return f"{parent} and {child}: one was probably derived from the other, either way ({chance(edge.probability)})"
    if edge.probable:
        said = f"{child} was probably derived from {parent}"
    else:
        said = f"{child}: undetermined, perhaps derived from {parent}"
    return f"{said} ({chance(edge.probability)})"
