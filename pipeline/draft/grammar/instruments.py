"""What a measure is (instrument), by its main verb with its object, then by its other words, label and heading.

It follows the decision order of `schemas/vocabulary.py` and guideline 20: of joined actions the last main verb decides
in Korean, the first in Chinese and English. The learner sees what comes out as one trait among others.
"""

from __future__ import annotations

import re

from pipeline.draft.grammar.rules import HAN, HANGUL, Rule, Words, either, first_of, remembered, scripts_of
from schemas.vocabulary import Instrument

_BUILT = rf"[^,.]{{0,30}}?(?:{either('구축 건설 설립 설치 조성 신설 창설 건립 개설 증설 유치 가동 완비 착공')})"
_ADVERBS = "적극(?:적으로)? 지속(?:적으로)? 대폭 및 등 집중 중점 신속하게"
_LIGHT = (
    "지원 추진 강화 확대 가속화? 촉진 마련 모색 장려 실시 실행 향상 전개 탐색 가동 수행 도모 제고 본격화 노력 다그치 돕 힘쓰"
    " 하 되 시키 한 할 토록 도록 있"
)
_AFTER = (
    rf"(?:\s*(?:을|를|에|의)?\s*(?:{either(_ADVERBS)})?\s*(?:{either(_LIGHT)})[가-힣]*)*"
    r"[\s.,*)”\"’']*$"
)
"""What may follow the deciding verb without deciding anything itself: 구축을 적극 지원, 개발 및 추진, 활용 확대."""
_SITES = (
    "plants? facilit(?:y|ies) cent(?:re|er)s? hubs? labs? laborator(?:y|ies) platforms? portal networks? pads wells? zones?"
    " lines fermentation"
)
_SITE = rf"\w{{0,20}}.{{0,70}}\b(?:{either(_SITES)})\b"

# What a text names, in the decision order: for what no verb decides, and for labels and headings.
_NAMED: tuple[tuple[Instrument, Rule], ...] = (
    (Instrument.TAX_RELIEF, Rule("names tax_relief", ko="조세 세금 세제 세액 관세 부가가치세 소득세 법인세 면세 감세 수수료", zh="税",
        en=r"\btax \bdut(?:y|ies)\b tariff", finds="tax / duty")),
    (Instrument.BUSINESS_GRANT, Rule("names business_grant", ko=r"보조금 장려금 바우처 지원금 보상금 인센티브 장려\s및 후보조", zh="补贴 补助 奖励 奖补",
        en=r"subsid \bgrants?\b voucher rebate", finds="grant")),
    (Instrument.PROCUREMENT, Rule("names procurement", ko=r"정부\s?조달 공공\s?조달 공공\s?구매 우선\s?구매", zh="采购", en="procure",
        finds="정부조달 / 공공조달 / 공공구매 / 우선구매")),
    (Instrument.FINANCE, Rule("names finance",
        ko=r"펀드 융자 대출 담보 보증 채권 투자\s?(?:기금|연계|지원|확대|유도) 금융\s?(?:지원|서비스|상품|기관) 금융기구 자금\s?(?:조달|지원) 특별자금 스톡옵션 엔젤 벤처투자"
        " 보험", zh="投资基金 产业基金 贷款 融资 信贷 担保 债券",
        en=r"\bloans?\b guarantee equity venture\scapital \bbonds?\b credit\sline",
        finds="투자연계 / 금융서비스 / 자금조달 / loan / bond")),
    (Instrument.PUBLIC_RESEARCH_FUNDING, Rule("names public_research_funding",
        ko=r"연구\s?기금 연구비 연구개발\s?(?:예산|투자|자금) R&D\s?(?:예산|투자|계획) 기초연구\s?(?:지원|투자) (?:과학|자연과학|혁신)\s?기금 중점\s?R&D"
        r" 연구과제\s?(?:공모|지원)", zh="科研经费 基础研究投入",
        en=r"research\s(?:fund|grant|programme|program) fund(?:ing)?\s(?:for\s)?(?:basic\s)?research",
        finds="연구기금 / 연구개발예산 / R&D예산 / 기초연구지원 / 과학기금 / 중점R&D / 연구과제공모 / research fund / fund research")),
    (Instrument.TALENT, Rule("names talent",
        ko=r"인재 인력 박사후 학자 비자 체류 영구적으로\s?거주 매니저\s?양성 교육\s?(?:과정|프로그램|훈련) 직업\s?훈련 연수 전문가\s?(?:양성|유치) 청년", zh="人才 培训 引才",
        en=r"talent \bvisas?\b scholarship apprentice workforce traineeship skills fellowship train(?:ing)?\s\w+",
        finds="영구적으로거주 / 매니저양성 / 교육과정 / 직업훈련 / 전문가양성 / visa / train staff")),
    (Instrument.DATA_INFORMATION, Rule("names data_information",
        ko=r"데이터베이스 데이터\s?(?:공유|개방|거래|센터|플랫폼|보안|흐름) 정보\s?(?:시스템|서비스|제공|망) 기술\s?정보 정보를\s?[^,]{0,12}제공 서비스\s?목록",
        zh="数据库 数据(?:共享|开放|资源) 信息(?:系统|服务|平台)",
        en=r"database open\sdata data\s(?:sharing|access|space) information\sservice",
        finds="데이터개방 / 정보서비스 / 기술정보 / 정보를제공 / 서비스목록 / 数据共享 / 信息系统 / data space")),
    (Instrument.NETWORK_CLUSTER, Rule("names network_cluster",
        ko=r"클러스터 연합체 연맹 컨소시엄 얼라이언스 협력 협동 교류 산학연 연계 네트워크를?\s?(?:형성|확대) 혁신\s?창업\s?네트워크 매칭 공동체 커뮤니티", zh="联盟 集群 合作 协同 共建",
        en=r"alliance cluster cooperat partnership consorti collaborat network\sof", finds="네트워크형성 / 혁신창업네트워크")),
    (Instrument.INFRASTRUCTURE_PLATFORM, Rule("names infrastructure_platform", ko=(Words("전용망 업데이트"),
            Words("플랫폼 센터 연구소 실험실 연구원 기지 단지 인프라 시설 설비 장치 망 네트워크 실험구 시범구 선도구 혁신구 허브 항 철도 궤도 공장 충전소 인큐베이터 캠퍼스 파크 병동"
        " 녹지 통로 시스템 체계 설치장", behind=_BUILT, shown=" 조성")), zh="(?:平台|中心|实验室|基地|园区|基础设施|网络|枢纽|设施)",
        en=(Words("infrastructure facilit(?:y|ies)"),
            Words("centres? centers? laborator(?:y|ies) platforms? hubs? testbeds? stations?", behind=r"\b")),
        finds="实验室 / facility / centre / center / laboratory / platform / hub / testbed / station")),
    (Instrument.REGULATION_MARKET_ACCESS, Rule("names regulation_market_access",
        ko=r"규제 허가 네거티브 시장\s?(?:접근|진입) 개방 제한 허용 완화 철폐 폐지 취소 차별 법규 법률 조례 규정 제도 개혁 체제 메커니즘 감독 단속 보호 등급 거래 심사"
        r" 관리\s?(?:강화|추진|방식) 의무화 금지 토지 행정구획", zh="监管 许可 准入 改革 制度 机制 管理办法 放宽 取消 审批",
        en=r"regulat permit licen[cs] \breform market\saccess \bban\b mandat legislat \brules?\b approval require",
        finds="시장접근 / 관리강화 / licence / reform / ban / rule")),
    (Instrument.INTELLECTUAL_PROPERTY, Rule("names intellectual_property", ko=r"특허 지식\s?재산 지재권 지적\s?재산 지적권 저작권",
        zh="专利 知识产权", en=r"patent intellectual\sproperty", finds="지식재산 / 지적재산")),
    (Instrument.STANDARDS_CERTIFICATION, Rule("names standards_certification",
        ko=r"표준 인증 기준\s?(?:제정|통일|강화|제작|마련) 검사\s?기준 건설기준 계량 규격", zh="标准 认证 计量 检测", en=r"\bstandards?\b certif",
        finds="기준통일 / 검사기준 / standard")),
    (Instrument.ADVISORY_INCUBATION, Rule("names advisory_incubation",
        ko=r"인큐베이 보육 컨설팅 상담 상장\s?지도 고문 액셀러레이 멘토링 창업\s?(?:지원|서비스) 성과\s?전환 기술\s?이전 개념\s?검증 파일럿\s?테스트 전환을?\s?적극",
        zh="孵化 咨询 转化", en=r"incubat advis mentor accelerator technology\stransfer coaching",
        finds="상장지도 / 창업지원 / 성과전환 / 기술이전 / 개념검증 / 파일럿테스트 / 전환적극")),
    (Instrument.AWARDS_DESIGNATION, Rule("names awards_designation", ko=r"선정 지정 포상 시상 우수\s?사례 모범 인정(?!\s?표준)",
        zh="评选 认定 遴选", en=r"designat \baward \bprize", finds="우수사례 / 인정 / award / prize")),
    (Instrument.STRATEGY_PLAN, Rule("names strategy_plan",
        ko=(Words("계획 전략 방안 로드맵 대책 청사진 정책 의견 문건 규획 리스트", behind=r"(?:을|를|안)?\s?(?:수립|마련|제정|편성|작성|발표|제작|검토|책정|추진|실시|시행|실행)", shown=" 제정"),),
        zh="制定.{0,12}(?:规划|计划|方案) 编制",
        en=(Words(r"draw\sup publish prepare adopt develop", behind=r"\s(?:a\s|an\s|the\s)?[\w\s-]{0,40}(?:plan|strategy|roadmap)"),),
        finds="制定规划 / draw up strategy / publish roadmap / prepare roadmap / adopt roadmap / develop roadmap")),
    (Instrument.GOVERNANCE_BODY, Rule("names governance_body",
        ko=r"위원회 추진단 태스크 테스크 협의체 협의회 전담\s?조직 조정\s?기구 총괄\s?조율 지휘부", zh="联席会议 会商 协调机制 领导小组 专班",
        en=r"TF task\s?force council coordinat steering \boffice\b", finds="전담조직 / 조정기구 / 총괄조율 / taskforce / office")),
    (Instrument.INTELLIGENCE_OUTREACH, Rule("names intelligence_outreach",
        ko=r"평가\s?(?:제도|체계|방식)? 통계 모니터링 홍보 포럼 대회 회의 행사 컨퍼런스 캠페인 자문\s?연구 실태\s?조사 영향력", zh="评估 监测 宣传 论坛 大会",
        en=r"evaluat monitor conference campaign awareness survey statistic report\son", finds="평가 / 자문연구 / 실태조사")),
    (Instrument.DEMONSTRATION_APPLICATION, Rule("names demonstration_application", ko="시범 실증 응용 활용 보급 적용 시나리오 도입 상용화",
        zh="试点 示范 应用 推广 场景", en=r"pilot demonstrat deploy roll.?out \btrials?\b adoption", finds="rollout / trial")),
    (Instrument.TECHNOLOGY_DEVELOPMENT, Rule("names technology_development",
        ko="기술 개발 원천 병목 돌파 혁신 알고리즘 소재 연구 산업화 지능화 다양화", zh="攻关 研发 技术 创新 突破", en="R&D research technolog develop innovation", finds="R&D")),
)  # fmt: skip
# The verb that closes a Korean measure, with its object.
_CLOSING: tuple[tuple[Instrument, Rule], ...] = (
    (Instrument.TAX_RELIEF, Rule("closes with tax_relief",
        ko="(?:사용료|수수료|이용료|부담금|세금)[^,]{0,14}(?:감면|인하|면제|매기|부과|할인) (?:조세|세금|세제|세액|관세|부가가치세|소득세|법인세)[^,]{0,24}$ 면세 감세",
        finds="수수료부과 / 세제")),
    (Instrument.BUSINESS_GRANT, Rule("closes with business_grant",
        ko=r"(?:제작비|시험비|비용|설치비|구매비|개발비)[을를의]?\s[^,]{0,20}지원 \d[^,]{0,10}%를?\s?(?:지원|보조) 차액보전"
        " (?:보조금|장려금|바우처|지원금|인센티브|보조)[^,]{0,16}$", finds="시험비의 절반 지원 / 30%를 지원 / 장려금")),
    (Instrument.PROCUREMENT, Rule("closes with procurement", ko=r"수의계약 구매해\s?제공 (?:조달|공공구매|우선구매)[^,]{0,12}$",
        finds="구매해 제공 / 조달 확대")),
    (Instrument.PUBLIC_RESEARCH_FUNDING, Rule("closes with public_research_funding",
        ko=(Words(r"연구\s?기금 과학기금 혁신\s?기금 연구비 R&D\s?(?:예산|투자) 연구개발\s?(?:예산|투자) 전략\s?프로젝트", behind="[^,]{0,20}$", shown=""),),
        finds="연구기금 / 혁신기금 / R&D예산 / 연구개발예산 / 전략프로젝트")),
    (Instrument.ADVISORY_INCUBATION, Rule("closes with advisory_incubation",
        ko=(Words(r"상장\s?지도 컨설팅 상담 멘토링 보육 인큐베이(?:팅|션) 창업\s?(?:보육|지원) 기술\s?이전 성과\s?(?:전환|이전) 전환을?\s?적극 개념\s?검증", behind="[^,]{0,24}$", shown=""),),
        finds="상장지도 / 인큐베이팅 / 창업지원 / 기술이전 / 성과전환 / 전환적극 / 개념검증")),
    (Instrument.FINANCE, Rule("closes with finance",
        ko=(Words(r"펀드 융자 대출 담보 보증 채권 특별자금 스톡옵션 자금\s?조달 금융\s?지원 금융\s?서비스 벤처투자 엔젤투자 기후\s?투 투자\s?(?:유도|기금)", behind="[^,]{0,30}$", shown=""),),
        finds="자금조달 / 금융지원 / 금융서비스 / 기후 투자 / 투자유도")),
    (Instrument.TALENT, Rule("closes with talent",
        ko=(Words(r"교수직 계약학과 교육\s?과정 양성\s?과정 정원 학과를?\s?신설 명을?\s?(?:뽑|양성|채용|선발) 비자 체류 영구적으로 인재\s?인정 커뮤니티를?\s?조성"
        r" 해외\s?진출\s?및\s?방문"),
            Words("인재 인력 과학자 박사후 전문가 매니저 연구자 청년", behind="[^,]{0,26}(?:유치|양성|육성|교류|지원|파견|훈련|확보|도입|강화|채용|배양)", shown=" 육성")),
        finds="인재 인정 / 교육과정 / 양성과정 / 학과신설 / 200명을 양성 / 커뮤니티조성 / 해외 진출 및 방문")),
    (Instrument.GOVERNANCE_BODY, Rule("closes with governance_body",
        ko=(Words(r"총괄조율 작업반 책임관 점검반 전담\s?기구 [가-힣]{2,}과[’'”]?를\s[^,]{0,10}신설"),
            Words(r"위원회 추진단 협의체 전담\s?조직 전담팀 조정기구 총괄\s?조율 지휘부", behind=r"[^,]{0,14}" + _AFTER, shown="")),
        finds="총괄조율을 거쳐 여러 부처가 따로 하던 일을 한곳에서 / 전담기구 / 반도체과를 신설 / 전담조직 / 총괄 조율 강화")),
    (Instrument.INTELLIGENCE_OUTREACH, Rule("closes with intelligence_outreach",
        ko=(Words(r"홍보 개최 성과\s?평가 평가\s?제도 모니터링 캠페인 자문\s?연구 실태\s?조사 영향력(?:을|를)?", behind=r"(?:\s?및\s?성과\s?평가)?\s*(?:높|향상|추진)?[가-힣]*" + _AFTER, shown=""),),
        finds="성과평가 / 평가제도 / 자문연구 / 실태조사 / 영향력")),
    (Instrument.STRATEGY_PLAN, Rule("closes with strategy_plan", ko=(Words(r"계획\s?편성 (?:특별|행동)\s?(?:행동)?계획을?\s(?:수립|실시)"),
            Words("계획 지침 방안 전략 정책 로드맵 대책 문건 설계도 경로", behind=r"[을를이]?(?:\s?문건)?\s*(?:수립|마련|제정|제작|작성|편성|책정|명확히)" + _AFTER, shown=" 제정")),
        finds="계획 편성 뒤에 / 특별계획을 실시")),
    (Instrument.STANDARDS_CERTIFICATION, Rule("closes with standards_certification",
        ko=(Words(r"건설기준\s?통일 선정\s?기준\s?강화"), Words("표준 기준 인증 규격", behind=r"[을를]?\s*(?:화|제정|제작|통일|통일화|강화|실행|마련|수립|구축|취득|인정)?" + _AFTER, shown="")), finds="건설기준 통일 뒤에 / 선정 기준 강화 뒤에")),
    (Instrument.AWARDS_DESIGNATION, Rule("closes with awards_designation",
        ko=(Words("기업 사례 프로젝트 단지 센터 명단 개 곳", behind=r"[^,]{0,12}(?:선정|지정|추천|포상|인정|확정)" + _AFTER, shown=" 지정"),))),
    (Instrument.DATA_INFORMATION, Rule("closes with data_information",
        ko=(Words(r"데이터[^,]{0,40}(?:개방|공유|표준화) 저장소를?\s[^,]{0,12}운영"),
            Words(r"데이터 정보\s?시스템 정보\s?서비스 서비스\s?목록", behind=r"[^,]{0,18}(?:구축|공유|개방|제공|운영|확대|발표|거래|교환|허용)[가-힣]*" + _AFTER, shown=" 허용")),
        finds="데이터 표준화 / 저장소를 함께 운영 / 정보시스템개방 / 정보서비스개방 / 서비스목록개방")),
    (Instrument.REGULATION_MARKET_ACCESS, Rule("closes with regulation_market_access",
        ko=(Words(r"심사\s?기간 규제\s?특구 특별법\s?제정 절차를?\s[^,]{0,14}(?:줄|단축|간소) 표시(?:가격)?제 의무\s?사용 의무화 법[을에]\s[^,]{0,14}(?:개정|규정)"),
            Words("개방 완화 철폐 허용 폐지 취소 제한 규제 인허가 심사 차별[^,]{0,10} 조례 법 규정 제도 개혁 체제 등급[^,]{0,10} 단속 보호 보장"
        r" 참여할\s?수\s?있 목록[^,]{0,6} 이중관리 강도\s?제어 배출\s?관리 토지\s?이용[^,]{0,14} 행정구획[^,]{0,14}", behind=r"[을를이의]?\s*(?:제정|개선|완비|혁신|심화|시범|설정|처리|감소|제어|관리)?[가-힣]*" + _AFTER, shown=" 강화")),
        finds="심사 기간 뒤에 / 규제 특구 뒤에 / 특별법 제정 뒤에 / 법을 일부 개정 / 절차를 간소화 / 표시제 / 의무사용 / 차별 / 등급 / 참여할 수 있 / 목록 / 강도제어 / 배출관리 / 토지이용 / 행정구획")),
    (Instrument.NETWORK_CLUSTER, Rule("closes with network_cluster", ko=(Words(r"융합\s?발전 일체화하여"),
            Words("클러스터 연합체 련합체 연맹 동맹 컨소시엄 생태계? 네트워크 메커니즘 협력 협동 교류 연계 결합 매칭 련결 협업", behind=r"[을를에의로]?\s*(?:구축|형성|조성|건설|육성|발전|통합|체계)?[가-힣]*" + _AFTER, shown="")),
        finds="융합 발전 / 생태")),
    (Instrument.INFRASTRUCTURE_PLATFORM, Rule("closes with infrastructure_platform",
        ko=(Words(r"신규\s?착공"), Words("센터 공장 시험동 단지 시설 기지 연구소 플랫폼 허브 댐 설비", behind=r"[을를]\s?(?:짓|세우|세운|지어|만들|건립|연다|열)[가-힣]*", shown="를 짓는다"),
            Words("구축 건설 설립 설치 조성 신설 창설 건립 증설 업데이트 착공 완비 배치", behind=_AFTER, shown=""),
            Words("센터 쎈터 플랫폼 단지 실험실 연구소 기지 개발구 과학성 실험구 선도구 시범구 허브 클라우드", behind=r"[^,]{0,16}(?:육성|확대|강화|장려|향상|유치|활성화|보완|건설|구축|내실화)" + _AFTER, shown=" 강화")), finds="신규 착공 뒤에")),
    (Instrument.INTELLECTUAL_PROPERTY, Rule("closes with intellectual_property",
        ko=r"(?:특허|지재권|지적\s?재산|지식\s?재산|지적권)[^,]{0,30}$", finds="지재권")),
    (Instrument.DEMONSTRATION_APPLICATION, Rule("closes with demonstration_application",
        ko=(Words(r"활용 응용 적용 보급 시범 실증 시나리오 시연 사용 도입 상용화", behind=r"[을를에의]?\s*(?:확대|추진|촉진|강화|향상|실시|사업|프로젝트|정책|수준)?[가-힣]*" + _AFTER, shown=" 확대"),))),
    (Instrument.TECHNOLOGY_DEVELOPMENT, Rule("closes with technology_development",
        ko=(Words(r"개발 연구 R&D 기술혁신 돌파 극복 산업화 다양화 지능화 현지화 국산화 생산 엔지니어링 제고 성능[^,]{0,12}개선 난관공략 핵심기술을?\s?확보"
        r" 산업[을를]?\s?(?:육성|중점적으로\s?발전)", behind=r"[을를에의]?\s*(?:융합)?[가-힣]*" + _AFTER, shown=""),), finds="R&D 추진 / 성능개선 / 핵심기술확보 / 산업육성")),
)  # fmt: skip
# Verb and object together; for a whole unit, before its words are counted.
_KOREAN_ACTS: tuple[tuple[Instrument, Rule], ...] = (
    (Instrument.PUBLIC_RESEARCH_FUNDING, Rule("Korean: public_research_funding",
        ko=r"[\d,.]\s?(?:억|조|만)\s?(?:원|위안|달러|유로|엔|크로네|파운드)?[을를]?\s?(?:투입|들여|투자)[^,]{0,6}\s[^,]{0,40}개발",
        finds="3억 원을 투입해 엔진 개발")),
    (Instrument.BUSINESS_GRANT, Rule("Korean: business_grant",
        ko=r"정착\s?지원금 (?:요금|보험료|이자\s?비용|임차료|임대료)[을를]?[^,]{0,24}(?:지원|환급|보조) 돌려\s?준", finds="정착지원금 / 보험료를 보조 / 돌려 준")),
    (Instrument.PROCUREMENT, Rule("Korean: procurement", ko=r"\d\s?(?:대|기|척)[를을]?\s?(?:신규\s?)?(?:도입|구매|구입)",
        finds="순찰선 3척 도입")),
    (Instrument.FINANCE, Rule("Korean: finance", ko=r"지분\s?투자 금리[는를]?\s[^,]{0,24}(?:인하|낮)", finds="지분투자 / 금리를 1%포인트 인하")),
    (Instrument.AWARDS_DESIGNATION, Rule("Korean: awards_designation", ko=r"상금 시상 경진\s?대회", finds="경진대회")),
    (Instrument.STANDARDS_CERTIFICATION, Rule("Korean: standards_certification", ko=r"인증제?를?\s?도입", finds="인증제를 도입")),
    (Instrument.REGULATION_MARKET_ACCESS, Rule("Korean: regulation_market_access",
        ko=r"특구\s?(?:\d+곳)?[^,]{0,8}지정 (?:사업자|기업)[은는]\s.{0,60}(?:하여야|해야)\s?(?:함|한다) (?:기간|시한)[을를]?\s[^,]{0,24}단축"
        r" 제도를?\s[^,]{0,12}도입 (?:퇴출|사용\s?금지)", finds="특구 3곳 지정 / 사업자는 신고하여야 한다 / 기간을 열흘로 단축 / 제도를 새로 도입 / 퇴출")),
    (Instrument.DATA_INFORMATION, Rule("Korean: data_information", ko=r"(?:정보|자료|데이터)[를을]?\s[^,]{0,14}(?:개방|공개|공유|표준화)",
        finds="정보 공유")),
    (Instrument.DEMONSTRATION_APPLICATION, Rule("Korean: demonstration_application", ko="시나리오[^,]{0,16}(?:개방|공개|모집)",
        finds="시나리오 개방")),
    (Instrument.INFRASTRUCTURE_PLATFORM, Rule("Korean: infrastructure_platform",
        ko=(Words("센터 거점 시설 플랫폼 관제실 충전기 공장 설비", behind="[^,]{0,14}(?:짓[고는다]|지어|개소|신설|건립|세우|세운)", shown=" 신설"),))),
    (Instrument.INTELLIGENCE_OUTREACH, Rule("Korean: intelligence_outreach", ko="이행[^,]{0,8}점검", finds="이행 상황 점검")),
)  # fmt: skip
_CHINESE_ACTS: tuple[tuple[Instrument, Rule], ...] = (
    (Instrument.TALENT, Rule("Chinese: talent, paid", zh="(?:人才|人员|大师|博士|工程师)[^。；]{0,40}(?:补助|补贴|奖励|资助|津贴) 轮训 评选资助",
        finds="人员津贴")),
    (Instrument.TAX_RELIEF, Rule("Chinese: tax_relief", zh="税收 免税 减税 关税 加计扣除 减免[^，；。]{0,8}(?:税|行政事业性收费|规费) 免收",
        finds="减免规费")),
    (Instrument.FINANCE, Rule("Chinese: finance", zh="贴息 贷款 融资 担保 信贷 保险(?!支付) 债券 基金(?!项目) 股权投资 风险补偿", finds="保险 / 基金")),
    (Instrument.PROCUREMENT, Rule("Chinese: procurement", zh="政府(?:采购|购买) 首购", finds="政府采购")),
    (Instrument.PUBLIC_RESEARCH_FUNDING, Rule("Chinese: public_research_funding",
        zh="(?:高校|高等学校|科研院所|科研机构)[^，。；]{0,12}给予[^，。；]{0,8}(?:补助|资助) 组织实施[^，。；]{0,16}(?:重大专项|科技项目|重点项目)"
        " 研发计划[^，。；]{0,24}专项", finds="高等学校给予补助 / 组织实施重大专项 / 研发计划专项")),
    (Instrument.BUSINESS_GRANT, Rule("Chinese: business_grant",
        zh="奖补 补助 补贴 奖励 资助 给予[^，；。]{0,4}配套 予以支持 给予[^，；。]{0,16}支持 发放[^，；。]{0,16}券 专项资金", finds="给予配套 / 给予支持 / 发放券")),
    (Instrument.GOVERNANCE_BODY, Rule("Chinese: governance_body", zh="联席会议 会商 协调机制 领导小组 专班 办公室设 定期调度")),
    (Instrument.TALENT, Rule("Chinese: talent", zh="人才 引进和?培养 培养[^，；。]{0,16}(?:人|师|员) 培训 (?:增设|设立)[^，；。]{0,12}专业 引育",
        finds="引进培养 / 培养人 / 增设专业")),
    (Instrument.INTELLECTUAL_PROPERTY, Rule("Chinese: intellectual_property", zh="专利[^，；。]{0,16}(?:许可|转化|运用|质押) 知识产权",
        finds="专利转化")),
    (Instrument.REGULATION_MARKET_ACCESS, Rule("Chinese: regulation_market_access",
        zh="应当 不予 不得 允许 管理办法 监管 资本[^，；。]{0,8}参与 限价 直接交易 准入 市场规则 审批 审评 时限 白名单 便利化 放宽 取消 修订[^，；。]{0,16}(?:规则|办法|条例)"
        " 纳入[^，；。]{0,24}(?:目录|内容) 改革 电价 通关", finds="资本参与 / 修订规则 / 纳入目录")),
    (Instrument.STANDARDS_CERTIFICATION, Rule("Chinese: standards_certification", zh="标准(?!化厂房) 认证 检验检测 技术规范",
        finds="标准")),
    (Instrument.DATA_INFORMATION, Rule("Chinese: data_information", zh="数据(?:集|库|资源|资产|开放) 公共数据 开放共享 信息(?:平台|系统)",
        finds="数据库 / 信息平台")),
    (Instrument.ADVISORY_INCUBATION, Rule("Chinese: advisory_incubation", zh="诊断 咨询 辅导 孵化 上市(?!许可)", finds="上市")),
    (Instrument.NETWORK_CLUSTER, Rule("Chinese: network_cluster", zh="联合体 联盟 产业集群 集聚区 对接")),
    (Instrument.INFRASTRUCTURE_PLATFORM, Rule("Chinese: infrastructure_platform",
        zh=(Words("建设 新建 建成 布局 搭建 打造 组建 设立", behind="[^，；。]{0,30}(?:中心|平台|实验室|基地|设施|场地|站|枢纽|集群|系统|园区)", shown=" 实验室"),))),
    (Instrument.DEMONSTRATION_APPLICATION, Rule("Chinese: demonstration_application", zh="试点 示范 推广 应用 场景 部署")),
    (Instrument.TECHNOLOGY_DEVELOPMENT, Rule("Chinese: technology_development", zh="攻关 攻克 研发 研制 突破 开发 关键(?:核心)?技术",
        finds="关键技术")),
    (Instrument.AWARDS_DESIGNATION, Rule("Chinese: awards_designation", zh="遴选 认定 评选 大赛")),
    (Instrument.INTELLIGENCE_OUTREACH, Rule("Chinese: intelligence_outreach", zh="宣传 交流会 论坛 评估 评价考核 监测 统计")),
    (Instrument.STRATEGY_PLAN, Rule("Chinese: strategy_plan", zh="(?:制定|编制)[^，；。]{0,16}(?:规划|方案|计划) 纳入[^，；。]{0,16}规划",
        finds="制定计划 / 纳入规划")),
)  # fmt: skip
_ENGLISH_ACTS: tuple[tuple[Instrument, Rule], ...] = (
    (Instrument.TAX_RELIEF, Rule("English: tax_relief",
        en=r"\b(?:fees?|tax(?:es)?|dut(?:y|ies)|tariffs?|lev(?:y|ies))\b.{0,60}\b(?:refund|waive|reduc|cut|halv|by\shalf|nil|exempt)"
        r" \b(?:refund|waiv|reduc|cut|halv|exempt)\w{0,20}\b.{0,40}\b(?:fees?|tax|dut(?:y|ies)|tariff|levy)\b"
        r" tax\scredit tax\srelief allowance", finds="fees will be halved / waives the levy")),
    (Instrument.FINANCE, Rule("English: finance",
        en=r"\bloans?\b \bequity\b guarantees?\b risk-sharing \bbonds?\b venture credit\sline investment\sfund",
        finds="loan / equity / guarantee / bond")),
    (Instrument.PUBLIC_RESEARCH_FUNDING, Rule("English: public_research_funding",
        en=(Words(r"research\sprogram \breceive\s(?:€|£|\$).{0,60}\bdevelop"),
            Words("million billion fund grant contribut", behind=r".{0,80}(?:laborator|universit|research\s(?:institut|council|programme|projects?)|equipment\sin\spublic)", shown=" for universities")),
        finds="receive €2 million to develop")),
    (Instrument.TALENT, Rule("English: talent",
        en=r"\bPhDs?\b fellowships? apprentic \btrain(?:ing|s)?\b scholar \bvisas?\b \bskills\b workforce"
        r" recruit\w{0,20}\s.{0,20}(?:staff|teachers|researchers)",
        finds="PhD / fellowship / train / visa / skills / recruit new researchers")),
    (Instrument.BUSINESS_GRANT, Rule("English: business_grant",
        en=r"\bgrants?\b co-?fund (?:million|billion)\savailable subsid vouchers? rebates? award\sup\sto"
        r" support\slevel subscription\sfees \bpays?\s(?:small|firms|companies)",
        finds="grant / co-fund / million available / voucher / rebate / pay companies")),
    (Instrument.PROCUREMENT, Rule("English: procurement",
        en=r"\bprocur \bpurchas \bstockpile government\s(?:will\s)?buys?\b fleet\scontract government\scontracts?",
        finds="procures / purchases / stockpiles / government buys / government contract")),
    (Instrument.GOVERNANCE_BODY, Rule("English: governance_body",
        en=(Words(r"task\sforce directorate"
        r" \b(?:council|committee|commission|secretariat)\b.{0,30}\b(?:set\sup|established|created)"),
            Words(r"set\sup establish create appoint", behind=r"\w{0,20}\s.{0,40}\b(?:council|committee|office|commissioner|body|unit|board)\b")),
        finds="a commission is created / set up an office / establish a body / create a body / appoint a board")),
    (Instrument.DATA_INFORMATION, Rule("English: data_information",
        en=r"\b(?:share|open|publish|register|database|atlas|dataset)\w{0,20}\b.{0,50}\b(?:data|records|atlas|database|dataset|register)\b"
        r" \b(?:atlas|database|dataset|register)\b.{0,40}\b(?:open|free|data) \bnational\sregister\b",
        finds="publish all records / the register is free / national register")),
    (Instrument.STANDARDS_CERTIFICATION, Rule("English: standards_certification",
        en=r"\bstandards?\b test\smethod protocol certif accredit", finds="standard")),
    (Instrument.REGULATION_MARKET_ACCESS, Rule("English: regulation_market_access",
        en=r"\bamend \bban\b \brequir directive\b code\sof\spractice \bcomply\b"
        r" \bpropose\s.{0,60}(?:categor|deadlines?|rules?) \brules?\b regulation legislat permit(?!t) consents?\b"
        r" approval application\spathway universal-waste \blaw\b",
        finds="amends / ban / requires / directive / comply / propose new deadlines / rule / permit / consent / law")),
    (Instrument.ADVISORY_INCUBATION, Rule("English: advisory_incubation",
        en=r"advis technical\sassistance mentor incubat one-stop")),
    (Instrument.INFRASTRUCTURE_PLATFORM, Rule("English: infrastructure_platform", en=(Words(r"\bdrill\b"),
            Words(r"open build establish set\sup install creat fund million\sfor billion\sfor", behind=_SITE, shown=" a plant")),
        finds="drill")),
    (Instrument.NETWORK_CLUSTER, Rule("English: network_cluster",
        en=r"alliance cluster consorti partnership cooperat collaborat \blink\b", finds="link")),
    (Instrument.AWARDS_DESIGNATION, Rule("English: awards_designation",
        en=r"\bprizes?\b designat \bselect(?:s|ed|ing)?\b competition", finds="prize / select")),
    (Instrument.DEMONSTRATION_APPLICATION, Rule("English: demonstration_application",
        en=r"pilot demonstrat \btrials?\b deploy roll.?out adopt\b", finds="trial / rollout / adopt")),
    (Instrument.INTELLIGENCE_OUTREACH, Rule("English: intelligence_outreach",
        en="evaluat monitor survey campaign conference awareness statistic")),
    (Instrument.STRATEGY_PLAN, Rule("English: strategy_plan",
        en=(Words(r"draw\sup prepare publish develop", behind=r"\s.{0,40}(?:plan|strategy|roadmap)"),),
        finds="draw up strategy / prepare roadmap / publish roadmap / develop roadmap")),
    (Instrument.TECHNOLOGY_DEVELOPMENT, Rule("English: technology_development",
        en=r"\bR&D\b research technolog \bdevelop innovat", finds="R&D / develops")),
)  # fmt: skip
_WEAK = (Instrument.TECHNOLOGY_DEVELOPMENT, Instrument.DEMONSTRATION_APPLICATION, Instrument.OTHER)
_TAIL_CUT = re.compile(
    r"(?:하고|하며|하여|되고|시키고|시키며|추진해|개발해|구축해|설립해|수립하여|제정하고|높이고|,)\s+(?=[^,]{6,}$)"
)
_ASIDE = re.compile(r"\*+|\([^()]*\)")
_CLAUSE_END = re.compile(r"[，；;,]")
_CORE = 46
"""Characters before the end of a Korean unit in which its main verb and that verb's object stand."""


@remembered
def instrument_of(words: str, label: str = "", pillar: str = "") -> Instrument:
    """The instrument group of a measure, from its main verb with its object, then its other words, label and heading."""
    korean = bool(scripts_of(words) & HANGUL)
    tail = _main_part(words)
    if (known := _by_act(words if not korean else tail, korean)) is not None:
        return known
    if korean and (decided := _by_verb(tail)) is not None:
        return decided
    for text in (tail, words, label, pillar):
        found = _first_cue(text)
        if found is not None and (found not in _WEAK or text == pillar or _first_strong(words) is None):
            return found
    return _first_cue(words) or Instrument.OTHER


def _by_act(words: str, korean: bool) -> Instrument | None:
    """The first group whose verb and object stand in the words together."""
    acts = _KOREAN_ACTS if korean else _CHINESE_ACTS if scripts_of(words) & HAN else _ENGLISH_ACTS
    return first_of(acts, words)


def _by_verb(tail: str) -> Instrument | None:
    """The group that the closing verb and its object name; None where the verb alone says nothing."""
    return first_of(_CLOSING, _ASIDE.sub("", tail).strip()[-_CORE:])


def _main_part(words: str) -> str:
    """The part that holds the deciding verb: the last clause in Korean, the first sentence part elsewhere."""
    if not scripts_of(words) & HANGUL:
        return _CLAUSE_END.split(words)[0] if len(words) > 40 else words
    cuts = list(_TAIL_CUT.finditer(words))
    return words[cuts[-1].end() :] if cuts else words


@remembered
def _first_cue(text: str) -> Instrument | None:
    return first_of(_NAMED, text)


def _first_strong(text: str) -> Instrument | None:
    return first_of((named for named in _NAMED if named[0] not in _WEAK), text)
