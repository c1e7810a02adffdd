"""Train the derivation model on stories of known derivation, and print what it is worth on unseen ones."""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from lineage import model
from lineage.derive import (
    direction_fitting,
    familiar,
    familiar_fitting,
    figures,
    habits_fitting,
    lesson_fitting,
    lessons,
    linear,
    merge_training,
    regime_fitting,
    regimes,
    voice,
    voice_fitting,
)
from lineage.derive.blends import with_merges
from lineage.derive.boosting import Growth, grow
from lineage.derive.direction import DIRECTION
from lineage.derive.examples import (
    FEWEST,
    Example,
    Known,
    digest,
    known_stories,
    smaller_stories,
    with_strangers,
    written_stories,
)
from lineage.derive.familiar import FAMILIAR
from lineage.derive.habits import HABITS
from lineage.derive.lessons import LESSONS
from lineage.derive.merges import MERGES
from lineage.derive.printed import printed
from lineage.derive.rewritten import rewritten
from lineage.derive.scores import LINKS, REASONS, REGIMES, ROOTS, Scorer
from lineage.derive.voice import VOICE, Voice

HALF = 0.5
MODELS = Path(__file__).parents[1] / "data" / "models"


def data_folder() -> Path:
    """Where the development data lies: LINEAGE_DATA, by default ../shared/data."""
    return Path(os.environ.get("LINEAGE_DATA", "../shared/data"))


@dataclass(frozen=True)
class Examples:
    """The stories of the development data, what is made of them (their links as stories of two, too), the same with
    merges made, and the voices to ship."""

    whole: list[Example]
    made: list[Example]
    blends: list[Example]
    voice: Voice


def examples(data: Path) -> Examples:
    """Everything that is trained on.  Raises MissingInput without data."""
    known = known_stories(data)
    heard = voice_fitting.voices(data, known)
    whole = [_measured_by(heard, story) for story in known]
    every, stars = written_stories(), rewritten(data)
    written = [story for story in every if len(story.articles) >= FEWEST]
    made = [part for stories in (known, written) for part in _made_of(stories)] + written
    made += printed([story for story in whole if not _is_of_copies(story)], seed=1) + stars
    made += direction_fitting.twos([*known, *every, *stars], seed=1)
    parts, blends = ([_measured_by(heard, story) for story in some] for some in (made, with_merges(known, seed=1)))
    return Examples(whole, parts, blends, heard.shipped)


def _made_of(stories: Sequence[Known]) -> list[Known]:
    parts = [part for story in stories for part in smaller_stories(story, seed=1)]
    return parts + with_strangers(stories, seed=1)


def _measured_by(heard: voice_fitting.Voices, story: Known) -> Example:
    """The example of a story, by a voice that is as new to it as to a user's story."""
    return Example.of(story, heard.of(story.source, story.story))


def _is_of_copies(story: Example) -> bool:
    tables = story.tables
    return bool(linear.share_of_copies(tables.pair_names, tables.of_pairs)[0] > HALF)


def trainer(seen: Sequence[Example], made: Sequence[Example]) -> Scorer:
    """The scorer of the shipped settings, trained on these stories."""
    return _learned(seen, made, {})


def _learned(seen: Sequence[Example], made: Sequence[Example], card: dict[str, Any]) -> Scorer:
    """Scores from all of them, and a second look from first looks at stories that were held out in turn."""
    first = figures.held_out(seen, made, first_look)
    return replace(_first_look([*seen, *made], card), habits=habits_fitting.habits(first, card))


def first_look(seen: Sequence[Example], made: Sequence[Example]) -> Scorer:
    """The same scores without a second look."""
    return _first_look([*seen, *made], {})


def _first_look(examples: Sequence[Example], card: dict[str, Any]) -> Scorer:
    """Scores for stories of every kind from the sets themselves, the regimes from everything, the direction of two."""
    of_two = direction_fitting.direction(examples, card)
    examples = [example for example in examples if example.size > direction_fitting.PAIR]
    general = grow([example for example in examples if not example.regime], Growth(), card)
    whole = replace(
        general, banks=regime_fitting.banks(examples), familiar=familiar_fitting.familiar(examples), direction=of_two
    )
    return replace(whole, school=lesson_fitting.school(examples, whole))


def tables(data: Path) -> dict[str, dict[str, figures.Figures]]:
    """Both tables: by story within all sets, and with every set left out in turn."""
    known = examples(data)
    return _measured(known.whole, known.made)


def _measured(whole: Sequence[Example], made: Sequence[Example]) -> dict[str, dict[str, figures.Figures]]:
    return {
        "by story": figures.by_story(whole, made, trainer),
        "left out": figures.left_out(whole, made, trainer),
    }


def train(data: Path, into: Path = MODELS) -> dict[str, Any]:
    """Train on all stories, write what was learned with its figures, and return the card that travels with them."""
    known = examples(data)
    whole, made = known.whole, known.made
    measured = _measured(whole, made)
    card: dict[str, Any] = {
        "data": digest(data),
        "stories": len(whole),
        "growth": asdict(Growth()),
        "figures": {name: {source: _rounded(row) for source, row in table.items()} for name, table in measured.items()},
    }
    scorer = _learned(whole, made, card)
    into.mkdir(parents=True, exist_ok=True)
    _write(into, LINKS, model.to_mapping(scorer.links))
    _write(into, ROOTS, model.to_mapping(scorer.roots))
    weights = {"links": scorer.link_reasons, "roots": scorer.root_reasons}
    _write(into, REASONS, {name: linear.to_mapping(weighed) for name, weighed in weights.items()})
    _write(into, VOICE, voice.to_mapping(known.voice))
    if scorer.familiar:
        _write(into, FAMILIAR, familiar.to_mapping(scorer.familiar))
    if scorer.direction:
        _write(into, DIRECTION, model.to_mapping(scorer.direction.forest))
    if scorer.habits:
        _write(into, HABITS, model.to_mapping(scorer.habits.forest))
    if scorer.school:
        _write(into, LESSONS, lessons.to_mapping(scorer.school))
    _write(into, REGIMES, [regimes.to_mapping(bank) for bank in scorer.banks])
    seconds = merge_training.learned(whole, made, known.blends, trainer)
    _write(into, MERGES, {"seconds": linear.to_mapping(seconds)})
    return card


def _write(into: Path, name: str, stored: Any) -> None:
    text = json.dumps(stored, separators=(",", ":"), sort_keys=True)
    (into / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def _rounded(row: figures.Figures) -> dict[str, float]:
    return {name: round(value, 3) for name, value in asdict(row).items()}


def main() -> None:
    """Train, write and print: `python -m lineage.derive.train`."""
    card = train(data_folder())
    for name, table in card["figures"].items():
        print(figures.as_text(name, {source: figures.Figures(**row) for source, row in table.items()}))


if __name__ == "__main__":
    main()
