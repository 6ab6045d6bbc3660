"""Addresses and what the URL standard makes of them, kind by kind; the kinds are those of the web-platform-tests."""

import re

BASE = "https://orla.example/world/today/index.html?page=2#top"
"""Of the page on which the relative ones are written."""

RELATIVE = """
story               https://orla.example/world/today/story
./story             https://orla.example/world/today/story
story/              https://orla.example/world/today/story/
../story            https://orla.example/world/story
../../story         https://orla.example/story
../../../../story   https://orla.example/story
..                  https://orla.example/world/
.                   https://orla.example/world/today/
../                 https://orla.example/world/
/                   https://orla.example/
/story              https://orla.example/story
//en.orla.example   https://en.orla.example/
//en.orla.example/a https://en.orla.example/a
//en.orla.example?a https://en.orla.example/?a
///en.orla.example/ https://en.orla.example/
/////en.orla/a//b   https://en.orla/a//b
?page=3             https://orla.example/world/today/index.html?page=3
?                   https://orla.example/world/today/index.html?
story?a=1?b=2       https://orla.example/world/today/story?a=1?b=2
story#part          https://orla.example/world/today/story
story#a?b           https://orla.example/world/today/story
;a=b                https://orla.example/world/today/;a=b
a:b/c               !
./a:b               https://orla.example/world/today/a:b
/a:b@c              https://orla.example/a:b@c
a@b                 https://orla.example/world/today/a@b
https:story         https://orla.example/world/today/story
https:/story        https://orla.example/story
https:?page=3       https://orla.example/world/today/index.html?page=3
http:story          http://story/
http:/story         http://story/
"""

SCHEMES = """
HTTP://tarn.example         http://tarn.example/
hTTps://tarn.example/A      https://tarn.example/A
http:tarn.example/a         http://tarn.example/a
http:/tarn.example/a        http://tarn.example/a
http:///tarn.example/a      http://tarn.example/a
http://///tarn.example//a   http://tarn.example//a
http:////                   !
http://                     !
http:                       !
https://                    !
http://?a                   !
http://#a                   !
http://:80/                 !
mailto:desk@tarn.example    !
javascript:alert(1)         !
data:text/html,a            !
ftp://tarn.example/a        !
file:///etc/passwd          !
file:a                      !
ws://tarn.example/          !
blob:https://tarn.example/1 !
about:blank                 !
tel:+223000                 !
whatsapp://send?text=a      !
android-app://a/https/b     !
view-source:https://a.b/    !
urn:uuid:1                  !
xhttp://tarn.example/       !
http+unix://tarn.example/   !
"""

BACKSLASHES = r"""
\2024\03\story              https://orla.example/2024/03/story
2024\03\story               https://orla.example/world/today/2024/03/story
..\story                    https://orla.example/world/story
\\en.orla.example\a         https://en.orla.example/a
/\en.orla.example/a         https://en.orla.example/a
\/en.orla.example/a         https://en.orla.example/a
http:\\tarn.example\a       http://tarn.example/a
http:\tarn.example\a        http://tarn.example/a
http:/\tarn.example/a\..\b  http://tarn.example/b
http://tarn.example\a?b\c   http://tarn.example/a?b\c
http://tarn.example\@evil.x http://tarn.example/@evil.x
http://tarn.example/a%5Cb   http://tarn.example/a%5Cb
http://tarn.example/#\a     http://tarn.example/
"""

DOTS = """
/a/./b              https://orla.example/a/b
/a/../b             https://orla.example/b
/a/../../b          https://orla.example/b
/a/b/.              https://orla.example/a/b/
/a/b/..             https://orla.example/a/
/a/b/../            https://orla.example/a/
/a/%2e/b            https://orla.example/a/b
/a/%2E/b            https://orla.example/a/b
/a/%2e%2e/b         https://orla.example/b
/a/%2E%2e/b         https://orla.example/b
/a/.%2e/b           https://orla.example/b
/a/%2e./b           https://orla.example/b
/a/b/%2e%2e         https://orla.example/a/
/public/../private/ https://orla.example/private/
/a/...              https://orla.example/a/...
/a/..b              https://orla.example/a/..b
/a/b..              https://orla.example/a/b..
/a/..%2fb           https://orla.example/a/..%2fb
/a/%252e%252e/b     https://orla.example/a/%252e%252e/b
/a//../b            https://orla.example/a/b
/a//b               https://orla.example/a//b
/a/;/../b           https://orla.example/a/b
/..//..//a          https://orla.example//a
/a?b=/../c          https://orla.example/a?b=/../c
"""

ESCAPES = """
/a%20b              https://orla.example/a%20b
/%7Ea               https://orla.example/%7Ea
/~a                 https://orla.example/~a
/%61                https://orla.example/%61
/a%2Fb              https://orla.example/a%2Fb
/a%2fb              https://orla.example/a%2fb
/%zz%4              https://orla.example/%zz%4
/100%               https://orla.example/100%
/%                  https://orla.example/%
/%00                https://orla.example/%00
/a"b                https://orla.example/a%22b
/a'b                https://orla.example/a'b
/a<b>               https://orla.example/a%3Cb%3E
/a`b                https://orla.example/a%60b
/a{b}               https://orla.example/a%7Bb%7D
/a^b                https://orla.example/a%5Eb
/a|b                https://orla.example/a|b
/a[b]               https://orla.example/a[b]
/a;b=c,d            https://orla.example/a;b=c,d
/a:b@c!$&()*+=      https://orla.example/a:b@c!$&()*+=
/?a"b               https://orla.example/?a%22b
/?a'b               https://orla.example/?a%27b
/?a<b>              https://orla.example/?a%3Cb%3E
/?a`b{c}^|          https://orla.example/?a`b{c}^|
/?a[]=1&b[c]=2      https://orla.example/?a[]=1&b[c]=2
/?a=%E9             https://orla.example/?a=%E9
/?a=100%            https://orla.example/?a=100%
/?a+b=c%20d         https://orla.example/?a+b=c%20d
/?&&a&=             https://orla.example/?&&a&=
/?a=http://b/c?d    https://orla.example/?a=http://b/c?d
/é                  https://orla.example/%C3%A9
/новости/хаса       https://orla.example/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8/%D1%85%D0%B0%D1%81%D0%B0
/أخبار              https://orla.example/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1
/港口               https://orla.example/%E6%B8%AF%E5%8F%A3
/समाचार             https://orla.example/%E0%A4%B8%E0%A4%AE%E0%A4%BE%E0%A4%9A%E0%A4%BE%E0%A4%B0
/😀                 https://orla.example/%F0%9F%98%80
/?q=é               https://orla.example/?q=%C3%A9
/?q=港              https://orla.example/?q=%E6%B8%AF
"""

HOSTS = """
http://Tarn.EXAMPLE/                http://tarn.example/
http://tarn.example.                http://tarn.example./
http://t%61rn.example/              http://tarn.example/
http://TARN%2Eexample/              http://tarn.example/
http://ta_rn.example/               http://ta_rn.example/
http://-tarn-.example/              http://-tarn-.example/
http://ta--rn.example/              http://ta--rn.example/
http://localhost/                   http://localhost/
http://tärn.example/                http://xn--trn-qla.example/
http://TÄRN.example/                http://xn--trn-qla.example/
http://t%C3%A4rn.example/           http://xn--trn-qla.example/
http://xn--trn-qla.example/         http://xn--trn-qla.example/
http://XN--TRN-QLA.example/         http://xn--trn-qla.example/
http://straße.example/              http://xn--strae-oqa.example/
http://βόλος.example/               http://xn--nxasmm1c.example/
http://خبر.example/1                http://xn--ngblk.example/1
http://新闻。测试/                  http://xn--efvy88h.xn--0zwm56d/
http://ｔａｒｎ.example/            http://tarn.example/
http://新聞．example/               http://xn--efvv70d.example/
http://☃.example/                   http://xn--n3h.example/
http://ta\u00adrn.example/          http://tarn.example/
http://ta\u200brn.example/          http://tarn.example/
http://tarn.example%00/             !
http://ta%20rn.example/             !
http://tarn%2F.example/             !
http://ta%rn.example/               !
http://ta<rn.example/               !
http://ta^rn.example/               !
http://ta|rn.example/               !
http://ta#rn.example/               http://ta/
http://{{host}}/                    !
http://ta"rn.example/               !
http://ta'rn.example/               !
http://\u200d.example/              !
http://\ufffd.example/              !
http://tarn..example/               !
http://.tarn.example/               !
http://./                           !
http://../                          !
http://xn--a.a/                     http://xn--a.a/
"""

NUMBERS = """
http://127.0.0.1/           http://127.0.0.1/
http://127.0.0.1./          http://127.0.0.1/
http://127.1/               http://127.0.0.1/
http://127.0.1/             http://127.0.0.1/
http://0x7f.1/              http://127.0.0.1/
http://0x7F.0.0.0x1/        http://127.0.0.1/
http://0x7f000001/          http://127.0.0.1/
http://2130706433/          http://127.0.0.1/
http://017700000001/        http://127.0.0.1/
http://0177.0.0.1/          http://127.0.0.1/
http://%31%32%37.1/         http://127.0.0.1/
http://１２７．０．０．１/  http://127.0.0.1/
http://0/                   http://0.0.0.0/
http://0x/                  http://0.0.0.0/
http://0xa9fea9fe/          http://169.254.169.254/
http://10.1.2/              http://10.1.0.2/
http://4294967295/          http://255.255.255.255/
http://4294967296/          !
http://256.0.0.1/           !
http://1.2.3.256/           !
http://1.2.3.4.5/           !
http://1.2.3.08/            !
http://tarn.example.1/      !
http://1.2.3.tarn/          http://1.2.3.tarn/
http://0x7f.tarn/           http://0x7f.tarn/
http://1e2/                 http://1e2/
http://[::1]/               http://[::1]/
http://[0:0:0:0:0:0:0:1]/   http://[::1]/
http://[2001:DB8::00a1]/    http://[2001:db8::a1]/
http://[1:0:0:2:0:0:0:3]/   http://[1:0:0:2::3]/
http://[::ffff:127.0.0.1]/  http://[::ffff:7f00:1]/
http://[::127.0.0.1]/       http://[::7f00:1]/
http://[fe80::1%25eth0]/    !
http://[::1/                !
http://::1/                 !
http://[1::2::3]/           !
http://[1:2:3:4:5:6:7]/     !
http://[1:2:3:4:5:6:7:8:9]/ !
http://[::g]/               !
http://[]/                  !
http://[tarn.example]/      !
"""

PORTS = """
http://tarn.example:80/a        http://tarn.example/a
https://tarn.example:443/a      https://tarn.example/a
http://tarn.example:443/a       http://tarn.example:443/a
https://tarn.example:80/a       https://tarn.example:80/a
http://tarn.example:8080/a      http://tarn.example:8080/a
http://tarn.example:/a          http://tarn.example/a
http://tarn.example:00080/a     http://tarn.example/a
http://tarn.example:08080/a     http://tarn.example:8080/a
http://tarn.example:65535/a     http://tarn.example:65535/a
http://tarn.example:65536/a     !
http://tarn.example:999999999/a !
http://tarn.example:0/a         !
http://tarn.example:-1/a        !
http://tarn.example:8o/a        !
http://tarn.example:80:80/a     !
http://tarn.example:８０/a      !
http://tarn.example:%38%30/a    !
http://[::1]:8080/              http://[::1]:8080/
http://tarn.example:80?a        http://tarn.example/?a
"""

CREDENTIALS = """
http://reader:Geheim@tarn.example/a         http://tarn.example/a
http://reader@tarn.example/a                http://tarn.example/a
http://@tarn.example/a                      http://tarn.example/a
http://:Geheim@tarn.example/a               http://tarn.example/a
http://reader:@tarn.example/a               http://tarn.example/a
http://:@tarn.example/a                     http://tarn.example/a
http://a:b@c:Geheim@tarn.example/a          http://tarn.example/a
http://a:Geheim%40b@tarn.example/a          http://tarn.example/a
http://a%3AGeheim@tarn.example:8080/a       http://tarn.example:8080/a
https:reader:Geheim@tarn.example/a          https://orla.example/world/today/reader:Geheim@tarn.example/a
http:reader:Geheim@tarn.example/a           http://tarn.example/a
http:/reader:Geheim@tarn.example/a          http://tarn.example/a
http:\\\\reader:Geheim@tarn.example/a       http://tarn.example/a
//reader:Geheim@tarn.example/a              https://tarn.example/a
\\\\reader:Geheim@tarn.example/a            https://tarn.example/a
http://r:Ge[he]im|@tarn.example/a           http://tarn.example/a
http://пароль:Geheim@tarn.example/a         http://tarn.example/a
http://reader:Geheim@[::1]:8080/a           http://[::1]:8080/a
http://reader:Geheim@/a                     !
http://reader:Geheim@                       !
http://reader:Geheim@:80/a                  !
http://reader%40tarn.example/a              !
http://tarn.example/a@b:c                   http://tarn.example/a@b:c
http://tarn.example/?a=b:c@d                http://tarn.example/?a=b:c@d
"""


def rows(table: str) -> list[tuple[str, str | None]]:
    """What is written, and the URL that it is; `\\u....` stands for the character."""
    lines = [line.split() for line in table.strip().splitlines()]
    return [
        (
            re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), written),
            None if url == "!" else url,
        )
        for written, url in lines
    ]


TABLES = (RELATIVE, SCHEMES, BACKSLASHES, DOTS, ESCAPES, HOSTS, NUMBERS, PORTS, CREDENTIALS)
TABLE = [row for table in TABLES for row in rows(table)]
