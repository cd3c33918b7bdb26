"""Closed vocabularies by cue: instrument group, target groups, technology fields.

Instruments follow the decision order of `schemas/vocabulary.py` and guideline 20: of joined actions the last
main verb decides in Korean, the first in Chinese and English.
"""

from __future__ import annotations

import re

from pipeline.draft.cues import Cues, remembered, scripts_of
from schemas.vocabulary import Instrument, TargetGroup, TechnologyField

_BUILD = r"[^,.]{0,30}?(?:구축|건설|설립|설치|조성|신설|창설|건립|개설|증설|유치|가동|완비|착공|开工|建设|建立|设立|搭建|打造|布局|组建)"
_CUES: tuple[tuple[Instrument, str], ...] = (
    (Instrument.TAX_RELIEF, r"조세|세금|세제|세액|관세|부가가치세|소득세|법인세|면세|감세|수수료|税|\btax|\bdut(?:y|ies)\b|tariff"),
    (Instrument.BUSINESS_GRANT, r"보조금|장려금|바우처|지원금|보상금|인센티브|장려 및|후보조|补贴|补助|奖励|奖补|subsid|\bgrants?\b|voucher|rebate"),
    (Instrument.PROCUREMENT, r"정부\s?조달|공공\s?조달|공공\s?구매|우선\s?구매|采购|procure"),
    (Instrument.FINANCE, r"펀드|융자|대출|담보|보증|채권|투자\s?(?:기금|연계|지원|확대|유도)|금융\s?(?:지원|서비스|상품|기관)|금융기구|자금\s?(?:조달|지원)|특별자금|스톡옵션|엔젤|벤처투자|보험|投资基金|产业基金|贷款|融资|信贷|担保|债券|\bloans?\b|guarantee|equity|venture capital|\bbonds?\b|credit line"),
    (Instrument.PUBLIC_RESEARCH_FUNDING, r"연구\s?기금|연구비|연구개발\s?(?:예산|투자|자금)|R&D\s?(?:예산|투자|계획)|기초연구\s?(?:지원|투자)|(?:과학|자연과학|혁신)\s?기금|중점\s?R&D|연구과제\s?(?:공모|지원)|科研经费|基础研究投入|research (?:fund|grant|programme|program)|fund(?:ing)? (?:for )?(?:basic )?research"),
    (Instrument.TALENT, r"인재|인력|박사후|과학자|학자|비자|체류|영구적으로\s?거주|매니저\s?양성|교육\s?(?:과정|프로그램|훈련)|직업\s?훈련|연수|전문가\s?(?:양성|유치)|청년|人才|培训|引才|talent|\bvisas?\b|scholarship|apprentice|workforce|traineeship|skills|fellowship|train(?:ing)? \w+"),
    (Instrument.DATA_INFORMATION, rf"데이터베이스|데이터\s?(?:공유|개방|거래|센터|플랫폼|보안|흐름)|정보\s?(?:시스템|서비스|제공|망){_BUILD}?|기술\s?정보|정보를\s?[^,]{{0,12}}제공|서비스\s?목록|数据库|数据(?:共享|开放|资源)|信息(?:系统|服务|平台)|database|open data|data (?:sharing|access|space)|information service"),
    (Instrument.NETWORK_CLUSTER, r"클러스터|연합체|연맹|컨소시엄|얼라이언스|협력|협동|교류|산학연|연계|네트워크를?\s?(?:형성|확대)|혁신\s?창업\s?네트워크|매칭|공동체|커뮤니티|산업\s?협력|联盟|集群|合作|协同|共建|alliance|cluster|cooperat|partnership|consorti|collaborat|network of"),
    (Instrument.INFRASTRUCTURE_PLATFORM, rf"(?:플랫폼|센터|연구소|실험실|연구원|기지|단지|인프라|시설|설비|장치|망|네트워크|실험구|시범구|선도구|혁신구|허브|항|철도|궤도|공장|충전소|인큐베이터|캠퍼스|파크|병동|녹지|통로|허브|시스템|체계|설치장){_BUILD}|전용망|업데이트|(?:平台|中心|实验室|基地|园区|基础设施|网络|枢纽|设施)|infrastructure|facilit(?:y|ies)|(?:centres?|centers?|laborator(?:y|ies)|platforms?|hubs?|testbeds?|stations?)\b"),
    (Instrument.REGULATION_MARKET_ACCESS, r"규제|인허가|허가|네거티브|시장\s?(?:접근|진입)|접근\s?제한|개방|제한|허용|완화|철폐|폐지|취소|차별|법규|법률|조례|규정|제도|개혁|체제|메커니즘|감독|단속|보호|등급|거래|심사|관리\s?(?:강화|추진|방식)|의무화|금지|토지|행정구획|监管|许可|准入|改革|制度|机制|管理办法|放宽|取消|审批|regulat|permit|licen[cs]|\breform|market access|\bban\b|mandat|legislat|\brules?\b|approval|require"),
    (Instrument.INTELLECTUAL_PROPERTY, r"특허|지식\s?재산|지재권|지적\s?재산|지적권|저작권|专利|知识产权|patent|intellectual property"),
    (Instrument.STANDARDS_CERTIFICATION, r"표준|인증|기준\s?(?:제정|통일|강화|제작|마련)|검사\s?기준|건설기준|시험\s?인증|계량|규격|标准|认证|计量|检测|\bstandards?\b|certif"),
    (Instrument.ADVISORY_INCUBATION, r"인큐베이|보육|컨설팅|상담|상장\s?지도|고문|액셀러레이|멘토링|창업\s?(?:지원|서비스)|성과\s?전환|기술\s?이전|개념\s?검증|파일럿\s?테스트|전환을?\s?적극|孵化|咨询|转化|incubat|advis|mentor|accelerator|technology transfer|coaching"),
    (Instrument.AWARDS_DESIGNATION, r"선정|지정|포상|시상|우수\s?사례|모범|인정(?!\s?표준)|评选|认定|遴选|designat|\baward|\bprize"),
    (Instrument.STRATEGY_PLAN, r"(?:계획|전략|방안|로드맵|대책|청사진|정책|의견|문건|규획|리스트)(?:을|를|안)?\s?(?:수립|마련|제정|편성|작성|발표|제작|검토|책정|추진|실시|시행|실행)|制定.{0,12}(?:规划|计划|方案)|编制|(?:draw up|publish|prepare|adopt|develop) (?:a |an |the )?[\w\s-]{0,40}(?:plan|strategy|roadmap)"),
    (Instrument.GOVERNANCE_BODY, r"联席会议|会商|协调机制|领导小组|위원회|추진단|TF|태스크|테스크|협의체|협의회|전담\s?조직|조정\s?기구|총괄\s?조율|지휘부|领导小组|专班|协调机制|task ?force|council|coordinat|steering|\boffice\b"),
    (Instrument.INTELLIGENCE_OUTREACH, r"성과\s?평가|평가\s?(?:제도|체계|방식)?|통계|모니터링|홍보|포럼|대회|회의|행사|컨퍼런스|캠페인|자문\s?연구|실태\s?조사|영향력|评估|监测|宣传|论坛|大会|evaluat|monitor|conference|campaign|awareness|survey|statistic|report on"),
    (Instrument.DEMONSTRATION_APPLICATION, r"시범|실증|응용|활용|보급|적용|시나리오|도입|대규모\s?활용|상용화|试点|示范|应用|推广|场景|pilot|demonstrat|deploy|roll.?out|\btrials?\b|adoption"),
    (Instrument.TECHNOLOGY_DEVELOPMENT, r"기술|연구\s?개발|R&D|개발|원천|병목|돌파|혁신|알고리즘|소재|연구|산업화|지능화|다양화|攻关|研发|技术|创新|突破|\bR&D\b|research|technolog|develop|innovation"),
)  # fmt: skip
_COMPILED = [(instrument, Cues(pattern)) for instrument, pattern in _CUES]
_WEAK = (Instrument.TECHNOLOGY_DEVELOPMENT, Instrument.DEMONSTRATION_APPLICATION, Instrument.OTHER)
_TAIL_CUT = re.compile(
    r"(?:하고|하며|하여|되고|시키고|시키며|추진해|개발해|구축해|설립해|수립하여|제정하고|높이고|,)\s+(?=[^,]{6,}$)"
)
_HANGUL = re.compile(r"[가-힣]")
_ASIDE = re.compile(r"\*+|\([^()]*\)")
_CLAUSE_END = re.compile(r"[，；;,]")
_CORE = 46
"""Characters before the end of a Korean unit in which its main verb and that verb's object stand."""

# What may follow the deciding verb without deciding anything itself: 구축을 적극 지원, 개발 및 추진, 활용 확대.
_AFTER = r"(?:\s*(?:을|를|에|의)?\s*(?:적극(?:적으로)?|지속(?:적으로)?|대폭|및|등|집중|중점|신속하게)?\s*(?:지원|추진|강화|확대|가속화?|촉진|마련|모색|장려|실시|실행|향상|전개|탐색|가동|수행|도모|제고|본격화|향상|노력|다그치|돕|힘쓰|하|되|시키|한|할|토록|도록|있)[가-힣]*)*[\s.,*)”\"’']*$"
_VERBS: tuple[tuple[Instrument, str], ...] = (
    (Instrument.TAX_RELIEF, r"(?:사용료|수수료|이용료|부담금|세금)[^,]{0,14}(?:감면|인하|면제|매기|부과|할인)|(?:조세|세금|세제|세액|관세|부가가치세|소득세|법인세)[^,]{0,24}$|면세|감세"),
    (Instrument.BUSINESS_GRANT, r"(?:제작비|시험비|비용|설치비|구매비|개발비)[을를의]?\s[^,]{0,20}지원|\d[^,]{0,10}%를?\s?(?:지원|보조)|차액보전|(?:보조금|장려금|바우처|지원금|인센티브|보조)[^,]{0,16}$"),
    (Instrument.PROCUREMENT, r"수의계약|구매해\s?제공|(?:조달|공공구매|우선구매)[^,]{0,12}$"),
    (Instrument.PUBLIC_RESEARCH_FUNDING, r"(?:연구\s?기금|과학기금|혁신\s?기금|연구비|R&D\s?(?:예산|투자)|연구개발\s?(?:예산|투자)|전략\s?프로젝트)[^,]{0,20}$"),
    (Instrument.ADVISORY_INCUBATION, r"(?:상장\s?지도|컨설팅|상담|멘토링|보육|인큐베이(?:팅|션)|창업\s?(?:보육|지원)|기술\s?이전|성과\s?(?:전환|이전)|전환을?\s?적극|개념\s?검증)[^,]{0,24}$"),
    (Instrument.FINANCE, r"(?:펀드|융자|대출|담보|보증|채권|특별자금|스톡옵션|자금\s?조달|금융\s?지원|금융\s?서비스|벤처투자|엔젤투자|기후\s?투|투자\s?(?:유도|기금))[^,]{0,30}$"),
    (Instrument.TALENT, r"교수직|계약학과|교육\s?과정|양성\s?과정|정원|학과를?\s?신설|명을?\s?(?:뽑|양성|채용|선발)|(?:인재|인력|과학자|박사후|전문가|매니저|연구자|청년)[^,]{0,26}(?:유치|양성|육성|교류|지원|파견|훈련|확보|도입|강화|채용|배양)|비자|체류|영구적으로|인재\s?인정|커뮤니티를?\s?조성|해외\s?진출\s?및\s?방문"),
    (Instrument.GOVERNANCE_BODY, rf"작업반|책임관|점검반|전담\s?기구|[가-힣]{{2,}}과[’'”]?를\s[^,]{{0,10}}신설|(?:위원회|추진단|협의체|전담\s?조직|전담팀|조정기구|총괄\s?조율|지휘부)[^,]{{0,14}}{_AFTER}|총괄조율"),
    (Instrument.INTELLIGENCE_OUTREACH, rf"(?:홍보|개최|성과\s?평가|평가\s?제도|모니터링|캠페인|자문\s?연구|실태\s?조사|영향력(?:을|를)?)(?:\s?및\s?성과\s?평가)?\s*(?:높|향상|추진)?[가-힣]*{_AFTER}"),
    (Instrument.STRATEGY_PLAN, rf"(?:계획|지침|방안|전략|정책|로드맵|대책|문건|설계도|경로)[을를이]?(?:\s?문건)?\s*(?:수립|마련|제정|제작|작성|편성|책정|명확히){_AFTER}|(?:특별|행동)\s?(?:행동)?계획을?\s(?:수립|실시)|계획\s?편성"),
    (Instrument.STANDARDS_CERTIFICATION, rf"(?:표준|기준|인증|규격)[을를]?\s*(?:화|제정|제작|통일|통일화|강화|실행|마련|수립|구축|취득|인정)?{_AFTER}|건설기준\s?통일|선정\s?기준\s?강화"),
    (Instrument.AWARDS_DESIGNATION, rf"(?:기업|사례|프로젝트|단지|센터|명단|개|곳)[^,]{{0,12}}(?:선정|지정|추천|포상|인정|확정){_AFTER}"),
    (Instrument.DATA_INFORMATION, rf"데이터[^,]{{0,40}}(?:개방|공유|표준화)|저장소를?\s[^,]{{0,12}}운영|(?:데이터베이스|데이터|정보\s?시스템|정보\s?서비스|서비스\s?목록)[^,]{{0,18}}(?:구축|공유|개방|제공|운영|확대|발표|거래|교환|허용)[가-힣]*{_AFTER}"),
    (Instrument.REGULATION_MARKET_ACCESS, rf"절차를?\s[^,]{{0,14}}(?:줄|단축|간소)|심사\s?기간|규제\s?특구|표시(?:가격)?제|의무\s?사용|의무화|법[을에]\s[^,]{{0,14}}(?:개정|규정)|특별법\s?제정|(?:개방|완화|철폐|허용|폐지|취소|제한|규제|인허가|심사|차별[^,]{{0,10}}|조례|법|법규|규정|제도|개혁|체제|등급[^,]{{0,10}}|단속|보호|보장|참여할\s?수\s?있|목록[^,]{{0,6}}|이중관리|강도\s?제어|배출\s?관리|토지\s?이용[^,]{{0,14}}|행정구획[^,]{{0,14}})[을를이의]?\s*(?:제정|개선|완비|혁신|심화|시범|설정|처리|감소|제어|관리)?[가-힣]*{_AFTER}"),
    (Instrument.NETWORK_CLUSTER, rf"(?:클러스터|연합체|련합체|연맹|동맹|컨소시엄|생태계?|네트워크|메커니즘|협력|협동|교류|연계|결합|융합발전|매칭|련결|협업)[을를에의로]?\s*(?:구축|형성|조성|건설|육성|발전|통합|체계)?[가-힣]*{_AFTER}|융합\s?발전|일체화하여"),
    (Instrument.INFRASTRUCTURE_PLATFORM, rf"(?:센터|공장|시험동|단지|시설|기지|연구소|플랫폼|허브|댐|설비)[을를]\s?(?:짓|세우|세운|지어|만들|건립|연다|열)[가-힣]*|신규\s?착공|(?:구축|건설|설립|설치|조성|신설|창설|건립|증설|업데이트|착공|완비|배치){_AFTER}|(?:센터|쎈터|플랫폼|단지|실험실|연구소|기지|개발구|과학성|실험구|선도구|시범구|허브|클라우드)[^,]{{0,16}}(?:육성|확대|강화|장려|향상|유치|활성화|보완|건설|구축|내실화){_AFTER}"),
    (Instrument.INTELLECTUAL_PROPERTY, r"(?:특허|지재권|지적\s?재산|지식\s?재산|지적권)[^,]{0,30}$"),
    (Instrument.DEMONSTRATION_APPLICATION, rf"(?:활용|응용|적용|보급|시범|실증|시나리오|시범사업|시범\s?프로젝트|시연|사용|도입|상용화)[을를에의]?\s*(?:확대|추진|촉진|강화|향상|실시|사업|프로젝트|정책|수준)?[가-힣]*{_AFTER}"),
    (Instrument.TECHNOLOGY_DEVELOPMENT, rf"(?:개발|연구|R&D|기술혁신|돌파|극복|산업화|다양화|지능화|현지화|국산화|생산|엔지니어링|제고|성능[^,]{{0,12}}개선|난관공략|핵심기술을?\s?확보|산업[을를]?\s?(?:육성|중점적으로\s?발전))[을를에의]?\s*(?:융합)?[가-힣]*{_AFTER}"),
)  # fmt: skip
_VERBS_COMPILED = [(instrument, re.compile(pattern)) for instrument, pattern in _VERBS]

# Verb and object together, in the decision order of records.md; for a whole unit, before its words are counted.
_KOREAN_ACTS: tuple[tuple[Instrument, str], ...] = (
    (Instrument.PUBLIC_RESEARCH_FUNDING, r"[\d,.]\s?(?:억|조|만)\s?(?:원|위안|달러|유로|엔|크로네|파운드)?[을를]?\s?(?:투입|들여|투자)[^,]{0,6}\s[^,]{0,40}개발"),
    (Instrument.BUSINESS_GRANT, r"정착\s?지원금|(?:요금|보험료|이자\s?비용|임차료|임대료)[을를]?[^,]{0,24}(?:지원|환급|보조)|돌려\s?준"),
    (Instrument.PROCUREMENT, r"\d\s?(?:대|기|척)[를을]?\s?(?:신규\s?)?(?:도입|구매|구입)"),
    (Instrument.FINANCE, r"지분\s?투자|금리[는를]?\s[^,]{0,24}(?:인하|낮)"),
    (Instrument.AWARDS_DESIGNATION, r"상금|시상|경진\s?대회"),
    (Instrument.STANDARDS_CERTIFICATION, r"인증제?를?\s?도입"),
    (Instrument.REGULATION_MARKET_ACCESS, r"특구\s?(?:\d+곳)?[^,]{0,8}지정|(?:사업자|기업)[은는]\s.{0,60}(?:하여야|해야)\s?(?:함|한다)|(?:기간|시한)[을를]?\s[^,]{0,24}단축|제도를?\s[^,]{0,12}도입|(?:퇴출|사용\s?금지)"),
    (Instrument.DATA_INFORMATION, r"(?:정보|자료|데이터)[를을]?\s[^,]{0,14}(?:개방|공개|공유|표준화)"),
    (Instrument.DEMONSTRATION_APPLICATION, r"시나리오[^,]{0,16}(?:개방|공개|모집)"),
    (Instrument.INFRASTRUCTURE_PLATFORM, r"(?:센터|거점|시설|플랫폼|관제실|충전기|공장|설비)[^,]{0,14}(?:짓[고는다]|지어|개소|신설|건립|세우|세운)"),
    (Instrument.INTELLIGENCE_OUTREACH, r"이행[^,]{0,8}점검"),
)  # fmt: skip
_CHINESE_ACTS: tuple[tuple[Instrument, str], ...] = (
    (Instrument.TALENT, r"(?:人才|人员|大师|博士|工程师)[^。；]{0,40}(?:补助|补贴|奖励|资助|津贴)|轮训|评选资助"),
    (Instrument.TAX_RELIEF, r"税收|免税|减税|关税|加计扣除|减免[^，；。]{0,8}(?:税|行政事业性收费|规费)|免收"),
    (Instrument.FINANCE, r"贴息|贷款|融资|担保|信贷|保险(?!支付)|债券|基金(?!项目)|股权投资|风险补偿"),
    (Instrument.PROCUREMENT, r"政府(?:采购|购买)|首购"),
    (Instrument.PUBLIC_RESEARCH_FUNDING, r"(?:高校|高等学校|科研院所|科研机构)[^，。；]{0,12}给予[^，。；]{0,8}(?:补助|资助)|组织实施[^，。；]{0,16}(?:重大专项|科技项目|重点项目)|研发计划[^，。；]{0,24}专项"),
    (Instrument.BUSINESS_GRANT, r"奖补|补助|补贴|奖励|资助|给予[^，；。]{0,4}配套|予以支持|给予[^，；。]{0,16}支持|发放[^，；。]{0,16}券|专项资金"),
    (Instrument.GOVERNANCE_BODY, r"联席会议|会商|协调机制|领导小组|专班|办公室设|统筹协调机制|定期调度"),
    (Instrument.TALENT, r"人才|引进和?培养|培养[^，；。]{0,16}(?:人|师|员)|培训|(?:增设|设立)[^，；。]{0,12}专业|引育"),
    (Instrument.INTELLECTUAL_PROPERTY, r"专利[^，；。]{0,16}(?:许可|转化|运用|质押)|知识产权"),
    (Instrument.REGULATION_MARKET_ACCESS, r"应当|不予|不得|允许|管理办法|监管|资本[^，；。]{0,8}参与|限价|直接交易|准入|市场规则|审批|审评|时限|白名单|便利化|放宽|取消|修订[^，；。]{0,16}(?:规则|办法|条例)|纳入[^，；。]{0,24}(?:目录|内容)|改革|电价|通关"),
    (Instrument.STANDARDS_CERTIFICATION, r"标准(?!化厂房)|认证|检验检测|技术规范"),
    (Instrument.DATA_INFORMATION, r"数据(?:集|库|资源|资产|开放)|公共数据|开放共享|信息(?:平台|系统)"),
    (Instrument.ADVISORY_INCUBATION, r"诊断|咨询|辅导|孵化|上市(?!许可)"),
    (Instrument.NETWORK_CLUSTER, r"联合体|联盟|产业集群|集聚区|对接"),
    (Instrument.INFRASTRUCTURE_PLATFORM, r"(?:建设|新建|建成|布局|搭建|打造|组建|设立)[^，；。]{0,30}(?:中心|平台|实验室|基地|设施|场地|站|枢纽|集群|系统|园区)"),
    (Instrument.DEMONSTRATION_APPLICATION, r"试点|示范|推广|应用|场景|部署"),
    (Instrument.TECHNOLOGY_DEVELOPMENT, r"攻关|攻克|研发|研制|突破|开发|关键(?:核心)?技术"),
    (Instrument.AWARDS_DESIGNATION, r"遴选|认定|评选|大赛"),
    (Instrument.INTELLIGENCE_OUTREACH, r"宣传|交流会|论坛|评估|评价考核|监测|统计"),
    (Instrument.STRATEGY_PLAN, r"(?:制定|编制)[^，；。]{0,16}(?:规划|方案|计划)|纳入[^，；。]{0,16}规划"),
)  # fmt: skip
_ENGLISH_ACTS: tuple[tuple[Instrument, str], ...] = (
    (Instrument.TAX_RELIEF, r"\b(?:fees?|tax(?:es)?|dut(?:y|ies)|tariffs?|lev(?:y|ies))\b.{0,60}\b(?:refund|waive|reduc|cut|halv|by half|nil|exempt)|\b(?:refund|waiv|reduc|cut|halv|exempt)\w{0,20}\b.{0,40}\b(?:fees?|tax|dut(?:y|ies)|tariff|levy)\b|tax credit|tax relief|allowance"),
    (Instrument.FINANCE, r"\bloans?\b|\bequity\b|guarantees?\b|risk-sharing|\bbonds?\b|venture|credit line|investment fund"),
    (Instrument.PUBLIC_RESEARCH_FUNDING, r"research program|(?:million|billion|fund|grant|contribut).{0,80}(?:laborator|universit|research (?:institut|council|programme|projects?)|equipment in public)|\breceive (?:€|£|\$).{0,60}\bdevelop"),
    (Instrument.TALENT, r"\bPhDs?\b|fellowships?|apprentic|\btrain(?:ing|s)?\b|scholar|\bvisas?\b|\bskills\b|workforce|recruit\w{0,20} .{0,20}(?:staff|teachers|researchers)"),
    (Instrument.BUSINESS_GRANT, r"\bgrants?\b|co-?fund|(?:million|billion) available|subsid|vouchers?|rebates?|award up to|support level|subscription fees|\bpays? (?:small|firms|companies)"),
    (Instrument.PROCUREMENT, r"\bprocur|\bpurchas|\bstockpile|government (?:will )?buys?\b|fleet contract|government contracts?"),
    (Instrument.GOVERNANCE_BODY, r"task force|directorate|\b(?:council|committee|commission|secretariat)\b.{0,30}\b(?:set up|established|created)|(?:set up|establish|create|appoint)\w{0,20} .{0,40}\b(?:council|committee|office|commissioner|body|unit|board)\b"),
    (Instrument.DATA_INFORMATION, r"\b(?:share|open|publish|register|database|atlas|dataset)\w{0,20}\b.{0,50}\b(?:data|records|atlas|database|dataset|register)\b|\b(?:atlas|database|dataset|register)\b.{0,40}\b(?:open|free|data)|\bnational register\b"),
    (Instrument.STANDARDS_CERTIFICATION, r"\bstandards?\b|test method|protocol|certif|accredit"),
    (Instrument.REGULATION_MARKET_ACCESS, r"\bamend|\bban\b|\brequir|\brule under|directive\b|code of practice|\bcomply\b|\bpropose .{0,60}(?:categor|deadlines?|rules?)|\brules?\b|regulation|legislat|permit(?!t)|consents?\b|approval|application pathway|packaging requirements|universal-waste|\blaw\b"),
    (Instrument.ADVISORY_INCUBATION, r"advis|technical assistance|mentor|incubat|one-stop"),
    (Instrument.INFRASTRUCTURE_PLATFORM, r"(?:open|build|establish|set up|install|creat|fund|million for|billion for)\w{0,20}.{0,70}\b(?:plants?|facilit(?:y|ies)|cent(?:re|er)s?|hubs?|labs?|laborator(?:y|ies)|platforms?|portal|networks?|pads|wells?|zones?|lines|fermentation)\b|\bdrill\b"),
    (Instrument.NETWORK_CLUSTER, r"alliance|cluster|consorti|partnership|cooperat|collaborat|\blink\b"),
    (Instrument.AWARDS_DESIGNATION, r"\bprizes?\b|designat|\bselect(?:s|ed|ing)?\b|competition"),
    (Instrument.DEMONSTRATION_APPLICATION, r"pilot|demonstrat|\btrials?\b|deploy|roll.?out|adopt\b"),
    (Instrument.INTELLIGENCE_OUTREACH, r"evaluat|monitor|survey|campaign|conference|awareness|statistic"),
    (Instrument.STRATEGY_PLAN, r"(?:draw up|prepare|publish|develop) .{0,40}(?:plan|strategy|roadmap)"),
    (Instrument.TECHNOLOGY_DEVELOPMENT, r"\bR&D\b|research|technolog|\bdevelop|innovat"),
)  # fmt: skip
_KOREAN_COMPILED = [(i, re.compile(p)) for i, p in _KOREAN_ACTS]
_CHINESE_COMPILED = [(i, re.compile(p)) for i, p in _CHINESE_ACTS]
_ENGLISH_COMPILED = [(i, re.compile(p, re.IGNORECASE | re.DOTALL)) for i, p in _ENGLISH_ACTS]
_HAN = re.compile(r"[\u4e00-\u9fff]")


@remembered
def instrument_of(words: str, label: str = "", pillar: str = "") -> Instrument:
    """The instrument group of a measure, from its main verb with its object, then its other words, label and heading."""
    korean = _HANGUL.search(words) is not None
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
    acts = _KOREAN_COMPILED if korean else _CHINESE_COMPILED if _HAN.search(words) else _ENGLISH_COMPILED
    return next((instrument for instrument, pattern in acts if pattern.search(words)), None)


def _by_verb(tail: str) -> Instrument | None:
    """The group that the closing verb and its object name; None where the verb alone says nothing."""
    core = _ASIDE.sub("", tail).strip()
    core = core[-_CORE:]
    return next((instrument for instrument, pattern in _VERBS_COMPILED if pattern.search(core)), None)


def _main_part(words: str) -> str:
    """The part that holds the deciding verb: the last clause in Korean, the first sentence part elsewhere."""
    if not _HANGUL.search(words):
        return _CLAUSE_END.split(words)[0] if len(words) > 40 else words
    cuts = list(_TAIL_CUT.finditer(words))
    return words[cuts[-1].end() :] if cuts else words


@remembered
def _first_cue(text: str) -> Instrument | None:
    scripts = scripts_of(text)
    return next((instrument for instrument, cues in _COMPILED if cues.within(text, scripts)), None) if text else None


def _first_strong(text: str) -> Instrument | None:
    scripts = scripts_of(text)
    return next((i for i, cues in _COMPILED if i not in _WEAK and cues.within(text, scripts)), None)


_GROUPS: tuple[tuple[TargetGroup, str], ...] = (
    (TargetGroup.SMES, r"중소기업|중견기업|영세기업|령세기업|소상공인|전정특신|전문·정밀·특색|작은\s?거인|소거인|中小企业|专精特新|\bSMEs?\b|small (?:and|business)"),
    (TargetGroup.FOREIGN_FIRMS, r"외국인\s?(?:투자|재투자)|외자|외국\s?기업|다국적|外资|外商|foreign (?:firm|invest|compan)"),
    (TargetGroup.STARTUPS, r"창업\s?(?:기업|자)|스타트업|혁신창업|유니콘|창업팀|初创|创业|start-?ups?"),
    (TargetGroup.LARGE_FIRMS, r"대기업|중앙기업|국유\s?[^,]{0,8}기업|선두주자\s?기업|선주주자기업|리더기업|선도\s?기업|央企|龙头企业|大型企业|large (?:firm|compan)"),
    (TargetGroup.FIRMS, r"기업|산업체|농가|어민|농업인|업체|企业|公司|\bfirms?\b|compan(?:y|ies)|\bbusiness(?:es)?\b|farmers?|manufacturers?"),
    (TargetGroup.UNIVERSITIES, r"대학(?!원생)|고등교육|高校|大学|universit"),
    (TargetGroup.PUBLIC_RESEARCH, r"연구소|연구원(?!을)|연구기관|실험실|과학원|科研院所|科研机构|实验室|research (?:institut|organi|cent)|laborator"),
    (TargetGroup.RESEARCHERS, r"과학자|연구자|연구\s?인력|박사후|학자|연구진|과학기술\s?인재|과기인재|과기\s?인력|인재|科学家|科研人员|人才|researchers?|scientists?|postdoc"),
    (TargetGroup.STUDENTS_TEACHERS, r"학생|교원|교사|대학원생|学生|教师|students?|teachers?|pupils?|apprentices?"),
    (TargetGroup.INVESTORS, r"투자자|투자기관|벤처캐피|은행|금융\s?(?:기관|기구)|投资者|银行|金融机构|investors?|\bbanks?\b"),
    (TargetGroup.INTERMEDIARIES, r"중개|기술이전\s?(?:기관|센터)|협회|인큐베이|운영센터|서비스\s?기관|산업단지|中介|孵化器|协会|园区|incubators?|intermediar|associations?"),
    (TargetGroup.GOVERNMENT, r"지방\s?정부|지자체|행정기관|공공기관|정부\s?(?:부처|데이터|조달)|地方政府|各地|local (?:authorit|government)|municipalit|public bod"),
    (TargetGroup.SOCIETY, r"주민|국민|시민|노인|장애인|환자|소비자|노동자|청년|어린이|가정|居民|群众|消费者|老年|citizens?|households?|patients?|consumers?|residents?|workers?"),
)  # fmt: skip
_GROUPS_COMPILED = [(group, Cues(pattern)) for group, pattern in _GROUPS]
_NARROW = {TargetGroup.SMES, TargetGroup.FOREIGN_FIRMS, TargetGroup.STARTUPS, TargetGroup.LARGE_FIRMS}


def groups_of(words: str) -> list[TargetGroup]:
    """Whom the measure addresses, at most three; `firms` only where no narrower kind of firm is named."""
    return list(_groups_of(words))


@remembered
def _groups_of(words: str) -> tuple[TargetGroup, ...]:
    scripts = scripts_of(words)
    found = [group for group, cues in _GROUPS_COMPILED if cues.within(words, scripts)]
    if _NARROW & set(found):
        found = [g for g in found if g is not TargetGroup.FIRMS]
    return tuple(found[:3])


_FIELDS: tuple[tuple[TechnologyField, str], ...] = (
    (TechnologyField.SEMICONDUCTORS, r"반도체|집적회로|칩(?![가-힣])|웨이퍼|半导体|集成电路|芯片|semiconductor|\bchips?\b"),
    (TechnologyField.AI_DATA_SOFTWARE, r"인공지능|\bAI\b|빅데이터|데이터|소프트웨어|알고리즘|클라우드|블록체인|디지털|자연언어|컴퓨터시각|기계학습|人工智能|大数据|软件|数字|算法|artificial intelligence|software|\bdata\b|digital|cloud"),
    (TechnologyField.QUANTUM, r"양자|量子|quantum"),
    (TechnologyField.ROBOTICS_MANUFACTURING, r"로봇|제조|스마트\s?공장|장비|산업\s?인터넷|3D\s?프린|공작\s?기계|공정\s?기계|机器人|制造|装备|工业互联网|robot|manufactur|industrial internet"),
    (TechnologyField.BIO_HEALTH, r"바이오|의료|의약|건강|백신|세포|유전자|병원|임상|감염병|방역|보건|헬스|약물|生物|医药|医疗|健康|疫苗|biotech|health|medic|vaccine|pharma|clinical"),
    (TechnologyField.MARINE, r"해양|심해|해상|수중|海洋|深海|marine|ocean|offshore"),
    (TechnologyField.AEROSPACE, r"항공|우주|위성|드론|무인기|航天|航空|卫星|低空|aerospace|\bspace\b|satellite|aviation|drone"),
    (TechnologyField.TRANSPORT_NEV, r"자동차|교통|차량|철도|도로|물류|자율주행|충전|커넥티드카|汽车|交通|轨道|铁路|车辆|vehicle|transport|rail|mobility|automotive"),
    (TechnologyField.ENERGY, r"에너지|전력|수소|태양|풍력|배터리|저장산업|발전소|난방|전기차\s?충전|원자력|能源|电力|氢|储能|光伏|风电|核电|energy|hydrogen|solar|wind|battery|batteries|nuclear|grid|electricity"),
    (TechnologyField.ENVIRONMENT, r"환경|녹색|탄소|생태|기후|오염|폐기물|재활용|미세먼지|온실가스|녹지|环境|绿色|碳|生态|污染|环保|environment|climate|carbon|emission|recycl|waste|biodivers|green"),
    (TechnologyField.ICT_TELECOM, r"5G|6G|통신|네트워크|인터넷|정보통신|사물인터넷|기지국|通信|互联网|物联网|telecom|broadband|\binternet\b|wireless"),
    (TechnologyField.NEW_MATERIALS, r"신소재|소재|재료|희토|新材料|材料|稀土|materials?\b|graphene"),
    (TechnologyField.AGRICULTURE, r"농업|농촌|축산|어업|식품|종자|임업|农业|农村|种业|粮食|agricultur|farm|food|fisher|crop"),
    (TechnologyField.BASIC_SCIENCE, r"기초\s?(?:과학|연구)|수학|물리|거대\s?과학|과학장치|基础研究|基础科学|数学|大科学|basic (?:science|research)|fundamental"),
    (TechnologyField.BUSINESS_SERVICES, r"금융|서비스업|보험|컨설팅|전자상거래|판매|관광|金融|服务业|电子商务|financ|services?\b|tourism|retail"),
)  # fmt: skip
_FIELDS_COMPILED = [(name, Cues(pattern)) for name, pattern in _FIELDS]


def fields_of(words: str, most: int) -> list[TechnologyField]:
    """Technology fields named in the words, the most frequent first, at most `most`."""
    return list(_ranked_fields(words)[:most])


@remembered
def _ranked_fields(words: str) -> tuple[TechnologyField, ...]:
    scripts = scripts_of(words)
    counts = [(cues.count(words, scripts), -i, name) for i, (name, cues) in enumerate(_FIELDS_COMPILED)]
    ranked = sorted((c for c in counts if c[0]), reverse=True)
    return tuple(name for _, _, name in ranked)
