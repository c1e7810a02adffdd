"""Laws of the alignment: the blocks tile both texts, and the word edits tile both sentences."""

from hypothesis import given, settings
from hypothesis import strategies as st

from lineage.align import Block, blocks, sentences, words
from lineage.records import Span

PIECES = st.sampled_from(
    [
        "The dam broke on Friday. ",
        "Some 7,400 people were ordered out. ",
        "“It did not jam the gate,” she said. ",
        "Dr. Who met Mr. Smith! ",
        "М. т.е. так. ",
        "彼は「行く」と言った。",
        "\n",
        "\n\n",
        " \t",
        "\u2028",
        "Rain fell",
        '"',
        "«",
    ]
)
TEXTS = st.one_of(st.lists(PIECES, max_size=12).map("".join), st.text(max_size=120))


def covered(text: str, spans: list[Span]) -> set[int]:
    """The places of `text` that the spans cover; fails when two spans share one."""
    places: set[int] = set()
    for start, end in spans:
        assert 0 <= start < end <= len(text)
        stretch = set(range(start, end))
        assert not places & stretch
        places |= stretch
    return places


def solid(text: str) -> set[int]:
    return {place for place, character in enumerate(text) if not character.isspace()}


@given(TEXTS)
def test_sentences_hold_every_visible_character_once(text: str) -> None:
    spans = sentences(text, "en")
    assert list(spans) == sorted(spans)
    assert solid(text) <= covered(text, list(spans))
    assert all(text[s:e] == text[s:e].strip() for s, e in spans)
    assert all("\n" not in text[s:e] for s, e in spans)


@settings(max_examples=60, deadline=None)
@given(TEXTS, TEXTS)
def test_blocks_tile_both_texts(a: str, b: str) -> None:
    found = blocks(a, b, "en")
    assert solid(a) <= covered(a, [block.a for block in found if block.a is not None])
    assert solid(b) <= covered(b, [block.b for block in found if block.b is not None])
    for block in found:
        assert well_formed(block)


def well_formed(block: Block) -> bool:
    one_sided = {"only-left": (True, False), "only-right": (False, True)}
    sides = (block.a is not None, block.b is not None)
    return sides == one_sided.get(block.kind, (True, True)) and 0.0 <= block.similarity <= 1.0


@settings(max_examples=40, deadline=None)
@given(TEXTS)
def test_a_text_against_itself_is_all_kept(text: str) -> None:
    assert {block.kind for block in blocks(text, text, "en")} <= {"kept"}


@settings(max_examples=40, deadline=None)
@given(TEXTS, TEXTS)
def test_a_text_against_nothing_is_one_sided(a: str, b: str) -> None:
    assert {block.kind for block in blocks(a, "", "en")} <= {"only-left"}
    assert {block.kind for block in blocks("", b, "en")} <= {"only-right"}


@given(TEXTS, TEXTS)
def test_word_edits_rebuild_both_sentences(a: str, b: str) -> None:
    edits = words(a, b)
    for edit in edits:
        before, after = a[slice(*edit.a)], b[slice(*edit.b)]
        assert "".join(before.split()) == "".join(after.split()) or edit.kind != "equal"
        assert (before == "") == (edit.kind == "insert")
        assert (after == "") == (edit.kind == "delete")
    left = "".join(a[slice(*edit.a)] for edit in edits)
    right = "".join(b[slice(*edit.b)] for edit in edits)
    assert "".join(left.split()) == "".join(a.split())
    assert "".join(right.split()) == "".join(b.split())
