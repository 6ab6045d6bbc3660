"""The root says what a document is: not what stands before it, in it, or in what it quotes."""

import html

import pytest

from crawler.discovery.document_form import Form, recognise

RSS = "<rss version='2.0'><channel><item><link>/a</link></item></channel></rss>"
MAP = "<urlset><url><loc>/a</loc></url></urlset>"
RDF = "<rdf:RDF xmlns:rdf='x'><item><link>/a</link></item></rdf:RDF>"
ATOM = "<feed xmlns='http://www.w3.org/2005/Atom'><entry/></feed>"
DECLARATION = "<?xml version='1.0' encoding='utf-8'?>"


@pytest.mark.parametrize(
    ("text", "form"),
    [
        (RSS, Form.RSS),
        (RSS.replace("<rss", "<rss xmlns:s='http://www.sitemaps.org/schemas/sitemap/0.9'"), Form.RSS),
        (RSS.replace("/a", "<![CDATA[<urlset><html>]]>"), Form.RSS),
        (ATOM.replace("<entry/>", "<rights>&lt;rss></rights><rss/>"), Form.ATOM),
        (
            ATOM.replace("xmlns", "xmlns:sitemap='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns"),
            Form.ATOM,
        ),
        ("<a:feed xmlns:a='http://www.w3.org/2005/Atom'/>", Form.ATOM),
        (RDF, Form.RDF),
        (MAP, Form.URLSET),
        (MAP.replace("urlset", "sm:urlset"), Form.URLSET),
        (MAP.replace("<urlset", "<urlset xmlns='http://wrong.example/'").upper(), Form.URLSET),
        (MAP.replace("urlset", "sitemapindex"), Form.INDEX),
        ("<opml version='2.0'><body><outline xmlUrl='/rss'/></body></opml>", Form.OPML),
        ('{"version": "https://jsonfeed.org/version/1", "items": [{"content_html": "<rss>"}]}', Form.JSON),
        ('[{"text": "<?xml version=\\"1.0\\"?><urlset>"}]', Form.JSON),
        ("<!doctype html><html><body>Moyo</body></html>", Form.HTML),
        ("<p>Moyo <a href='/a'>a</a>", Form.HTML),
        ("https://orla.example/1\nhttps://orla.example/2", Form.PLAIN),
        ("", Form.PLAIN),
        (f"{DECLARATION}<error><code>7</code></error>", Form.OTHER),
    ],
)
def test_the_root_decides(text: str, form: Form) -> None:
    assert recognise(text).form is form


@pytest.mark.parametrize(
    "before",
    [
        "\ufeff \r\n\t",
        DECLARATION,
        f"\n\n{DECLARATION}",
        f"{DECLARATION}<?xml-stylesheet href='a.xsl'?><!-- <html> <rss> -->\n",
        "<!DOCTYPE rss [<!ENTITY a '<html>'>]>",
        '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.example/rss.dtd">',
        "<!-- cached by Moyo --><!-- <feed> -->",
        f"<br />\n<b>Warning</b>: mail() in <b>/srv/a.php</b> on line <b>3</b><br />\n{DECLARATION}",
        "Notice: unknown index in /srv/a.php\n",
        f"[Tue Mar 05] warn: slow\n{DECLARATION}",
        "<?php echo 'a'; ?>\n",
    ],
)
@pytest.mark.parametrize(("document", "form"), [(RSS, Form.RSS), (MAP, Form.URLSET), (RDF, Form.RDF)])
def test_what_stands_before_the_root_does_not_count(before: str, document: str, form: Form) -> None:
    found = recognise(before + document)
    assert (found.form, found.text) == (form, document)


@pytest.mark.parametrize(
    "page",
    [
        "<!doctype html><html><body><h1>RSS</h1><textarea>%s</textarea></body></html>",
        "<html><head><script type='text/template'>%s</script></head><body><a href='/a'>a</a></body></html>",
        "<!DOCTYPE html><!-- %s --><html><body><p>Moyo</p></body></html>",
        "<html><body><pre>%s</pre><p>So a feed is written.</p></body></html>",
        "<article><a href='/a'>How to</a> <code>%s</code></article>",
    ],
)
@pytest.mark.parametrize("quoted", [RSS, f"{DECLARATION}{MAP}", html.escape(RSS)])
def test_a_page_that_quotes_a_feed_is_a_page(page: str, quoted: str) -> None:
    assert recognise(page % quoted).form is Form.HTML


@pytest.mark.parametrize(
    "wrapper",
    [
        "<html><head><title>feed.xml</title></head><body><pre style='white-space: pre-wrap'>%s</pre></body></html>",
        "<!doctype html><html><body>%s</body></html><!-- served in 3 ms -->",
        "<html><body>\n<div>%s</div>\n</body></html>\n",
    ],
)
@pytest.mark.parametrize("escape", [str, html.escape])
@pytest.mark.parametrize(("document", "form"), [(RSS, Form.RSS), (MAP, Form.URLSET), (ATOM, Form.ATOM)])
def test_a_feed_that_is_wrapped_in_a_page_is_a_feed(
    wrapper: str, escape: type[str], document: str, form: Form
) -> None:
    found = recognise(wrapper % escape(DECLARATION + document))
    assert found.form is form
    assert found.text.startswith(document)


def test_long_runs_cost_no_time() -> None:
    for piece in ("<", "<!--", "<?", "<!doctype [", "<html>", "<!-- -->", "]>", " ", "{", "</pre>", "&lt;"):
        assert recognise(f"<html><body>{piece * 20_000}")
        assert recognise(piece * 20_000)
