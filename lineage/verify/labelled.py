"""Reads the training corpora: articles whose groups are known.

A training corpus is a pair of files NAME.docs.jsonl and NAME.gold.jsonl. In the folder `detection` the gold rows hold
id, group, story and source: same group means versions of one text, same story but another group means independent
coverage of one event. In the folder `derivation`, and among the stories written for this project, they hold id, parents
and story: texts linked by parents are versions of one text.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import combinations
from pathlib import Path

import networkx
import numpy as np
import xxhash
from numpy.typing import NDArray

from lineage import truth
from lineage.errors import MissingInput

CHAINS = ("abstracts", "mixstars", "telephone", "translation")
"""Derivation sets that are trained on as well, for kinds of rewriting that the detection sets do not have. Left out are
those whose texts are in the detection sets already, near copies that teach nothing, and retellings, whose common source
is not among the texts, so that they would be taught as independent."""
TOLD = {
    "told": ("briefings", "chains", "coverage", "events", "newsroom", "reports", "stars", "zeitung"),
    "plain": ("passages", "plain"),
    "series": ("series",),
}
"""Corpora made of the sets written for this project. Left out are tales retold from memory and blends of unrelated
texts, which mostly share what unrelated texts share. `series`: reports that come again and again in
the same words, of which two are no versions of one text."""
CHAIN_WEIGHT = 0.16  # of each of their pairs: long chains have very many
OUTLETS, NOTICED = 24, 400  # how many put notices under the articles of so many groups
FOOTED, FOOTERS = 900, 96  # articles with long footers, two in three of them short; how many footers there are
NOTICES = tuple(resources.files("lineage").joinpath("data/notices.txt").read_text("utf-8").splitlines())
NEAR = 2  # rewrites between two texts that the first pass is asked to recognise from the two alone


@dataclass(frozen=True, slots=True)
class Labelled:
    """Articles of one training corpus with their groups, stories and sources.

    unsure: pairs of rows whose truth is not known; they are neither trained on nor counted.  far: pairs of rows that
    are versions of one text over more than `NEAR` rewrites; the first pass is not asked to see that in the two alone.
    weight: of each of its pairs.
    """

    name: str
    texts: list[str]
    group: NDArray[np.str_]
    story: NDArray[np.str_]
    source: NDArray[np.str_]
    unsure: frozenset[tuple[int, int]] = frozenset()
    far: frozenset[tuple[int, int]] = frozenset()
    weight: float = 1.0


def labelled(data: Path, own: Path = truth.OWN) -> list[Labelled]:
    """The training corpora: below `data` the detection sets, rewrites and chains, in `own` what this project wrote.

    Raises MissingInput where one of the folders has none.
    """
    places = sorted((data / "detection").glob("*.docs.jsonl"))
    if not places:
        raise MissingInput(f"no training corpora in {data / 'detection'}; set LINEAGE_DATA to the folder that has them")
    corpora = [_corpus(place) for place in places]
    written = _written(data / "rewrites")
    chains = [data / "derivation" / f"{name}.docs.jsonl" for name in CHAINS]
    derived = [_derived(place.name.split(".")[0], [place], CHAIN_WEIGHT) for place in chains if place.exists()]
    told = [_derived(name, [truth.docs(own, set) for set in sets], 1.0) for name, sets in TOLD.items()]
    largest = max(corpora, key=lambda corpus: len(corpus.texts))
    return [*corpora, *([written] if written.texts else []), *derived, _noticed(largest), _footed(largest), *told]


def _corpus(place: Path) -> Labelled:
    gold = {row["id"]: row for row in truth.rows(truth.gold(place))}
    docs = sorted(truth.rows(place), key=lambda row: str(row["id"]))
    known = [gold[row["id"]] for row in docs]
    return Labelled(
        place.name.split(".")[0],
        [row["text"] for row in docs],
        np.array([row["group"] for row in known]),
        np.array([row.get("story") or row["group"] for row in known]),
        np.array([row.get("source", "") for row in known]),
        _unsure(place.with_name(place.name.replace(".docs.jsonl", ".ignore.tsv")), [row["id"] for row in docs]),
    )


def _noticed(known: Labelled) -> Labelled:
    """Part of the largest corpus as it comes from the web: under every article a notice of its outlet.

    Articles of one outlet share the notice, whatever they tell; versions of one text often stand under different ones.
    """
    draw = random.Random(known.name)
    outlets = [draw.sample(NOTICES, draw.choice((1, 1, 2, 3))) for _ in range(OUTLETS)]
    groups = sorted(set(known.group.tolist()))
    chosen = set(draw.sample(groups, min(len(groups), NOTICED)))
    rows = [row for row, group in enumerate(known.group.tolist()) if group in chosen]
    row_of = {row: place for place, row in enumerate(rows)}
    unsure = ((row_of[a], row_of[b]) for a, b in known.unsure if a in row_of and b in row_of)
    texts = [f"{known.texts[row]}\n\n{' '.join(draw.choice(outlets))}" for row in rows]
    return _part("notices", known, rows, texts, frozenset(unsure))


def _footed(known: Labelled) -> Labelled:
    """Part of the largest corpus with long footers: below every article a passage of another, the same for an outlet.

    Most articles are alone and short, so that the footer is a good part of them; that makes no two of them versions.
    """
    draw = random.Random(f"{known.name} footers")
    groups = [np.flatnonzero(known.group == name).tolist() for name in sorted(set(known.group.tolist()))]
    alone = sorted(rows[0] for rows in groups if len(rows) == 1)
    several = sorted(rows for rows in groups if 1 < len(rows) < 6)
    donors = draw.sample(alone, min(FOOTERS, len(alone) // 2))
    footers = [_words(known.texts[row], draw.randrange(25, 60)) for row in donors] or [""]
    others = sorted(set(alone) - set(donors))
    chosen = draw.sample(others, min(FOOTED, len(others)))
    short, whole = chosen[: 2 * len(chosen) // 3], chosen[2 * len(chosen) // 3 :]
    texts = {row: _words(known.texts[row], draw.randrange(40, 160)) for row in short}
    texts |= {row: known.texts[row] for row in whole}
    texts |= {row: known.texts[row] for rows in draw.sample(several, min(FOOTED // 6, len(several))) for row in rows}
    rows = sorted(texts)
    often = [1.0 / (rank + 3) for rank in range(len(footers))]  # a few outlets have most of the articles
    below = draw.choices(footers, often, k=len(rows))
    return _part("footers", known, rows, [f"{texts[row]}\n\n{below[at]}" for at, row in enumerate(rows)])


def _part(
    name: str, known: Labelled, rows: list[int], texts: list[str], unsure: frozenset[tuple[int, int]] = frozenset()
) -> Labelled:
    """Some rows of a corpus with other texts; unsure: counted among those rows."""
    return Labelled(name, texts, known.group[rows], known.story[rows], known.source[rows], unsure)


def _words(text: str, count: int) -> str:
    return " ".join(text.split()[:count])


def _derived(name: str, places: Sequence[Path], weight: float) -> Labelled:
    """Texts with a common source, lost ones included, are versions of one text; weight: of each of their pairs.

    Whether two texts are that of which a third was made, but which have no common source themselves, is not asked.
    """
    links: networkx.DiGraph[str] = networkx.DiGraph()
    gold = {row["id"]: row for place in places for row in truth.rows(truth.gold(place))}
    for id, row in gold.items():
        links.add_node(id)
        links.add_edges_from((parent, id) for parent in row["parents"])
    group_of = {id: min(part) for part in networkx.weakly_connected_components(links) for id in part}
    docs = sorted((row for place in places for row in truth.rows(place)), key=lambda row: str(row["id"]))
    ids = [row["id"] for row in docs]
    sources = [networkx.ancestors(links, id) | {id} for id in ids]
    near = dict(networkx.all_pairs_shortest_path_length(links.to_undirected(), cutoff=NEAR))
    linked = [(a, b) for a, b in combinations(range(len(ids)), 2) if group_of[ids[a]] == group_of[ids[b]]]
    return Labelled(
        name,
        [row["text"] for row in docs],
        np.array([group_of[id] for id in ids]),
        np.array([row["story"] for row in docs]),
        np.array([name] * len(docs)),
        unsure=frozenset((a, b) for a, b in linked if sources[a].isdisjoint(sources[b])),
        far=frozenset((a, b) for a, b in linked if ids[b] not in near[ids[a]]),
        weight=weight,
    )


def _unsure(place: Path, ids: Sequence[str]) -> frozenset[tuple[int, int]]:
    if not place.exists():
        return frozenset()
    row_of = {id: row for row, id in enumerate(ids)}
    pairs = (line.split("\t")[:2] for line in place.read_text(encoding="utf-8").splitlines() if line)
    found = [sorted((row_of[a], row_of[b])) for a, b in pairs if a in row_of and b in row_of]
    return frozenset((a, b) for a, b in found)


def _written(folder: Path) -> Labelled:
    """Rewrites and independent reports in folders: `ind*` and `near*` are independent of the other files."""
    texts, group, story = [], [], []
    for place in sorted(folder.glob("*/*.txt")):
        own = place.stem.startswith(("ind", "near"))
        texts.append(place.read_text(encoding="utf-8").partition("\n\n")[2])
        group.append(f"{place.parent.name}/{place.stem}" if own else place.parent.name)
        story.append(f"{place.parent.name}/near" if place.stem.startswith("near") else place.parent.name)
    return Labelled("written", texts, np.array(group), np.array(story), np.array(["written"] * len(texts)))


def digest(data: Path, own: Path = truth.OWN) -> str:
    """Digest of all files that `labelled` reads, to be stored with what was learned from them."""
    state = xxhash.xxh3_128()
    chains = (path for name in CHAINS for path in (data / "derivation").glob(f"{name}.*.jsonl"))
    given = [*(data / "detection").glob("*.jsonl"), *(data / "rewrites").glob("*/*.txt"), *chains]
    told = (truth.docs(own, name) for names in TOLD.values() for name in names)
    for place in [*sorted(given), *(path for docs in told for path in (docs, truth.gold(docs)))]:
        state.update("/".join(place.parts[-2:]).encode())
        state.update(place.read_bytes())
    return state.hexdigest()
