"""Learns the shipped models again."""

from pathlib import Path

import msgspec

from lineage import candidates, model
from lineage.derive import train as derivations
from lineage.features import Sketches
from lineage.settings import CandidateSettings
from lineage.verify import train as verification
from lineage.watch import Silent, Watch

MODELS = Path(__file__).parents[1] / "data" / "models"


def train(data: Path, watch: Watch = Silent(), models: Path = MODELS) -> None:
    """Learn verification and derivation from the sets of known truth below `data` and store both in `models`.

    Raises MissingInput where the sets are absent, MissingExtra without the extra `train`.
    """
    models.mkdir(parents=True, exist_ok=True)
    corpora = verification.labelled(data)
    watch.stage("measuring pairs")
    cases = verification.cases(corpora, candidates_of)
    watch.stage("learning")
    card = {"trained_on": [known.name for known in corpora], "digest": verification.digest(data)}
    judges = verification.train(cases, card)
    for name, forest in (("pair", judges.alone), ("pair-together", judges.together)):
        (models / f"{name}.json").write_bytes(msgspec.json.encode(model.to_mapping(forest)) + b"\n")
    watch.stage("learning derivations, with every set left out in turn")
    derivations.train(data, models)


def candidates_of(sketches: Sketches) -> candidates.Pairs:
    """The candidate pairs with default settings: the pairs that verification will meet in use."""
    return candidates.pairs(sketches, CandidateSettings()).pairs
