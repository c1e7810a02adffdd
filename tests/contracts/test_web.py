"""Pages, feeds and archives: the article without what stands around it, and what the page says about itself."""

import gzip
import io
import json
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest
from typer.testing import CliRunner

import lineage
from lineage import ingest
from lineage.cli import app
from lineage.errors import InputError, MissingExtra
from lineage.ingest import page
from lineage.ingest.dates import stamp
from lineage.records import Article, Skipped


@pytest.fixture(autouse=True)
def web(need: Callable[[object, str], None]) -> None:
    """The libraries that read pages."""
    need(all(find_spec(name) for name in page.LIBRARIES), "the extra `web` is not installed")


MENU = '<nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li></ul></nav>'
FOOTER = "<footer><p>© 2026 Lowmoor Media. All rights reserved. Contact the newsroom. Cookies.</p></footer>"
PARAGRAPHS = (
    "The gates of the Lowmoor dam were opened forty minutes before the warning reached the valley, an inquiry heard.",
    "The operator, Harrow Water, said its engineers had followed the procedure agreed with the county after the flood.",
    "“We acted on the figures that we had,” said Mira Holt, the head of operations, on the second day of the hearing.",
    "Nobody was hurt, but eleven houses were damaged; the flood officer is to give evidence about the sirens next.",
)
GERMAN = (
    "Die Schleusen des Stausees wurden vierzig Minuten vor der Warnung geöffnet, hörte der Ausschuss am Dienstag.",
    "Der Betreiber erklärte, seine Ingenieure hätten sich an das Verfahren gehalten, das mit dem Kreis vereinbart war.",
    "Niemand wurde verletzt, doch elf Häuser wurden beschädigt; als Nächster soll der Katastrophenschützer aussagen.",
)
RUSSIAN = (
    "Затворы плотины открыли за сорок минут до того, как предупреждение дошло до долины, сообщили на слушаниях.",
    "Оператор заявил, что инженеры следовали порядку, согласованному с районом после наводнения прошлых лет.",
    "Никто не пострадал, но одиннадцать домов повреждены; следующим показания даст начальник службы спасения.",
)
LINKED = {
    "@context": "https://schema.org",
    "@graph": [
        {"@type": "WebPage", "name": "Dam | Gazette", "datePublished": "2020-01-01"},
        {
            "@type": ["NewsArticle"],
            "headline": "Dam gates opened early",
            "datePublished": "2026-03-04T06:15:00+01:00",
            "dateModified": "2026-03-04T09:00:00+01:00",
            "author": [{"@type": "Person", "name": "Ada Finch"}, {"@type": "Organization", "name": "Northern Press"}],
            "publisher": {"@type": "Organization", "name": "Lowmoor Media plc"},
        },
    ],
}


def html(paragraphs: tuple[str, ...] = PARAGRAPHS, head: str = "", lang: str = "en", title: str = "") -> str:
    body = "".join(f"<p>{one}</p>" for one in paragraphs)
    heading = f"<h1>{title}</h1>" if title else ""
    return (
        f'<!DOCTYPE html><html lang="{lang}"><head>{head}</head><body>{MENU}<article>{heading}{body}</article>'
        f"{FOOTER}</body></html>"
    )


def linked(told: object = LINKED) -> str:
    return f'<script type="application/ld+json">{json.dumps(told)}</script>'


def read(*places: Path) -> tuple[list[Article], list[Skipped]]:
    skipped: list[Skipped] = []
    return list(ingest.articles(places, on_skip=skipped.append)), skipped


def written(folder: Path, name: str, content: str | bytes) -> Path:
    place = folder / name
    place.write_bytes(content if isinstance(content, bytes) else content.encode())
    return place


def test_a_page_is_its_article(tmp_path: Path) -> None:
    """Without menu, footer and headline; with the agency among the authors, and with the time of day."""
    head = '<meta charset="utf-8"><link rel="canonical" href="https://gazette.example/2026/03/04/dam">'
    head += '<meta property="og:site_name" content="The Lowmoor Gazette">' + linked()
    [article], skipped = read(written(tmp_path, "dam.html", html(head=head, title="Dam gates opened early")))
    assert article.text.split("\n") == list(PARAGRAPHS)
    assert (article.id, article.title, article.source) == ("dam", "Dam gates opened early", "The Lowmoor Gazette")
    assert (article.author, article.lang) == ("Ada Finch, Northern Press", "en")
    assert article.published == stamp("2026-03-04T06:15:00+01:00")
    assert article.url == "https://gazette.example/2026/03/04/dam"
    assert article.extra["modified"] == "2026-03-04T09:00:00+01:00"
    assert article.extra["provenance"]["published"] == "JSON-LD datePublished"
    assert skipped == []


@pytest.mark.parametrize(
    ("head", "said", "place"),
    [
        ('<meta property="article:published_time" content="2026-03-04T06:15:00Z">', "2026-03-04T06:15:00Z", "meta"),
        ('<meta itemprop="datePublished" content="2026-03-04T06:15">', "2026-03-04T06:15", "itemprop"),
        ('<link rel="canonical" href="https://gazette.example/2026/03/04/dam">', "2026-03-04", "url"),
        ("</head><article><time datetime='2026-03-04T06:15Z'>today</time></article>", "2026-03-04T06:15Z", "time"),
        (linked({"@type": "Organization", "datePublished": "1999-01-01"}), None, None),
        ('<script type="application/ld+json">{"datePublished": broken</script>', None, None),
    ],
)
def test_when_a_page_was_published(tmp_path: Path, head: str, said: str | None, place: str | None) -> None:
    """As exactly as it says, and no more: a day in its address is a day, not midnight."""
    [article], _ = read(written(tmp_path, "dam.html", html(head='<meta charset="utf-8">' + head)))
    assert article.published == stamp(said)
    assert article.extra["provenance"].get("published", "none").split()[0] == (place or "none")


@pytest.mark.parametrize(
    ("encoding", "paragraphs", "lang", "stated"),
    [
        ("windows-1251", RUSSIAN, "ru", '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">'),
        ("koi8-r", RUSSIAN, "ru", '<meta charset="koi8-r">'),
        ("iso-8859-1", GERMAN, "de", '<meta charset="iso-8859-1">'),
        ("utf-8", RUSSIAN, "ru", ""),
        ("utf-8", GERMAN, "de", '<meta charset="no-such-encoding">'),
        ("utf-16", GERMAN, "de", '<meta charset="utf-16">'),
    ],
)
def test_a_page_says_how_it_is_spelled(
    tmp_path: Path, encoding: str, paragraphs: tuple[str, ...], lang: str, stated: str
) -> None:
    """By its own statement, else as any text is."""
    raw = html(paragraphs, head=stated, lang=lang).encode(encoding)
    [article], _ = read(written(tmp_path, "a.htm", raw))
    assert article.text.split("\n") == list(paragraphs)
    assert article.lang == lang


def test_what_is_no_article_is_named(tmp_path: Path) -> None:
    """Beside others it is passed over, whatever it is."""
    written(tmp_path, "a.html", html())
    written(tmp_path, "empty.html", "")
    written(tmp_path, "none.html", "<html><body></body></html>")
    written(tmp_path, "noise.html", bytes(range(256)) * 40)
    written(tmp_path, "deep.html", "<div>" * 50_000 + "word " * 50)
    written(tmp_path, "large.html", "<html><body>" + "<p>some words here</p>" * 600_000)
    written(tmp_path, "plain.xml", "<?xml version='1.0'?><catalogue><entry>one</entry></catalogue>")
    found, skipped = read(tmp_path)
    assert {"a"} <= {article.id for article in found} <= {"a", "deep", "noise"}
    reasons = {Path(one.where).name: one.reason for one in skipped}
    assert reasons["empty.html"] == "empty file"
    assert reasons["none.html"] in ("no article text", "damaged file")
    assert reasons["large.html"] == "too large"
    assert reasons["plain.xml"] == "unknown format"


def test_a_headline_is_no_outlet(tmp_path: Path) -> None:
    """Of `Headline | Outlet` the headline is not taken for the name of the paper."""
    title = "Council approves 3.2 million pound flood wall for Marlow Bridge"
    body = "".join(f"<p>{one}</p>" for one in PARAGRAPHS)
    head = f"<html><head><title>{title} | Courier</title></head>"
    text = f"{head}<body><article><h1>{title}</h1>{body}</article></body></html>"
    (tmp_path / "a.html").write_text(text, encoding="utf-8")
    [article] = lineage.read(tmp_path)
    assert (article.title, article.source) == (title, "")


def test_a_page_saved_by_a_browser_knows_where_it_was(tmp_path: Path) -> None:
    """Browsers write the address into a comment."""
    saved = "<!-- saved from url=(0035)https://gazette.example/2026/dam.php -->" + html()
    [article], _ = read(written(tmp_path, "Dam — The Gazette.html", saved))
    assert (article.url, article.source) == ("https://gazette.example/2026/dam.php", "gazette.example")


FEED = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>The Lowmoor Gazette</title><language>en-gb</language>{items}</channel></rss>"""
ITEM = """<item><title>Dam &amp; valley</title><link>https://gazette.example/{number}</link>
<pubDate>Wed, 04 Mar 2026 06:15:00 +0100</pubDate><description>In short.</description>
<content:encoded><![CDATA[{text}]]></content:encoded></item>"""


def test_the_entries_of_a_feed(tmp_path: Path) -> None:
    """Each with its text, by its address; an entry of a few words is too short to compare."""
    whole = ITEM.format(number=1, text="".join(f"<p>{one}</p>" for one in PARAGRAPHS))
    place = written(tmp_path, "gazette.rss", FEED.format(items=whole + ITEM.format(number=2, text="Two words")))
    [article], [short] = read(place)
    assert (article.id, article.title) == ("https://gazette.example/1", "Dam & valley")
    assert article.published == stamp("Wed, 04 Mar 2026 06:15:00 +0100")
    assert (article.source, article.lang) == ("The Lowmoor Gazette", "en-gb")
    assert all(one in article.text for one in PARAGRAPHS)
    assert (short.where, short.reason) == (f"{place}#2", "too short")


def archived(pages: list[tuple[str, str, bytes, str]], status: str = "200 OK") -> bytes:
    """A packed WARC file of pages: address, time, content, type."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    for url, fetched, content, kind in pages:
        headers = StatusAndHeaders(status, [("Content-Type", kind)], protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(
                url,
                "response",
                payload=io.BytesIO(content),
                http_headers=headers,
                warc_headers_dict={"WARC-Date": fetched},
            )
        )
    return out.getvalue()


DAY, NEXT = "2026-03-05T10:00:00Z", "2026-03-06T10:00:00Z"
HTML = "text/html; charset=utf-8"


def test_the_pages_of_an_archive(tmp_path: Path) -> None:
    """Each by its address; fetched again unchanged it is a repeat, with another text an article of its own."""
    first, second = html(PARAGRAPHS).encode(), html(PARAGRAPHS[:3]).encode()
    url = "https://gazette.example/dam"
    kinds = [(url, DAY, first, HTML), (url, NEXT, first, HTML), (url, NEXT, second, HTML)]
    others = [
        ("https://gazette.example/pic.png", DAY, b"\x89PNG", "image/png"),
        (
            "https://zeitung.example/see",
            DAY,
            html(GERMAN, lang="de").encode("iso-8859-1"),
            "text/html; charset=ISO-8859-1",
        ),
    ]
    found, skipped = read(written(tmp_path, "crawl.warc.gz", archived(kinds + others)))
    assert [article.id for article in found] == [url, f"{url} {NEXT}", "https://zeitung.example/see"]
    assert found[2].text.split("\n") == list(GERMAN)
    assert [(one.reason, "same article" in one.detail) for one in skipped] == [("duplicate id", True)]
    assert found[0].published == stamp(f"≤ {DAY}")
    assert found[0].extra["captured"] == DAY


def test_what_was_not_found_is_no_page(tmp_path: Path) -> None:
    """An error page is not an article."""
    gone = archived([("https://gazette.example/dam", DAY, html().encode(), HTML)], "404 Not Found")
    assert read(written(tmp_path, "crawl.warc.gz", gone))[0] == []


@pytest.mark.parametrize("packed", [True, False])
def test_an_archive_that_ends_early(tmp_path: Path, packed: bool) -> None:
    """What came before is kept, and the damage said."""
    whole = archived([(f"https://gazette.example/{n}", DAY, html().encode(), HTML) for n in range(4)])
    raw = whole[: len(whole) * 5 // 8] if packed else gzip.decompress(whole)[:-900]
    written(tmp_path, "a.txt", " ".join(PARAGRAPHS))
    found, skipped = read(tmp_path, written(tmp_path, "crawl.warc.gz" if packed else "crawl.warc", raw))
    assert 2 <= len(found) <= 4
    assert "damaged file" in [one.reason for one in skipped]


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    """Where the user named it; in a folder it is passed over."""
    place = written(tmp_path, "crawl.warc", "this is no archive\n" * 100)
    with pytest.raises(InputError, match="WARC"):
        read(place)
    written(tmp_path, "a.html", html())
    found, skipped = read(tmp_path)
    assert [article.id for article in found] == ["a"]
    assert [one.reason for one in skipped] == ["damaged file"]


def test_without_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that was named says what to install; one in a folder is passed over, with the same remedy."""
    monkeypatch.setattr(page, "find_spec", lambda name: None)
    place = written(tmp_path, "a.html", html())
    with pytest.raises(MissingExtra, match=r"article-lineage\[web\]"):
        read(place)
    written(tmp_path, "b.txt", " ".join(PARAGRAPHS))
    found, [skipped] = read(tmp_path)
    assert [article.id for article in found] == ["b"]
    assert (skipped.reason, "article-lineage[web]" in skipped.detail) == ("needs an extra", True)


def test_extracted_records_are_read_back_as_the_same_articles(tmp_path: Path) -> None:
    """What stdout carries is data only, and every command takes it for the pages."""
    head = '<meta charset="utf-8">' + linked()
    written(tmp_path, "a.html", html(head=head))
    written(tmp_path, "b.txt", "A title\n\n" + " ".join(PARAGRAPHS))
    written(tmp_path, "none.html", "<html><body></body></html>")
    asked = CliRunner().invoke(app, ["extract", str(tmp_path), "--strict"], prog_name="lineage")
    assert asked.exit_code == 3
    records = [json.loads(line) for line in asked.stdout.splitlines()]
    assert [record["id"] for record in records] == ["a", "b"]
    assert records[0]["provenance"]["author"] == "JSON-LD author"
    assert "1 skipped" in asked.stderr
    out = tmp_path / "out" / "articles.jsonl"
    out.parent.mkdir()
    assert CliRunner().invoke(app, ["extract", str(tmp_path), "-o", str(out)], prog_name="lineage").exit_code == 0
    assert list(lineage.read(out)) == read(tmp_path)[0][: len(records)]


def test_nothing_to_extract(tmp_path: Path) -> None:
    """With `--fail-empty` that is 4; a file that was there stays as it was."""
    written(tmp_path, "none.html", "<html><body></body></html>")
    asked = CliRunner().invoke(app, ["extract", str(tmp_path), "--fail-empty"], prog_name="lineage")
    assert (asked.exit_code, asked.stdout) == (4, "")


def test_a_page_and_its_rewrite_are_one_story(tmp_path: Path) -> None:
    """Pages are traced as any articles are."""
    written(tmp_path, "a.html", html(head=linked()))
    written(tmp_path, "b.html", html((PARAGRAPHS[0], *PARAGRAPHS[2:]), head='<meta name="date" content="2026-03-07">'))
    [story] = lineage.trace([str(tmp_path)]).stories
    [edge] = story.derivation.edges
    assert (edge.parent, edge.child) == ("a", "b")
