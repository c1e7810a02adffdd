"""Two texts held side by side, sentence first: what was kept, edited, moved, split, merged, left out, put in."""

from lineage.align.blocks import Block, BlockKind, blocks, tiling
from lineage.align.sentences import sentences
from lineage.align.similarity import Affinity, Stems, affinity, of_stems
from lineage.align.wording import WordEdit, words

__all__ = [
    "Affinity",
    "Block",
    "BlockKind",
    "Stems",
    "WordEdit",
    "affinity",
    "blocks",
    "of_stems",
    "sentences",
    "tiling",
    "words",
]
