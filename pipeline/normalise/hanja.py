"""Fold spellings for matching: traditional to simplified, full width to half width, one apostrophe, one middle dot.

For matching only, never for output: what is written keeps the source's spelling. Every character is replaced
by exactly one character, so an offset in the folded text is the same offset in the source.

Source of the table: own compilation of the traditional forms (with the variants that Korean fonts and keyboards
produce, such as 敎 淸 硏) of characters in names of Chinese institutions, places and plans, checked against the
State Council's *General Standard Chinese Characters* (2013), appendix 1.
"""

from __future__ import annotations

import re
import unicodedata

# Pairs: traditional (or variant) form, then the simplified one.
_PAIRS = """
國国 學学 廣广 東东 門门 開开 關关 發发 會会 產产 産产 業业 術术 資资 訊讯 電电 網网 絡络 數数 據据 體体 係系 統统
設设 計计 劃划 規规 範范 標标 準准 創创 園园 區区 縣县 鄉乡 鎮镇 島岛 灣湾 龍龙 蘇苏 陝陕 陽阳 陰阴 瀋沈 慶庆 連连
寧宁 遼辽 濱滨 漢汉 廈厦 貴贵 雲云 邊边 爾尔 濟济 煙烟 臺台 潔洁 樓楼 橋桥 衛卫 萬万 億亿 兩两 頭头 貨货 貿贸 財财
務务 稅税 穀谷 糧粮 農农 漁渔 獸兽 氣气 環环 護护 測测 繪绘 質质 檢检 驗验 監监 審审 鐵铁 鋼钢 鋁铝 銅铜 鋰锂 礦矿
礎础 機机 構构 製制 裝装 備备 車车 輛辆 輸输 運运 軌轨 飛飞 動动 導导 彈弹 衝冲 擊击 戰战 軍军 團团 隊队 員员 黨党
書书 記记 總总 紀纪 綱纲 領领 協协 聯联 際际 華华 銀银 債债 證证 險险 價价 費费 補补 貼贴 獎奖 勵励 償偿 優优 勢势
勝胜 陸陆 陳陈 隨随 階阶 隴陇 隱隐 難难 雜杂 離离 雙双 雞鸡 靈灵 靜静 頁页 頂顶 項项 順顺 須须 預预 頒颁 頻频 顆颗
題题 額额 顏颜 願愿 類类 顧顾 顯显 風风 飯饭 飲饮 養养 餘余 館馆 馬马 駐驻 駕驾 騰腾 驅驱 驛驿 驟骤 魚鱼 魯鲁 鮮鲜
鳥鸟 鳳凤 鴻鸿 鹽盐 麗丽 麥麦 黃黄 點点 齊齐 齒齿 龜龟 爲为 為为 無无 與与 義义 習习 長长 張张 強强 歸归 當当 錄录
彎弯 徑径 從从 復复 徵征 憂忧 應应 懷怀 戲戏 戶户 拋抛 挾挟 捨舍 掃扫 採采 換换 揚扬 損损 搖摇 撥拨 撫抚 擁拥 擇择
擔担 擬拟 擴扩 攝摄 攜携 敗败 敘叙 敵敌 斷断 時时 晉晋 晝昼 暫暂 曆历 曉晓 極极 榮荣 槍枪 樂乐 樞枢 樣样 樹树 橫横
檔档 櫃柜 欄栏 權权 歐欧 歲岁 歷历 殘残 殺杀 殼壳 毀毁 氫氢 決决 沖冲 況况 淺浅 淚泪 淨净 減减 渦涡 溝沟 溫温 滅灭
滬沪 滿满 漸渐 潛潜 澤泽 澱淀 濃浓 濕湿 瀏浏 瀘泸 灑洒 災灾 烏乌 煉炼 煩烦 熱热 燈灯 燒烧 營营 爐炉 爭争 爺爷 牆墙
犧牺 狀状 獨独 獲获 現现 瑪玛 瓊琼 畝亩 畫画 異异 療疗 盜盗 盡尽 盤盘 眾众 礙碍 祕秘 禮礼 禪禅 種种 稱称 穩稳 窮穷
競竞 筆笔 節节 築筑 簡简 簽签 籌筹 糾纠 紅红 約约 級级 紐纽 純纯 紗纱 紙纸 細细 終终 組组 結结 給给 絕绝 經经 綜综
綠绿 維维 緊紧 線线 編编 緣缘 練练 縮缩 績绩 織织 繼继 續续 纖纤 羅罗 聖圣 聞闻 聲声 職职 聽听 肅肃 脫脱 腦脑 腫肿
膚肤 臨临 舉举 舊旧 艙舱 艦舰 艱艰 藝艺 莊庄 莖茎 葉叶 蓋盖 蔣蒋 蕪芜 薩萨 藍蓝 藥药 蘭兰 處处 虛虚 號号 蟲虫 裏里
裡里 複复 見见 視视 親亲 覺觉 覽览 觀观 觸触 訂订 訓训 託托 許许 訴诉 診诊 詞词 試试 詩诗 話话 該该 詳详 誌志 認认
語语 誠诚 誤误 說说 説说 課课 調调 談谈 請请 論论 諮咨 謀谋 講讲 謝谢 識识 譯译 議议 讀读 變变 讓让 豐丰 貝贝 負负
貢贡 販贩 貧贫 責责 買买 貫贯 貯贮 賀贺 賓宾 賞赏 賢贤 賣卖 賦赋 賴赖 購购 賽赛 贈赠 贏赢 贛赣 趙赵 趨趋 跡迹 踐践
躍跃 軟软 軸轴 較较 載载 輔辅 輕轻 輝辉 輪轮 輯辑 轄辖 轉转 迴回 這这 進进 遊游 過过 達达 違违 遞递 遠远 適适 遲迟
遷迁 選选 遺遗 還还 鄧邓 鄭郑 鄰邻 醫医 醬酱 釋释 針针 釣钓 鈉钠 鈦钛 鈷钴 鉛铅 鉀钾 銷销 鋪铺 錢钱 錦锦 錯错 鍊炼
鍋锅 鍵键 鎂镁 鎳镍 鏈链 鏡镜 鑄铸 鑒鉴 鑑鉴 鑽钻 閃闪 閉闭 間间 閣阁 閱阅 闊阔 闡阐 陣阵 隸隶 雖虽 霧雾 響响 韓韩
頓顿 頸颈 飼饲 飾饰 騎骑 騙骗 驕骄 髮发 鬆松 鬥斗 鯨鲸 鵬鹏 鷹鹰 麼么 黏粘 齡龄 龐庞 龔龚 亞亚 亂乱 來来 侖仑 倉仓
個个 們们 倫伦 偉伟 側侧 偵侦 傑杰 傘伞 傳传 傷伤 傾倾 僅仅 僑侨 僕仆 儀仪 儉俭 儘尽 儲储 兒儿 內内 冊册 凍冻 凱凯
別别 刪删 剛刚 剝剥 劇剧 劉刘 劑剂 勁劲 勞劳 匯汇 彙汇 匱匮 單单 卻却 厭厌 厲厉 參参 叢丛 吳吴 啟启 啓启 喚唤 問问
喪丧 喬乔 嘆叹 嘗尝 嘯啸 噴喷 噸吨 嚇吓 嚐尝 嚴严 囑嘱 圍围 圓圆 圖图 執执 堅坚 報报 場场 塊块 塗涂 塵尘 墊垫 墳坟
墾垦 壇坛 壓压 壘垒 壞坏 壟垄 壯壮 壺壶 壽寿 夠够 夢梦 夾夹 奧奥 奪夺 奮奋 婦妇 嬰婴 孫孙 宮宫 寢寝 實实 寫写 寬宽
寶宝 將将 專专 尋寻 對对 屆届 屜屉 屢屡 層层 屬属 岡冈 峽峡 崗岗 嶺岭 嶽岳 巖岩 帥帅 師师 帳帐 帶带 幀帧 幣币 幫帮
幹干 幾几 庫库 廁厕 廟庙 廠厂 廢废 廳厅 弒弑 敎教 硏研 淸清 靑青 眞真 愼慎 鎭镇 戸户 曁暨 値值 卽即 旣既 吿告 屛屏
兪俞 晩晚 沒没 緖绪 銳锐 顔颜 飜翻 鷄鸡 絲丝 緒绪 縱纵 罰罚 罷罢 聰聪 腸肠 臟脏 葦苇 蒼苍 蓮莲 薦荐 蘊蕴 蠟蜡 衆众
襲袭 訪访 評评 詢询 誕诞 諾诺 譜谱 豬猪 貪贪 贊赞 趕赶 軀躯 輻辐 辦办 辭辞 辯辩 遙遥 邏逻 郵邮 釀酿 鍛锻 鎖锁 鐘钟
鐳镭 閩闽 闖闯 陜陕 韋韦 頗颇 飄飘 饋馈 饒饶 騷骚 鬧闹 鯉鲤 鰲鳌 鴨鸭 鶴鹤 鷺鹭 黌黉 嗎吗 囂嚣 埡垭 塢坞 壩坝 嶗崂
崢峥 嵐岚 峯峰 巒峦 彥彦 徹彻 憲宪 懇恳 懸悬 戀恋 撈捞 擠挤 攔拦 攤摊 暢畅 暈晕 曬晒 棗枣 楊杨 槳桨 櫻樱 欽钦 汙污
汚污 洩泄 涼凉 淵渊 湧涌 滄沧 滯滞 漲涨 漣涟 潁颍 潤润 澗涧 濰潍 瀾澜 灘滩 煥焕 燦灿 燭烛 爍烁 牽牵 犢犊 獄狱 獅狮
獵猎 瑩莹 瑤瑶 璽玺 甌瓯 疊叠 痺痹 瘡疮 癒愈 皚皑 睏困 瞭了 矯矫 碩硕 確确 磚砖 礫砾 禍祸 禦御 穎颖 積积 竄窜 竊窃
篩筛 籃篮 籠笼 糞粪 緬缅 緯纬 繞绕 繡绣 繩绳 羣群 翹翘 膠胶 膽胆 艷艳 蝦虾 蝕蚀 螢萤 衹只 誇夸
"""

_APOSTROPHES = "’‘ʼ＇`´′‛｀"
_QUOTES = "“”„‟″＂"
_MIDDLE_DOTS = "・‧･ㆍ•∙⋅․ᆞ"
_DASHES = "–—−－‐‑‒―"
_TILDES = "∼～〜˜"
_SPACES = "\u00a0\u3000\u2002\u2003\u2009\u202f"


def _table() -> dict[int, str]:
    table: dict[int, str] = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    for code in range(0xF900, 0xFB00):  # compatibility ideographs: the same character at a second code point
        plain = unicodedata.normalize("NFKC", chr(code))
        if len(plain) == 1:
            table[code] = plain
    simplified = {ord(pair[0]): pair[1] for pair in _PAIRS.split() if pair[0] != pair[1]}
    table |= {code: simplified.get(ord(plain), plain) for code, plain in table.items()} | simplified
    for marks, plain in (
        (_APOSTROPHES, "'"),
        (_QUOTES, '"'),
        (_MIDDLE_DOTS, "·"),
        (_DASHES, "-"),
        (_TILDES, "~"),
        (_SPACES, " "),
    ):
        table |= {ord(mark): plain for mark in marks}
    return table


_TABLE = {chr(code): plain for code, plain in _table().items()}
_FOLDED = re.compile(f"[{re.escape(''.join(_TABLE))}]")
"""Few signs of a text are folded: looking for them is faster than asking a table for each sign."""
_SIMPLIFIED = {pair[0]: pair[1] for pair in _PAIRS.split() if pair[0] != pair[1]}
_TRADITIONAL = re.compile(f"[{''.join(_SIMPLIFIED)}]")
_HALF_WIDTH = {",": "，", ";": "；", ":": "：", "(": "（", ")": "）"}
_HALF = re.compile(
    r"[,;:()](?:(?<=[\u4e00-\u9fff）)》」”’%].)|(?<=[()])(?=[\u4e00-\u9fff《])|(?<=\d[,;)])(?=[\u4e00-\u9fff]))"
)
"""The sign comes first: it is rare, and what stands around it is looked at only there."""


def simplify(text: str) -> str:
    """Chinese text in simplified characters and full-width punctuation, character by character.

    >>> simplify("現印發給你們,請遵照執行。")
    "现印发给你们，请遵照执行。"
    """
    simple = _TRADITIONAL.sub(lambda sign: _SIMPLIFIED[sign.group()], text)
    return _HALF.sub(lambda m: _HALF_WIDTH[m.group()], simple)


def fold(text: str) -> str:
    """`text` in one spelling, character by character; the length never changes.

    >>> fold("廣東省・'20～’25")
    "广东省·'20~'25"
    """
    return text if text.isascii() and "`" not in text else _FOLDED.sub(lambda sign: _TABLE[sign.group()], text)
