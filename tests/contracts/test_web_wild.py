"""Pages, feeds and archives as they are found in the wild: each of these once went wrong."""

import gzip
import io
import json
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

from lineage import ingest
from lineage.errors import InputError
from lineage.ingest import page
from lineage.ingest.dates import stamp
from lineage.records import Article, Skipped


@pytest.fixture(autouse=True)
def web(need: Callable[[object, str], None]) -> None:
    """The libraries that read pages."""
    need(all(find_spec(name) for name in page.LIBRARIES), "the extra `web` is not installed")


P = (
    "The gates of the Lowmoor dam were opened forty minutes before the warning reached the valley, an inquiry heard.",
    "The operator, Harrow Water, said its engineers had followed the procedure agreed with the county after the flood.",
    "“We acted on the figures that we had,” said Mira Holt, the head of operations, on the second day of the hearing.",
    "Nobody was hurt, but eleven houses were damaged; the flood officer is to give evidence about the sirens next.",
)
BODY = "".join(f"<p>{one}</p>" for one in P)
NEWS = {"@type": "NewsArticle", "headline": "Dam"}
TOLD = {**NEWS, "datePublished": "2026-03-04T06:00:00Z"}
META = '<meta property="article:published_time" content="2026-03-04T06:15:00Z">'
URL = "https://gazette.example/dam"
DAY = "2026-03-05T10:00:00Z"


def html(
    head: str = "", before: str = "<h1>Dam</h1>", body: str = BODY, charset: str = '<meta charset="utf-8">'
) -> str:
    return (
        f'<!DOCTYPE html><html lang="en"><head>{charset}{head}</head><body><nav><a href="/">Home</a></nav>'
        f"<article>{before}{body}</article></body></html>"
    )


def linked(told: object, kind: str = "application/ld+json", wrap: str = "%s") -> str:
    return f'<script type="{kind}">{wrap % json.dumps(told)}</script>'


def read(*places: Path) -> tuple[list[Article], list[Skipped]]:
    skipped: list[Skipped] = []
    return list(ingest.articles(places, on_skip=skipped.append)), skipped


def written(folder: Path, name: str, content: str | bytes) -> Path:
    place = folder / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def taken(folder: Path, name: str, content: str | bytes) -> tuple[list[Article], list[Skipped]]:
    return read(written(folder, name, content))


def one(folder: Path, content: str | bytes, name: str = "a.html") -> Article:
    [article], _ = read(written(folder, name, content))
    return article


def record(url: str, content: bytes, *more: tuple[str, str], kind: str | None = "text/html", gz: bool = True) -> bytes:
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    out = io.BytesIO()
    writer = WARCWriter(out, gzip=gz)
    told = [*([("Content-Type", kind)] if kind else []), *more]
    headers = StatusAndHeaders("200 OK", told, protocol="HTTP/1.1")
    dated = {"WARC-Date": DAY}
    payload = io.BytesIO(content)
    writer.write_record(
        writer.create_warc_record(url, "response", payload=payload, http_headers=headers, warc_headers_dict=dated)
    )
    return out.getvalue()


PAGE = html().encode()
OTHER = html(body=BODY.replace("Nobody", "Somebody")).encode()


@pytest.mark.parametrize("name", ["undefined"])
def test_a_codec_that_is_no_encoding_is_not_fatal(tmp_path: Path, name: str) -> None:
    """Python's `undefined` codec raises UnicodeError, which is no UnicodeDecodeError."""
    assert one(tmp_path, html(charset=f'<meta charset="{name}">')).text.startswith(P[0])


def test_a_page_packed_by_brotli_does_not_end_the_run(tmp_path: Path) -> None:
    """With the package brotli there, warcio raises AttributeError; every crawl by a browser holds such pages."""
    brotli = pytest.importorskip("brotli")
    packed = record(URL, brotli.compress(PAGE), ("Content-Encoding", "br"))
    found, _ = read(written(tmp_path, "c.warc.gz", packed + record(URL + "2", PAGE)))
    assert [article.id for article in found] == [URL, URL + "2"]


def test_an_address_that_is_none_does_not_cost_the_article(tmp_path: Path) -> None:
    """`urlsplit` raises ValueError on it, and the page was called damaged."""
    assert one(tmp_path, html('<link rel="canonical" href="http://[bad/2026/03/04/x">')).text.startswith(P[0])


def test_an_archive_cut_between_the_headers_of_a_record_is_not_fatal(tmp_path: Path) -> None:
    """warcio then gives a response without status line or type, and its own code fails on None."""
    first, second = record(URL, PAGE), record(URL + "2", OTHER)
    failed = set()
    for cut in range(1, len(second), 9):
        try:
            read(written(tmp_path, "c.warc.gz", first + second[:cut]))
        except Exception as error:
            failed.add((cut, type(error).__name__))
    assert failed == set()


def test_an_archive_cut_anywhere_is_told(tmp_path: Path) -> None:
    """Every cut inside the second record leaves the first, and is told."""
    first, second = record(URL, PAGE), record(URL + "2", OTHER)
    silent = []
    for cut in range(1, len(second) - 1, 9):
        try:
            found, skipped = read(written(tmp_path, "c.warc.gz", first + second[:cut]))
        except InputError:
            continue  # nothing came before, and the file was named
        if len(found) < 2 and not skipped:
            silent.append(cut)
    assert silent == []


def test_an_unpacked_archive_cut_anywhere_is_told(tmp_path: Path) -> None:
    """The same without packing."""
    first, second = record(URL, PAGE, gz=False), record(URL + "2", OTHER, gz=False)
    silent = []
    for cut in range(1, len(second) - 5, 19):
        try:
            found, skipped = read(written(tmp_path, "c.warc", first + second[:cut]))
        except InputError:
            continue  # nothing came before, and the file was named
        if len(found) < 2 and not skipped:
            silent.append(cut)
    assert silent == []


def test_nothing_is_printed_past_our_account(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of a wrong length the library writes a warning of four lines to standard error itself."""
    raw = record(URL, PAGE, gz=False).replace(b"Content-Length: ", b"Content-Length: x", 1)
    written(tmp_path, "b.txt", " ".join(P))
    read(written(tmp_path, "c.warc", raw + record(URL + "2", OTHER, gz=False)))
    assert capsys.readouterr() == ("", "")


def test_an_archive_packed_as_one_is_read_whole(tmp_path: Path) -> None:
    """`gzip crawl.warc` makes one stream of all records; all but the first were lost, with "fetch the file again"."""
    plain = record(URL, PAGE, gz=False) + record(URL + "2", OTHER, gz=False)
    found, _ = read(written(tmp_path, "c.warc.gz", gzip.compress(plain)))
    assert len(found) == 2


def test_what_is_said_of_damage_can_be_printed(tmp_path: Path) -> None:
    """The message held the damaged bytes themselves: one line of plain words, please."""
    first, second, third = record(URL, PAGE), record(URL + "2", OTHER), record(URL + "3", PAGE)
    raw = first + second[:200] + b"\0\1\2\3" * 8 + second[232:] + third
    _, skipped = read(written(tmp_path, "c.warc.gz", raw))
    assert all(told.detail.isprintable() and len(told.detail) < 300 for told in skipped)


def test_captures_in_two_archives_are_told_apart(tmp_path: Path) -> None:
    """Crawls come in many files; the revised page of the second was dropped as a duplicate id."""
    written(tmp_path, "a.warc.gz", record(URL, PAGE))
    written(tmp_path, "b.warc.gz", record(URL, OTHER))
    found, _ = read(tmp_path)
    assert len(found) == 2


def test_captures_of_one_second_are_told_apart(tmp_path: Path) -> None:
    """A third text of an address in the same second had the second's id."""
    third = html(body=BODY.replace("Nobody", "Anybody")).encode()
    found, _ = read(written(tmp_path, "c.warc.gz", record(URL, PAGE) + record(URL, OTHER) + record(URL, third)))
    assert len(found) == 3


def test_a_response_without_a_type_is_not_passed_over_in_silence(tmp_path: Path) -> None:
    """It is a page to every browser: read it or name it."""
    found, skipped = read(written(tmp_path, "c.warc.gz", record(URL, PAGE, kind=None)))
    assert found or skipped


def test_a_feed_that_is_too_large_is_told(tmp_path: Path) -> None:
    """A feed above the bound was cut there, and the rest of its entries lost without a word."""
    item = "<item><link>https://g.example/{}</link><description>{}</description></item>"
    items = "".join(item.format(n, f"entry {n} of the feed with some words " * 1_300) for n in range(250))
    feed = f'<?xml version="1.0"?><rss version="2.0"><channel><title>G</title>{items}</channel></rss>'
    found, skipped = read(written(tmp_path, "f.rss", feed))
    assert len(found) == 250 or {told.reason for told in skipped} & {"too large", "cut", "damaged file"}


def test_a_feed_that_ends_early_is_told(tmp_path: Path) -> None:
    """feedparser's `bozo` was not looked at."""
    items = "".join(f"<item><link>https://g.example/{n}</link><description>{P[n]}</description></item>" for n in (0, 1))
    feed = f'<?xml version="1.0"?><rss version="2.0"><channel><title>G</title>{items}</channel></rss>'
    _, skipped = read(written(tmp_path, "f.rss", feed[: feed.index(P[1]) - 50]))
    assert "damaged file" in {told.reason for told in skipped}


def test_pictures_inside_a_page_do_not_make_it_too_large(tmp_path: Path) -> None:
    """SingleFile, which fact-checkers use, saves a page with its pictures as data addresses: often over 10 MB."""
    picture = f'<img src="data:image/png;base64,{"A" * 12_000_000}">'
    assert one(tmp_path, html(before="<h1>Dam</h1>" + picture)).text.startswith(P[0])


def test_the_frames_of_a_saved_page_are_no_articles(tmp_path: Path) -> None:
    """ "Web page, complete" puts advertisements and consent frames into NAME_files/ beside NAME.html."""
    written(tmp_path, "Dam.html", html())
    written(
        tmp_path, "Dam_files/saved_resource.html", html(before="", body="<p>We value your privacy and use cookies.</p>")
    )
    assert [article.id for article in read(tmp_path)[0]] == ["Dam"]


def test_latin_1_is_windows_1252_on_the_web(tmp_path: Path) -> None:
    """The Encoding Standard says so, and so does every browser; quotation marks became control characters."""
    raw = html(charset='<meta charset="iso-8859-1">').encode("cp1252")
    assert one(tmp_path, raw).text.split("\n") == list(P)


def test_a_byte_order_mark_outweighs_what_a_page_says(tmp_path: Path) -> None:
    """Again as browsers do."""
    raw = b"\xef\xbb\xbf" + html(charset='<meta charset="iso-8859-1">').encode()
    assert one(tmp_path, raw).text.split("\n") == list(P)


def test_unicode_escape_is_no_encoding_of_a_page(tmp_path: Path) -> None:
    """Only encodings that the web knows should be taken from a page."""
    assert one(tmp_path, html(charset='<meta charset="unicode_escape">')).text.split("\n") == list(P)


def test_the_date_of_a_related_article_is_not_the_pages(tmp_path: Path) -> None:
    """Of several articles in the JSON-LD the one with the page's address or headline is meant, not the first."""
    other = {"@type": "NewsArticle", "headline": "Other", "url": "https://g.example/o", "datePublished": "2019-01-01"}
    head = f'<link rel="canonical" href="{URL}">' + linked([other, {**TOLD, "url": URL}])
    article = one(tmp_path, html(head))
    assert (article.title, article.published) == ("Dam", stamp(TOLD["datePublished"]))


def test_fields_of_two_articles_are_not_mixed(tmp_path: Path) -> None:
    """What the page's own article leaves out was filled in from another's."""
    other = {"@type": "NewsArticle", "headline": "Other", "author": "Bo Reed", "datePublished": "2019-01-01"}
    article = one(tmp_path, html(linked([NEWS, other])))
    assert (article.published, article.author) == (None, "")


@pytest.mark.parametrize(
    "before",
    [
        '<aside>Related <time datetime="2019-01-01">old</time></aside><h1>Dam</h1><time datetime="2026-03-04T06:00Z">',
        '<h1>Dam</h1></article><article class="teaser"><a href="/x">Other</a><time datetime="2019-01-01">o</time>'
        '</article><article><h1>Dam</h1><time datetime="2026-03-04T06:00Z">n</time>',
        '<a href="/x">Other</a> <meta itemprop="datePublished" content="2019-01-01"></article><article><h1>Dam</h1>'
        '<time datetime="2026-03-04T06:00Z">n</time>',
    ],
)
def test_the_time_of_a_teaser_is_not_the_pages(tmp_path: Path, before: str) -> None:
    """The first `time` of any `article` was taken. With several that differ, none is better than the wrong one."""
    assert one(tmp_path, html(before=before)).published in (None, stamp("2026-03-04T06:00Z"))


def test_a_date_that_is_none_gives_way_to_one_that_is(tmp_path: Path) -> None:
    """The surest place was believed even where it held no date."""
    assert one(tmp_path, html(linked({**NEWS, "datePublished": "yesterday"}) + META)).published == stamp(
        "2026-03-04T06:15:00Z"
    )


def test_the_crawl_bounds_a_page_whose_date_is_none(tmp_path: Path) -> None:
    """`≤` the time of the fetch holds whatever the page says."""
    page = html(linked({**NEWS, "datePublished": "yesterday"})).encode()
    assert one(tmp_path, record(URL, page), "c.warc.gz").published == stamp(f"≤ {DAY}")


def test_a_time_is_better_than_its_day(tmp_path: Path) -> None:
    """JSON-LD says the day, `meta` the minute of the same day."""
    assert one(tmp_path, html(linked({**NEWS, "datePublished": "2026-03-04"}) + META)).published == stamp(
        "2026-03-04T06:15:00Z"
    )


def test_when_it_was_made_is_not_when_it_was_published(tmp_path: Path) -> None:
    """dateCreated, when the draft was opened, went before article:published_time."""
    assert one(tmp_path, html(linked({**NEWS, "dateCreated": "2026-03-01"}) + META)).published == stamp(
        "2026-03-04T06:15:00Z"
    )


def test_provenance_names_only_what_the_record_has(tmp_path: Path) -> None:
    """Month 13 is no date, but had a provenance."""
    article = one(tmp_path, html('<link rel="canonical" href="https://g.example/2026/13/45/dam">'))
    assert (article.published is None) == ("published" not in article.extra["provenance"])


def test_references_in_json_ld_are_followed(tmp_path: Path) -> None:
    """Yoast, on millions of WordPress sites, writes author and publisher as `@id`; the source became "#org"."""
    told = {**TOLD, "author": {"@id": "#ada"}, "publisher": {"@id": "#org"}}
    people = [
        {"@type": "Person", "@id": "#ada", "name": "Ada Finch"},
        {"@type": "Organization", "@id": "#org", "name": "G"},
    ]
    article = one(tmp_path, html(linked({"@graph": [told, *people]})))
    assert (article.author, article.source) == ("Ada Finch", "G")


@pytest.mark.parametrize(
    "head",
    [
        linked(TOLD, kind="application/ld+json; charset=utf-8"),
        linked(TOLD, kind="application/LD+JSON"),
        linked(TOLD, wrap="//<![CDATA[\n%s\n//]]>"),
        linked(TOLD, wrap="%s;"),
        linked({"@type": "WebPage", "mainEntity": TOLD}),
    ],
    ids=["charset", "case", "cdata", "semicolon", "mainEntity"],
)
def test_json_ld_is_found(tmp_path: Path, head: str) -> None:
    """However its element is written, and where it is the main entity of the page."""
    assert one(tmp_path, html(head)).published == stamp(TOLD["datePublished"])


def test_entities_in_json_ld_are_letters(tmp_path: Path) -> None:
    """Many sites escape for HTML inside JSON; the headline then also stayed in the text."""
    told = {**NEWS, "headline": "Dam &amp; valley &quot;early&quot;"}
    article = one(tmp_path, html(linked(told), before="<h1>Dam &amp; valley “early”</h1>"))
    assert article.title == 'Dam & valley "early"'


def test_a_profile_is_not_an_author(tmp_path: Path) -> None:
    """The address of a profile is no name."""
    head = linked({**NEWS, "author": "https://social.example/ada"}) + '<meta name="author" content="Ada Finch">'
    assert one(tmp_path, html(head)).author == "Ada Finch"


def test_a_relative_address_is_made_whole(tmp_path: Path) -> None:
    """Against where the page was fetched; url and outlet were lost."""
    article = one(tmp_path, record(URL, html('<link rel="canonical" href="/2026/dam">').encode()), "c.warc.gz")
    assert (article.url, article.source) == ("https://gazette.example/2026/dam", "gazette.example")


def test_rel_is_a_list_without_case(tmp_path: Path) -> None:
    """HTML says so."""
    assert one(tmp_path, html(f'<link rel="Canonical nofollow" href="{URL}">')).url == URL


def test_white_space_of_a_title_is_one_blank(tmp_path: Path) -> None:
    """Else the title has line breaks, and the headline is not told from the text."""
    article = one(
        tmp_path, html('<meta property="og:title" content="Dam\n gates   early">', before="<h1>Dam gates early</h1>")
    )
    assert (article.title, article.text.split("\n")[0]) == ("Dam gates early", P[0])


def test_the_site_behind_the_title_is_not_the_title(tmp_path: Path) -> None:
    """ "Dam | Gazette" over `h1` "Dam": the headline stayed in the text as its first line."""
    article = one(tmp_path, html('<meta property="og:title" content="Dam | Gazette">'))
    assert article.text.split("\n")[0] == P[0]


def test_several_authors_of_meta(tmp_path: Path) -> None:
    """One `meta` for each author is usual; the second was lost."""
    head = '<meta name="author" content="Ada Finch"><meta name="author" content="Northern Press">'
    assert one(tmp_path, html(head)).author == "Ada Finch, Northern Press"


def test_the_software_is_not_the_outlet(tmp_path: Path) -> None:
    """application-name went before the publisher."""
    head = '<meta name="application-name" content="WordPress">' + linked({**NEWS, "publisher": {"name": "Gazette"}})
    assert one(tmp_path, html(head)).source == "Gazette"


def test_xml_lang_is_read(tmp_path: Path) -> None:
    """XHTML states its language so, and .xhtml is read."""
    assert one(tmp_path, html().replace('lang="en"', 'xml:lang="de"')).lang == "de"


def test_the_tag_of_a_language_is_one(tmp_path: Path) -> None:
    """og:locale writes en_GB, everything else en-GB."""
    page = html('<meta property="og:locale" content="en_GB">').replace(' lang="en"', "")
    assert one(tmp_path, page).lang.replace("GB", "gb") in ("en-gb", "en")


ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>Planet</title><entry><title>Dam</title><id>urn:1</id>'
    f'<link href="{URL}"/><updated>2026-03-04T06:00:00Z</updated>%s<content type="html">%s</content></entry></feed>'
)
ESCAPED = BODY.replace("<", "&lt;")


def test_the_paragraphs_of_an_entry_stay(tmp_path: Path) -> None:
    """The same article read as a page has a line a paragraph; here all ran into one."""
    assert one(tmp_path, ATOM % ("", ESCAPED), "f.atom").text.split("\n") == list(P)


def test_all_authors_of_an_entry(tmp_path: Path) -> None:
    """The last alone was taken."""
    authors = "<author><name>Ada Finch</name></author><author><name>Northern Press</name></author>"
    assert one(tmp_path, ATOM % (authors, ESCAPED), "f.atom").author == "Ada Finch, Northern Press"


def test_the_outlet_of_an_entry_is_its_source(tmp_path: Path) -> None:
    """In a feed that collects others', the entry names where it is from."""
    assert one(tmp_path, ATOM % ("<source><title>Gazette</title></source>", ESCAPED), "f.atom").source == "Gazette"


def test_an_entry_that_says_only_when_it_was_updated(tmp_path: Path) -> None:
    """Atom demands `updated` alone; by then it was out."""
    assert one(tmp_path, ATOM % ("", ESCAPED), "f.atom").published == stamp("≤ 2026-03-04T06:00:00Z")


def test_utf_8_under_an_old_declaration(tmp_path: Path) -> None:
    """The server's header said UTF-8 and is gone once the page is saved; latin-1 decodes anything."""
    [article], _ = taken(tmp_path, "a.html", html('<meta charset="iso-8859-1">'))
    assert article.text.split("\n")[0] == P[0]


def test_the_content_of_a_feed_is_no_path(tmp_path: Path) -> None:
    """feedparser takes bytes for a file name first: a file in IN makes any other file of the machine an article."""
    secret = tmp_path.parent / f"{tmp_path.name}-elsewhere"
    item = f"<item><link>https://g.example/1</link><description>{' '.join(P)}</description></item>"
    secret.write_text(f'<?xml version="1.0"?><rss version="2.0"><channel><title>G</title>{item}</channel></rss>')
    found, _ = taken(tmp_path, "a.xml", str(secret))
    assert found == []


def test_a_summary_is_no_article(tmp_path: Path) -> None:
    """Most feeds carry a teaser of a sentence; as articles they pair with every report they announce."""
    item = f"<item><link>https://g.example/1</link><description>{P[0]}</description></item>"
    feed = f'<?xml version="1.0"?><rss version="2.0"><channel><title>G</title>{item}</channel></rss>'
    found, skipped = taken(tmp_path, "a.xml", feed)
    assert (found, len(skipped)) == ([], 1)


def test_single_file_says_where_a_page_was_saved_from(tmp_path: Path) -> None:
    """Its comment has the address, and the hour by which the article was there."""
    note = "<!--\n Page saved with SingleFile \n url: https://quay.example/bridge \n saved date: Tue Mar 05 2024\n-->"
    [article], _ = taken(tmp_path, "a.html", html().replace("<head>", f"<head>{note}"))
    assert (article.url, article.source) == ("https://quay.example/bridge", "quay.example")


def test_a_front_page_is_no_address_of_an_article(tmp_path: Path) -> None:
    """A careless template names the front page as canonical on every page; all articles then have one address."""
    saved = "<!-- saved from url=(0028)https://quay.example/bridge -->\n"
    [article], _ = taken(tmp_path, "a.html", saved + html('<link rel="canonical" href="https://quay.example/">'))
    assert article.url == "https://quay.example/bridge"


def test_an_updated_time_is_not_that_of_publication(tmp_path: Path) -> None:
    """An element of that class says another thing than the one beside it."""
    times = '<time class="updated" datetime="2024-03-09T10:20:00Z"></time><time datetime="2024-03-05T07:40Z"></time>'
    [article], _ = taken(tmp_path, "a.html", html(body=times + BODY))
    assert article.published is not None
    assert article.published.text == "2024-03-05T07:40Z"


def test_the_missing_page_is_told(tmp_path: Path) -> None:
    """A crawl's 404 pages, and captures that a revisit record says are unchanged, are passed over without a word."""
    import io

    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    gone = StatusAndHeaders("404 Not Found", [("Content-Type", "text/html")], protocol="HTTP/1.1")
    writer.write_record(
        writer.create_warc_record(
            "https://g.example/1", "response", payload=io.BytesIO(html().encode()), http_headers=gone
        )
    )
    found, skipped = taken(tmp_path, "a.warc.gz", out.getvalue())
    assert (found, len(skipped)) == ([], 1)
