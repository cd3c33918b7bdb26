"""Acts: which units state something that the authority does, will do or has done.

The test is the predicate: a Korean bullet ends with an action noun (구축, 지원) or a verb form of one, a
Chinese sentence opens with an action verb, an English bullet with one. What reports (제시, 발표), defines
(의미함) or counts (차지, 기록) is no act.
"""

from __future__ import annotations

import re

from pipeline.draft.rules import either, led, remembered
from schemas.vocabulary import ActionStatus

# Sino-Korean action nouns that take 하다: the open list of what authorities do in plans.
ACTION = (
    "가동 가속 가속화 간소화 감독 감축 감면 강구 강화 개량 개발 개방 개선 개설 개척 개최 개편 개혁 개정 건립 건설 검토 격려 결성 경감 고도화 고양 공급 공유 관리 교육 교류 구비 "
    " 구축 권장 규범화 극복 금지 기획 내실화 단속 단축 달성 도모 도입 돌파 대응 등록 마련 매칭 면제 모색 모집 발굴 발전 발족 발행 배치 배정 배양 배포 보강 보급 보완 보장 보전 보조 보호"
    " 부과 부여 분담 비축 사용 산업화 상용화 선도 선발 선정 설립 설정 설치 성장 소집 수립 수행 승인 시범 시행 신설 실시 실행 실현 실증 심화 안착 안정화 양성 연계 연구 연동 연장 완비 완화"
    " 완성 우대 운영 운용 유도 유지 유치 육성 융합 응용 의무화 이전 이행 이용 인상 인정 인증 인하 일원화 임무 입주 자동화 작성 장려 재편 저감 적용 전개 전환 절감 점검 접목 정립 정비 정착"
    " 제거 제공 제작 제정 제한 제고 조달 조사 조성 조정 조직 주도 주력 중점 증대 증설 증액 지급 지도 지원 지정 지향 진행 진출 집중 집적 집행 징수 착공 착수 참여 창설 창업 창출 채용 책정"
    " 철폐 체결 촉진 추가 추진 추천 축소 출범 출시 취소 탐색 탐지 통일 통일화 통합 투자 투입 특화 특성화 편성 평가 폐지 표준화 허용 해소 해제 향상 혁신 현대화 협력 형성 홍보 확대 확립 확보"
    " 확산 확장 확정 확충 활성화 활용 효율화 훈련 할인 허여 결합 실천 처리 생산 조율 위탁 출자 기여 납부 준공 육종 구매 대여 임대 개소 개통 제휴 파견 초빙 기탁 건조 증산 복원 보수 정리"
    " 이관 매입 매각 상향 하향 연수 자문 인식 높임 늘림 낮춤 갖춤 도출 규명 제어 교체 투융자 투·융자 캠페인 멘토링 컨설팅 업그레이드 업데이트 디지털화 지능화 클러스터화 국산화 현지화 다양화 최적화"
    " 극대화 최소화 체계화 제도화 정상화 전문화 고급화 녹색화 시장화 규모화 집중개발 공동개발 상장"
)
REPORTING = "말했 소개했 밝혔 강조했 지적했 전했 제시 발표 공개 명시 포함 구분 언급 강조 소개 설명 선언 게재 보도 구성 집계 전망 예상 분석 평가됨 의미 지칭"
_TAIL = r"(?:\s*+(?:등|중|중임|예정|계획|추진|방침|목표|필요|가능|사업|행사|활동|작업|시범사업|시범|정책|방안|계획안|프로젝트|에\s?(?:주력|집중|노력|박차|중점)|을\s?모색|를\s?모색)){0,3}"
_HANGUL, _HAN = re.compile(r"[가-힣]"), re.compile(r"[\u4e00-\u9fff]")
_LINE_END = re.compile(r"(?<!\s)\s*\n\s*")
_AND_SO_ON = re.compile(r"(?<!\s)\s*등[\s.]*+$")
_NOUN_END = re.compile(rf"{led(ACTION)}(?:[을를]\s?{led(ACTION)})?{_TAIL}\s*+(?:\([^()]*\))?[\s.,*;]*+$")
_NATIVE = (
    r"높이 높여 늘리 늘려 줄이 줄여 갖추 갖춰 세우 세워 만들 넓히 넓혀 키우 키워 다지 맺 펼치 이끌 내리 낮추 낮춰 끌어들 기울 다그 치르 두 거두 이루 잘\s 풀 열 짓 고치 모으 바꾸 묶 뽑"
    " 앞당기 나누 덜 쓰"
)
_STEM_END = re.compile(
    rf"(?:{led(ACTION)}(?:하|되|시키|시켜|토록)|{either(_NATIVE)})"
    r"[가-힣]{0,3}(?:며|고|여|해|기|록|도록|서)?[\s.,]*[”\"’']?[\s.,]*$"
    r"|(?:게|히)\s(?:하|했|한|하였)[가-힣]{0,3}[\s.,]*$|(?:예정|계획|방침)(?:이다|임|이며|이고)?[.\s]*$|(?:어야|아야|해야|여야)\s(?:하|한)[가-힣]{0,3}[.\s]*$|는바[,\s]*$"
)
_STEM = 24
"""So many letters at the end of the words hold all that `_STEM_END` finds."""
_NOUNS = 80
"""The same for `_NOUN_END`, where no bracket and nothing wider than a blank parts them."""
_WIDE = re.compile(r"\s\s")
_CLOSING_SIGNS = ".,*;”\"’'"
_DECLARATIVE = re.compile(r"([가-힣])(?:다|니다)[.\s”\"’')]*$|([가-힣])(?:고|며)[,\s]*$")
_COPULA = re.compile(
    r"[0-9A-Za-z%]\s?였다[.\s]*$|(?:업무\s?협약|양해각서|MOU|협약)[을를]?\s?(?:체결|맺)[가-힣]*[.\s]*$|(?:있|없었|없|이었|였던|아니었|같았|많았|컸|되여있|하고있)(?:다|고|며)[.\s]*$|(?:고|어|아|여)\s?있다[.\s”]*$"
)
_NOMINAL = re.compile(r"([가-힣])[\s.]*$")
_OBJECT = re.compile(r"[가-힣)\]’'”](?:을|를)\s")
_LAST_NOUN = re.compile(r"(?:^|\s)[가-힣]{2,5}\s*$")
_BRACKET_END = re.compile(r"(?<!\s)\s*[（(][^()（）]*[)）]\s*+(?:\.\s*)?$")
_REPORT_END = re.compile(rf"{led(REPORTING)}(?:[가-힣]{{0,4}})?[\s.,]*$")
_DEFINES = re.compile(
    r"(?:의미(?:함|한다|하며|하고)|뜻(?:함|한다)|말(?:함|한다)|부품으로$|정책으로$|제품임|가리키|일컫|이란\s|란\s[가-힣]|로\s구성(?:됨|된다|$)|에\s(?:위치|해당)(?:함|하며|하고|$)|부품으로|갖춘\s?(?:중소기업|기업)$)"
)
_FACT = re.compile(
    r"(?:달했|달하|차지|기록|집계|증가|감소|상승|하락|넘었|넘어섰|초과해|유지했|등극|위치|나타났|보였|보이는|이르렀|이른다|불과|지적|기대|추산|추정|전망|예상|예측|평가)(?:하|한|했|하였|되|된|됐|다|음|함|됨|고|며|$|[.,\s]|으로|에)|기준[,\s].{0,40}(?:달|차지|기록|유치|증가)"
)
CHINESE_VERBS = (
    "推进 推动 加强 加快 建设 建立 建成 完善 支持 鼓励 开展 实施 发展 培育 打造 提升 提高 优化 健全 强化 扩大 促进 制定 制修订 修订 组织 落实 深化 构建 引导 探索 研究 研制 研发 开发 规范"
    " 布局 编制 设立 加大 统筹 拓展 创新 推广 保障 严格 取消 放宽 允许 完成 减免 降低 畅通 改革 推行 聚焦 突破 攻克 攻关 用好 做好 持续 开通 举办 发布 纳入 给予 补助 奖励 征收 禁止 限制"
    " 成立 新建 改造 更新 引进 招引 培养 选派 安排 投入 依托 搭建 提供 开设 发放 予以 压缩 承担 办理 补贴 贴息 授予 选聘 资助 上调 下调 论证 细化 审核 评选 扶持 重点支持 免除 免收 采购"
)
_CHINESE_ACT = re.compile(rf"(?:^|[，,；;：:、])(?:[（(][^）)]*[）)])?[^，,；;。]{{0,30}}?{led(CHINESE_VERBS)}")
_CHINESE_DUTY = re.compile(r"(?:应当?|须|必须|不得|可享受|享受)[^，,。；;]{2,}")
_CHINESE_FACT = re.compile(
    r"此前|目标[：:]|提出了?[^，。]{0,8}目标|专家|负责人表示|截至|已(?:建成|达|有|经|累计)|目前|同比|预计|去年|以来，"
)
ENGLISH_VERBS = (
    r"establish create build fund invest launch introduc expand support provid develop set\sup strengthen reform"
    " simplif requir train attract reduc increas deliver open remov extend commit award designat publish pilot"
    r" phas ban procur accelerat doubl promot offer improv implement review work\swith encourag enabl streamlin"
    " amend legislat mandat grant recruit"
)
_ENGLISH_ACT = re.compile(
    rf"^(?:(?:we|it|they|the\s[\w\s]{{2,40}}?|[A-Z][\w\s]{{2,50}}?)\s(?:will|shall|is to|are to)\s+\w+|will\s\w+|(?:{either(ENGLISH_VERBS)})\w*\s)",
    re.IGNORECASE,
)
_ONGOING = re.compile(
    r"(?:추진|진행|시행|운영|실시|확대|건설|구축)\s?중|고\s?있다|고\s?있음|正在|\bis (?:currently )?\w+ing\b"
)
_COMPLETED = re.compile(
    r"완료|(?:설립|구축|조성|개소|체결|마련|제정|추진|형성|타파|활용|배치|출범|개통)(?:했|하였|됐|되였|되었)|구축\s?완성|였다|했는바|했다|已(?!经济)|\bhas (?:been )?\w+ed\b|\bwere \w+ed\b|명단\s?공개"
)


@remembered
def is_act(words: str) -> bool:
    """Whether the words state an act, by their predicate."""
    core = words.strip().rstrip("*").strip()
    if len(core) < 6:
        return False
    if _HANGUL.search(core):
        if _DEFINES.search(core):
            return False
        # A word may be broken over the line's end: both readings are tried.
        return (
            any(_korean_act(_LINE_END.sub(joint, core)) for joint in (" ", "")) if "\n" in core else _korean_act(core)
        )
    if _HAN.search(core):
        return (_CHINESE_ACT.search(core) or _CHINESE_DUTY.search(core)) is not None and not _CHINESE_FACT.search(core)
    return _ENGLISH_ACT.match(core) is not None


def _korean_act(core: str) -> bool:
    closing = _BRACKET_END.sub("", _AND_SO_ON.sub("", core)).rstrip(" *")
    if _REPORT_END.search(closing) or _COPULA.search(closing):
        return False
    end = _words_end(closing)
    near = 0 if "(" in closing or _WIDE.search(closing) else max(0, end - _NOUNS)
    if _NOUN_END.search(closing, near) or _STEM_END.search(closing, max(0, end - _STEM)):
        return True
    ending = _DECLARATIVE.search(closing)
    if ending is not None:
        return _final(ending[1] or ending[2]) in ("ㄴ", "ㅆ", "ㅂ") if ending[1] else _final(ending[2]) == "ㅆ"
    nominal = _NOMINAL.search(closing)
    if (
        nominal is not None
        and _final(nominal[1]) == "ㅁ"
        and not closing.rstrip(" .").endswith(("임", "음", "처음", "다음", "모임"))
    ):
        return True
    return _OBJECT.search(closing) is not None and _LAST_NOUN.search(closing.rstrip(" .")) is not None


def _words_end(words: str) -> int:
    """Where the last letter is, white space and closing signs left out."""
    end = len(words)
    while end and (words[end - 1].isspace() or words[end - 1] in _CLOSING_SIGNS):
        end -= 1
    return end


def _final(syllable: str) -> str:
    """The closing consonant of a Hangul syllable: ㄴ in 한(다), ㅆ in 했(다), ㅂ in 합(니다), ㅁ in 함; else empty."""
    code = (ord(syllable) - 0xAC00) % 28
    return {4: "ㄴ", 20: "ㅆ", 17: "ㅂ", 16: "ㅁ"}.get(code, "") if "가" <= syllable <= "힣" else ""


@remembered
def is_fact(words: str) -> bool:
    """Whether the words report a fact (a stock, a share, a rank reached), so that no act and no goal is in them."""
    return _FACT.search(words) is not None


@remembered
def action_status(words: str) -> ActionStatus:
    """State of the act by its predicate; noun endings are `planned` (guideline 19)."""
    tail = words.strip()[-40:] if _HANGUL.search(words) else words
    if _ONGOING.search(tail):
        return ActionStatus.ONGOING
    if _COMPLETED.search(tail):
        return ActionStatus.COMPLETED
    return ActionStatus.PLANNED
