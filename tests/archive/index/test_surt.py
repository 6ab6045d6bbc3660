import pytest

from archive.index.surt import surt_key


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://www.example.org:8080/B?z&a=1", "org,example:8080)/b?a=1&z"),
        ("http://example.org", "org,example)/"),
        ("HTTP://WWW2.Example.org/a/../b//c/?", "org,example)/b/c"),
        ("http://wwww.example.org/", "org,example,wwww)/"),
        ("http://www.www.example.org./", "org,example,www)/"),
        ("http://news..example.org/", "org,example,news)/"),
        ("https://example.org:443/x/", "org,example)/x"),
        ("https://example.org:80/", "org,example:80)/"),
        ("http://example.org:/", "org,example)/"),
        ("http://2130706433/", "1,0,0,127)/"),
        ("http://1.2/", "2,0,0,1)/"),
        ("http://010.1/", "1,0,0,8)/"),
        ("http://0x7f.1/", "1,0x7f)/"),
        ("http://256.1.1.1/", "1,1,1,256)/"),
        ("http://user:p@example.org/", "org,example)/"),
        ("http://[::1]:80/x", "::1)/x"),
        ("http://ex%41mple.org/%2541%20é?q=%2541+é&é", "org,example)/a%20%c3%a9?%c3%a9&q=a+%c3%a9"),
        ("http://bücher.example/ü#f", "example,xn--bcher-kva)/%c3%bc"),
        ("http://example.org/%", "org,example)/%25"),
        ("http://example.org/..", "org,example)/.."),
        ("http://example.org/a/.", "org,example)/a"),
        ("http://example.org?x", "org,example)/?x"),
        ("http://example.org/(S(abcdefghijklmnopqrstuvwx))/a.aspx?x", "org,example)/a.aspx?x"),
        (
            "http://example.org/(S(abcdefghijklmnopqrstuvwx))/(abcdefghijklmnopqrstuvwx)/a.aspx",
            "org,example)/a.aspx",
        ),
        ("http://example.org/?a=1&sid=0123456789abcdef0123456789abcdef&b=2", "org,example)/?a=1&b=2"),
        ("http:///example.org/x", "org,example)/x"),
        ("http://https://example.org/x", "org,example)/x"),
        ("example.org/x", "org,example)/x"),
        ("dns:example.org", "dns:example.org"),
        ("http://example.org:port/", "http://example.org:port/"),
    ],
)
def test_keys_are_those_of_the_wayback_machine(url: str, key: str) -> None:
    # The keys were written by the `surt` package, version 0.3.1.
    assert surt_key(url) == key
