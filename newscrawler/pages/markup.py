"""The source of a page, rewritten where libxml2 would lose what a reader sees.

A browser and libxml2 recover from bad markup in different ways, and both drop a word in angle
brackets (``<OLED>``) that its writer did not escape. Everything here works on bytes of UTF-8 and
takes linear time.
"""

from __future__ import annotations

import re

_ENDS = re.compile(rb"</(?:body|html)\s*>", re.IGNORECASE)
_STRAY = re.compile(rb"</(?:body|html|br)")
"""In lower case, sought at once: each search through a page costs as much as a tenth of parsing."""
_TAG = re.compile(rb"<(/?)([A-Za-z][^\s/<>]*)")
_UNUSUAL = re.compile(
    rb"<(?!/?(?:p|span|br|div|img|a|font|b|strong|td|tr|o:p|tbody|i|u|em|li|ul)[\s>/]"
    rb"|/?table(?:[>/]|\s(?![\d\x80-\xff])))"
    rb"(/?)([A-Za-z][^\s/<>]*)(\s{1,3}[\d\x80-\xff])?"
)
"""The tags of a text with another name than nearly all have: three times as fast as all tags.
The third group: what begins no attribute's name, a digit or a letter that is not Latin."""
_ELEMENTS = frozenset(
    b"""
    a abbr acronym address applet area article aside audio b base basefont bdi bdo bgsound big blink
    blockquote body br button canvas caption center cite code col colgroup command content data
    datalist dd del details dfn dialog dir div dl dt element em embed fencedframe fieldset
    figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i
    iframe img input ins isindex kbd keygen label layer legend li link listing main map mark
    marquee math menu menuitem meta meter multicol nav nextid nobr noembed noframes nolayer noscript
    object ol optgroup option output p param picture plaintext portal pre progress q rb rbc rp rt
    rtc ruby s samp script search section select selectedcontent shadow slot small source spacer
    span strike strong style sub summary sup svg table tbody td template textarea tfoot th thead
    time title tr track tt u ul var video wbr xml xmp
    """.split()
)
"""Every element of HTML, present and past (html.spec.whatwg.org)."""
_TITLES = frozenset(
    b"area article data figure frame map picture section source table time title video".split()
)
"""Elements whose name is also a word of a text: ``<Table 1>``, ``<Time 표지>``."""
_NUMBER = re.compile(rb"\s{1,3}[\d\x80-\xff]")
_DRAWN = frozenset(
    b"""
    animate animatemotion animatetransform circle clippath defs desc ellipse feblend fecolormatrix
    fecomponenttransfer fecomposite fedropshadow feflood fegaussianblur feimage femerge femergenode
    feoffset filter foreignobject g line lineargradient marker mask metadata mpath path pattern
    polygon polyline radialgradient rect set stop switch symbol text textpath tspan use view

    maction menclose merror mfenced mfrac mi mmultiscripts mn mo mover mpadded mphantom mroot mrow
    ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover semantics
    """.split()
)
"""The elements of SVG and MathML that HTML has not: words, unless the page has such a drawing."""
_HEADS = (b"titleWrap", b"article-head")
"""What the box of a headline is called."""
_PICTURES = frozenset({b"image", b"amp-img"})
"""What a browser, or a script that the page loads, shows as ``img``."""
_PREFIXED = re.compile(rb"[a-z][a-z0-9]*:[a-z][\w.-]*", re.IGNORECASE)
"""The name of an element with a prefix: ``o:p`` of Word."""
_MISSPELLED = re.compile(rb"""([a-z][a-z0-9]*)["'=,;]""", re.IGNORECASE)
"""The name of an element with a sign that does not belong there: ``<br"/>``."""
_TAG_OR_SCRIPT = re.compile(
    rb"<(?:script|style)\b.*?(?:</(?:script|style)|\Z)|" + _TAG.pattern, re.IGNORECASE | re.DOTALL
)
_PROTECTED = re.compile(
    rb"""<(a|span)\b[^<>]{0,300}?\bdata-cfemail=["']?([0-9a-f]{4,200})["']?[^<>]{0,300}>[^<>]{0,100}</\1>""",
    re.IGNORECASE,
)
"""An e-mail address that Cloudflare hides from programs: a key, and the signs combined with it."""


def mended(source: bytes) -> bytes:
    """The source of a page as it is to be parsed."""
    lower = source.lower()
    stray = _STRAY.findall(lower)
    if stray.count(b"</body") > 1 or stray.count(b"</html") > 1:
        # A pasted end of a document ends nothing: what follows stands where it would without.
        source = _ENDS.sub(b"", source)
        lower = source.lower()
        stray = _STRAY.findall(lower)
    if b"</br" in stray:
        source = re.sub(rb"</br\s*/?>", b"<br>", source, flags=re.I)
        lower = source.lower()
    if b"<![cdata[" in lower:
        # Only XML has such a section; to a browser it is a comment up to the next tag's end.
        source = re.sub(rb"<!\[CDATA\[|\]\]>", b"", source, flags=re.I)
        lower = source.lower()
    if b"data-cfemail" in lower:
        source = _PROTECTED.sub(_address, source)
        lower = source.lower()
    if b"<q>" in lower and lower.count(b"<q>") == lower.count(b"</q>"):
        # A browser puts the marks around a quotation; they are in no text of the page.
        source = re.sub(rb"<(/?)q>", _mark, source, flags=re.I)
        lower = source.lower()
    # Counting is as slow as a third of the parsing, so only where the text stands.
    start = max(0, source.find(b"viewContent", max(0, source.find(b"<body"))))
    end = source.rfind(b"replyWrite", start)
    stretch = (start, end if end > 0 else len(source))
    heads = (at for name in _HEADS if (at := source.find(name, 0, start)) >= 0)
    head = min(heads, default=start)
    above, text = _with_words(source[head:start]), _with_words(source[slice(*stretch)])
    if lower.count(b"</p>", *stretch) > lower.count(b"<p", *stretch):
        # An end tag without a start tag is an empty paragraph, so it parts two others.
        text = re.sub(rb"</p>", b"</p><hr>", text, flags=re.I)
    return b"".join((source[:head], above, text, source[stretch[1] :]))


def _mark(match: re.Match[bytes]) -> bytes:
    return ("”" if match[1] else "“").encode()


def _with_words(text: bytes) -> bytes:
    """Markup in which a word in angle brackets is text.

    It is one if its name is no element's, and if the page does not both open and close it: an
    editor's own element has an end tag. An element's name with a number behind it is one too.
    """
    unusual = set(_UNUSUAL.findall(text))
    names = {name for _, name, _ in unusual if name.lower() not in _ELEMENTS}
    titles = {name for _, name, number in unusual if number and name.lower() in _TITLES}
    if not names and not titles:
        return text
    found = {(closing, name) for closing, name, _ in unusual}
    is_drawn = b"<svg" in text or b"<math" in text
    words = {
        name
        for name in names
        if not {(b"", name), (b"/", name)} <= found and not _is_element(name, is_drawn)
    }

    def rewritten(match: re.Match[bytes]) -> bytes:
        closing, name = match[1], match[2]
        if name is None:
            return match[0]
        if name.lower() in _PICTURES and not is_drawn:
            return b"</img" if closing else b"<img"
        is_word = name in words or (name in titles and _NUMBER.match(text, match.end()))
        if is_word and not _has_attributes(text, match.end()):
            return b"&lt;" + closing + name
        return match[0]

    return _TAG_OR_SCRIPT.sub(rewritten, text)


def _is_element(name: bytes, is_drawn: bool) -> bool:
    if name.lower() in _PICTURES or (is_drawn and name.lower() in _DRAWN):
        return True
    start = _MISSPELLED.match(name)
    if (start and start[1].lower() in _ELEMENTS) or b'="' in name or b"='" in name:
        return True
    return _PREFIXED.fullmatch(name) is not None


def _has_attributes(text: bytes, position: int) -> bool:
    """Whether what follows a name up to the end of its tag has quoted values: a misspelled tag
    (``<spanstyle="…">``), which no reader sees."""
    end = text.find(b">", position, position + 300)
    rest = text[position : end if end >= 0 else position]
    return b'="' in rest or b"='" in rest


def _address(match: re.Match[bytes]) -> bytes:
    try:
        key, *signs = bytes.fromhex(match[2].decode())
    except ValueError:
        return match[0]
    address = bytes(sign ^ key for sign in signs)
    return address if re.fullmatch(rb"[\w.%+@-]+", address) else match[0]
