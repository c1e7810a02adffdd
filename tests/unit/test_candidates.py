"""Candidate pairs: copies by bands, rewrites by rare skip pairs."""

import random

import numpy as np

from lineage import candidates, sketch
from lineage.settings import CandidateSettings

SOME = CandidateSettings(all_pairs=0)


def article(seed: int, length: int = 120) -> list[str]:
    """Words whose stems no other seed has, so two articles share nothing by chance."""
    draw = random.Random(seed)
    return [_spelled(seed * 100 + draw.randrange(100)) + "word" for _ in range(length)]


def _spelled(number: int) -> str:
    return "".join("abcdefghij"[int(digit)] for digit in f"{number:05}")


def found(texts: list[list[str]], settings: CandidateSettings = SOME) -> set[tuple[int, int]]:
    made = sketch.sketches([" ".join(words) for words in texts])
    return set(map(tuple, candidates.pairs(made, settings).pairs.tolist()))


def test_strangers_are_no_candidates() -> None:
    """Articles without common words never meet."""
    assert found([article(seed) for seed in range(30)]) == set()


def test_a_copy_and_a_light_edit_meet() -> None:
    """A copy, and a copy with one word in twenty changed, are candidates."""
    text = article(1)
    edited = [word if at % 20 else f"{word}new" for at, word in enumerate(text)]

    assert found([article(2), text, list(text), article(3), edited]) == {(1, 2), (1, 4), (2, 4)}


def test_a_brief_inside_a_long_article_meets() -> None:
    """Thirty words taken from the middle of an article of a thousand are found."""
    long = article(4, 1000)

    assert (0, 1) in found([long, long[500:530], article(5), article(6)])


def test_a_quotation_alone_is_found() -> None:
    """Two different articles with one quotation of twelve words in common meet."""
    quotation = article(7, 12)
    first = [*article(8, 90), *quotation, *article(9, 90)]
    second = [*article(10, 90), *quotation, *article(11, 90)]

    assert (0, 1) in found([first, second, article(12), article(13)], CandidateSettings(all_pairs=0, share=0.005))


def test_a_hot_bucket_is_a_chain_and_is_counted() -> None:
    """A thousand equal articles are linked with a thousand links a band, not with half a million."""
    made = sketch.sketches([" ".join(article(14))] * 1000)
    result = candidates.pairs(made, SOME)

    assert len(result.pairs) == 999
    assert result.hot_buckets > 0


def test_few_articles_are_compared_in_full() -> None:
    """A handful is not searched but compared in full."""
    assert len(found([article(seed) for seed in range(6)], CandidateSettings())) == 15


def test_texts_without_words_do_no_harm() -> None:
    """Empty texts meet nobody, not even each other."""
    assert found([[], [], article(15), article(15)]) == {(2, 3)}


def test_sketches_of_batches_join() -> None:
    """Sketching in batches gives the sketches of the whole."""
    texts = [" ".join(article(seed, 40)) for seed in range(7)]
    whole = sketch.sketches(texts)
    parts = sketch.joined([sketch.sketches(texts[:3]), sketch.sketches(texts[3:])])

    assert np.array_equal(whole.minhash, parts.minhash)
    assert np.array_equal(whole.skips.values, parts.skips.values)
    assert np.array_equal(whole.skips.bounds, parts.skips.bounds)
