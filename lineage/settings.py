"""One frozen settings record a stage; read from TOML, written to TOML, unknown names refused."""

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

from lineage.errors import SettingsError


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise SettingsError(message)


@dataclass(frozen=True, slots=True)
class ReadSettings:
    """How inputs become articles.

    map: our field name to the input's ("text" to "body").  story_field: the input field whose value says which
    articles are versions of one story.  min_words: shorter texts are skipped and counted, they carry no signal.
    max_chars: longer texts are cut there, counted and named.
    """

    map: Mapping[str, str] = field(default_factory=dict, hash=False)
    story_field: str = ""
    min_words: int = 5
    max_chars: int = 2_000_000

    def __post_init__(self) -> None:
        _require(self.min_words >= 1, f"read.min_words is {self.min_words}; give 1 or more")
        _require(self.max_chars >= 1000, f"read.max_chars is {self.max_chars}; give 1000 or more")


@dataclass(frozen=True, slots=True)
class SketchSettings:
    """What a sketch is made of.

    stem: letters of a word that count as its stem.  window: two content stems at most this many content stems apart
    form a skip pair.  shingle: words a classical shingle has.  values: values a sketch of the MinHash family keeps.
    """

    stem: int = 6
    window: int = 4
    shingle: int = 5
    values: int = 128
    seed: int = 1

    def __post_init__(self) -> None:
        _require(1 <= self.stem <= 32, f"sketch.stem is {self.stem}; give 1 to 32 letters")
        _require(1 <= self.window <= 16, f"sketch.window is {self.window}; give 1 to 16")
        _require(1 <= self.shingle <= 32, f"sketch.shingle is {self.shingle}; give 1 to 32 words")
        _require(16 <= self.values <= 1024, f"sketch.values is {self.values}; give 16 to 1024")


@dataclass(frozen=True, slots=True)
class CandidateSettings:
    """Which pairs are worth an exact comparison.

    all_pairs: with at most this many articles every pair is compared.  rare: a skip pair in more articles than this
    finds nothing new and is not looked up.  shared: so many rare skip pairs in common make a candidate, if they are
    also this share of those of the smaller article (`share`, 0 to 1).  similarity: Jaccard similarity of 5-word
    shingles from which copies meet in a band of the MinHash sketch.  bucket: a band bucket with more articles is
    linked as a chain, counted and reported, not paired in full.  large: above so many articles only a share (`sample`)
    of the skip pairs is looked up, `rare` grows with the root of the corpus, and each article keeps its `best` closest
    ones only.
    """

    all_pairs: int = 64
    rare: int = 48
    shared: int = 3
    share: float = 0.018
    similarity: float = 0.5
    bucket: int = 64
    large: int = 20_000
    sample: float = 0.22
    best: int = 8

    def __post_init__(self) -> None:
        _require(self.all_pairs >= 0, f"candidates.all_pairs is {self.all_pairs}; give 0 or more")
        _require(self.rare >= 2, f"candidates.rare is {self.rare}; give 2 or more")
        _require(self.shared >= 1, f"candidates.shared is {self.shared}; give 1 or more")
        _require(0.0 <= self.share <= 1.0, f"candidates.share is {self.share}; give 0 to 1")
        _require(0.0 < self.similarity < 1.0, f"candidates.similarity is {self.similarity}; give more than 0, below 1")
        _require(self.bucket >= 2, f"candidates.bucket is {self.bucket}; give 2 or more")
        _require(self.large >= 1, f"candidates.large is {self.large}; give 1 or more")
        _require(0.0 < self.sample <= 1.0, f"candidates.sample is {self.sample}; give more than 0, at most 1")
        _require(self.best >= 1, f"candidates.best is {self.best}; give 1 or more")


@dataclass(frozen=True, slots=True)
class CompareSettings:
    """Which pairs are compared and written.

    report: pairs at or above this probability are written; 0.5 and more is the decision.  follow: two articles both
    tied to a third from this probability are compared even if they never met as candidates.  panel: in a larger
    corpus the rarity of words is judged by a sample of so many articles, and candidates whose weighted Jaccard
    similarity of skip pairs is below `glance` are given up before all else is measured; 0 gives up none.
    """

    report: float = 0.05
    follow: float = 0.7
    panel: int = 5000
    glance: float = 0.004

    def __post_init__(self) -> None:
        _require(0.0 <= self.report <= 0.5, f"compare.report is {self.report}; give 0 to 0.5")
        _require(0.0 < self.follow <= 1.0, f"compare.follow is {self.follow}; give more than 0, at most 1")
        _require(self.panel >= 2, f"compare.panel is {self.panel}; give 2 or more")
        _require(0.0 <= self.glance <= 1.0, f"compare.glance is {self.glance}; give 0 to 1")


@dataclass(frozen=True, slots=True)
class ClusterSettings:
    """How compared pairs become stories.

    join: probability from which a pair joins two articles.  kin: two families of versions tell one story from this
    probability on, on average over their pairs.  bridge: a link below this that alone ties two groups, each
    of at least `side` articles, is cut.  most: articles a story has at most; beyond it the weakest links do not join.
    """

    join: float = 0.5
    kin: float = 0.1
    bridge: float = 0.7
    side: int = 3
    most: int = 1000

    def __post_init__(self) -> None:
        _require(0.0 < self.join <= 1.0, f"cluster.join is {self.join}; give more than 0, at most 1")
        _require(0.0 < self.kin <= 1.0, f"cluster.kin is {self.kin}; give more than 0, at most 1")
        _require(0.0 <= self.bridge <= 1.0, f"cluster.bridge is {self.bridge}; give 0 to 1")
        _require(self.side >= 2, f"cluster.side is {self.side}; give 2 or more")
        _require(self.most >= 2, f"cluster.most is {self.most}; give 2 or more")


@dataclass(frozen=True, slots=True)
class BoilerplateSettings:
    """Which wording is boilerplate: runs of `run` words that stand in so many articles of so many stories."""

    run: int = 5
    articles: int = 12
    stories: int = 8

    def __post_init__(self) -> None:
        _require(1 <= self.run <= 32, f"boilerplate.run is {self.run}; give 1 to 32 words")
        _require(self.articles >= 2, f"boilerplate.articles is {self.articles}; give 2 or more")
        _require(self.stories >= 2, f"boilerplate.stories is {self.stories}; give 2 or more")


@dataclass(frozen=True, slots=True)
class DeriveSettings:
    """How a story becomes a derivation.

    undirected: below this probability of its direction an edge is drawn "either way".  sever: an article whose best
    parent is less probable than this, and less probable than having none, is left without one.
    """

    undirected: float = 0.6
    sever: float = 0.1

    def __post_init__(self) -> None:
        _require(0.5 <= self.undirected <= 1.0, f"derive.undirected is {self.undirected}; give 0.5 to 1")
        _require(0.0 <= self.sever < 1.0, f"derive.sever is {self.sever}; give 0 to below 1")


@dataclass(frozen=True, slots=True)
class DrawSettings:
    """How a story is drawn: detail auto, card, compact or row; theme screen, dark, contrast, print or stemma."""

    detail: str = "auto"
    theme: str = "screen"
    timeout: float = 60.0
    rivals: bool = False

    def __post_init__(self) -> None:
        details = ("auto", "card", "compact", "row")
        themes = ("screen", "dark", "contrast", "print", "stemma")
        _require(self.detail in details, f"draw.detail is {self.detail!r}; give one of {', '.join(details)}")
        _require(self.theme in themes, f"draw.theme is {self.theme!r}; give one of {', '.join(themes)}")
        _require(self.timeout > 0, f"draw.timeout is {self.timeout}; give more than 0 seconds")


@dataclass(frozen=True, slots=True)
class Settings:
    """All stages together; a stage receives its own part only."""

    read: ReadSettings = field(default_factory=ReadSettings)
    sketch: SketchSettings = field(default_factory=SketchSettings)
    candidates: CandidateSettings = field(default_factory=CandidateSettings)
    compare: CompareSettings = field(default_factory=CompareSettings)
    cluster: ClusterSettings = field(default_factory=ClusterSettings)
    boilerplate: BoilerplateSettings = field(default_factory=BoilerplateSettings)
    derive: DeriveSettings = field(default_factory=DeriveSettings)
    draw: DrawSettings = field(default_factory=DrawSettings)


def from_mapping(values: Mapping[str, Any]) -> Settings:
    """Settings from nested tables; what is not named keeps its default.

    Raises SettingsError on an unknown name, a wrong type or a value out of range.
    """
    result = Settings()
    stages = {stage.name for stage in fields(Settings)}
    for stage, table in values.items():
        _require(stage in stages, f"unknown settings table [{stage}]; known are {', '.join(sorted(stages))}")
        _require(isinstance(table, Mapping), f"[{stage}] must be a table of settings")
        result = replace(result, **{stage: _filled(stage, getattr(result, stage), table)})
    return result


def _filled(stage: str, record: Any, table: Mapping[str, Any]) -> Any:
    known = {entry.name: getattr(record, entry.name) for entry in fields(record)}
    for name, value in table.items():
        _require(name in known, f"unknown setting {stage}.{name}; known are {', '.join(sorted(known))}")
        wanted = type(known[name])
        fits = isinstance(value, wanted) or (wanted is float and isinstance(value, int))
        fits = fits and not (wanted is int and isinstance(value, bool))
        _require(fits, f"{stage}.{name} is {value!r}; give a value of type {wanted.__name__}")
    return replace(record, **table)


def from_toml(path: Path) -> Settings:
    """Settings from a TOML file.  Raises SettingsError where it cannot be read or is not TOML."""
    try:
        return from_mapping(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise SettingsError(f"cannot read settings {path}: {error.strerror}; check the path") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not TOML: {error}; compare it with docs/reference/settings.md") from error


def to_mapping(settings: Settings) -> dict[str, Any]:
    """Settings as nested tables, every value written out."""
    assert is_dataclass(settings)
    return asdict(settings)


def to_toml(settings: Settings) -> str:
    """Settings as TOML text that `from_toml` reads back to an equal record."""
    import tomli_w

    return tomli_w.dumps(to_mapping(settings))
