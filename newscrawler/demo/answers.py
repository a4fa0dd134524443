"""Answers of the server: a complete answer, and the forms of an answer without an article."""

from __future__ import annotations

from dataclasses import dataclass

from newscrawler.demo.skins import Sheet

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    content_type: str = HTML
    headers: tuple[tuple[str, str], ...] = ()


def html(text: str, status: int = 200) -> Answer:
    return Answer(status, text.encode("utf-8"))


def redirect(location: str) -> Answer:
    return Answer(302, b"", headers=(("Location", location),))


def bare(reason: str, status: int) -> Answer:
    """The server software's own page for a status."""
    head = f"<html><head><title>{status} {reason}</title></head>"
    return html(f"{head}<body><h1>{reason}</h1></body></html>", status)


def script(code: str) -> str:
    """An answer that is only a script, as from old PHP pages."""
    return (
        '<meta http-equiv="content-type" content="text/html; charset=utf-8">\n'
        f"<script type='text/javascript'>\n{code}\n</script>"
    )


def message_document(message: str, then: str) -> str:
    """The CMS's error document: head, a script with an alert, and the same text in ``noscript``."""
    spoken = message.replace("\n", "\\n")
    lines = message.replace("\n", "<br>")
    return f"""<!doctype html>
<html lang="ko">
<head>
<meta charset="utf-8">
<title>오류안내 페이지</title>
<link rel="stylesheet" href="/css/default.css">
</head>
<body>
<script>
alert("{spoken}");
{then}
</script>
<noscript>
<div id="validation_check">
<h1>다음 항목에 오류가 있습니다.</h1>
<p class="cbg">{lines}</p>
<div class="btn_confirm"><a href="javascript:history.back();">돌아가기</a></div>
</div>
</noscript>
</body>
</html>"""


SIMPLE_GAPS: dict[str, Answer] = {
    "alert": html(script('alert("존재하지 않는 기사입니다.");\nhistory.back();')),
    "location_replace": html(script('location.replace("/");')),
    "gnuboard": html(
        message_document(
            "글이 존재하지 않습니다.\n글이 삭제되었거나 이동된 경우입니다.", "history.back();"
        )
    ),
    "not_found": bare("Not Found", 404),
    "gone": bare("Gone", 410),
    "redirect_home": redirect("/"),
    "meta_refresh": html(
        '<html><head><meta http-equiv="refresh" content="0; url=/"></head><body></body></html>'
    ),
    "empty_200": html(""),
    "history_back": html(script("history.back();")),
    "redirect_list": redirect("/news/list.php?mcode=m567udr"),
    "redirect_error": redirect("/error.php?code=17"),
    "script_list": html(script('location.href = "/news/list.php?mcode=m567udr";')),
    "status_500": bare("Internal Server Error", 500),
    "removed_alert": html(script('alert("삭제된 기사입니다.");\nhistory.back();')),
    "members_alert": html(
        message_document(
            "글을 읽을 권한이 없습니다.\n회원이시라면 로그인 후 이용해 보십시오.",
            'document.location.replace("/bbs/login.php?url=%2Fnews%2Fview.php");',
        )
    ),
    "members_login": html(
        script(
            'alert("회원 전용 기사입니다. 로그인 후 이용해 주십시오.");\n'
            'location.replace("/bbs/login.php?url=%2Fnews%2Fview.php");'
        )
    ),
}
"""Gaps whose answer is the same for every number and needs nothing of the rest of the site."""

RIDDLE_NOTE = """<div id="container"><div id="contents"><div class="basicView">
<div class="noticeBox"><p>오늘의 여백</p><p>다른 지면을 펼쳐 주세요.</p></div>
</div></div></div>"""

REMOVED_NOTE = """<div id="container"><div id="contents"><div class="basicView">
<div class="noticeBox"><p>삭제된 기사입니다.</p><p><a href="/">처음으로</a></p></div>
</div></div></div>"""

EMPTY_SHEET = Sheet(
    idx=0,
    permalink="",
    title="",
    subtitles=(),
    mcode="",
    section="",
    byline_html="",
    published_at=None,
    modified_at=None,
    body_html="",
    recommend_count=0,
    keywords=(),
    related=(),
    spans=False,
)
"""The article template with nothing in it."""

MAINTENANCE = html(
    '<!doctype html><html><head><meta charset="utf-8"><title>서비스 점검중</title></head><body>'
    "<h1>서비스 점검중입니다.</h1><p>더 나은 서비스를 위해 시스템을 점검하고 있습니다. 잠시 후 다시"
    " 찾아 주십시오.</p></body></html>"
)
DATABASE_ERROR = html(
    "<br />\n<b>Warning</b>:  mysqli_connect(): (08004/1040): Too many connections in "
    "<b>/home/news/lib/common.lib.php</b> on line <b>1421</b><br />\nConnect Error: Too many"
    " connections"
)
BLOCK = html(
    '<!doctype html><html><head><meta charset="utf-8"><title>접속이 차단되었습니다</title></head>'
    "<body><h1>비정상적인 접근이 감지되어 접속이 차단되었습니다.</h1>"
    '<p>로봇이 아님을 확인해 주십시오.</p><form action="/captcha.php" method="post">'
    '<img src="/captcha.png" alt="자동등록방지">'
    '<input name="captcha_key"></form></body></html>'
)
FORBIDDEN = bare("Forbidden", 403)
