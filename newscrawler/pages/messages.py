"""The meaning of a message of the site: phrases for gaps, members, temporary errors and blocks.

Use it only for text that is known to be a message. An article may contain any of these phrases.
"""

from __future__ import annotations

import re

from newscrawler.items import Verdict

LONGEST = 200
"""A paragraph with more characters is not a message."""
NOUN = r"(?:기사|뉴스|게시물|게시글|글|페이지|자료|콘텐츠|컨텐츠|내용|번호|데이터|문서|주소|URL)"
_HEDGED = re.compile(r"거나|또는|혹은|수\s*(?:도\s*)?있|\bor\b|\bmay\b")


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_BLOCKED = _any(
    r"captcha|are you a robot|not a robot|로봇이\s*아닙|보안\s*문자|자동\s*(?:등록|입력)\s*방지",
    r"access (?:is |has been )?(?:denied|blocked)(?! for user)",
    r"request (?:is |was )?(?:rejected|blocked)",
    r"requested url was rejected|you have been blocked|unusual traffic|too many requests",
    r"mod_?security|^not acceptable",
    r"checking your browser|just a moment|attention required|403 forbidden|^forbidden",
    r"web\s*(?:application\s*)?firewall|웹\s*방화벽|보안\s*정책",
    r"(?:접속|접근|요청)[이가을를은는]?\s*(?:차단|금지|거부|거절)",
    r"차단(?:되었|된|됐|하였|했|합니다)|(?:과도한|너무\s*많은)\s*(?:접속|요청)",
    r"비정상적?인?\s*(?:접근|접속|트래픽|요청)",
)
_TEMPORARY = _any(
    r"점검\s*(?:중|작업|시간|안내|으로|을|합니다|공지)|(?:서비스|시스템|서버|정기|긴급)\s*점검",
    r"도메인.{0,20}?(?:연결|만료|판매|계정)|호스팅.{0,20}?(?:문의|만료|연장|정지)",
    r"temporarily (?:down|offline|closed|unavailable)",
    r"(?:under|scheduled|for|in) maintenance|maintenance mode|service (?:temporarily )?unavailable",
    r"잠시\s*(?:후|뒤)|일시적|일시\s*중단|서버\s*(?:오류|에러|장애)|트래픽\s*(?:초과|제한)",
    r"접속(?:자|량)?[이가]?\s*(?:많|폭주|원활)|연결(?:할|이|을|에)?.{0,6}(?:수\s*없|실패|오류|끊)",
    r"too many connections|bandwidth limit|lost connection|can't connect|gone away",
    r"max_user_connections|marked as crashed|(?:unable|could not|cannot) (?:to )?connect",
    r"connect(?:ion)? (?:error|failed|refused|timed out)|access denied for user",
    r"(?:mysqli?|sql|db|database)\b.{0,80}?(?:error|fail|denied|can't|오류|실패|장애)",
    r"(?:데이터\s*베이스|디비).{0,40}?(?:error|오류|실패|장애)",
    r"(?:fatal|parse|internal server|unknown database) error|uncaught (?:error|exception)",
    r"(?:warning|notice|deprecated): .{0,200}? on line \d+|allowed memory size",
    r"bad gateway|gateway time-?out",
)
_RESTRICTED = _any(
    r"로그인\s*(?:후(?!\s*(?:의견|댓글))|을|이|해|하셔야|하시|하신|하여|하십시오|하세요|회원)|(?:로그인|회원가입).{0,10}(?:필요|바랍니다)",
    r"회원\s*(?:만|전용|에게만|가입\s*후|이시라면|에\s*한)|회원(?:께|님께)만|비회원은",
    r"(?:유료|정|구독)\s*회원|구독자\s*(?:만|전용)|유료\s*(?:기사|콘텐츠|독자)",
    r"(?:members|subscribers) only|(?:please|must|need to) (?:log|sign) ?in|(?:log|sign) ?in to",
    r"(?:읽을|열람|볼|보실|조회할?)\s*권한",
)
_UNSETTLED_FIRST = (
    (Verdict.BLOCKED, _BLOCKED),
    (Verdict.TEMPORARY, _TEMPORARY),
    (Verdict.RESTRICTED, _RESTRICTED),
)
_REMOVED = _any(
    r"(?:삭제|철회|비공개\s*처리)\s*(?:된|되었|됐|되어|하였|했|처리|조치)",
    r"(?:게재|게시|서비스|노출|공개)[가이를을]?\s*(?:중단|중지|철회)",
    rf"내려진\s*{NOUN}|{NOUN}[가이를을은는]?\s*(?:내렸|내려졌)",
    r"(?:article|page|post) (?:has been |was )?(?:removed|deleted|withdrawn)",
)
_MISSING = _any(
    rf"{NOUN}(?:\s*정보)?[가이은는을를]?\s*(?:존재하지|찾을\s*수|찾지|등록되|검색되지|없[는습음어])",
    r"(?:존재하지\s*않는|없는|등록되지\s*않은|잘못된|유효하지\s*않은|찾을\s*수\s*없는)"
    rf"\s*(?:\S+\s){{0,2}}?{NOUN}",
    r"(?:page|article|file|url|document|resource)[^.]{0,40}(?:not (?:be )?found|(?:not|n't) exist)",
    r"404 not found|^not found|no such article|no (?:articles?|posts?|page) (?:was |were )?found",
    r"번호[가는]?\s*(?:잘못|올바르지|유효하지|틀[렸린])",
    rf"(?:등록된|유효한|올바른|정상적인)\s*{NOUN}(?:번호)?[가이]?\s*아[닙니]",
)


_QUERY = re.compile(
    r"(?:mysqli?|pgsql|pdo|sqlstate|odbc|oracle|db2)[\w:()\[\] -]{0,60}"
    r"(?:expects parameter|supplied argument|error|fail|denied|lost|gone|refused|too many|can't"
    r"|unable)",
    re.IGNORECASE,
)


def is_failed_query(text: str) -> bool:
    """Whether a text is a program's warning that its database did not answer."""
    return _QUERY.search(text) is not None


def by_words(text: str) -> Verdict | None:
    """The verdict of a message, or ``None``. Phrases for errors have priority over those that
    settle a number."""
    for verdict, pattern in _UNSETTLED_FIRST:
        if pattern.search(text):
            return verdict
    removed, missing = _REMOVED.search(text), _MISSING.search(text)
    if removed and not _HEDGED.search(text):
        return Verdict.REMOVED
    if missing or removed:
        # "removed or moved" says only that there is nothing.
        return Verdict.MISSING
    return None
