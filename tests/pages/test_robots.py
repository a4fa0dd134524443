"""robots.txt: cases of RFC 9309 and of Google's published parser, and files as keepers write them.

Google's cases: github.com/google/robotstxt, ``robots_test.cc``. Of those, two differ here and
are marked: the RFC (2.2.2) decodes ``%62`` to ``b`` before it compares.
"""

from __future__ import annotations

import codecs
import random

import pytest

from newscrawler.pages import robots

ALL = "User-agent: *\nDisallow: /\n"
FOO = "user-agent: FooBot\n"
ONLY = FOO + "disallow: /\nallow: "
GROUPS = """allow: /foo/bar/

user-agent: FooBot
disallow: /
allow: /x/
user-agent: BarBot
disallow: /
allow: /y/


allow: /w/
user-agent: BazBot

user-agent: FooBot
allow: /z/
disallow: /
"""
LONG = "/x/" + "a" * (8 * 2083 - len("disallow: /x/"))


def allows(text: str | bytes, path: str, token: str = "FooBot") -> bool:
    body = text.encode() if isinstance(text, str) else text
    return robots.read(body, token).allows(f"http://foo.bar{path}")


@pytest.mark.parametrize(
    ("text", "token", "allowed", "disallowed"),
    [
        ("", "FooBot", "/x", ""),
        (FOO + "disallow: /", "FooBot", "", "/x/y"),
        ("foo: FooBot\nbar: /", "FooBot", "/x/y", ""),
        ("user-agent FooBot\ndisallow /", "FooBot", "", "/x/y"),
        (GROUPS, "FooBot", "/x/b /z/d", "/y/c /foo/bar/"),
        (GROUPS, "BarBot", "/y/c /w/a", "/z/d /foo/bar/"),
        (GROUPS, "BazBot", "/z/d", "/foo/bar/"),
        ("USER-AGENT: FooBot\nALLOW: /x/\nDISALLOW: /", "FooBot", "/x/y", "/a/b"),
        ("uSeR-aGeNt: FooBot\nAlLoW: /x/\ndIsAlLoW: /", "foobot", "/x/y", "/a/b"),
        ("User-Agent: FOO BAR\nAllow: /x/\nDisallow: /", "foo", "/x/y", "/a/b"),
        (ALL + "User-Agent: Foo Bar\nAllow: /x/\nDisallow: /", "Foo", "/x/y", "/a"),
        ("user-agent: *\nallow: /\n" + FOO + "disallow: /", "FooBot", "", "/x/y"),
        ("user-agent: *\nallow: /\n" + FOO + "disallow: /", "BarBot", "/x/y", ""),
        (FOO + "allow: /\nuser-agent: BarBot\ndisallow: /", "QuxBot", "/x/y", ""),
        (FOO + "disallow: /x/", "FooBot", "/X/y", "/x/y"),
        (FOO + "disallow: /x/page.html\nallow: /x/", "FooBot", "/x/y", "/x/page.html"),
        (FOO + "allow: /x/page.html\ndisallow: /x/", "FooBot", "/x/page.html", "/x/"),
        (FOO + "disallow: \nallow: ", "FooBot", "/x/page.html", ""),
        (FOO + "disallow: /\nallow: /", "FooBot", "/x/page.html", ""),
        (FOO + "disallow: /x\nallow: /x/", "FooBot", "/x/", "/x"),
        (FOO + "allow: /page\ndisallow: /*.html", "FooBot", "/page", "/page.html"),
        (FOO + "allow: /x/page.\ndisallow: /*.html", "FooBot", "/x/page.html", "/x/y.html"),
        ("User-agent: *\nDisallow: /x/\n" + FOO + "Disallow: /y/", "FooBot", "/x/p", "/y/p"),
        (ONLY + "/a/b?q=t&b=http://f.bar?t&p", "FooBot", "/a/b?q=t&b=http://f.bar?t&p", "/a"),
        (ONLY + "/foo/bar/ツ", "FooBot", "/foo/bar/%E3%83%84 /foo/bar/%e3%83%84", "/foo/bar/"),
        (ONLY + "/foo/bar/%E3%83%84", "FooBot", "/foo/bar/%E3%83%84", "/foo/bar/%E3"),
        # The two that differ from Google's parser, by RFC 9309, 2.2.2.
        (ONLY + "/foo/bar/%62%61%7A", "FooBot", "/foo/bar/baz /foo/bar/%62%61%7A", "/foo/bar/b"),
        (ONLY + "/foo/bar/baz", "FooBot", "/foo/bar/%62%61%7a", "/foo/bar%2Fbaz"),
        (
            FOO + "Disallow: /foo/bar/quz\nAllow: /foo/*/qux", "FooBot",
            "/foo/quz /foo//quz /foo/bax/quz", "/foo/bar/quz",
        ),
        (
            FOO + "Disallow: /foo/bar$\nAllow: /foo/bar/qux", "FooBot",
            "/foo/bar/qux /foo/bar/ /foo/bar/baz", "/foo/bar",
        ),
        (FOO + "# Disallow: /\nDisallow: /a/q#x\nAllow: /", "FooBot", "/a/b", "/a/q"),
        (
            "User-Agent: *\nAllow: /d/index.html\nDisallow: /", "FooBot",
            "/d/ /d/index.html", "/d/index.htm /other",
        ),
        (
            ONLY + "/fish", "FooBot",
            "/fish /fish.html /fish/s.html /fishheads /fishheads/y.html /fish.html?id=a",
            "/bar /Fish.asp /catfish /?id=fish",
        ),
        (ONLY + "/fish*", "FooBot", "/fish /fish/s.html /fish.html?id=a", "/Fish.bar /catfish"),
        (
            ONLY + "/fish/", "FooBot",
            "/fish/ /fish/salmon /fish/?salmon /fish/?id=a", "/fish /fish.html /Fish/S.html",
        ),
        (
            ONLY + "/*.php", "FooBot",
            "/filename.php /folder/f.php /folder/f.php?p //f/any.php.file.html /index?f=f.php/",
            "/bar /php/ /index?php /windows.PHP",
        ),
        (
            ONLY + "/*.php$", "FooBot", "/filename.php /folder/filename.php",
            "/filename.php?p /filename.php/ /filename.php5 /php/ /f?php /aaaphpaaa",
        ),
        (ONLY + "/fish*.php", "FooBot", "/fish.php /fishheads/c.php?p", "/bar /Fish.PHP"),
        (FOO + "allow: /p\ndisallow: /", "FooBot", "/page", "/"),
        (FOO + "allow: /folder\ndisallow: /folder", "FooBot", "/folder/page", ""),
        (FOO + "allow: /page\ndisallow: /*.htm", "FooBot", "/page", "/page.htm"),
        (FOO + "allow: /$\ndisallow: /", "FooBot", "/", "/page.html"),
        (FOO + f"disallow: {LONG}/qux", "FooBot", "/fux", f"{LONG}/fux"),
        (FOO + f"disallow: /\nallow: {LONG}aaa/qux", "FooBot", f"{LONG}aaa/fux", f"/ {LONG}b"),
        # Line ends, and a mark that came whole or in part.
        ("User-Agent: foo\rAllow: /a\rUser-Agent: FooBot\r\r\rDisallow: /\r", "FooBot", "", "/"),
        ("User-Agent: foo\nAllow: /a\r\nUser-Agent: FooBot\n\r\n\nDisallow: /", "FooBot", "", "/"),
        ("\ufeffUser-Agent: foo\nDisallow: /", "foo", "", "/x"),
        # What stands between the lines of a group parts nothing.
        (FOO + "Sitemap: /s.xml\nuser-agent: bar\nDisallow: /", "FooBot", "", "/x"),
        (FOO + "Crawl-delay: 3\nuser-agent: bar\nDisallow: /", "FooBot", "", "/x"),
    ],
)  # fmt: skip
def test_published_cases(text: str, token: str, allowed: str, disallowed: str) -> None:
    for path in allowed.split():
        assert allows(text, path, token), path
    for path in disallowed.split():
        assert not allows(text, path, token), path


@pytest.mark.parametrize("partial", [b"\xef\xbb\xbf", b"\xef\xbb", b"\xef", b""])
def test_a_byte_order_mark_is_no_text(partial: bytes) -> None:
    assert not allows(partial + ALL.encode(), "/x")


@pytest.mark.parametrize(
    "text",
    [
        ALL.encode("utf-16"),
        codecs.BOM_UTF16_BE + ALL.encode("utf-16-be"),
        ALL.encode("utf-16-le"),
        ALL.encode("utf-16-be"),
        ALL.replace("\n", "\r\n").encode() + b"\xb0\xa1 # \xc7\xd1\xb1\xdb",
        b"User-agent: newscrawler/1.0\nDisallow: /",
        b"User-agent: newscrawler (news archive)\nDisallow: /",
        b"User-agent: newscrawler;q=1\nDisallow: /",
        b"User-agent: NEWSCRAWLER\tarchive\nDisallow: /",
        b"User-agent: Mozilla/5.0\rDisallow: /a\r\rUser-agent: *\rDisallow: /",
        b"User-agent: * # all\nDisallow: /",
        b"User-agent: newscrawler\nDissallow: /",
        b"useragent: newscrawler\ndisallow : /",
        b"\n" * 400_000 + ALL.encode(),
        b"\r\n" * 200_000 + ALL.encode(),
        b" \n" * 200_000 + ALL.encode(),
        b"User-agent: *\nUser-agent: x\nDisallow: /\n\n\nUser-agent: y\nDisallow:",
    ],
)
def test_a_file_that_disallows_everything_is_obeyed(text: bytes) -> None:
    assert not allows(text, "/news/view.php?idx=1", "newscrawler")


@pytest.mark.parametrize(
    "text",
    [
        b"User-agent: *\nDisallow: /news/\nAllow: /news/view.php",
        ALL.encode() + b"User-agent: newscrawler/2.0\nAllow: /",
        b"User-agent: newscrawlers\nDisallow: /",
        b"User-agent: news\nDisallow: /",
        b"User-agent: *\nDisallow:",
        b"Disallow: /",
        b"<html><body>User-agent: *<br>Disallow: /</body></html>",
        b"User-agent: *\nDisallow: /bbs/\n#" + b"x" * robots.MAX_BYTES,
        b"#" + b"x" * (robots.MAX_BYTES - 30) + b"\nUser-agent: *\nDisallow: /news/other",
        b"\xff\xfe\x00",
        b"\x00",
        b":" * 1000,
    ],
)
def test_what_does_not_disallow_it_allows_it(text: bytes) -> None:
    assert allows(text, "/news/view.php?idx=1", "newscrawler")


@pytest.mark.parametrize(
    ("line", "delay", "rate"),
    [
        ("Crawl-delay: 10", 10, None),
        ("crawl-delay: .5", 0.5, None),
        ("Crawl-delay: 2.5 # seconds", 2.5, None),
        ("Crawl-delay: " + "9" * 5000, 999_999_999, None),
        ("Crawl-delay: soon", None, None),
        ("Crawl-delay: -3", None, None),
        ("Request-rate: 1/10", None, 10),
        ("Request-rate: 2/1m 0900-1700", None, 30),
        ("Request-rate: 0/5", None, None),
    ],
)
def test_the_pace_that_a_file_asks_for(line: str, delay: float | None, rate: float | None) -> None:
    rules = robots.read(f"User-agent: *\n{line}\n".encode(), "newscrawler")
    assert (rules.crawl_delay, rules.request_rate) == (delay, rate)
    ours = robots.read(
        f"User-agent: newscrawler\nAllow: /\n\nUser-agent: *\n{line}".encode(), "newscrawler"
    )
    assert (ours.crawl_delay, ours.request_rate) == (None, None)


def test_random_bytes_raise_nothing() -> None:
    dice = random.Random(9)
    parts = [b"User-agent:", b"Disallow:", b"allow ", b"*", b"$", b"/", b"%", b"%4", b"\r", b"\n",
             b"\0", b"\xff", b"\xef\xbb\xbf", b"#", b":", b" ",
             b"Crawl-delay: 1e9", b"\xa4"]  # fmt: skip
    for _ in range(3000):
        body = b"".join(dice.choices(parts, k=dice.randrange(30)))
        robots.read(body, "newscrawler").allows("http://amenews.kr/news/view.php?idx=1#a")
