"""Every spelling of an article's address leads to one number."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawler import sites
from newscrawler.sites import urls

SITE = sites.load("amenews")


@pytest.mark.parametrize(
    "url",
    [
        "http://amenews.kr/news/view.php?idx=43773",
        "https://www.amenews.kr/news/view.php?idx=43773",
        "http://amenews.kr/news/view.php?idx=43773&mcode=m567udr",
        "http://amenews.kr/news/view.php?mcode=m567udr&page=2&idx=43773",
        "/news/view.php?sm=w_total&stx=%EC%88%98%EC%86%8C&idx=43773#top",
        "/m/view.php?idx=43773",
        "http://amenews.kr/news/43773",
        "http://amenews.kr/article/43773?mcode=m567udr",
        "  http://amenews.kr/news/view.php?idx=43773\n",
        "http://amenews.kr/NEWS/View.PHP?IDX=43773",
        "http://www.amenews.kr/atc/n.view.asp?P_Index=43773",
        "/ATC/N.VIEW.ASP?p_index=43773&page=2",
        "/atc/view.asp?P_INDEX=43773",
        "/atc/n.view.asp?ik=43773",
        "http://amenews.kr/?ik=43773",
        "http://amenews.kr?IK=43773",
        "/index.asp?ik=43773",
        "http://amenews.kr/news//view.php?idx=43773",
        "/news/view.php?idx=5&mcode=m567udr&idx=43773",
    ],
)
def test_every_spelling_has_the_same_number(url: str) -> None:
    assert urls.idx_of(url) == 43773


@pytest.mark.parametrize(
    "url",
    ["", "/", "/news/view.php", "/news/view.php?idx=", "/news/view.php?idx=0",
     "/news/view.php?idx=-1",
     "/news/view.php?idx=1e3",
     "/news/view.php?idx=٣", "/news/list.php?idx=3", "/bbs/view.php?idx=3",
     "/news/view.php?idx=99999999999999999999", "http://[x/news/1", "/news/index.php",
     "/atc/n.view.asp", "/atc/list.asp?P_Index=3", "/news/list.php?ik=3", "/?idx=3", "/?P_Index=3"],
)  # fmt: skip
def test_other_addresses_have_none(url: str) -> None:
    assert urls.idx_of(url) is None


@given(st.integers(1, urls.MAX_IDX))
def test_permalink_leads_back_to_its_number(idx: int) -> None:
    assert urls.idx_of(urls.permalink(SITE, idx)) == idx
    assert urls.idx_of(urls.view_url(SITE, idx, "http://127.0.0.1:8080")) == idx


@given(st.text(max_size=80))
def test_any_text_has_a_number_or_none(url: str) -> None:
    idx = urls.idx_of(url)
    assert idx is None or 1 <= idx <= urls.MAX_IDX
    urls.mcode_of(url)


def test_section_code() -> None:
    assert urls.mcode_of("/news/list.php?&mcode=m567udr&vg=&page=3") == "m567udr"
    assert urls.mcode_of("/news/LIST.PHP?MCODE=m567udr") == "m567udr"
    assert urls.mcode_of("/news/list.php?mcode=../x") is None
    assert urls.mcode_of("/news/list.php") is None


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("../../../../data/cheditor4/2307/a.jpg", "http://amenews.kr/data/cheditor4/2307/a.jpg"),
        ("/data/a.jpg", "http://amenews.kr/data/a.jpg"),
        ("https://www.amenews.kr/data/a.jpg?v=1#x", "http://amenews.kr/data/a.jpg?v=1"),
        ("http://127.0.0.1:8080/data/a.jpg", "http://amenews.kr/data/a.jpg"),
        ("//img.example.com/a.jpg", "http://img.example.com/a.jpg"),
        ("https://img.example.com/a.jpg", "https://img.example.com/a.jpg"),
    ],
)
def test_asset_is_absolute_and_at_home(source: str, expected: str) -> None:
    page = "http://127.0.0.1:8080/news/view.php?idx=1"
    assert urls.canonical_asset(source, SITE, page) == expected
    assert urls.canonical_asset(expected, SITE, page) == expected


def test_other_origin_keeps_path_and_query() -> None:
    assert urls.view_url(SITE, 5) == "http://amenews.kr/news/view.php?idx=5"
    assert (
        urls.view_url(SITE, 5, "https://m.example/x/") == "https://m.example/x/news/view.php?idx=5"
    )


def test_examples_in_the_module_hold() -> None:
    assert doctest.testmod(urls).failed == 0
