"""Whether a text addresses the machine that reads it, or carries what its readers do not see.

Told by grammar and structure, not by a list of sentences that someone once used:

    orders     to forget or pass over what was said before, about the form of an answer, to the reader as a program
    imitations of a prompt: roles, tokens of chat templates, numbered units, ends of documents, answers in JSON
    active     markup that would run, formulas that a spreadsheet would, escape sequences of a terminal
    unseen     characters within words, controls of direction, tags, selectors without anything to select

A policy text speaks about models and prompts without addressing one; it may name a forgotten rule, or an order to be
ignored by nobody. What tells the two apart is the mood of the verb and who is meant.

Everything here is linear in the text: gaps in patterns are bounded, and a pattern that runs over all of a long text
only does so where one of its cues stands in it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set
from dataclasses import dataclass
from functools import cached_property

_EN_START = r"(?:^|[.!?:;,\"'“”‘’(\[>*#|—–-])[ \t>*#\"'“‘-]{0,6}(?:(?:please|now|then|just|instead|also|simply|and|you must|you should|you will)[ ,]+){0,3}"
"""Where an English imperative stands: at the beginning of a sentence, line or clause."""
_KO_ORDER = r"(?:하라|하시오|하세요|하십시오|하여라|해라|해줘|해\s주세요|하도록\s해|할\s것(?![으이]))"
_KO_MODEL = r"(?:ai|인공지능|언어\s?모델|llm|챗봇|어시스턴트|gpt|챗gpt|기계)"
_EN_MODEL = (
    r"(?:ai(?: (?:model|assistant|system|agent|reader))?|(?:large )?language model|llm|chatbot|assistant|chatgpt|gpt)s?"
)
_ZH_MODEL = r"(?:ai|人工智能|语言模型|大模型|大语言模型|聊天机器人|语言模型助手|智能助手|ai助手|llm)"


@dataclass(frozen=True)
class _Sign:
    """A pattern over lower-case text and the strings of which one must stand in a text that it matches.

    The rarer the strings, the fewer texts are searched.
    """

    cues: tuple[str, ...]
    pattern: re.Pattern[str]

    @cached_property
    def _letters(self) -> tuple[tuple[frozenset[str], str], ...]:
        """Each cue behind its letters: hardly any text has all of them, and only those are looked through."""
        return tuple((frozenset(cue), cue) for cue in self.cues)

    def stands_in(self, folded: str, characters: Set[str]) -> bool:
        """`characters`: those of the text."""
        for letters, cue in self._letters:
            if letters <= characters and cue in folded:
                return self.pattern.search(folded) is not None
        return False


def _sign(cues: str, *patterns: str) -> _Sign:
    return _Sign(tuple(cues.split("|")), re.compile("|".join(patterns), re.MULTILINE))


_KOREAN = (
    _sign(  # an order to forget what was said before
        "무시|잊|따르지",
        r"(?:이전|앞선|앞의|앞서|위의?|위에서|상기|지금까지|여기까지|이제까지|당신|너의|네가)[^.\n]{0,12}?(?:지시|지침|명령|프롬프트|규칙|대화|설정|요청|내용|안내|말)[가-힣]{0,4}[은는을를]?\s?(?:전부|모두|다|완전히)?\s?(?:무시|잊|따르지\s?(?:마|말))(?!한|했|당한|되)",
        r"(?:지시|명령|프롬프트|규칙)(?:사항)?[을를은는]?\s?(?:전부|모두|다)?\s?(?:무시|잊어버리?|잊으)(?:하라|하세요|하십시오|하시오|해라|해\s?줘|라|세요|십시오)",
    ),
    _sign(  # a role for the reader
        "당신은|너는|넌",
        rf"(?:당신은|너는|넌)[^.\n]{{0,30}}?{_KO_MODEL}[^.,\n]{{0,6}}?(?:이다|다|입니다|이야|야|이며|로서|처럼)(?=[\s.,!:;]|$)",
    ),
    _sign(
        "지금부터",
        r"지금부터\s?(?:당신|너|넌)",
    ),
    _sign(
        "당신|너는|너은|너의",
        r"(?:당신|너)(?:는|은|의)[^.\n]{0,20}역할(?:은|을\s?(?:맡|수행)[^.\n]{0,6}(?:라|오|요|다)(?=[\s.!]|$))",
    ),
    _sign(  # its prompt
        "프롬프트|메시지|지시",
        r"^\W{0,6}(?:시스템|개발자|관리자)\s?(?:프롬프트|메시지|지시)\W{0,3}[:：]",
        rf"(?:시스템\s?)?프롬프트[를을]\s?(?:모두|전부|그대로)?\s?(?:출력|공개|표시|반복|무시|제시){_KO_ORDER}",
    ),
    _sign(  # the form of an answer
        "출력|답하|답변하|응답하|대답하|반환|답만",
        rf"(?:json|마크다운|xml|yaml)[^.\n]{{0,12}}?(?:출력|답|답변|응답|대답|반환){_KO_ORDER}",
        rf"(?:다음과|아래와|예시와|위와)\s?(?:똑)?같이(?:만)?\s?(?:출력|답|답변|응답|대답|반환){_KO_ORDER}",
        rf"(?:만|라고|이라고|으로|로|를|을)\s?(?:출력|반환){_KO_ORDER}",
        rf"[\"'”’』」]\s?(?:라고만|이라고만|만|라고|이라고)\s?(?:답|답변|응답|대답){_KO_ORDER}",
    ),
    _sign(  # what the answer is to hold
        "답변에|응답에|출력에|목록에|결과에|답에",
        rf"(?:답변|응답|출력|결과\s?목록|정책\s?목록|목표\s?목록|추출\s?결과)(?:에|에는)[^.\n]{{0,40}}?(?:추가|포함|기재){_KO_ORDER}",
        rf"(?:정책|목표|조치|항목)[을를](?:\s?반드시)?\s?(?:정책\s?)?(?:목록|답|결과)에\s?(?:추가|포함){_KO_ORDER}",
    ),
    _sign(
        "바꿔|바꾸어|고쳐",
        r"(?:숫자|수치|값)[를을은는]?[^.\n]{0,16}(?:바꿔|바꾸어|고쳐)\s?(?:출력|답|답변|추출|응답)",
    ),
    _sign(  # the reader called by what it is
        "글을|글를|문서을|문서를|텍스트을|텍스트를|기사을|기사를|파일을|파일를",
        rf"(?:이|본)\s?(?:글|문서|텍스트|기사|파일)[을를]\s?(?:읽|처리|요약|분석|추출)[가-힣\s]{{0,6}}?{_KO_MODEL}",
    ),
    _sign(
        "에게|께",
        rf"{_KO_MODEL}(?:\s?모델)?(?:에게|께)(?:\s?(?:알림|지시|전달|보내는\s?말))?\s?[:：]",
    ),
    _sign(
        "라면",
        rf"(?:당신|네)[이가]\s?(?:만약|만일)?\s?{_KO_MODEL}[^.\n]{{0,6}}?라면",
    ),
)

_ENGLISH = (
    _sign(
        "ignore|disregard|forget|override|overrule|do not follow|don't follow|stop following|pay no attention",
        rf"{_EN_START}(?:ignore|disregard|forget|override|overrule|do not follow|don't follow|stop following|pay no attention to)\b[^.\n]{{0,40}}?\b(?:previous|prior|above|earlier|preceding|foregoing|system|your|original|initial|everything|safety|all)\b[^.\n]{{0,30}}?\b(?:instructions?|prompts?|rules?|guidelines?|directions?|commands?|messages?|context|constraints?|training|told|said|before|above)\b",
        r"(?<!may )(?<!to )(?<!not )(?<!can )(?<!could )(?<!would )(?<!cannot )\b(?:ignore|disregard|forget) (?:all |any |of |the |these |your |my ){0,3}(?:previous|prior|above|earlier|preceding|foregoing|your|system)(?: \w+)? (?:instructions?|prompts?|system messages?)\b",
    ),
    _sign(
        "you are |act as|act like|pretend|roleplay|role-play|from now on|as an ai|developer mode|do anything now|if you are",
        r"\b(?:you are|you're) (?:now |no longer |actually |hereby )?(?:an? |the )?[a-z ,-]{0,40}?\b(?:ai|assistant|language model|chatbot|llm|gpt|dan|terminal|interpreter)(?:(?= (?:that|which|who|with|without|and|named|called)\b)|(?=\s*[.,:;!)\"']|\s*$)|(?= (?:assistant|model)\b))",
        rf"{_EN_START}(?:act as|act like|pretend (?:to be|that you|you)|roleplay as|role-play as) [a-z ,-]{{0,40}}?\b(?:ai|assistant|model|chatbot|terminal|interpreter|dan|system|unrestricted)\b",
        r"\bfrom now on,? you(?: are| will| must|r)\b|\bas an? (?:ai|large )?\s?(?:language )?(?:model|assistant),? (?:you|i) (?:are|must|should|will|can|cannot|have)\b|\bdo anything now\b|\bdeveloper mode (?:enabled|on|activated)",
        rf"\bif you are an? (?:\w+ )?{_EN_MODEL}\b",
    ),
    _sign(
        "prompt|message|instruction",
        r"^\W{0,6}(?:system|developer|assistant)(?: (?:prompt|message|instructions?|override))\W{0,3}[:：]",
        rf"{_EN_START}(?:reveal|print|repeat|output|show|leak|display|expose|override|forget) (?:me )?(?:your|the|this|all) (?:\w+ ){{0,2}}(?:prompt|system message|instructions)\b",
        rf"\b(?:new|updated|real|secret|hidden|important|special|further) instructions? (?:to|for) (?:the |any |all )?{_EN_MODEL}\b",
        r"\b(?:do not|don't|never) (?:mention|reveal|disclose|repeat|tell) [^.\n]{0,30}\b(?:this|these|your) (?:instructions?|prompt|message)\b",
    ),
    _sign(
        "respond|reply|answer|output|return|print|write",
        rf"{_EN_START}(?:respond|reply|answer|output|return|print|write) (?:only |just |exactly |strictly |solely |exclusively )?(?:with |in |as )?(?:only |just |valid |the following |exactly |a |this |raw ){{0,3}}(?:json\b|xml\b|yaml\b|the (?:word|phrase|following|text|string)\b|\{{)",
        rf"{_EN_START}(?:(?:respond|reply|output|return|print) (?:only|nothing but|with nothing but|exactly|verbatim)|answer (?:nothing but|with nothing but|exactly) )\b",
    ),
    _sign(
        "add |include |append |insert |report |list |extract |multiply |change |replace ",
        rf"{_EN_START}(?:add|include|append|insert|list|report) (?:the following |this |these |another |a new |one more )(?:\w+ )?(?:policy|policies|targets?|measures?|entry|entries|records?)(?: (?:to|in|into) (?:your|the) (?:answer|output|response|list|results?|json)\b|\s*[:：])",
        rf"{_EN_START}(?:multiply|change|replace|alter) (?:all|every|each|the|any) [^.\n]{{0,20}}(?:numbers?|values?|figures?|amounts?)\b[^.\n]{{0,30}}\b(?:answer|output|response|extract|report|before you)",
    ),
    _sign(
        "note|message|attention|instruction|notice|memo|order",
        rf"\b(?:note|message|attention|instructions?|notice|memo|order)s? (?:to|for) (?:all |any |the |you,? ?)?(?:\w+ )?{_EN_MODEL}\s*[:：]",
    ),
    _sign(
        "reading this|processing this|parsing this|summarizing this|summarising this|analyzing this|analysing this",
        rf"\b{_EN_MODEL} (?:that is |which is |now |currently )?(?:reading|processing|parsing|summari[sz]ing|analy[sz]ing) this\b",
    ),
    _sign(
        "dear|hey|hello|attention|listen",
        rf"^\W{{0,4}}(?:dear|hey|hello|attention|listen),? (?:{_EN_MODEL}|claude|gemini)\b\s?[,:!]",
    ),
)

_CHINESE = (
    _sign(
        "忽略|无视|無視|忘记|忘記|忘掉|不要理会|不要遵|别管|忽视",
        r"(?<![得能可会若如因被])(?:忽略|忽视|无视|無視|忘记|忘記|忘掉|不要理会|不要遵守|不要遵循|别管)(?:掉)?[^。\n]{0,6}?(?:之前|以前|以上|先前|此前|上述|上面|前面|所有|全部|一切|系统|原有|你的|上文)[^。\n，]{0,8}?(?:指令|指示|提示词|提示|要求|规则|命令|内容|设定|对话|说明|限制)(?!的|而)",
        r"(?:把|将)[^。\n]{0,6}(?:之前|以上|上述|前面)[^。\n]{0,8}(?:指令|指示|提示|要求|规则|内容)[^。\n]{0,6}(?:忽略|忘记|忘掉|抛开)",
    ),
    _sign(
        "你|您|系统|提示",
        rf"(?:你|您)(?:现在|从现在起|从现在开始|将|将会)?(?:是|扮演|充当)[^。\n]{{0,16}}?(?:{_ZH_MODEL}|助手|模型|系统|机器人)(?=[，。,.！!；;\s]|$)",
        r"从现在(?:起|开始)[，,]?\s?(?:你|您)",
        r"^\W{0,6}(?:系统|開發者|开发者)(?:提示词?|消息|指令|信息)\W{0,3}[:：]",
        r"(?:输出|显示|打印|透露|泄露|重复|公开)(?:出)?(?:你的|您的)(?:全部|完整|原始|系统)?(?:系统)?(?:提示词?|指令)",
        rf"(?:如果|若)(?:你|您)是(?:一个|一款|一名)?{_ZH_MODEL}",
    ),
    _sign(
        "输出|返回|回复|回答|作答",
        r"请(?:你|您)?(?:直接|只|仅|务必)?(?:输出|返回)",
        r"(?:请|务必|必须|只|仅|只能|只需)[^。，\n]{0,8}?(?:json|以下内容|如下内容|下列内容)[^。\n]{0,6}?(?:输出|返回|回复|回答|作答)",
        r"(?:请|务必|必须|只|仅|只能|只需)[^。，\n]{0,6}?(?:输出|返回|回复|回答|作答)[^。\n]{0,6}?(?:json|以下内容|如下内容|下列内容|[“\"「])",
    ),
    _sign(
        "加入|添加|写入|改为|改成|乘以",
        r"(?:把|将|在)[^。\n]{0,24}?(?:政策|目标|措施)?[^。\n]{0,12}?(?:加入|添加到|写入)(?:到)?(?:你的|您的)?(?:答案|回答|输出|结果列表|政策列表|json)",
        r"(?:答案|回答|输出|政策列表)(?:中|里)[^。\n]{0,6}(?:加入|添加|写入)",
        r"(?:把|将)[^。\n]{0,8}(?:数字|数值|金额)[^。\n]{0,8}(?:改为|改成|乘以)[^。\n]{0,12}(?:输出|回答|再)",
    ),
    _sign(
        "ai|智能|模型|助手|llm",
        rf"(?:阅读|处理|分析|提取|总结)(?:本|此|这个|这份|这篇|该)(?:文档|文件|文章|文本|通知|文)的(?:{_ZH_MODEL}|模型|助手|机器)",
        rf"(?:致|告|提示)(?:{_ZH_MODEL}|模型|助手)(?:模型|助手|系统)?\s?[:：]",
    ),
)

_IMITATIONS = (
    _sign(
        "<|｜|[inst]|[/inst]|###|<<sys>>|_of_turn>|</s>|assistant:",
        r"<[|｜][\w▁ ]{2,40}[|｜]?>|\[/?inst\]|<<sys>>|<(?:start|end)_of_turn>|^#{2,4} ?(?:system|instruction|response|assistant|user)s?\s?:?\s*$",
        r"</?(?:system|assistant|instructions?|system[_-]prompt|user)>|</s>\s?<s>",
        r"^(?:human|user|system)\s?: [^\n]{0,300}\n+assistant\s?:",
    ),
    _sign(
        "] ",
        r"^ {0,3}\[\d{1,4}(?:\.\d+)?\] {1,12}(?:(?:heading|box|cell|furniture|link|header) [^|\n]{0,20}|[-–—·•■◦○□▲※ㅇ] )\| \S",
        r"^ {0,3}\[\d{1,4}(?:\.\d+)?\] \| [^|\n]+$",
    ),
    _sign("document: ", r"^document: [^\n]{1,200}, article \d+\.?\s*$"),
    _sign(
        "end of|문서 끝|문서의 끝|기사 끝|기사의 끝|文档结束|文章结束|全文结束|正文结束|文件结束",
        r"^\W{0,8}(?:end of (?:the )?(?:document|article|input|text|prompt|context|user (?:input|message))|문서(?:의)? 끝|기사(?:의)? 끝|(?:文档|文章|全文|正文|文件)结束)\W{0,8}\n\s*\S",
    ),
    _sign('"policies"|"announcement"|"action_status"', r'"(?:policies|announcement|action_status)"\s{0,4}:'),
)

_ACTIVE = (
    _sign("<", r"</?script(?:\s{0,4}>|/|\s[^<>\n]{0,200}=)|<(?:iframe|object|embed|svg|base|meta|form)\b[^<>\n]{0,200}[=/>]", r"<[a-z]+\b[^<>\n]{0,300}\bon[a-z]{3,20}\s{0,2}="),
    _sign("javascript", r"javascript:\s{0,3}[\w$%.]{1,60}\s{0,2}[(=`]"),
    _sign("vbscript:|data:text/html", r"vbscript:\s{0,3}\w+[(\s]|data:text/html[;,]"),
    _sign("hyperlink|webservice|importxml|importdata|importhtml|importrange|image|dde|cmd", r"(?:^|[\s|,;\"'(>-])[=+@-]\s?(?:hyperlink|webservice|importxml|importdata|importhtml|importrange|image|dde|cmd)\s?[(|]"),
    _sign("cmd", r"\bcmd\|\s?['\"/]"),
)  # fmt: skip

_SIGNS = (*_IMITATIONS, *_ACTIVE, *_KOREAN, *_ENGLISH, *_CHINESE)

_LETTER = "[A-Za-z\\uac00-\\ud7a3\\u3400-\\u9fff]"
_STEERING = re.compile("\x1b[\\[\\]P_^X\\\\c()7-9=>NO]|\x9b[0-9;?]{1,20}[@-~]|[\x9d\x90]\\d{0,4};")
"""Escape sequences. A lone C1 control is a wrongly decoded character of a western file, and steers nothing."""
_UNSEEN = re.compile(
    "[\u202a-\u202e\u2066-\u2069]|[\u200e\u200f]{3}"
    f"|{_LETTER}[\u200b\u2060-\u2064\ufeff\u180e]{{1,40}}{_LETTER}"
    "|[\u200b-\u200d\u2060-\u2064\ufeff]{4}"
    "|[\uac00-\ud7a3\u3400-\u9fff][\u200c\u200d][\uac00-\ud7a3\u3400-\u9fff]"
    "|[A-Za-z][\u200c\u200d][A-Za-z]{1,20}[\u200c\u200d][A-Za-z]"
    "|[\ufe00-\ufe0f\U000e0100-\U000e01ef]{2}|[A-Za-z\uac00-\ud7a3][\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
"""A joiner stands in emoji and between two letters of some scripts; twice in a Latin word it only cuts the word up."""
_TAGS = re.compile("[\U000e0001-\U000e007f]")
_FLAG = re.compile("\U0001f3f4[\U000e0030-\U000e007a]{3,6}\U000e007f")
"""The flags of England, Scotland and Wales: the one use of tags that there is."""
_MIXED = re.compile("[A-Za-z][\u0400-\u04ff]|[\u0400-\u04ff][A-Za-z]")
"""Latin and Cyrillic letters in one word look like a Latin word and are none."""
_DRESSED = re.compile("[\uff21-\uff3a\uff41-\uff5a]{3}|[\U0001d400-\U0001d7ff\u24b6-\u24e9]{3}")
"""Full-width and mathematical letters: read as plain ones."""


_SUSPECT = frozenset(
    map(
        chr,
        (
            *(0x1B, 0x90, 0x9B, 0x9D, 0x180E, 0xFEFF, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F),
            *(*range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0x0400, 0x0500), *range(0xFE00, 0xFE10)),
            *(*range(0xE0001, 0xE0080), *range(0xE0100, 0xE01F0)),
        ),
    )
)
"""One of these stands in every text that `_hides` finds."""
_DRESSES = frozenset(map(chr, (*range(0xFF21, 0xFF5B), *range(0x1D400, 0x1D800), *range(0x24B6, 0x24EA))))
"""One of these stands in every text that is read as plain letters."""


def addresses_a_machine(text: str) -> bool:
    """Whether the text talks to a program that reads it, imitates its prompt, hides characters or carries active code."""
    characters = set(text)  # most texts hold none of the signs below, and are not searched for them
    if not characters.isdisjoint(_SUSPECT) and _hides(text):
        return True
    if not characters.isdisjoint(_DRESSES) and _DRESSED.search(text):
        text = unicodedata.normalize("NFKC", text)
        characters = set(text)
    folded, characters = text.lower(), set("".join(characters).lower())
    return any(sign.stands_in(folded, characters) for sign in _SIGNS)


def _hides(text: str) -> bool:
    if text.isascii():
        return _STEERING.search(text) is not None
    if _TAGS.search(text) and _TAGS.search(_FLAG.sub("", text)):
        return True
    return any(pattern.search(text) for pattern in (_STEERING, _UNSEEN, _MIXED))
