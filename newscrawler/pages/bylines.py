"""The writer's line: as printed, and the reporters that it names.

Desks and agencies (``편집국``, ``온라인뉴스팀``, the paper itself) also appear as writers; they
are a byline without a reporter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from lxml.etree import _Element as Element

from newscrawler.items import Reporter
from newscrawler.pages.dom import line_of, squeeze

EMAIL = re.compile(r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_AT = re.compile(
    r"(?<=[A-Za-z0-9._-])(?:\s{0,3}(?:＠|골뱅이|[(\[{<]\s?(?:at|@|골뱅이)\s?[)\]}>])\s{0,3}|\s{1,3}@\s{0,3}|@\s{1,3})"
    r"(?=[A-Za-z0-9-]+\s{0,3}[.．(\[{<])"
    r"|(?<=[A-Za-z0-9])\sat\s(?=[A-Za-z0-9-]+(?:\.|\sdot\s)[A-Za-z])",
    re.IGNORECASE,
)
_DOT = re.compile(
    r"(?<=[A-Za-z0-9-])(?:\s?[(\[{<]\s?(?:dot|\.|점)\s?[)\]}>]\s?|\sdot\s|．)(?=[A-Za-z])",
    re.IGNORECASE,
)
"""Forms of ``@`` and ``.`` in an address that is written so that programs do not find it."""
_EMAIL_LABEL = re.compile(r"(?i)e-?mail|이메일|메일")
_ASIDE = re.compile(r"\((?![^()]*기자)[^()]*\)")
_SEPARATOR = re.compile(
    r"[,/&|;:·ㆍ・‧∙•、=()\[\]{}<>〈〉《》「」【】]|(?<=\s)(?:및|and)(?=\s)|(?<=기자)[와과의](?=\s)"
)
_DATELINE = re.compile(r"(?<![가-힣A-Za-z])[가-힣]{2,8}\s*=(?=[^=,]*기자)")
"""The place, or the paper, before the name: ``평택=홍길동 기자``."""
_AGENCY = re.compile(
    r"[(\[【<〈](?![^()\[\]【】<>〈〉]{0,40}기자)[^()\[\]【】<>〈〉=]{0,20}=[^()\[\]【】<>〈〉=]{1,20}[)\]】>〉]"
)
"""Place and agency before the name: ``[서울=한빛시스]``."""
_FIRM_SIGN = re.compile(r"㈜|\(\s*(?:주|유|사|재)\s*\)|주식회사|유한회사|사단법인|재단법인")
_MARK_OF_FIRM = "\ue000"
"""Replaces such a character while words are separated."""
_HANJA = re.compile(r"[\u4e00-\u9fff\uf900-\ufaff]{2,4}")
_TITLE = re.compile(
    r"(?:(?:선임|수석|전문|객원|인턴|시민|명예|사진|영상|취재|편집|수습|책임|대|전)?기자"
    r"|(?:편집|보도|취재|부)?국장|편집(?:장|인)|발행인|대표(?:이사)?|논설(?:위원|실장|주간)|주필|주간"
    r"|특파원|통신원|리포터|앵커|아나운서|PD|피디|작가|칼럼니스트|평론가|에디터|(?:편집|전문|객원|자문)?위원"
    r"|(?:부|차|팀|실|소|원|본부|지국|지사|센터|회|사|이사|과|처|단|총|학|시)장|교수|박사|변호사|상무|전무|이사|시인|위원장|원장|장관|차관|청장|국무총리"
    r"|(?:책임|선임|수석|전임|주임)?연구(?:원|관|사|위원)|(?:사무|주무|서기)관|대변인|의원"
    r"|(?:소설|수필|사진|만화|미술|건축|번역|여행|사업|기업|경영|비평)가"
    r"|記者|特派員|論說委員|(?:변리|회계|세무|노무|기술|약|의)사|컨설턴트|애널리스트|매니저|강사|교사|님)$"
)
_ROLE = re.compile(
    r"글|사진|그림|취재|정리|영상|편집|촬영|번역|감수|구성|사회|종합|제공|기고자?|필자|칼럼|[Bb]y|BY|기자명|작성자|글쓴이"
    r"|대담|진행|인터뷰|그래픽|자료|옮긴이|담당|(?i:reporter|correspondent|staff|writer)"
    r"|선임|수석|전문|객원|인턴|시민|명예|수습|책임|대|전|[가-힣]{1,4}학박사"
    r"|(?:국회|시|도|군|구)의원"
)
_DESK = re.compile(
    r".*(?:편집국|편집부|보도국|보도부|취재부|취재국|뉴스룸|신문사?|일보|뉴스|방송|통신|저널|타임[즈스]|미디어"
    r"|매거진|투데이|데스크|센터|본부|편집실|논설실|기획실|사무국|운영자|관리자|연구소|대학교?|협회|학회|조합"
    r"|공사|공단|재단|그룹|병원|법인|사무소|[가-힣]{4,}[부과]|뉴시스|.{0,4}(?:기고|투고)|.팀|...연구원|뉴스\d?부)"
    r"|(?i:admin(?:istrator)?|webmaster|editor|editorial|newsroom|news|desk)|보도자료|자료제공"
    r"|온라인|디지털|인터넷|편집자|본지|본사|독자|AI|인공지능|.{1,6}봇"
    r"|(?:산업|경제|정치|사회|문화|국제|사진|체육|스포츠|생활|기획|온라인|디지털|과학|기술|전국|지방|지역"
    r"|특별취재|금융|증권|부동산|의료|교육|IT|영상|소재|에너지|환경|정보|유통|건설|중기|특집)\d?부"
)
_PRESS = re.compile(r"(?:신문사?|일보|뉴스)$")
_SURNAMES = frozenset(
    "김이박최정강조윤장임한오서신권황안송전홍유고문양손배백허남심노하곽성차주우구민류나진지엄채원천방공현함변염"
    "여추도소석선설마길연위표명기왕금옥육인맹제모탁국어은용예봉독사편"
)
"""First syllables of nearly all Korean names; they distinguish a name from a firm or a place next
to it."""
_PLACES = frozenset(
    {
        "서울", "부산", "대구", "인천", "광주", "대전", "울산", "세종", "경기", "강원", "충북",
        "충남", "전북", "전남", "경북", "경남", "제주", "수원", "창원", "포항", "구미", "워싱턴",
        "뉴욕", "도쿄", "베이징", "상하이", "파리", "런던", "베를린", "모스크바", "브뤼셀",
        "하노이", "호찌민", "싱가포르", "홍콩", "로스앤젤레스",
    }
)  # fmt: skip
_LONG_SURNAMES = frozenset({"남궁", "독고", "사공", "서문", "선우", "제갈", "황보"})
_AFFILIATION = re.compile(
    r".{3,}원|.{2,}(?:대|대학|연구|센터|소재|산업|전자|화학|기술|협의회|테크|상사|은행|바이오|시스템|건설|에너지|학과|국|과)"
)
"""Where a person who is not a reporter works, next to the name: ``홍길동 한빛대 교수``."""
_LONGEST = 2000
_AND = re.compile(r"[가-힣]{3}[와과의]")
"""A name with a particle: ``홍길동과 김영희``."""
_SYLLABLES = re.compile(r"[가-힣]+")
_LATIN = re.compile(r"[A-Za-z][A-Za-z.'’-]*")
_MAILTO = re.compile(r"^\s*mailto:([^?\s]+)", re.IGNORECASE)
_CONTROL = re.compile(
    r"다른\s*기사|기사\s*(?:더\s*)?보기|프로필|구독|팔로우|좋아요|댓글|추천|조회|스크랩|프린트|인쇄|공유"
    r"|기사수정|메일전송|글자|URL|홈페이지|기사\s*듣기|^(?:음성|저장|PDF)$"
)


_SIGNED_END = re.compile(
    r"(?!\W*(?:사진|영상|그래픽|자료|제공))\W*[가-힣A-Za-z][가-힣A-Za-z·ㆍ,/=\s]{0,30}"
    r"(?:기자|특파원|통신원)(?:\s*[(<\[/|]?\s*[\w.+-]+@[\w.-]+[)>\]]?)?\W*"
)
"""A last line that is only a signature: ``홍길동 기자 hong@paper.kr``."""
_SIGNED_START = re.compile(r"[\[(【]([^\[\]()【】]{2,40}(?:기자|특파원|통신원))[\])】]")
"""A signature before the first sentence: ``[평택=홍길동 기자] …``."""


def signature_of(paragraphs: Sequence[str]) -> str | None:
    """The writer's line that a text itself prints, before its first sentence or as its last line.

    It stays in the text, where it was printed.
    """
    if not paragraphs:
        return None
    if match := _SIGNED_START.match(paragraphs[0]):
        return match[1]
    last = paragraphs[-1].rsplit("\n", 1)[-1]
    return last if len(paragraphs) > 1 and _SIGNED_END.fullmatch(last) else None


def is_signed(line: str) -> bool:
    """Whether a line ends with a writer's role, or has an address."""
    return line.endswith(("기자", "특파원", "논설위원", "통신원", "리포터")) or "@" in line


def is_control(line: str) -> bool:
    """Whether a line is a link or a counter of the page (``다른 기사보기``, ``댓글 0``)."""
    return _CONTROL.search(line) is not None


def has_mail_link(element: Element) -> bool:
    """Whether an element is or has a link to write a mail: the writer's name may be its text."""
    return any(_MAILTO.match(link.get("href") or "") for link in element.iter("a"))


def linked_emails(element: Element) -> str:
    """The element's text, with the address added after each mail link that does not show it."""
    words = line_of(element)
    for link in element.iter("a"):
        match = _MAILTO.match(link.get("href") or "")
        if match and match[1] not in words:
            shown = line_of(link)
            at = words.find(shown) + len(shown) if shown else len(words)
            words = f"{words[:at]} {match[1]} {words[at:]}"
    return squeeze(words)


# A paper has a few dozen writers.
@lru_cache(maxsize=1024)
def reporters(byline: str, paper: tuple[str, ...] = ()) -> tuple[Reporter, ...]:
    """The people in a byline, in order, each with the address next to the name.

    ``paper``: the names of the paper itself, which are not people.

    >>> reporters("홍길동·김영희 기자 hong@example.kr")
    (Reporter(name='홍길동', email=None), Reporter(name='김영희', email='hong@example.kr'))
    >>> reporters("편집국")
    ()
    """
    people: list[Reporter] = []
    names: list[str] = []
    emails: list[str] = []

    def settle() -> None:
        # One address for several names belongs to the name beside it, the last.
        matched: list[str | None] = [None] * max(0, len(names) - len(emails)) + list(emails)
        people.extend(Reporter(name, email) for name, email in zip(names, matched, strict=False))
        names.clear()
        emails.clear()

    # No list of writers is so long, and the patterns below would be slow on it.
    byline = _with_usual_addresses(byline[:_LONGEST])
    position = 0
    for match in [*EMAIL.finditer(byline), None]:
        between = byline[position : match.start() if match else len(byline)]
        found = _names(between, paper)
        if found and names and emails:
            settle()
        if found and emails and not names:
            # The address stands before the name.
            names.extend(found)
            settle()
        else:
            names.extend(found)
        if match:
            emails.append(match[0])
            position = match.end()
    settle()
    distinct: dict[str, Reporter] = {}
    for person in people:
        if person.name not in distinct or (person.email and not distinct[person.name].email):
            distinct[person.name] = person
    return tuple(distinct.values())


def _with_usual_addresses(line: str) -> str:
    """A line with addresses such as ``hong(at)paper.kr`` in their usual form.

    >>> _with_usual_addresses("홍길동 hong[at]paper[dot]kr")
    '홍길동 hong@paper.kr'
    """
    usual = _AT.sub("@", line)
    if usual == line:
        return line
    return re.sub(r"\S*@\S+(?:\sdot\s\S+)*", lambda found: _DOT.sub(".", found[0]), usual)


def _names(text: str, paper: tuple[str, ...]) -> list[str]:
    for name in paper:
        text = text.replace(name, " , ")
        if (short := _PRESS.sub("", name)) in text and short:
            text = re.sub(rf"(?<!\w){re.escape(short)}(?!\w)", " , ", text)
    text = _AGENCY.sub(" , ", text)
    text = _DATELINE.sub(" ", text)
    text = _FIRM_SIGN.sub(_MARK_OF_FIRM, text)
    text = _ASIDE.sub(" ", _EMAIL_LABEL.sub(" ", text))
    names: list[str] = []
    is_bare = False
    for piece in _SEPARATOR.split(text):
        words = piece.split()
        if not words or (is_bare and _is_post(words)):
            continue
        found = _names_of_piece(words)
        names += found
        is_bare = words == found
    return names


def _is_post(words: list[str]) -> bool:
    """Whether words are the post of the person before them: ``홍길동 / 한빛소재대 교수``."""
    *places, title = words
    if not places or title.endswith("기자") or _without_title(title):
        return False
    return all(
        not _without_title(word) or (_AFFILIATION.fullmatch(word) and not _is_like_a_name(word))
        for word in places
    )


def _is_like_a_name(word: str) -> bool:
    return len(word) == 3 and word[0] in _SURNAMES


def _names_of_piece(words: list[str]) -> list[str]:
    """The names in words without a separator: ``산업부 홍길동 기자``, ``홍길동 김영희 기자``."""
    words = _without_firms(words)
    stems = [stem for word in words if (stem := _without_title(word))]
    found = _joined(stems)
    if len(found) > 1:
        likely = [name for name in found if name[0] in _SURNAMES and 2 <= len(name) <= 4] or found
        if any(word.endswith("기자") for word in words):
            return likely
        return [name for name in likely if not _AFFILIATION.fullmatch(name)] or likely
    if not found and len(words) == 2 and words[1] == "기자":
        # Only the surname, or a name that ends like the title: 박 기자, 이기자 기자.
        return [words[0]] if stems and words[0][0] in _SURNAMES else []
    return found


def _without_firms(words: list[str]) -> list[str]:
    """The words without a firm, recognised by its legal form: ``홍길동 (주)한빛 대표``."""
    kept: list[str] = []
    is_next = False
    for word in words:
        if is_next:
            is_next = False
        elif word == _MARK_OF_FIRM:
            is_next = True
        elif word.endswith(_MARK_OF_FIRM) or word.startswith(_MARK_OF_FIRM):
            continue
        else:
            kept.append(word)
    return kept


def _without_title(word: str) -> str:
    """The name in a word; empty for a title, a role, a desk, a firm or a place."""
    if _DESK.fullmatch(word) or _ROLE.fullmatch(word) or word in _PLACES:
        return ""
    if _AND.fullmatch(word) and word[0] in _SURNAMES:
        word = word[:-1]
    title = _TITLE.search(word)
    if title and (title.start() == 0 or len(word) > 3 or title[0] == "기자"):
        stem = word[: title.start()]
        # A name may end like a title's first syllable: 김대 기자, not 김 대기자.
        return word[:-2] if len(stem) == 1 and title[0].endswith("기자") else stem
    return word


def _joined(words: list[str]) -> list[str]:
    """Join the parts of one name: ``홍 길 동``, ``John Smith``; drop other words."""
    begins_name = bool(words) and (len(words[0]) == 1 or words[0] in _LONG_SURNAMES)
    if len(words) > 1 and begins_name and all(map(_SYLLABLES.fullmatch, words)):
        name = "".join(words)
        if len(name) <= 4:
            return [name]
    names: list[str] = []
    latin: list[str] = []
    for word in [*words, ""]:
        if _LATIN.fullmatch(word):
            latin.append(word)
            continue
        if latin:
            names.append(" ".join(latin))
            latin = []
        if (_SYLLABLES.fullmatch(word) and 2 <= len(word) <= 8) or _HANJA.fullmatch(word):
            names.append(word)
    return names
