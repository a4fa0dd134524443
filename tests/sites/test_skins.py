"""Skins in a site file: what may stand there, and the sentence for what may not."""

from __future__ import annotations

from pathlib import Path

import pytest

from newscrawler import sites
from newscrawler.exceptions import SiteError
from newscrawler.sites.skins import KEYS, merged, shipped, shipped_tables


def of_file(tmp_path: Path, skins: str, name: str = "amenews") -> sites.Site:
    file = tmp_path / "paper.toml"
    file.write_text(f'name = "{name}"\n{skins}', encoding="utf-8")
    return sites.load(str(file))


@pytest.fixture(autouse=True)
def nothing_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sites, "_given", {})


def test_the_shipped_skins_hold_no_invalid_selector() -> None:
    assert merged((), shipped_tables()) == shipped()


def test_a_paper_without_skins_of_its_own_has_the_shipped_ones() -> None:
    assert sites.load("amenews").skins == shipped()
    assert [skin.name for skin in shipped()] == ["article_head", "classic", "classic_variant"]


def test_a_file_for_a_shipped_paper_changes_what_it_says_and_nothing_else(tmp_path: Path) -> None:
    site = of_file(tmp_path, '[skins.classic]\nbody = "#story"')
    assert (site.title, site.layouts) == ("신소재경제신문", ("classic",))
    changed = next(skin for skin in site.skins if skin.name == "classic")
    before = next(skin for skin in shipped() if skin.name == "classic")
    assert changed.body == ("#story",)
    assert all(getattr(changed, key) == getattr(before, key) for key in KEYS if key != "body")


def test_a_new_skin_stands_in_front_and_may_be_like_another(tmp_path: Path) -> None:
    site = of_file(tmp_path, '[skins.redesign]\nlike = "classic"\ndates = [".date", "time"]')
    assert site.skins[0].name == "redesign"
    assert site.skins[0].dates == (".date", "time")
    assert site.skins[0].headline == next(s for s in shipped() if s.name == "classic").headline


@pytest.mark.parametrize(
    ("skins", "parts"),
    [
        (
            '[skins.classic]\nbody = "#a[["',
            ["[skins.classic] body", "'#a[['", "not a CSS selector"],
        ),
        ('[skins.classic]\nbody = ["#a", "div:wrong"]', ["[skins.classic] body", "'div:wrong'"]),
        ('[skins.classic]\ndates = "time::attr"', ["[skins.classic] dates", "::attr(NAME)"]),
        ('[skins.classic]\ndates = "time::before"', ["[skins.classic] dates", "::before"]),
        ('[skins.classic]\nbody = ""', ["[skins.classic] body", "text or a list of texts"]),
        ("[skins.classic]\nbody = 3", ["[skins.classic] body", "text or a list of texts, not 3"]),
        ('[skins.classic]\nboddy = "#a"', ["[skins.classic] boddy", "did you mean 'body'?"]),
        ('[skins.clasic]\ndates = ".a"', ["[skins.clasic]", "body", "did you mean 'classic'?"]),
        ('[skins.new]\nlike = "clasic"\nbody = "#a"', ["[skins.new] like", "'classic'?"]),
        ('layouts = ["clasic"]', ["layouts", "'clasic'", "did you mean 'classic'?"]),
        ('skin = "a"', ["no key skin", "did you mean 'skins'?"]),
        ('[skins]\nclassic = "#a"', ["skins.classic must be a table"]),
    ],
)
def test_what_cannot_be_right_is_named_by_file_table_and_key(
    tmp_path: Path, skins: str, parts: list[str]
) -> None:
    with pytest.raises(SiteError) as caught:
        of_file(tmp_path, skins)
    message = str(caught.value)
    assert message.startswith(f"{tmp_path / 'paper.toml'}: ")
    assert "\n" not in message
    assert [part for part in parts if part not in message] == [], message


def test_every_shipped_key_is_a_known_one() -> None:
    for skin in shipped():
        assert skin.body
        assert skin.headline
        assert skin.dates
        assert skin.writer
