const data = JSON.parse(document.getElementById("data").textContent);
const $ = (id) => document.getElementById(id);

const WORDS = {
  ko: {
    search: "찾기", country: "국가", year: "발표 연도", instrument: "정책수단", field: "기술 분야", type: "문서 유형", status: "상태",
    target: "목표", due: "기한", "due-from": "기한, 시작 연도", "due-to": "기한, 끝 연도", folder: "폴더", reset: "모두 지우기", charts: "그림",
    "by-instrument": "정책수단과 발표 연도별 시책 수", "by-deadline": "기한 연도별 목표 수", policies: "정책", policy: "정책", keys: "단축키",
    skip: "표로 건너뛰기", all: "전체", unknown: "알 수 없음", "t-any": "있음", "t-number": "숫자 있음", "t-dated": "숫자와 기한 있음", "t-none": "없음",
    title: "정책명", issuers: "발표기관", announced: "발표일", measures: "시책", targets: "목표", confidence: "확신도", document: "문서",
    filters: "조건", other: "English", shown: "{n}건 / 전체 {all}건", reading: "읽는 중: 문서 {done} / {total}", earlier: "{year}년 이전", "no-year": "연도 모름",
    number: "숫자 있음", wordy: "숫자 없음", undated: "기한 없는 목표 {n}개는 그림에 없음", close: "닫기", review: "검토 화면에서 열기", period: "기간", place: "위치",
    source: "원문", "no-title": "문서명 없음", nothing: "조건에 맞는 정책이 없습니다", empty: "아직 정책이 없습니다", saved: "{name} 내려받음", making: "파일을 만드는 중",
    add: "문서 추가", budgets: "예산", "review-these": "검토하기", taking: "올리는 중: {name}", extracting: "추출 중: {done} / {total} {name}", extracted: "문서 {n}건을 읽었습니다", drop: "문서를 이 화면에 끌어다 놓거나 ‘문서 추가’를 누르십시오",
    flags: "주의", decided: "검토함", next: "다음", previous: "이전", open: "근거 열기", "to-search": "찾기", "to-charts": "그림 펴기·접기", count: "수", basis: "관할 근거", original: "원제",
  },
  en: {
    search: "Find", country: "Country", year: "Year", instrument: "Instrument", field: "Field", type: "Type", status: "Status",
    target: "Target", due: "Due", "due-from": "due, first year", "due-to": "due, last year", folder: "Folder", reset: "Clear all", charts: "Charts",
    "by-instrument": "Measures by instrument and year of the policy", "by-deadline": "Targets by the year they are due", policies: "Policies", policy: "Policy", keys: "Keys",
    skip: "Skip to the table", all: "all", unknown: "not known", "t-any": "any", "t-number": "with a number", "t-dated": "with number and year", "t-none": "none",
    title: "Policy", issuers: "Issued by", announced: "Announced", measures: "Measures", targets: "Targets", confidence: "Certain", document: "Document",
    filters: "Filters", other: "한국어", shown: "{n} of {all}", reading: "reading: {done} of {total} documents", earlier: "{year} and before", "no-year": "year not known",
    number: "with a number", wordy: "without", undated: "{n} targets without a deadline are not in the chart", close: "close", review: "open in the review", period: "Period", place: "Place",
    source: "Source", "no-title": "no title", nothing: "no policy fits", empty: "no policies yet", saved: "{name} downloaded", making: "making the file",
    add: "Add documents", budgets: "Budgets", "review-these": "review them", taking: "taking {name}", extracting: "extracting: {done} of {total} {name}", extracted: "{n} documents read", drop: "drop documents on this page, or choose “Add documents”",
    flags: "Look at", decided: "reviewed", next: "next", previous: "previous", open: "open the evidence", "to-search": "find", "to-charts": "fold the charts", count: "count", basis: "Jurisdiction rests on", original: "Original title",
  },
};
const COLUMNS = ["title", "issuers", "announced", "country", "type", "status", "measures", "targets", "confidence", "document"];
const COUNTS = ["measures", "targets", "confidence"];
const LISTS = ["country", "year", "instrument", "field", "type", "status", "target", "folder"];
const FIELDS = ["words", ...LISTS, "due_from", "due_to"];
const PAGE = 100; // rows that are asked for at once
const RECENT = 6; // years with a colour of their own

let language = data.language || ((navigator.language || "").startsWith("ko") ? "ko" : "en");
const say = (word, facts = {}) => Object.entries(facts).reduce((text, [k, v]) => text.replace(`{${k}}`, v), WORDS[language][word] ?? word);
const label = (list, value) => data.labels[list]?.[value]?.[language] ?? String(value);
const number = (n) => n.toLocaleString(language);

let lists = null; // what the filters offer
let state = { version: -1, reading: true, folders: [] };
let view = { key: null, total: 0, pages: new Map() };
let sort = "", down = false;
let current = 0; // number of the row in hand
let opened = null; // the policy beside the table
let lastCharts = null;

// Signs that a reader would not see are shown by their code and stay where they are.
function put(parent, text) {
  for (const part of text.split(HIDDEN)) {
    if (!HIDDEN.test(part)) { parent.append(part); continue; }
    parent.append(byCode(part));
  }
  return parent;
}
const visible = (text) => put(make("bdi"), text);
const oneLine = (text) => visible(text.split(/\s+/).join(" ").trim());

function country(code) {
  if (!code) return "";
  const [land, ...part] = code.split("-");
  try { return [new Intl.DisplayNames([language], { type: "region" }).of(land), ...part].join(" "); } catch { return code; }
}

// -- what is asked ------------------------------------------------------------------------------------------

// A syllable that is only begun (`ㅂ` of `반`) finds nothing yet, and is left out.
const words = () => $("words").value.replace(/[\u3131-\u3163]+$/, "").trim();
function wish() {
  const query = new URLSearchParams();
  for (const id of FIELDS) {
    const value = id === "words" ? words() : $(id).value.trim();
    if (value) query.set(id, value);
  }
  if (sort) query.set("sort", sort);
  if (sort && down) query.set("down", "1");
  return query;
}

async function ask(path, query = new URLSearchParams()) {
  query.set("language", language);
  const answer = await fetch(`${path}?${query}`);
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.error);
  return said;
}

function tell(message, bad = false) {
  $("told").textContent = message;
  $("told").classList.toggle("bad", bad);
}
const failed = (problem) => tell(problem.message ?? String(problem), true);

// -- the table ----------------------------------------------------------------------------------------------

const height = () => parseFloat(getComputedStyle(document.documentElement).fontSize) * (matchMedia("(max-width: 60rem)").matches ? 3.9 : 2.6);

function page(at) {
  const mine = view;
  mine.asked = true;
  if (mine.pages.has(at)) return mine.pages.get(at);
  const query = wish();
  query.set("start", at * PAGE);
  query.set("count", PAGE);
  const coming = ask("rows", query).then((said) => {
    if (mine !== view) return;
    mine.pages.set(at, said.rows);
    if (mine.total !== said.total) { mine.total = said.total; }
    mine.known = true;
    mine.before = null;
    drawRows();
  }).catch(failed);
  mine.pages.set(at, coming);
  return coming;
}

// While rows are read anew, those from before stay to be seen.
const row = (at, from = view) => {
  const rows = from.pages.get(Math.floor(at / PAGE));
  return Array.isArray(rows) ? rows[at % PAGE] : from.before ? row(at, from.before) : undefined;
};

// Only what is seen is on the page, however many rows there are.
function drawRows() {
  const high = height(), box = $("table");
  $("room").style.height = `${view.total * high}px`;
  box.setAttribute("aria-rowcount", view.total + 1);
  const first = Math.max(0, Math.floor(box.scrollTop / high) - 5);
  const last = Math.min(view.total, Math.ceil((box.scrollTop + box.clientHeight) / high) + 5);
  for (let at = Math.floor(first / PAGE); at <= Math.floor(Math.max(first, last - 1) / PAGE); at += 1) if (view.total || !view.asked) page(at);
  const shown = [];
  for (let at = first; at < last; at += 1) shown.push(drawRow(at, row(at)));
  $("rows").style.transform = `translateY(${first * high}px)`;
  $("rows").replaceChildren(...shown);
  if (row(current)) box.setAttribute("aria-activedescendant", `row-${current}`); else box.removeAttribute("aria-activedescendant");
  drawState();
}

function drawRow(at, entry) {
  const line = make("div", { class: at === current ? "row on" : "row", role: "row", id: `row-${at}`, "aria-rowindex": at + 2, "aria-selected": at === current ? "true" : "false", onclick: () => { current = at; open(); } });
  if (!entry) return line;
  const cell = (name, ...content) => make("span", { class: COUNTS.includes(name) ? `${name} count` : name, role: "gridcell" }, ...content);
  const title = cell("title", entry.named ? null : `(${label("type", entry.document_type)}) `, visible(entry.title));
  title.title = entry.title;
  const sure = entry.confidence === null ? "" : entry.confidence.toFixed(2);
  const meta = make("span", { class: "meta" }, visible([entry.issuers, entry.announced, country(entry.jurisdiction)].filter(Boolean).join(" · ")));
  line.append(
    title, meta, cell("issuers", visible(entry.issuers)), cell("announced", entry.announced ?? ""), cell("country", country(entry.jurisdiction)),
    cell("type", label("type", entry.document_type)), cell("status", entry.status ? label("status", entry.status) : ""),
    cell("measures", number(entry.measures)), cell("targets", number(entry.targets)),
    cell("confidence", make("span", { class: entry.confidence !== null && entry.confidence < 0.5 ? "low" : "" }, sure)),
    cell("document", make("a", { href: review(entry.folder, entry.document, entry.id), target: "pams-review", tabindex: "-1", onclick: (e) => e.stopPropagation() }, visible(entry.document))),
  );
  return line;
}

const review = (folder, document, policy, record = policy) =>
  `folder/${folder}/${data.review}/#${new URLSearchParams({ document, record: `${policy}/${record}` })}`;

function drawHead() {
  $("head").replaceChildren(...COLUMNS.map((name) => make("span", { role: "columnheader", class: COUNTS.includes(name) ? "count" : name, "aria-sort": sort === name ? (down ? "descending" : "ascending") : "none" },
    make("button", { type: "button", onclick: () => order(name) }, say(name), sort === name ? (down ? " ▼" : " ▲") : ""))));
}

function order(name) {
  if (sort !== name) { sort = name; down = COUNTS.includes(name) || name === "announced"; } else if (down === (COUNTS.includes(name) || name === "announced")) down = !down; else { sort = ""; down = false; }
  drawHead();
  look();
}

// Everything anew: another wish, or other results.
function look(keep = false) {
  const key = String(wish());
  if (!keep || key !== view.key) { current = 0; $("table").scrollTop = 0; }
  const before = keep && key === view.key ? { ...view, before: null } : null;
  view = { key, total: before ? view.total : 0, pages: new Map(), known: Boolean(before) && view.known, before };
  history.replaceState(null, "", `#${key}`);
  drawRows();
  charts();
}

function move(to) {
  current = Math.max(0, Math.min(view.total - 1, to));
  const high = height(), box = $("table"), top = current * high, head = $("head").offsetHeight;
  if (top < box.scrollTop) box.scrollTop = top;
  else if (top + high > box.scrollTop + box.clientHeight - head) box.scrollTop = top + high - box.clientHeight + head;
  drawRows();
  if (opened !== null) open();
}

function drawState() {
  if ($("told").classList.contains("bad") && state.told) return;
  const read = state.folders.reduce((sum, f) => [sum[0] + f.done, sum[1] + (f.total ?? 0)], [0, 0]);
  const parts = [];
  if (view.known) parts.push(view.total || [...wish()].length ? say("shown", { n: number(view.total), all: number(lists?.all ?? 0) }) : state.reading ? "" : `${say("empty")}${data.takes ? `: ${say("drop")}` : ""}`);
  if (view.known && !view.total && [...wish()].length) parts.push(say("nothing"));
  if (state.reading && read[1]) parts.push(say("reading", { done: number(read[0]), total: number(read[1]) }));
  const problem = state.folders.find((f) => f.problem);
  if (problem) parts.push(`${problem.label}: ${problem.problem}`);
  tell(parts.filter(Boolean).join(" · "), Boolean(problem));
}

// -- one policy, and the words it rests on --------------------------------------------------------------------

async function open() {
  const entry = row(current);
  drawRows();
  if (!entry) return;
  try {
    const policy = await ask("policy", new URLSearchParams({ n: entry.n }));
    if (row(current)?.n !== entry.n) return;
    opened = policy;
    drawPolicy();
    drawRows();
  } catch (problem) { failed(problem); }
}

function shut() {
  opened = null;
  $("policy").hidden = true;
  document.querySelector("main").classList.remove("split");
  drawRows();
  $("table").focus();
}

const spot = (r) => `${r.page ? (language === "ko" ? `${r.page}쪽 ` : `p. ${r.page}, `) : ""}${language === "ko" ? `${r.line}줄` : `line ${r.line}`}`;

function drawPolicy() {
  const p = opened, box = $("policy");
  const facts = [
    ["type", label("type", p.document_type)], ["status", p.status && label("status", p.status)],
    ["original", p.title_original && oneLine(p.title_original.text)],
    ["issuers", p.issuers.length ? oneLine(p.issuers.map((o) => o.name.text).join(", ")) : null],
    ["announced", p.announced_on && oneLine(`${p.announced_on.value ?? "?"} (${p.announced_on.raw.text})`)],
    ["period", (p.period_start || p.period_end) && oneLine([`${p.period_start ?? ""} – ${p.period_end ?? ""}`, p.period_basis && `(${p.period_basis.text})`].filter(Boolean).join(" "))], ["country", country(p.jurisdiction)],
    ["basis", p.jurisdiction_basis && oneLine(p.jurisdiction_basis.text)],
    ["field", p.technology_fields.map((f) => label("field", f)).join(", ")], ["flags", p.flags.map((f) => label("flags", f)).join(", ")],
    ["confidence", p.confidence], ["place", put(make("bdi"), `${p.document}, ${spot(p)}`)],
  ].filter(([, value]) => value);
  const where = (r) => make("small", {}, ` ${spot(r)}${r.decided ? ` · ${say("decided")}: ${r.decided}` : ""}`);
  const item = (kind, r, ...content) => make("li", { class: kind }, make("button", { type: "button", onclick: () => light(r.id) }, ...content, where(r)));
  const bound = (t) => [label("comparator", t.comparator), t.value !== null ? number(t.value) : "", t.value_max !== null ? `– ${number(t.value_max)}` : "", t.unit ?? ""].filter(Boolean).join(" ");
  const money = (b) => [b.currency ?? "?", b.value !== null ? number(b.value) : "", [b.period_start, b.period_end].filter(Boolean).join("–")].filter(Boolean).join(" ");
  box.replaceChildren(
    make("div", { class: "top" }, make("a", { href: review(p.folder, p.document, p.id), target: "pams-review" }, say("review")), make("button", { type: "button", onclick: shut }, say("close"))),
    make("h2", {}, p.title ? oneLine(p.title.text) : `(${say("no-title")}) `, p.title ? null : oneLine(p.announcement.text)),
    make("dl", {}, ...facts.flatMap(([name, value]) => [make("dt", {}, say(name)), make("dd", {}, value)])),
    make("h3", {}, `${say("measures")} (${p.measures.length})`),
    make("ul", {}, ...p.measures.map((m) => item("measure", m, make("small", {}, `${label("instrument", m.instrument)} `), oneLine(m.text.text)))),
    make("h3", {}, `${say("targets")} (${p.targets.length})`),
    make("ul", {}, ...p.targets.map((t) => item("target", t, oneLine(t.indicator.text), ": ", oneLine(t.raw.text), make("small", {}, ` (${bound(t)}${t.deadline ? `, ${t.deadline}` : ""})`)))),
    ...(p.budgets.length ? [make("h3", {}, `${say("budgets")} (${p.budgets.length})`), make("ul", {}, ...p.budgets.map((b) => item("budget", b, b.purpose ? oneLine(b.purpose.text) : null, b.purpose ? ": " : null, oneLine(b.raw.text), make("small", {}, ` (${money(b)})`))))] : []),
    make("h3", {}, say("source")), drawText(p.source),
  );
  box.hidden = false;
  document.querySelector("main").classList.add("split");
  box.scrollTop = 0;
}

// The article with its marks. Offsets count code points.
function drawText(source) {
  const signs = Array.from(source.text), at = (offset) => offset - source.start;
  const cuts = new Set([0, signs.length]);
  for (const m of source.marks) cuts.add(at(m.start)).add(at(m.end));
  const places = [...cuts].sort((a, b) => a - b), box = make("div", { id: "text", tabindex: "0" });
  const marks = [...source.marks].sort((a, b) => (b.end - b.start) - (a.end - a.start));
  for (let i = 0; i + 1 < places.length; i += 1) {
    const over = marks.filter((m) => at(m.start) <= places[i] && at(m.end) >= places[i + 1]);
    const words = signs.slice(places[i], places[i + 1]).join("");
    if (!over.length) { put(box, words); continue; }
    box.append(put(make("span", { class: over.map((m) => `k-${m.kind}`).at(-1), "data-ids": over.map((m) => m.id).join(" ") }, ), words));
  }
  return box;
}

function light(id) {
  document.querySelectorAll(".lit").forEach((e) => e.classList.remove("lit"));
  const found = document.querySelectorAll(`[data-ids~="${CSS.escape(id)}"]`);
  found.forEach((e) => e.classList.add("lit"));
  found[0]?.scrollIntoView({ block: "center" });
}

// -- charts ---------------------------------------------------------------------------------------------------

const drawn = {};
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
let chartsAsked = 0;

async function charts() {
  if (!$("charts").open) return;
  const mine = ++chartsAsked;
  try {
    const said = await ask("charts", wish());
    if (mine === chartsAsked) { lastCharts = said; drawCharts(); }
  } catch (problem) { failed(problem); }
}

function drawCharts() {
  if (!lastCharts || !$("charts").open) return;
  Chart.defaults.color = colour("soft");
  Chart.defaults.borderColor = colour("line");
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  const years = [...new Set(lastCharts.measures.map((r) => r[1]).filter((y) => y !== null))].sort((a, b) => b - a);
  const own = years.slice(0, RECENT), older = years.slice(RECENT), group = (y) => y === null ? "-" : own.includes(y) ? String(y) : "old";
  const groups = [...own.map(String), ...(older.length ? ["old"] : []), ...(lastCharts.measures.some((r) => r[1] === null) ? ["-"] : [])];
  const name = (g) => g === "-" ? say("no-year") : g === "old" ? say("earlier", { year: older[0] }) : g;
  const counts = new Map(), sums = new Map();
  for (const [instrument, year, count] of lastCharts.measures) {
    const key = `${instrument}/${group(year)}`;
    counts.set(key, (counts.get(key) ?? 0) + count);
    sums.set(instrument, (sums.get(instrument) ?? 0) + count);
  }
  const instruments = [...sums.keys()].sort((a, b) => sums.get(b) - sums.get(a));
  const shade = (g, i) => colour(g === "-" ? "c7" : g === "old" ? "c6" : `c${Math.min(i, 5)}`);
  chart("measures", instruments.map((i) => label("instrument", i)), groups.map((g, i) => ({ label: name(g), backgroundColor: shade(g, i), data: instruments.map((x) => counts.get(`${x}/${g}`) ?? 0) })), "y",
    (at, set) => { $("instrument").value = instruments[at]; const g = groups[set]; $("year").value = g === "old" ? "" : g; });
  const due = lastCharts.targets.map((r) => r[0]), span = due.length ? Array.from({ length: due.at(-1) - due[0] + 1 }, (_, i) => due[0] + i) : [];
  const shownYears = span.length <= 60 ? span : due, of = (part) => shownYears.map((y) => lastCharts.targets.find((r) => r[0] === y)?.[part] ?? 0);
  chart("targets", shownYears.map(String), [{ label: say("number"), backgroundColor: colour("number"), data: of(1) }, { label: say("wordy"), backgroundColor: colour("wordy"), data: of(2) }], "x",
    (at) => { $("due_from").value = $("due_to").value = shownYears[at]; }, lastCharts.undated ? say("undated", { n: number(lastCharts.undated) }) : "");
}

function chart(id, labels, datasets, axis, chosen, note = "") {
  drawn[id]?.destroy();
  const across = { stacked: true, ticks: { precision: 0 } }, names = { stacked: true, grid: { display: false }, ticks: { autoSkip: axis === "x", font: { size: axis === "x" ? 11 : 10 } } };
  drawn[id] = new Chart($(id), {
    type: "bar", data: { labels, datasets: datasets.map((d) => ({ ...d, maxBarThickness: 24 })) },
    options: {
      indexAxis: axis, animation: false, responsive: true, maintainAspectRatio: false,
      scales: axis === "y" ? { x: across, y: names } : { x: names, y: across },
      plugins: { legend: { position: "bottom", labels: { boxWidth: 12 } }, title: { display: Boolean(note), text: note, position: "bottom", font: { weight: "normal" } } },
      onClick: (event, hits) => { if (hits.length) { chosen(hits[0].index, hits[0].datasetIndex); look(); } },
    },
  });
  // The same as a table, for those who do not see the picture.
  const body = labels.map((l, i) => make("tr", {}, make("th", { scope: "row" }, l), ...datasets.map((d) => make("td", {}, String(d.data[i])))));
  $(`${id}-table`).replaceChildren(make("tr", {}, make("td"), ...datasets.map((d) => make("th", { scope: "col" }, d.label))), ...body);
}

// -- filters --------------------------------------------------------------------------------------------------

function drawLists() {
  if (!lists) return;
  const named = { country, year: String, instrument: (v) => label("instrument", v), field: (v) => label("field", v), type: (v) => label("type", v), status: (v) => label("status", v) };
  const wanted = new URLSearchParams(location.hash.slice(1));
  for (const id of LISTS) {
    const value = $(id).value || wanted.get(id) || "";
    let offered = [];
    if (id === "target") offered = lists.target.map((t) => [t, say(`t-${t}`)]);
    else if (id === "folder") offered = lists.folder;
    else {
      const known = lists[id].filter(([v]) => v !== null).map(([v, n]) => [String(v), `${named[id](v)} (${number(n)})`]);
      const none = lists[id].find(([v]) => v === null);
      offered = [...known, ...(none ? [["-", `${say("unknown")} (${number(none[1])})`]] : [])];
    }
    if (value && !offered.some(([v]) => v === value)) offered.push([value, value]);
    $(id).replaceChildren(make("option", { value: "" }, say("all")), ...offered.map(([v, text]) => make("option", { value: v, selected: v === value }, text)));
  }
  $("of-folder").hidden = lists.folder.length < 2;
  lists.all = lists.type.reduce((sum, [, n]) => sum + n, 0);
}

function drawFrame() {
  document.documentElement.lang = language;
  document.querySelectorAll("[data-say]").forEach((e) => { e.textContent = say(e.dataset.say); });
  document.querySelectorAll("[data-label]").forEach((e) => e.setAttribute("aria-label", say(e.dataset.label)));
  $("language").textContent = say("other");
  drawHead();
  drawLists();
}

async function save(format) {
  const query = wish();
  query.set("format", format);
  query.set("language", language);
  tell(say("making"));
  const answer = await fetch(`export?${query}`);
  if (!answer.ok) { failed(new Error((await answer.json()).error)); return; }
  const name = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition"))[1];
  const address = URL.createObjectURL(await answer.blob());
  make("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  tell(say("saved", { name }));
}

// -- documents that are dropped on the page ---------------------------------------------------------------------

let taking = Promise.resolve();

async function filesOf(items) {
  const found = [];
  async function walk(entry) {
    if (entry.isFile) { found.push(await new Promise((take, fail) => entry.file(take, fail))); return; }
    const reader = entry.createReader();
    for (;;) { // a folder is told a hundred entries at a time
      const some = await new Promise((take, fail) => reader.readEntries(take, fail));
      if (!some.length) return;
      for (const inside of some) await walk(inside);
    }
  }
  for (const entry of [...items].map((i) => i.webkitGetAsEntry?.()).filter(Boolean)) await walk(entry);
  return found;
}

const wrong = new Map(); // what was not taken, and why

async function send(name, body) {
  const query = new URLSearchParams(name === null ? { language } : { name, language });
  const answer = await fetch(`documents?${query}`, { method: "POST", headers: { "Content-Type": "application/octet-stream" }, body });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.error);
  return said;
}

function take(files) {
  taking = taking.then(async () => {
    wrong.clear();
    let taken = 0;
    for (const file of files) {
      drawIntake(say("taking", { name: file.name }));
      try { await send(file.name, file); taken += 1; } catch (problem) { wrong.set(file.name, problem.message); }
    }
    if (taken) await send(null, "");
    await watch();
    drawIntake();
  }).catch(failed);
}

function drawIntake(doing = "") {
  const now = state.intake;
  const busy = Boolean(doing) || now?.running;
  $("intake").hidden = !busy && !now?.taken && !wrong.size;
  if ($("intake").hidden) return;
  $("progress").hidden = !busy;
  if (now?.running && now.total) { $("progress").max = now.total; $("progress").value = now.done; } else $("progress").removeAttribute("value");
  const reading = now?.running ? say("extracting", { done: now.done, total: now.total, name: now.document ?? "" }) : now?.taken ? say("extracted", { n: number(now.taken - Object.keys(now.failed).length) }) : "";
  $("doing").replaceChildren(visible(doing || reading));
  const failures = [...Object.entries(now?.failed ?? {}), ...wrong, ...(now?.problem ? [["", now.problem]] : [])];
  $("failed").replaceChildren(...failures.map(([, why]) => make("li", {}, visible(why))));
  const link = $("reviewed");
  link.hidden = busy || !Number.isInteger(now?.folder);
  if (!link.hidden) link.href = `folder/${now.folder}/${data.review}/`;
}

function listen() {
  $("add").hidden = false;
  $("files").addEventListener("change", () => { take([...$("files").files]); $("files").value = ""; });
  for (const kind of ["dragenter", "dragover"]) addEventListener(kind, (event) => { event.preventDefault(); document.body.classList.add("over"); });
  for (const kind of ["dragleave", "drop"]) addEventListener(kind, () => document.body.classList.remove("over"));
  addEventListener("drop", (event) => { event.preventDefault(); filesOf(event.dataTransfer.items).then(take).catch(failed); });
}

// What is on disk may change under the page: a run goes on, a record is corrected.
async function watch() {
  try {
    const before = state.version, was = state.reading;
    state = await ask("state");
    if (state.version !== before) { lists = await ask("lists"); drawLists(); look(true); } else if (was !== state.reading) drawState();
    else if (state.reading) drawState();
    drawIntake();
  } catch (problem) { failed(problem); }
  clearTimeout(watch.later);
  watch.later = setTimeout(watch, state.reading || state.intake?.running ? 700 : 15_000);
}

// -- keys -----------------------------------------------------------------------------------------------------

const step = () => Math.max(1, Math.floor($("table").clientHeight / height()) - 2);
const KEYS = {
  j: () => move(current + 1), k: () => move(current - 1), ArrowDown: () => move(current + 1), ArrowUp: () => move(current - 1),
  PageDown: () => move(current + step()), PageUp: () => move(current - step()), Home: () => move(0), End: () => move(view.total - 1),
  Enter: () => open(), o: () => open(), "/": () => $("words").focus(), c: () => { $("charts").open = !$("charts").open; }, "?": () => help(),
};
// With a Korean keyboard on, or Caps Lock, `j` arrives as `ㅓ`, `Process` or `J`: then the key's place decides.
function latin(event) {
  if (/^[A-Za-z]$/.test(event.key)) return event.key.toLowerCase();
  if (/^Key[A-Z]$/.test(event.code)) return event.code[3].toLowerCase();
  return event.code === "Slash" ? (event.shiftKey ? "?" : "/") : event.key;
}
document.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.key === "Escape") { if (opened) shut(); else $("table").focus(); return; }
  if (event.target.id === "words" && event.key === "ArrowDown") { event.preventDefault(); $("table").focus(); return; }
  if (event.target.closest("input, select, textarea, dialog, summary") || event.ctrlKey || event.metaKey || event.altKey) return;
  const key = KEYS[event.key] ? event.key : latin(event);
  if (!KEYS[key] || (event.target.closest("button, a, #policy") && key.length > 1)) return;
  event.preventDefault();
  KEYS[key]();
});

function help() {
  const rows = [["j", "next"], ["k", "previous"], ["Enter", "open"], ["Esc", "close"], ["/", "to-search"], ["c", "to-charts"]];
  const list = make("dl", {}, ...rows.flatMap(([key, word]) => [make("dt", {}, make("kbd", {}, key)), make("dd", {}, say(word))]));
  $("keys").replaceChildren(list, make("button", { type: "button", onclick: () => $("keys").close() }, say("close")));
  $("keys").showModal();
}

// -- the whole page -------------------------------------------------------------------------------------------

let soon = 0;
$("words").addEventListener("input", () => { clearTimeout(soon); soon = setTimeout(() => look(), 150); });
$("filters").addEventListener("change", () => look());
$("filters").addEventListener("submit", (event) => event.preventDefault());
$("filters").addEventListener("reset", () => setTimeout(() => { $("words").value = ""; sort = ""; for (const id of LISTS) $(id).value = ""; drawHead(); look(); }));
$("table").addEventListener("scroll", () => requestAnimationFrame(drawRows));
addEventListener("resize", () => requestAnimationFrame(drawRows));
$("charts").addEventListener("toggle", () => { charts(); drawRows(); });
$("xlsx").addEventListener("click", () => save("xlsx").catch(failed));
$("csv").addEventListener("click", () => save("csv").catch(failed));
$("help").addEventListener("click", help);
$("language").addEventListener("click", () => { language = language === "ko" ? "en" : "ko"; drawFrame(); drawRows(); drawCharts(); if (opened) drawPolicy(); watch(); });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawCharts);
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") watch(); });

if (data.takes) listen();
const wanted = new URLSearchParams(location.hash.slice(1));
for (const id of ["words", "due_from", "due_to"]) $(id).value = wanted.get(id) ?? "";
[sort, down] = [COLUMNS.includes(wanted.get("sort")) ? wanted.get("sort") : "", wanted.get("down") === "1"];
if (matchMedia("(max-width: 60rem)").matches) $("charts").open = false;
drawFrame();
// Filters of the address are known once their lists are.
ask("lists").then((said) => { lists = said; drawLists(); look(); return watch(); }).catch(failed);
