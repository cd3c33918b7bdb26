"""What a sentence does: it announces, decides, obliges, sets a goal, or tells of an event, a fact, a stock; the state of an act."""

from __future__ import annotations

import re

from pipeline.draft.grammar.rules import Rule, Words, remembered
from schemas.vocabulary import ActionStatus

_DONE = r"(?:하|했|됐|되|한|함|됨|해|합|\s*\(|\s*$|[\s,.;)*'’”]|았|은|을 )"
"""How a verb of announcing goes on."""

ANNOUNCES = Rule(
    "announces",
    ko=(
        Words(
            "발표 수립 마련 제정 공포 공개 공표 확정 의결 통과 선포 채택 고시 발령 발행 출범 내놓 발간 배포 개정 하달 시행 보고 상정"
            " 논의 심의 결정 공고 승인 예고",
            behind=_DONE,
        ),
        Words("내놨"),
    ),
    zh=(Words("印发 发布 出台 制定 公布 颁布 通过 下发 宣布 公开征求意见"),),
    en=(
        Words(
            r"published announce[ds]? launched adopted released unveiled issued approved introduced presents? presented"
            r" proposed",
            before=r"\b",
            behind=r"\b",
        ),
    ),
    finds="계획을 발표했다 / 대책을 수립하고 / 방안을 마련해 / 조례를 제정한 / 법을 공포했다 / 안을 공개했다 / 목록을 공표했다 / 안을 확정했다"
    " / 국무회의에서 의결됐다 / 본회의를 통과했다 / 구상을 선포했다 / 선언을 채택하고 / 기준을 고시함 / 훈령을 발령했다 / 계획을 발행했다"
    " / 사업단이 출범했다 / 대책을 내놓았다 / 대책을 내놨다 / 지침을 발간했다 / 지침을 배포했다 / 규칙을 개정함 / 지침을 하달했다"
    " / 규정을 시행한다 / 국무회의에 보고하고 / 안건을 상정했다 / 방안을 논의했다 / 안을 심의하고 / 지원을 결정했다 / 사업을 공고한다"
    " / 계획을 승인했다 / 개정안을 입법예고합니다 / 近日印发《方案》 / 发布《规划》 / 出台若干措施 / 制定本办法 / 现予公布 / 颁布条例"
    " / 会议通过了决定 / 下发通知 / 宣布启动 / 现向社会公开征求意见 / It published its plan / They announced a fund / It launched it"
    " / It adopted the act / It released a plan / It unveiled a fund / It issued rules / It approved the bill / It introduced a scheme"
    " / It presents a plan / It presented a plan / It proposed a law",
    spares="계획에 따라 추진 중이다 / 결정적 역할 / 根据规划 / The plan covers",
)
NO_NEWS = Rule(
    "reports an output, an event or a product, no act",
    ko=(
        Words(
            "현황 동향 통계 실적 논문 보고서 백서 지수 순위 성과 결과 사례집 전망 기술 제품 모델 플랫폼",
            behind=r"(?:을|를|의)?\s*(?:비교|공개|발표|발간|출시|개발)",
        ),
        Words(r"비교[·\s]?분석"),
        Words(
            r"체결 착공 개소 신설 출시 개최 개막 게재 수상 회수 준공 개통 기록 성공 기술\s*(?:개발|확보) 현상",
            behind=r"\s*$",
        ),
    ),
    finds="수출 현황 발표 / 산업 동향 비교 / 고용 통계 공개 / 상반기 실적 발표 / 논문을 발표 / 보고서 발간 / 백서 발간 / 물가지수 발표"
    " / 대학 순위 발표 / 연구 성과 발표 / 조사 결과를 공개 / 우수 사례집 발간 / 경제 전망 발표 / 신기술 개발 완료 / 제품 출시 행사"
    " / 모델 개발 / 플랫폼 개발 / 두 도시의 비교 분석 / 비교·분석 / 업무협약 체결 / 공장 착공 / 지사 개소 / 학과 신설 / 신차 출시"
    " / 포럼 개최 / 박람회 개막 / 학술지 게재 / 대상 수상 / 제품 회수 / 청사 준공 / 노선 개통 / 최고치 기록 / 시험 성공"
    " / 핵심 기술 확보 / 인력 유출 현상",
    spares="기본계획 발표 / 지원 대책 마련",
)
PAST_STOCK = Rule(
    "a stock reached in the past",
    ko=(Words("완료 달성 돌파", behind=r"(?:되었|됐|했|하였)다고"), Words("이미 현재까지")),
    finds="설치를 완료했다고 / 목표를 달성하였다고 / 100만 대를 돌파했다고 / 이미 설치했다 / 현재까지 29곳",
    spares="완료할 계획이라고 / 달성하기로",
)
ENGLISH_VERB = Rule(
    "an English verb of announcing",
    en=(
        Words(
            r"publishe[ds] announce[ds] launche[ds] adopt(?:ed|s) release[ds] unveil(?:ed|s) issue[ds] approved introduced"
            r" presented proposed sets?\sout",
            before=r"\b",
            behind=r"\b",
        ),
    ),
    finds="It published a plan / It announces a plan / It launched a fund / It adopts a plan / It released a plan / It unveils a plan"
    " / It issued rules / It approved it / It introduced it / It presented it / It proposed it / It sets out a plan",
    spares="the publisher / an announcement / a release",
)
EVENT = Rule(
    "an event",
    ko=(
        Words(
            "개최 체결 참석 방문 면담 수상 서명 착공 개소식 기념식 간담회 설명회 차담회 접견 회담",
            behind=r"(?:을|를|에|하|했|한|함|식)",
        ),
    ),
    finds="포럼을 개최한다고 / 협약을 체결했다 / 행사에 참석했다 / 현장을 방문했다 / 장관을 면담하고 / 상을 수상했다 / 협정에 서명했다"
    " / 공장을 착공했다 / 개소식을 열었다 / 기념식에 / 간담회를 열었다 / 설명회를 연다 / 차담회를 연다 / 대사를 접견하고 / 회담을 했다",
    spares="방문 진료를 확대한다 / 개최지 공모",
)
DECIDED = Rule(
    "what is decided or said to be done",
    ko=(
        Words(r"[가-힣]다고 하기로 키로", behind=r"\s?(?:밝혔|밝힘|발표|했다|함|하였다|결정)"),
        Words("결정 의결 확정 승인", before=r"[을를]\s", behind=r"(?:하|했|함)"),
        Words(
            "전략 계획 방안 대책 조치 로드맵 정책 지원책",
            behind=r"[을를]\s(?:제시|제안|내놨|내놓|마련|발표)",
        ),
        Words(r"기로", behind=r"\s?(?:함|했|하였)"),
    ),
    finds="지원한다고 밝혔다 / 신설하기로 발표 / 확대키로 했다 / 증액을 결정했다 / 안을 의결했다 / 부지를 확정했다 / 사용을 승인했다"
    " / 전략을 제시했다 / 계획을 발표 / 방안을 마련 / 대책을 내놨다 / 조치를 발표 / 로드맵을 제시 / 정책을 제안 / 지원책을 내놓았다"
    " / 늘리기로 했다",
    spares="비가 온다고 전했다 / 결정하는 데",
)
OBLIGES = Rule(
    "what somebody says shall be done",
    ko=(
        Words(
            r"[아어여]야\s?한다고 겠다고 기로\s?(?:했다|하였다) 할\s?(?:것|계획|예정|방침)(?:이라고|임을|이다) 하도록\s?(?:했다|하였다)"
        ),
    ),
    finds="보장되어야 한다고 / 짓겠다고 밝혔다 / 열기로 했다 / 확대할 계획이라고 / 쓰도록 하도록 했다",
    spares="늘린다고 / 할 수 있다",
)
_CHINESE_DOES = Rule(
    "what a Chinese authority does",
    zh=(Words("宣布 决定 启动 推出 明确", behind="[，,]"), Words("对 在 于 投入 设立 建设 实施 推出 启动", before="将"), Words("对[^，。]{2,40}给予")),
    finds="市政府宣布， / 会议决定， / 全面启动， / 近日推出， / 文件明确， / 将对企业 / 将在明年 / 将于六月 / 将投入三亿 / 将设立基金"
    " / 将建设基地 / 将实施工程 / 将推出措施 / 将启动试点 / 对新建项目给予补助",
    spares="将来 / 决定性",
)  # fmt: skip
_ENGLISH_DOES = Rule(
    "what an English-speaking authority does",
    en=(
        Words(
            r"will is\sto are\sto",
            before=r"\b",
            behind=r"\s(?!be\sin\s|visit|meet|attend|host|take part|participate|speak|travel)\w+",
        ),
        Words("announced launched unveiled approved introduced", before=r"\b", behind=r"\s(?:a|an|new|the|its|that|€|\$|£)"),
    ),
    finds="The city will build / The agency is to fund / Ministers are to set / It announced a fund / It launched a scheme"
    " / It unveiled a plan / It approved the plan / It introduced new rules",
    spares="The minister will visit Seoul / They will meet",
)  # fmt: skip
GOAL = Rule(
    "a goal set",
    ko=(Words("제시 설정 확정 발표 공개", before=r"목표[를로]?\s*(?:치를\s*|로\s?)?"),),
    zh=(Words("目标"),),
    finds="목표를 제시 / 목표 설정 / 목표를 확정 / 목표치를 발표 / 목표로 공개 / 主要目标",
    spares="목표 달성 / 指标",
)


_HANGUL = re.compile(r"[가-힣]")
_FACT = re.compile(
    r"(?:달했|달하|차지|기록|집계|증가|감소|상승|하락|넘었|넘어섰|초과해|유지했|등극|위치|나타났|보였|보이는|이르렀|이른다|불과|지적|기대|추산|추정|전망|예상|예측|평가)(?:하|한|했|하였|되|된|됐|다|음|함|됨|고|며|$|[.,\s]|으로|에)|기준[,\s].{0,40}(?:달|차지|기록|유치|증가)"
)
_ONGOING = re.compile(
    r"(?:추진|진행|시행|운영|실시|확대|건설|구축)\s?중|고\s?있다|고\s?있음|正在|\bis (?:currently )?\w+ing\b"
)
_COMPLETED = re.compile(
    r"완료|(?:설립|구축|조성|개소|체결|마련|제정|추진|형성|타파|활용|배치|출범|개통)(?:했|하였|됐|되였|되었)|구축\s?완성|였다|했는바|했다|已(?!经济)|\bhas (?:been )?\w+ed\b|\bwere \w+ed\b|명단\s?공개"
)


def does(words: str) -> bool:
    """Whether a sentence about an authority says what it does or will do, rather than an event, a fact or a figure."""
    if EVENT.within(words) or NO_NEWS.within(words) or is_fact(words):
        return False
    return _HANGUL.search(words) is not None or _CHINESE_DOES.within(words) or _ENGLISH_DOES.within(words)


def verb_after(words: str, position: int) -> bool:
    """Whether an announcing verb follows the title (Korean), or stands anywhere (Chinese, English)."""
    rest = words[max(0, position - 1) :] if _HANGUL.search(words) else words
    if "\n" in rest and ANNOUNCES.within(re.sub(r"\s*\n\s*", "", rest)):
        return True  # 발⏎표했다
    return ANNOUNCES.within(rest)


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
