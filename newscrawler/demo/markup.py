"""Writes an article's blocks as HTML, in the forms of editors, word processors and old pages."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from newscrawler.demo.content import Block, Content, Junk, Paragraph, Picture, Table
from newscrawler.demo.dice import Dice

STYLES = (
    "plain_p",
    "source_newlines",
    "span_soup",
    "div_body",
    "br_body",
    "nested_divs",
    "unclosed_p",
    "froala",
)

_JUNK = {
    "script": '<script type="text/javascript">\n//<![CDATA[\n'
    'if (document.all) { document.write("<p>플래시 상자</p>"); }\n//]]>\n</script>',
    "style": "<style>#viewContent p { line-height: 1.8 } /* 본문 모양 */</style>",
    "comment": "<!-- <p>지운 문단입니다.</p> --><!--[if IE]><p>옛 브라우저</p><![endif]-->",
    "iframe": '<iframe width="560" height="315" src="//www.youtube.com/embed/x1Demo0Clip"'
    ' frameborder="0" allowfullscreen></iframe>',
    "top_banner": '<div class="topArticleBanner"><a href="/adv/click.php?no=3">'
    '<img src="../data/banner/top3.jpg" alt="광고"></a><p>▲ 배너 광고 문의</p></div>',
    "banner": '<div class="banner"><a href="/adv/click.php?no=5">전시회 참가기업 모집</a></div>',
    "pdf_box": '<table class="pdf-box"><tr><td>원문 내려받기</td>'
    "<td>report.pdf (2.1MB)</td></tr></table>",
    "acronym": '<acronym title="글자 크기"><a href="#">글자크게</a></acronym>',
    "button": '<button type="button" onclick="zoom()">크게보기</button>',
}

_ENTITIES = {"‘": "&lsquo;", "’": "&rsquo;", "“": "&ldquo;", "”": "&rdquo;", "·": "&middot;"}
_RUN_TAGS = (
    (
        '<span style="font-family:바탕;letter-spacing:-0.3pt;mso-fareast-font-family:바탕">',
        "</span>",
    ),
    ('<span lang="EN-US" style="font-family:함초롬바탕">', "</span>"),
    ('<font face="바탕" size="3">', "</font>"),
    ("<b>", "</b>"),
    ("<SPAN style='FONT-SIZE: 12pt'>", "</SPAN>"),
    ('<span style="color:#000000"><font color="#333333">', "</font></span>"),
)
_INVISIBLE = ("<!--StartFragment-->", "<o:p></o:p>", "<!--[if !supportEmptyParas]--><!--[endif]-->")
_FILLERS: dict[str, tuple[str, ...]] = {
    "plain_p": ("<p>&nbsp;</p>", "<p></p>", "<p><br></p>", "<p>\n</p>", "<br>"),
    "source_newlines": ("<p>&nbsp;</p>", "<p><br></p>"),
    "span_soup": (
        "<p class='0'><span>&nbsp;</span></p>",
        "<p><b></b></p>",
        "<p>&nbsp;<o:p></o:p></p>",
    ),
    "div_body": ("<div><br></div>", "<div>&nbsp;</div>"),
    "nested_divs": ("<div><div><br></div></div>", "<div></div>"),
    "unclosed_p": ("<P>&nbsp;", "<P>"),
    "froala": ("<p><br></p>", '<p style="text-align: justify;">&nbsp;</p>'),
}


def body(content: Content, style: str, dice: Dice) -> str:
    """The inside of ``#viewContent`` for these blocks in that style (one of ``STYLES``)."""
    if style == "br_body":
        return _br_body(content, dice)
    wrap = _PARAGRAPHS[style]
    inline = _INLINES.get(style, _plain)
    parts = [_block(block, wrap, inline, dice) for block in content.blocks]
    fillers = _FILLERS[style]
    dressed: list[str] = []
    for part in parts:
        dressed.append(part)
        while fillers and dice.chance(0.3):
            dressed.append(dice.pick(fillers))
    text = "\n".join(dressed)
    if style == "nested_divs":
        return f"<div><div class='body'>\n{text}\n</div></div>"
    if style == "froala":
        return f'<div class="fr-view">{text}</div>'
    return text


def _arrowed(picture: Picture, dice: Dice) -> str:
    """The caption as printed, without markup: with its ▲, and twice if the editor printed it so."""
    if not picture.caption:
        return ""
    stop = "" if picture.caption.endswith(".") else "."
    printed = f"{picture.caption}{stop} {picture.caption}" if picture.doubled else picture.caption
    if picture.arrow and printed.endswith("."):
        # The template writes a full stop behind each caption, its own or not.
        printed += dice.pick((".", " ."))
    return dice.pick(("▲ ", "▲ ", "▲")) + printed if picture.arrow else printed


Inline = Callable[[str, Dice], str]
Wrap = Callable[[str, Dice], str]


def _block(block: Block, wrap: Wrap, inline: Inline, dice: Dice) -> str:
    match block:
        case Paragraph(lines):
            breaks = dice.pick(("<br>", "<br/>", "<br>\n", "<BR>"))
            return wrap(breaks.join(inline(line, dice) for line in lines), dice)
        case Table():
            return _table(block, dice)
        case Picture():
            return _picture(block, wrap, inline, dice)
        case Junk(kind):
            return _JUNK[kind]


def _table(table: Table, dice: Dice) -> str:
    cell = dice.pick(("<td>{}</td>", "<td><p>{}</p></td>", "<td>\n  <span>{}</span>\n</td>"))
    head = "<tr>" + "".join(f"<th>{escape(c)}</th>" for c in table.rows[0]) + "</tr>"
    rows = [
        "<tr>\n" + "\n".join(cell.format(escape(c) or "&nbsp;") for c in row) + "\n</tr>"
        for row in table.rows[1:]
    ]
    return "<table border='1'><tbody>\n" + "\n".join([head, *rows]) + "\n</tbody></table>"


def _img(picture: Picture) -> str:
    return f'<img src="{escape(picture.src)}" width="600" alt="">'


def _picture(picture: Picture, wrap: Wrap, inline: Inline, dice: Dice) -> str:
    img = _img(picture)
    printed = _arrowed(picture, dice)
    caption = escape(printed)
    match picture.form:
        case "rows":
            under = f"<tr><td class='cap'>{caption}</td></tr>" if caption else ""
            return f"<table width='600' align='center'><tr><td>{img}</td></tr>\n{under}</table>"
        case "after":
            return wrap(img, dice) + ("\n" + wrap(inline(printed, dice), dice) if printed else "")
        case "froala":
            inner = f'<span class="fr-inner">{caption}</span>'
            return (
                '<p><span class="fr-img-caption fr-fic fr-dib" style="width:600px">'
                f'<span class="fr-img-wrap">{img}{inner}</span></span></p>'
            )
        case _:
            under = dice.pick(("<p>{}</p>", "<p>{}</p>", "\n{}")).format(caption)
            return f'<div id="img_caption">{img}{under if caption else ""}</div>'


def _br_body(content: Content, dice: Dice) -> str:
    """Plain text: one ``br`` separates lines, two or more separate paragraphs."""
    gaps = ("<br><br>", "<br>\n<br>\n", "<br />&nbsp;<br />", "<br><br><br>\n", "<BR>\r\n<BR>\r\n")
    parts: list[str] = []
    for block in content.blocks:
        if isinstance(block, Picture) and block.form == "after":
            parts.append(_img(block) + dice.pick(gaps))
            if block.caption:
                parts.append(escape(_arrowed(block, dice)) + dice.pick(gaps))
        elif isinstance(block, Paragraph):
            line = dice.pick(("<br>", "<br>\n", "<br/>"))
            parts.append(line.join(_plain(text, dice) for text in block.lines) + dice.pick(gaps))
        else:
            parts.append(_block(block, _bare, _plain, dice) + "\n")
    return "".join(parts)


def _bare(inner: str, dice: Dice) -> str:
    return inner


def _plain(text: str, dice: Dice) -> str:
    marked = escape(text, quote=False).replace("CO2", "CO<sub>2</sub>")
    if dice.chance(0.3):
        for sign, entity in _ENTITIES.items():
            marked = marked.replace(sign, entity)
    if dice.chance(0.1):
        marked = marked.replace(" ", "&nbsp; ", 1)
    return marked


def _newlines(text: str, dice: Dice) -> str:
    """Replace some spaces by line breaks of the source, with or without an indent."""
    parts = _plain(text, dice).split(" ")
    out = parts[0]
    for part in parts[1:]:
        out += dice.pick((" ", " ", " ", "\n", "\r\n", "\n\t  ", " \n")) + part
    return dice.pick(("", "\n")) + out + dice.pick(("", "\n"))


def _soup(text: str, dice: Dice) -> str:
    """Runs of a few characters, each in its own tags, also inside words."""
    out: list[str] = []
    at = 0
    while at < len(text):
        end = at + dice.between(2, 24)
        run = escape(text[at:end], quote=False)
        at = end
        if " " in run and dice.chance(0.4):
            run = run.replace(" ", dice.pick(("\n", "&nbsp;", " &nbsp;", "\u00a0", "\n  ")), 1)
        if dice.chance(0.75):
            before, after = dice.pick(_RUN_TAGS)
            run = before + run + after
        if dice.chance(0.08):
            run += dice.pick(_INVISIBLE)
        out.append(run)
    return "".join(out)


def _p(inner: str, dice: Dice) -> str:
    tail = dice.pick(("", "", "", "", "<br>", "&nbsp;", "<br>&nbsp;"))
    return f"<p>{inner}{tail}</p>"


def _hwp_p(inner: str, dice: Dice) -> str:
    look = dice.pick(('class="0"', 'class="MsoNormal"', 'style="text-align:justify"'))
    return f"<p {look}>{inner}</p>"


def _div(inner: str, dice: Dice) -> str:
    return f"<div>{inner}</div>"


def _nested(inner: str, dice: Dice) -> str:
    before, after = dice.pick(
        (
            ("<div>", "</div>"),
            ("<div><div><p>", "</p></div></div>"),
            ("<div>\n<div>", "</div></div>"),
            ("<div>", "<div>&nbsp;</div></div>"),
            ("<div><div></div>", "</div>"),
        )
    )
    return before + inner + after


def _unclosed(inner: str, dice: Dice) -> str:
    return (
        dice.pick(("<P><FONT size=2>", "<P align=justify><FONT face=굴림 size=2>", "<P>")) + inner
    )


def _froala_p(inner: str, dice: Dice) -> str:
    look = dice.pick(("", ' style="text-align: justify;"', ' class="fr-text-spaced"'))
    return f"<p{look}>{inner}</p>"


_PARAGRAPHS: dict[str, Wrap] = {
    "plain_p": _p,
    "source_newlines": _p,
    "span_soup": _hwp_p,
    "div_body": _div,
    "br_body": _bare,
    "nested_divs": _nested,
    "unclosed_p": _unclosed,
    "froala": _froala_p,
}
_INLINES: dict[str, Inline] = {"source_newlines": _newlines, "span_soup": _soup}
