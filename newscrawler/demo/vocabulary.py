"""The newspaper's vocabulary: invented names, and sentence templates (see ``words``)."""

from __future__ import annotations

MATERIALS_OF = {
    "금속·세라믹": (
        "희토류", "티타늄합금", "마그네슘판재", "니켈매트", "리튬염", "고순도알루미나",
        "세라믹기판", "자성소재", "동박", "고엔트로피합금", "구리나노와이어", "실리콘카바이드",
    ),
    "화학·탄소": (
        "탄소섬유", "그래핀", "감광재", "폴리이미드필름", "아라미드섬유", "방열소재", "광학유리",
        "바이오플라스틱", "나노셀룰로스", "탄화규소섬유", "에어로젤단열재", "반도체웨이퍼",
    ),
    "수소·에너지": (
        "수소", "액화수소", "연료전지막", "백금촉매", "암모니아", "전고체전해질", "양극재",
        "음극재", "분리막", "배터리재활용원료",
    ),
    "3D프린팅": (
        "3D프린팅 금속분말", "적층제조용 티타늄분말", "광경화수지", "세라믹 잉크", "바이오 잉크",
    ),
    "산업가스": (
        "산업가스", "특수가스", "네온가스", "불화수소", "탄산가스", "고순도 질소", "의료용 산소",
        "헬륨",
    ),
}  # fmt: skip
"""What each section writes about; a section that is not here writes about all of it."""
MATERIALS = tuple(material for several in MATERIALS_OF.values() for material in several)
FIELDS = (
    "반도체", "이차전지", "수소경제", "항공우주", "전기자동차", "디스플레이", "조선해양",
    "방위산업", "의료기기", "풍력발전", "스마트공장", "건설기계", "우주발사체", "전력반도체",
    "통신부품",
)  # fmt: skip
FIRMS = (
    "가람머티리얼즈", "누리첨단소재", "다온하이드로젠", "라온케미칼", "마루금속", "보담가스텍",
    "새벽에너지", "아라세라믹스", "온새미배터리", "자올카본", "초롱나노", "큰솔화학",
    "튼튼중공업", "푸른결산업", "한빛마그네틱", "해든프린팅", "가온3D", "나래플라즈마",
    "도담전해질", "벼리반도체", "소담광물", "여울엔지니어링", "이든복합재", "하람진공",
    "그린내솔루션", "달보드레테크", "물빛산업", "별하전자", "세움정밀", "윤슬테크", "참빛소재",
    "터울글로벌", "포근섬유", "휘람모터스", "시나브로켐",
)  # fmt: skip
BODIES = (
    "한국새소재진흥원", "미래금속연구원", "국가수소센터", "첨단세라믹협회", "탄소융합기술원",
    "산업가스안전협의회", "적층제조학회", "희소금속비축단", "소재부품기업연합", "전지산업포럼",
    "나노공정플랫폼센터", "친환경화학연구소", "반도체재료학회", "동남권소재사업단",
    "표준물성시험원",
)  # fmt: skip
SURNAMES = "김이박최정강조윤장임한오서신권황안송류홍"
GIVEN = (
    "가온", "나래", "다솔", "도겸", "라희", "마루", "민서", "보람", "서율", "세찬", "수혁",
    "시온", "아람", "여진", "연우", "예준", "우진", "유담", "은새", "이안", "재윤", "정후",
    "주하", "지섭", "찬솔", "태오", "하람", "한결", "해솔", "현도", "형준", "혜린", "호연",
    "희찬", "규빈", "다현",
)  # fmt: skip
STAFF = {
    "김가온": "gaon", "이나래": "narae", "박다솔": "dasol", "최도겸": "dogyeom", "정라희": "rahee",
    "강마루": "maru", "조민서": "minseo", "윤보람": "boram", "임서율": "seoyul", "한세찬": "sechan",
    "오수혁": "suhyeok", "신시온": "sion", "류여진": "yeojin", "송하람": "haram",
}  # fmt: skip
"""The paper's reporters, and the names of their mailboxes."""
RANKS = (
    "대표", "사장", "부사장", "연구소장", "전무", "본부장", "원장", "회장", "센터장", "교수",
)  # fmt: skip
PLACES = (
    "울산", "창원", "포항", "구미", "여수", "군산", "평택", "청주", "대전", "광주", "전주",
    "부산", "서울 코엑스", "일산 킨텍스", "천안", "당진", "광양", "김해", "원주", "충주", "제주",
    "인천 송도",
)  # fmt: skip
PORTS = ("울산", "포항", "여수", "군산", "평택", "부산", "당진", "광양", "제주", "인천")
COUNTRIES = (
    "독일", "일본", "미국", "프랑스", "베트남", "호주", "캐나다", "칠레", "인도", "핀란드",
)  # fmt: skip
EVENTS = (
    "국제소재대전", "수소산업전시회", "적층제조컨퍼런스", "배터리소재포럼", "산업가스안전세미나",
    "세라믹기술교류회", "탄소소재융합워크숍", "희소금속전략회의", "반도체재료심포지엄",
    "기업설명회",
)  # fmt: skip
STEPS = (
    "소결공정", "분말제조", "기상증착", "정제설비", "용해주조", "습식방사", "재활용라인",
    "코팅공정", "출하검사", "열처리", "압연공정", "충전시험", "시제품제작", "신뢰성평가",
    "공정모니터링",
)  # fmt: skip
PROPERTIES = (
    "인장강도", "열전도도", "순도", "이온전도도", "내식성", "표면조도", "밀도", "수율",
    "에너지밀도", "내열온도", "기체투과도", "수명", "생산성", "균일도", "충전속도",
)  # fmt: skip

# {slot:은는} puts the particle that fits the slot's last syllable after it.
STORIES = (
    (
        "{firm}, {place}서 {material} 연 {num}톤 양산",
        "{firm:이가} {field}용 {material:을를} {place}에서 연간 {num}톤 규모로 양산한다고 "
        "{day}일 밝혔다.",
    ),
    (
        "‘{now} {event}’ {place}서 열려…{few}개사 참가",
        "{body:은는} {day}일 {place}에서 ‘{now} {event}’{event.이가} 열려 {material} 관련 "
        "기업 {few}곳이 참가했다고 전했다.",
    ),
    (
        "{firm}, {country:와과} {won}억 규모 {material} 장기 계약",
        "{material:을를} 둘러싼 공급 불안이 커지는 가운데 {firm:이가} {country} 기업과 "
        "{won}억원 규모의 장기 구매 계약을 맺었다.",
    ),
    (
        "{field} 업계, {material} 재고 {rate}% 늘려",
        "{field} 업계가 {material} 가격 상승에 대응해 재고를 {rate}% 늘린 것으로 조사됐다.",
    ),
    (
        "{body}–{firm}, {material} {property} {rate}% 높였다",
        "{body:이가} {material}의 {property:을를} {rate}% 높이는 {step} 기술을 {firm:와과} "
        "함께 개발했다.",
    ),
    (
        "{material} 자급률 {pct}%로…{won}억 투입",
        "정부가 {year}년까지 {material} 자급률을 {pct}%로 끌어올리기 위해 {won}억원을 "
        "투입하는 방안을 추진한다.",
    ),
    (
        "{firm}, {place}에 {material} 전용 공장",
        "{firm}(대표 {person})이 {place}에 {material} 전용 공장을 짓고 {field} 시장 공략에 나선다.",
    ),
    (
        "{last_month}월 {material} 출하 {num}톤…{rate}%↑",
        "지난 {last_month}월 국내 {material} 출하량이 {num}톤으로 한 해 전보다 {rate}% 늘었다.",
    ),
    (
        "{country} 수출 허가제에 {field} 업계 ‘긴장’",
        "{country} 정부의 수출 허가제 도입으로 {material:을를} 쓰는 {field} 기업의 걱정이 "
        "깊어지고 있다.",
    ),
    (
        "{body}–{firm}, {material} 공동연구 협약",
        "{body:와과} {firm:은는} {day}일 {place}에서 {material} 공동연구 협약을 맺었다고 밝혔다.",
    ),
    (
        "{firm}, {material} 불량률 {small}% 아래로",
        "{firm:이가} {step} 자동화에 성공해 {material}의 불량률을 {small}% 아래로 낮췄다.",
    ),
    (
        "{field} 부산물서 {material} 회수…{place}서 실증",
        "폐기되던 {field} 부산물에서 {material:을를} 되찾는 {step} 기술이 {place}의 한 "
        "공장에서 실증에 들어갔다.",
    ),
    (
        "{num}톤급 {material} 운반선, {port} 첫 입항",
        "{port} 앞바다에 {material:을를} 실어 나를 {num}톤급 운반선이 처음 닻을 내렸다.",
    ),
    (
        "{firm2}, {country} {field} 사업에 {material} 공급",
        "{firm2:이가} {country} 정부의 {field} 현대화 사업에서 {material} 공급사로 뽑혔다.",
    ),
    (
        "{firm}, {material} 연구동 문 열어",
        "낡은 {step} 설비를 걷어낸 자리에 {firm:이가} {material} 연구동을 열었다.",
    ),
    (
        "{body}, {field} 사업장 {few}곳 {material} 점검",
        "{body:이가} {next_month}월 한 달 동안 {field} 사업장 {few}곳의 {material} 보관 "
        "상태를 점검한다.",
    ),
    (
        "{material} 취급 안전 지침, {now}년판 나와",
        "{material} 가루를 다루는 {step} 근로자를 위한 안전 지침이 {now}년 개정판으로 나왔다.",
    ),
    (
        "{body}, {material} 쌓는 새 {step} 선보여",
        "{person} {body} 책임연구원 팀이 {material} 입자를 한 층씩 쌓는 새 {step} 방법을 "
        "학술지에 실었다.",
    ),
    (
        "[기획] {field} 시대, {material} 어디까지 왔나",
        "{field} 산업의 밑바탕인 {material:을를} 둘러싼 각국의 경쟁이 뜨겁다.",
    ),
    (
        "{firm} {person} {rank}, “{material} 국산화 자신”",
        "{person} {firm} {rank:은는} {day}일 {place}에서 기자들과 만나 “{material} 국산화에 "
        "자신이 있다”고 말했다.",
    ),
    (
        "{country}산 {material} 수입 {rate}% 감소",
        "지난 {last_month}월 {country}에서 들여온 {material:이가} 한 해 전보다 {rate}% "
        "줄어든 {num}톤으로 집계됐다.",
    ),
)
"""Headline and lead of one story: a slot that both name has one value."""
MIDDLES = (
    "{firm}에 따르면 이번 설비는 {step:와과} {step2:을를} 한 줄로 이어 {property:을를} "
    "{rate}% 끌어올린 것이 특징이다.",
    "회사는 {year}년 {month}월까지 {won}억원을 들여 {place}에 두 번째 생산동을 세울 계획이다.",
    "{material:은는} {field} 제품의 {property:을를} 좌우하는 핵심 재료지만 {country} "
    "의존도가 {pct}%에 이른다.",
    "연구진은 시료 {few}개를 {hours}시간 동안 시험해 {property:이가} {rate}% 나아진 것을 확인했다.",
    "이번 과제에는 {body:을를} 비롯해 {firm2:와과} {place}의 대학 두 곳이 참여하고 있다.",
    "시장조사 결과 세계 {material} 시장은 {now}년 {won}억원에서 해마다 {rate}%씩 커질 것으로 "
    "보인다.",
    "지금까지는 {step} 단계에서 미세한 균열이 생겨 {field} 현장에 바로 쓰기 어려웠다.",
    "이를 위해 {firm:은는} {country}에서 {step} 장비 {small}대를 들여와 시운전을 마쳤다.",
    "{field} 분야에서는 {material:을를} {num}㎏ 단위로 사들이는 중소기업의 부담이 특히 크다.",
    "업계는 {step} 기준이 정비되면 {material}의 {property} 편차가 절반으로 줄 것으로 기대한다.",
    "{person} {rank:은는} 설명회에서 {year}년 목표로 매출 {won}억원과 고용 {few}명을 내놓았다.",
    "지자체는 부지 사용료를 {small}년 동안 {rate}% 깎아 주고 {step} 인력 양성도 돕기로 했다.",
    "특히 {material2:을를} 함께 쓰는 복합 구조를 택해 무게를 {rate}% 덜고 {property:은는} "
    "그대로 지켰다.",
    "시험 생산한 {num}톤은 모두 {field} 업체 {small}곳에 넘겨져 성능 검증을 받고 있다.",
    "{body:은는} {next_month}월부터 {hours}시간 과정의 {step} 실습 교육을 열어 해마다 {few}명을 "
    "길러 낸다.",
    "반면 {material2} 값은 {country}의 재고가 줄면서 한 달 사이 {rate}% 올라 부담으로 남았다.",
    "{firm2:이가} 맡은 {step} 설비는 가동 {hours}시간 만에 설계 수율의 {pct}%에 도달했다.",
    "관세청 통계로 보면 {country}산 {material} 수입은 {last_month}월 한 달 {num}톤에 그쳤다.",
    "안전 기준도 손본다. {step}에서 새는 기체를 {small}초 안에 감지하도록 감지기 {few}개를 "
    "더 단다.",
    "이 방식은 {material:을를} 녹이지 않고 굳혀 전력 소비를 {rate}% 아낀다.",
    "{field} 고객사가 요구하는 {property:을를} 맞추려면 {step} 조건을 {few}가지 넘게 바꿔 "
    "봐야 한다.",
    "{place}에 모인 관계자 {few}명은 {material}의 시험 인증 절차를 줄여 달라고 입을 모았다.",
    "{firm:은는} {year}년 상반기 {country} 법인을 세우고 {material} 판매망을 {small}곳으로 넓힌다.",
    "함께 공개한 시제품은 {material:와과} {material2:을를} 겹쳐 {property:이가} 종전의 "
    "{small}배다.",
    "특허는 국내 {small}건, {country} {small2}건을 냈으며 {next_month}월 등록을 마칠 예정이다.",
    "원료를 {country} 광산 한 곳에 기대던 구조도 {material2} 대체 기술을 얻어 바꿔 나간다.",
    "주민 설명회에서는 냄새와 소음을 줄일 방음벽 {num}m를 먼저 세우기로 뜻을 모았다.",
    "앞선 실험에서 {few}번째 시료가 깨진 까닭은 냉각 속도가 고르지 못했기 때문으로 드러났다.",
    "운송비까지 따지면 {country}에서 들여오는 편이 아직 {rate}% 싸다는 반론도 나온다.",
    "금융권은 담보 대신 {material} 재고를 평가해 {won}억원까지 빌려주는 상품을 준비하고 있다.",
    "대학원생 {small}명이 밤샘 측정을 이어 간 끝에 오차를 {small}% 안쪽으로 좁혔다.",
    "작업자는 안경형 화면으로 온도와 압력을 보며 멀리서 밸브 {few}개를 여닫는다.",
    "전력 요금이 오르는 여름철에는 가동 시간을 {small}시간 줄여 손실을 막을 방침이다.",
    "{country} 세관은 서류 {small}종을 더 요구했고 통관은 {few}일이나 밀렸다.",
    "이 공정에는 물이 거의 쓰이지 않아 하루 폐수 {num}톤이 사라진다.",
    "협력업체 {small}곳은 같은 날 상생 선언문에 이름을 올리고 납품 단가를 {rate}% 조정했다.",
    "소방당국과 함께 꾸린 점검반은 저장탱크 {few}기의 이음매를 초음파로 살폈다.",
    "초기 투자금 회수에는 {small}년이 걸리지만 보조금을 받으면 {small2}년으로 짧아진다.",
    "{person} {rank:이가} 직접 쓴 기술 노트 {few}쪽도 후배 연구자에게 공개됐다.",
    "중고 장비를 고쳐 쓴 덕분에 초기 비용은 견적보다 {rate}% 적게 들었다.",
    "해외 바이어 {few}명은 시연을 지켜본 뒤 견본 {small}상자를 곧바로 주문했다.",
    "항만에서 공장까지 이어지는 배관 {few}㎞ 공사는 장마가 끝나는 대로 시작된다.",
    "다만 겨울철 영하 {small2}도 아래에서 성능이 떨어지는 문제는 풀어야 할 숙제다.",
    "표준이 정해지지 않아 업체마다 규격이 달랐고 부품을 바꿔 끼우기도 힘들었다.",
    "학계는 결정 구조를 원자 단위로 들여다본 첫 사례라는 데 의미를 둔다.",
    "노조는 교대 근무자 {few}명의 배치를 두고 {next_month}월 안에 합의안을 내기로 했다.",
    "인근 {place} 산업단지에서도 {small}개 업체가 같은 설비를 들이려고 견적을 받았다.",
    "재활용 비율이 {pct}%를 넘어서면서 매립장으로 가던 찌꺼기가 크게 줄었다.",
    "수요처가 한두 곳에 몰린 탓에 주문이 끊기면 생산선이 통째로 멈추곤 했다.",
    "국책과제 평가위원 {small}명은 경제성과 파급효과에 나란히 높은 점수를 매겼다.",
    "가격은 {last_month}월 둘째 주 톤당 {num}달러로 석 달 만에 가장 낮았다.",
    "인허가가 늦어지자 {firm2:은는} 임시 창고를 빌려 납기를 맞췄다.",
    "창업 {small}년 차인 이 기업은 직원 {few}명 가운데 절반이 연구직이다.",
    "드론으로 굴뚝을 살피는 사업에도 {won}억원이 새로 책정됐다.",
    "도면과 시험 성적서는 {body} 자료실에서 누구나 내려받을 수 있다.",
    "빛을 쬐면 색이 바뀌는 표시지를 붙여 변질 여부를 눈으로 가려낸다.",
    "장비를 국산으로 바꾼 뒤 고장 나도 {few}분이면 부품을 갈 수 있게 됐다.",
    "{country} 경쟁사가 증설을 미루면서 당분간 공급 부족이 이어질 전망이다.",
)
QUOTES = (
    "{person} {rank:은는} “{material} 한 품목만이라도 스스로 만들 수 있어야 {field} 산업이 "
    "흔들리지 않는다”고 말했다.",
    "{person} {rank:은는} “{step} 기술을 {firm2:와과} 나누어 {year}년에는 {country}에 "
    "되팔겠다”고 강조했다.",
    "{person} {rank:은는} “현장에서 가장 급한 것은 {step} 인력 {few}명을 채우는 일”이라고 "
    "설명했다.",
    "{body} 관계자는 “{property} 시험 자료를 모두 공개해 누구나 견줄 수 있게 하겠다”고 밝혔다.",
    "업계 관계자는 “{material} 값이 {rate}% 더 오르면 {field} 중소기업은 버티기 "
    "어렵다”고 우려했다.",
    "{person} {rank:은는} “{place} 공장이 돌아가면 {hours}시간 안에 전국 어디든 "
    "{material:을를} 댈 수 있다”고 자신했다.",
    "{person} {rank:은는} “처음 {small}년은 실패만 거듭했지만 기록을 남긴 덕에 길을 "
    "찾았다”고 돌아봤다.",
    "{firm2} 실무자는 “납기가 {few}일에서 {small}일로 줄어 고객 반응부터 달라졌다”고 귀띔했다.",
    "익명을 원한 전문가는 “보조금보다 {step} 기준을 빨리 정하는 일이 먼저”라고 꼬집었다.",
    "{country} 방문단은 “작은 도시에 이런 시설이 있다는 사실이 놀랍다”는 소감을 남겼다.",
)
CLOSERS = (
    "한편 {firm:은는} {next_month}월 {place}에서 열리는 {event}에 {material} 시제품 {small}종을 "
    "내놓는다.",
    "자세한 내용은 {body} 누리집에서 확인할 수 있다.",
    "{body:은는} 결과를 {year}년 {month}월 {event}에서 발표할 예정이다.",
    "접수는 {next_month}월 {date}일까지며 {material} 분야 {small}개 과제를 뽑는다.",
    "앞서 {firm2:은는} {past}년에도 {country}에서 {material2} {num}톤을 들여온 바 있다.",
    "회사는 {next_month}월 주주총회에서 투자 계획을 확정한다.",
    "{place} 설비는 {year}년 겨울까지 시험 운전을 거쳐 상업 가동에 들어간다.",
    "참가비는 없으며 {body} 누리집에서 먼저 신청하면 된다.",
    "남은 과제는 {field} 고객의 장기 구매 약속을 받아 내는 일이다.",
)
SYMBOLIC = (
    "㈜{firm:은는} 두께 {small}㎛의 {material:을를} {num}℃에서 구워 H₂ 누설을 {small2}ppm "
    "아래로 막았다.",
    "중점 과제는 ① {material} 국산화 ② {step} 고도화 ③ {field} 실증 순으로 진행된다.",
    "세부 지원은 △{step} △{step2} △{property} 시험 △{event} 참가 등이다.",
    "품목별로는 {material}({rate}%↑), {material2}({small}%↓) 등 등락이 엇갈렸다.",
    "농도 {small}㎎/ℓ, 면적 {num}㎡, 전력 {small2}㎾h 조건에서 CO2 배출은 {rate}% 줄었다.",
)
ARROW_ITEMS = (
    "{material} 생산설비 {won}억원 지원",
    "{field} 실증단지 {small}곳 조성",
    "{step} 전문인력 {num}명 양성",
    "{material2} 비축량 {num}톤 확대",
    "{property} 시험기관 {small}곳 지정",
    "{country} 공동연구 재개",
)
OPINION_TITLES = (
    "[기고] {material} 국산화, {property} 경쟁이 아니다",
    "[기고] {field} 인력난, {step} 현장에서 답을 찾자",
    "[사설] {country}의 {material} 통제, 남의 일 아니다",
    "[기자수첩] {place}의 빈 공장이 말하는 것",
    "[인터뷰] {person} {firm} {rank} “{material} 값보다 신뢰가 먼저”",
)
ENTITY_TITLES = (
    "‘{material} & {material2}’ 융합…{firm}, “{property} {rate}%↑”",
    "{firm} R&D 투자 <{won}억원> 넘었다",
    "불순물 < {small}ppm, 순도 > {pct}% “{material} 새 기준”",
    "{body} \"{material}, '{field}' 판 바꾼다\"",
)
CAPTIONS = (
    "{firm} {place} 공장의 {step} 설비",
    "{event}에서 관계자들이 {material} 시제품을 살펴보고 있다.",
    "{person} {rank:이가} {material} 개발 성과를 설명하고 있다.",
    "{body:이가} 만든 {material} 시험편(사진={body} 제공)",
    "{material}의 {property} 비교(자료: {body})",
    "{firm:와과} {firm2} 관계자들이 협약 후 기념촬영을 하고 있다.",
)
ENGLISH = (
    "{en} said on Monday that its {num}-ton pilot line for advanced ceramics reached {pct}% yield.",
    "The company plans to invest {won} million dollars in hydrogen storage materials by {year}.",
    "Demand for carbon fiber grew {rate}% in the first half, according to the trade association.",
    "Engineers at {en} tested {num} samples over {hours} hours & found no cracks wider than "
    "{small} µm.",
    "A spokesperson added that the second plant will open in {year}.",
    "Prices of rare-earth oxides rose {rate}% after new export rules took effect.",
    "Local officials approved a {num}-meter pipeline that will carry recovered helium.",
    "Researchers in {past} had doubted that the alloy could survive {hours} thermal cycles.",
    "Shares of {en} closed {rate}% higher after the announcement.",
    "The plant recycles about {small} of every 10 tons of spent cathode powder.",
    "Visitors at the exhibition watched a printer build a titanium valve in {hours} minutes.",
    "Insurers have asked for stricter leak tests before shipments begin next spring.",
    "A rival supplier expects to cut its nickel inventory by {rate}% before winter.",
    "Union leaders welcomed {few} new jobs but asked for longer training.",
    "The consortium will publish its test data, including {small} failed batches.",
    "Freight costs remain {rate}% above the level of {past}.",
)
ENGLISH_TITLES = (
    "{en} Starts {num}-Ton Materials Line",
    "Hydrogen Alloy Output Up {rate}% in {now}",
    "{en} & Partners Test New Carbon Fiber",
)
ENGLISH_FIRMS = (
    "Garam Materials",
    "Nuri Advanced",
    "Daon Hydrogen",
    "Jaol Carbon",
    "Saebyeok Energy",
)

# Words that a reporter varies without meaning anything else by it. Those of a row all end in a
# consonant, or all in a vowel, so that the particle after them fits.
SYNONYMS = {
    "밝혔다": ("밝혔다", "전했다", "알렸다", "발표했다"),
    "늘었다": ("늘었다", "불어났다", "증가했다"),
    "함께": ("함께", "같이"),
    "계획이다": ("계획이다", "방침이다", "예정이다", "구상이다"),
    "특히": ("특히", "무엇보다", "그중에서도"),
    "한편": ("한편", "이와 별도로", "아울러"),
    "이를 위해": ("이를 위해", "이에 맞춰", "그 첫걸음으로"),
    "지금까지는": ("지금까지는", "그동안", "얼마 전까지"),
    "기대한다": ("기대한다", "내다본다", "전망한다"),
    "공장": ("공장", "사업장", "생산동"),
    "기술을": ("기술을", "공법을"),
    "설비": ("설비", "장치"),
    "개발했다": ("개발했다", "내놓았다", "완성했다"),
    "추진한다": ("추진한다", "검토한다"),
    "확인했다": ("확인했다", "입증했다"),
    "업계는": ("업계는", "관련 기업들은", "시장에서는"),
    "연구진은": ("연구진은", "연구팀은"),
    "회사는": ("회사는", "이 업체는", "경영진은"),
    "줄었다": ("줄었다", "감소했다"),
    "나선다": ("나선다", "뛰어든다", "속도를 낸다"),
}
