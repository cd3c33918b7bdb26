"""Whom a measure addresses (target groups) and what it is about (technology fields), by the words that name them."""

from __future__ import annotations

from pipeline.draft.grammar.rules import Rule, remembered
from schemas.vocabulary import TargetGroup, TechnologyField

_GROUPS: tuple[tuple[TargetGroup, Rule], ...] = (
    (TargetGroup.SMES, Rule("addresses smes", ko=r"중소기업 중견기업 영세기업 령세기업 소상공인 전정특신 전문·정밀·특색 작은\s?거인 소거인", zh="中小企业 专精特新",
        en=r"\bSMEs?\b small\s(?:and|business)", finds="전문·정밀·특색 / 작은거인 / SME / small and")),
    (TargetGroup.FOREIGN_FIRMS, Rule("addresses foreign_firms", ko=r"외국인\s?(?:투자|재투자) 외자 외국\s?기업 다국적", zh="外资 外商",
        en=r"foreign\s(?:firm|invest|compan)", finds="외국인투자 / 외국기업 / foreign companies")),
    (TargetGroup.STARTUPS, Rule("addresses startups", ko=r"창업\s?(?:기업|자) 스타트업 혁신창업 유니콘 창업팀", zh="初创 创业",
        en="start-?ups?", finds="창업기업 / startup")),
    (TargetGroup.LARGE_FIRMS, Rule("addresses large_firms",
        ko=r"대기업 중앙기업 국유\s?[^,]{0,8}기업 선두주자\s?기업 선주주자기업 리더기업 선도\s?기업", zh="央企 龙头企业 大型企业", en=r"large\s(?:firm|compan)",
        finds="국유기업 / 선두주자기업 / 선도기업 / large firm")),
    (TargetGroup.FIRMS, Rule("addresses firms", ko="기업 농가 어민 농업인 업체", zh="企业 公司",
        en=r"\bfirms?\b compan(?:y|ies) \bbusiness(?:es)?\b farmers? manufacturers?",
        finds="firm / company / business / farmer / manufacturer")),
    (TargetGroup.UNIVERSITIES, Rule("addresses universities", ko="대학(?!원생) 고등교육", zh="高校 大学", en="universit",
        finds="대학")),
    (TargetGroup.PUBLIC_RESEARCH, Rule("addresses public_research", ko="연구소 연구원(?!을) 연구기관 실험실 과학원", zh="科研院所 科研机构 实验室",
        en=r"research\s(?:institut|organi|cent) laborator", finds="연구원 / research cent")),
    (TargetGroup.RESEARCHERS, Rule("addresses researchers", ko=r"연구자 연구\s?인력 박사후 학자 연구진 과기\s?인력 인재", zh="科学家 科研人员 人才",
        en="researchers? scientists? postdoc", finds="연구인력 / 과기인력 / researcher / scientist")),
    (TargetGroup.STUDENTS_TEACHERS, Rule("addresses students_teachers", ko="학생 교원 교사 대학원생", zh="学生 教师",
        en="students? teachers? pupils? apprentices?", finds="student / teacher / pupil / apprentice")),
    (TargetGroup.INVESTORS, Rule("addresses investors", ko=r"투자자 투자기관 벤처캐피 은행 금융\s?(?:기관|기구)", zh="投资者 银行 金融机构",
        en=r"investors? \bbanks?\b", finds="금융기관 / investor / bank")),
    (TargetGroup.INTERMEDIARIES, Rule("addresses intermediaries", ko=r"중개 기술이전\s?(?:기관|센터) 협회 인큐베이 운영센터 서비스\s?기관 산업단지",
        zh="中介 孵化器 协会 园区", en="incubators? intermediar associations?", finds="기술이전기관 / 서비스기관 / incubator / association")),
    (TargetGroup.GOVERNMENT, Rule("addresses government", ko=r"지방\s?정부 지자체 행정기관 공공기관 정부\s?(?:부처|데이터|조달)", zh="地方政府 各地",
        en=r"local\s(?:authorit|government) municipalit public\sbod", finds="지방정부 / 정부부처 / local authorit")),
    (TargetGroup.SOCIETY, Rule("addresses society", ko="주민 국민 시민 노인 장애인 환자 소비자 노동자 청년 어린이 가정", zh="居民 群众 消费者 老年",
        en="citizens? households? patients? consumers? residents? workers?",
        finds="citizen / household / patient / consumer / resident / worker")),
)  # fmt: skip
_FIELDS: tuple[tuple[TechnologyField, Rule], ...] = (
    (TechnologyField.SEMICONDUCTORS, Rule("is about semiconductors", ko="반도체 집적회로 칩(?![가-힣]) 웨이퍼", zh="半导体 集成电路 芯片",
        en=r"semiconductor \bchips?\b", finds="칩 / chip")),
    (TechnologyField.AI_DATA_SOFTWARE, Rule("is about ai_data_software",
        ko="인공지능 데이터 소프트웨어 알고리즘 클라우드 블록체인 디지털 자연언어 컴퓨터시각 기계학습", zh="人工智能 大数据 软件 数字 算法",
        en=r"\bAI\b artificial\sintelligence software \bdata\b digital cloud", finds="AI / data")),
    (TechnologyField.QUANTUM, Rule("is about quantum", ko="양자", zh="量子", en="quantum")),
    (TechnologyField.ROBOTICS_MANUFACTURING, Rule("is about robotics_manufacturing",
        ko=r"로봇 제조 스마트\s?공장 장비 산업\s?인터넷 3D\s?프린 공작\s?기계 공정\s?기계", zh="机器人 制造 装备 工业互联网",
        en=r"robot manufactur industrial\sinternet", finds="스마트공장 / 산업인터넷 / 3D프린 / 공작기계 / 공정기계")),
    (TechnologyField.BIO_HEALTH, Rule("is about bio_health", ko="바이오 의료 의약 건강 백신 세포 유전자 병원 임상 감염병 방역 보건 헬스 약물",
        zh="生物 医药 医疗 健康 疫苗", en="biotech health medic vaccine pharma clinical")),
    (TechnologyField.MARINE, Rule("is about marine", ko="해양 심해 해상 수중", zh="海洋 深海", en="marine ocean offshore")),
    (TechnologyField.AEROSPACE, Rule("is about aerospace", ko="항공 우주 위성 드론 무인기", zh="航天 航空 卫星 低空",
        en=r"aerospace \bspace\b satellite aviation drone", finds="space")),
    (TechnologyField.TRANSPORT_NEV, Rule("is about transport_nev", ko="자동차 교통 차량 철도 도로 물류 자율주행 충전 커넥티드카",
        zh="汽车 交通 轨道 铁路 车辆", en="vehicle transport rail mobility automotive")),
    (TechnologyField.ENERGY, Rule("is about energy", ko=r"에너지 전력 수소 태양 풍력 배터리 저장산업 발전소 난방 전기차\s?충전 원자력",
        zh="能源 电力 氢 储能 光伏 风电 核电", en="energy hydrogen solar wind battery batteries nuclear grid electricity",
        finds="전기차충전")),
    (TechnologyField.ENVIRONMENT, Rule("is about environment", ko="환경 녹색 탄소 생태 기후 오염 폐기물 재활용 미세먼지 온실가스 녹지",
        zh="环境 绿色 碳 生态 污染 环保", en="environment climate carbon emission recycl waste biodivers green")),
    (TechnologyField.ICT_TELECOM, Rule("is about ict_telecom", ko="통신 네트워크 인터넷 기지국", zh="通信 互联网 物联网",
        en=r"5G 6G telecom broadband \binternet\b wireless", finds="internet")),
    (TechnologyField.NEW_MATERIALS, Rule("is about new_materials", ko="소재 재료 희토", zh="材料 稀土",
        en=r"materials?\b graphene", finds="material")),
    (TechnologyField.AGRICULTURE, Rule("is about agriculture", ko="농업 농촌 축산 어업 식품 종자 임업", zh="农业 农村 种业 粮食",
        en="agricultur farm food fisher crop")),
    (TechnologyField.BASIC_SCIENCE, Rule("is about basic_science", ko=r"기초\s?(?:과학|연구) 수학 물리 거대\s?과학 과학장치",
        zh="基础研究 基础科学 数学 大科学", en=r"basic\s(?:science|research) fundamental", finds="기초과학 / 거대과학 / basic science")),
    (TechnologyField.BUSINESS_SERVICES, Rule("is about business_services", ko="금융 서비스업 보험 컨설팅 전자상거래 판매 관광",
        zh="金融 服务业 电子商务", en=r"financ services?\b tourism retail", finds="service")),
)  # fmt: skip
_NARROW = {TargetGroup.SMES, TargetGroup.FOREIGN_FIRMS, TargetGroup.STARTUPS, TargetGroup.LARGE_FIRMS}


def groups_of(words: str) -> list[TargetGroup]:
    """Whom the measure addresses, at most three; `firms` only where no narrower kind of firm is named."""
    return list(_groups_of(words))


@remembered
def _groups_of(words: str) -> tuple[TargetGroup, ...]:
    found = [group for group, rule in _GROUPS if rule.within(words)]
    if _NARROW & set(found):
        found = [g for g in found if g is not TargetGroup.FIRMS]
    return tuple(found[:3])


def fields_of(words: str, most: int) -> list[TechnologyField]:
    """Technology fields named in the words, the most frequent first, at most `most`."""
    return list(_ranked_fields(words)[:most])


@remembered
def _ranked_fields(words: str) -> tuple[TechnologyField, ...]:
    counts = [(rule.count(words), -i, name) for i, (name, rule) in enumerate(_FIELDS)]
    ranked = sorted((c for c in counts if c[0]), reverse=True)
    return tuple(name for _, _, name in ranked)
