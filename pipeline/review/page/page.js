"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const live = data.who !== null;
  const $ = (id) => document.getElementById(id);

  const WORDS = {
    ko: {
      document: "문서", search: "찾기", type: "문서 유형", instrument: "정책수단", flag: "주의", state: "상태", keys: "단축키",
      skip: "기록으로 건너뛰기", source: "원문", records: "추출 결과", selection: "선택한 부분", all: "전체", other: "English",
      undecided: "미검토", decided: "검토함", rejected: "제외함", flagged: "주의 있음", refused: "거부된 답변",
      accept: "맞음", reject: "제외", edit: "고치기", undo: "되돌리기", close: "닫기", add: "추가됨", none: "(없음)",
      policy: "정책", measure: "시책", target: "목표", untitled: "(문서명 없음)", saved: "저장했습니다", loading: "불러오는 중",
      readonly: "읽기 전용", shown: "건 표시", "add-measure": "시책으로 추가", "add-target": "목표로 추가", clear: "지우기",
      use: "선택 부분을 다음으로:", document_type: "문서 유형", status: "상태", government_level: "기관 수준",
      technology_fields: "기술 분야", target_groups: "대상", action_status: "추진 상태", comparator: "비교", announcement: "발표 문장",
      title: "제목", title_original: "원제", announced_on: "발표일", objective: "목적", text: "본문", label: "표지", pillar: "상위 항목",
      indicator: "지표", raw: "수치", deadline: "기한", issuers: "발표 기관", waiting: "건의 수정은 본문이 달라졌거나 없어져 적용되지 않았습니다",
      failed: "실패", article: "글", nothing: "이 문서에는 기록이 없습니다", conflict: "다른 창이나 사람이 먼저 고쳤습니다. 다시 불러왔습니다",
      next: "다음", previous: "이전", "next-open": "다음 미검토", "to-search": "찾기", "select-help": "원문을 마우스로 선택: 범위 다시 지정",
      reviewer: "검토자", portal: "누리집 정보(본문 아님)", "on-page": "쪽 보기", pages: "쪽", hits: "곳", line: "줄", "all-decided": "이 문서는 모두 검토했습니다", "no-match": "조건에 맞는 기록이 없습니다",
      order: "순서", "in-text": "원문 순", "least-certain": "확신도 낮은 순", certain: "확신도", left: "검토한 기록", rest: "남은 기록 중 확신도가 다음 이상이면 맞음:",
      "accept-rest": "{n}건 맞음 처리(틀린 것 약 {wrong}건 예상)", accepted: "건을 맞음으로 처리했습니다",
    },
    en: {
      document: "Document", search: "Find", type: "Type", instrument: "Instrument", flag: "Flag", state: "State", keys: "Keys",
      skip: "Skip to the records", source: "Source", records: "Records", selection: "Selection", all: "all", other: "한국어",
      undecided: "undecided", decided: "decided", rejected: "rejected", flagged: "flagged", refused: "refused answers",
      accept: "accept", reject: "reject", edit: "edit", undo: "undo", close: "close", add: "added", none: "(none)",
      policy: "Policy", measure: "Measure", target: "Target", untitled: "(no title)", saved: "saved", loading: "loading",
      readonly: "read only", shown: "shown", "add-measure": "add as measure", "add-target": "add as target", clear: "clear",
      use: "use the selection as:", document_type: "document type", status: "status", government_level: "level",
      technology_fields: "technology fields", target_groups: "target groups", action_status: "action", comparator: "comparator",
      announcement: "announcement", title: "title", title_original: "original title", announced_on: "date", objective: "objective",
      text: "text", label: "label", pillar: "pillar", indicator: "indicator", raw: "number", deadline: "deadline",
      issuers: "issuer", waiting: "corrections wait: their text has changed or is gone", failed: "failed", article: "article",
      nothing: "this document has no records", conflict: "another tab or person was first; loaded again",
      next: "next", previous: "previous", "next-open": "next undecided", "to-search": "find",
      "select-help": "select in the source with the mouse: set a span anew", reviewer: "reviewer", portal: "the site says (no words of the document)", "on-page": "show on the page", pages: "Pages", hits: "found in the source", line: "line", "all-decided": "nothing undecided in this document", "no-match": "no record fits",
      order: "Order", "in-text": "as in the text", "least-certain": "least certain first", certain: "certain", left: "decided", rest: "Accept what is left and certain from",
      "accept-rest": "accept {n} (about {wrong} of them wrong)", accepted: "accepted",
    },
  };
  let language = data.language || ((navigator.language || "").startsWith("ko") ? "ko" : "en");
  const say = (word) => WORDS[language][word] ?? word;
  const label = (list, value) => data.vocabulary.labels[list]?.[value]?.[language] ?? String(value);

  let shown = null; // the document on the page
  let units = null; // code points ↔ UTF-16
  let current = null; // key of the record in hand: policy id / record id
  let editing = null;
  let selection = null; // of the source, in code points
  let busy = Promise.resolve();

  // -- offsets: records count code points, the browser counts UTF-16 -----------------------------------------

  function counter(text) {
    const wide = []; // code points (by their own number) that take two units
    let at = 0;
    for (const character of text) {
      if (character.length === 2) wide.push(at);
      at += 1;
    }
    const below = (limit, position) => {
      let low = 0, high = wide.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (position(middle) < limit) low = middle + 1; else high = middle;
      }
      return low;
    };
    return {
      units: (point) => point + below(point, (i) => wide[i]),
      points: (unit) => unit - below(unit, (i) => wide[i] + i),
    };
  }

  // -- elements -----------------------------------------------------------------------------------------------

  function make(name, attributes = {}, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value === null || value === undefined || value === false) continue;
      if (key === "class") element.className = value;
      else if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
      else element.setAttribute(key, value === true ? "" : value);
    }
    element.append(...children.filter((c) => c !== null && c !== undefined));
    return element;
  }

  const HIDDEN = /([\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]|[\u0000-\u0008\u000b-\u001f\u007f-\u009f])/u;

  const SIGNS = new RegExp(`([${Object.keys(data.signs).join("")}])`, "u");

  // Signs of private use are shown as what they mean there, and stay where they are.
  function putSigns(parent, text) {
    for (const part of text.split(SIGNS)) {
      const shown = data.signs[part];
      parent.append(shown ? make("span", { class: "private-sign", "data-shown": shown }, part) : part);
    }
  }

  // Characters that a reader would not see are shown by their code and stay where they are.
  function put(parent, text) {
    for (const part of text.split(HIDDEN)) {
      if (!part) continue;
      if (!HIDDEN.test(part)) { putSigns(parent, part); continue; }
      const code = "U+" + part.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
      parent.append(make("span", { class: "hidden-character", "data-code": code }, part));
    }
  }

  function visible(text) {
    const place = make("bdi");
    put(place, text);
    return place;
  }

  const words = (span) => visible(span.text.split(/\s+/).join(" ").trim());

  // -- the source ---------------------------------------------------------------------------------------------

  function records() {
    const entry = (kind, policy, record) => ({ kind, policy, record, key: `${policy.id}/${record.id}` });
    return shown.policies.flatMap((p) => [
      entry("policy", p, p),
      ...[...p.measures.map((m) => entry("measure", p, m)), ...p.targets.map((t) => entry("target", p, t))]
        .sort((a, b) => place(a).start - place(b).start),
    ]);
  }

  const place = (entry) => entry.kind === "policy" ? entry.record.announcement : entry.kind === "target" ? entry.record.raw : entry.record.text;

  function marks() {
    const found = [];
    const add = (span, entry, main) => span && found.push({ start: units.units(span.start), end: units.units(span.end), id: entry.key, kind: main ? entry.kind : "" });
    for (const entry of records()) {
      const r = entry.record;
      if (entry.kind === "policy") {
        add(r.announcement, entry, true); add(r.title, entry, true); add(r.title_original, entry); add(r.objective, entry);
        add(r.announced_on?.raw, entry);
        for (const o of r.issuers) add(o.name, entry);
        for (const e of r.evidence) add(e, entry);
      } else if (entry.kind === "measure") {
        add(r.text, entry, true); add(r.label, entry); add(r.pillar, entry);
        for (const o of r.implementers) add(o.name, entry);
      } else {
        add(r.raw, entry, true); add(r.indicator, entry); add(r.text, entry);
      }
    }
    return found;
  }

  function drawSource() {
    const text = shown.text, lines = [], starts = [0];
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
    const on = starts.map(() => []);
    const lineOf = (unit) => {
      let low = 0, high = starts.length;
      while (low < high) { const middle = (low + high) >> 1; if (starts[middle] <= unit) low = middle + 1; else high = middle; }
      return low - 1;
    };
    for (const mark of marks()) {
      for (let line = lineOf(mark.start); line <= lineOf(Math.max(mark.start, mark.end - 1)); line += 1) on[line].push(mark);
    }
    const pages = new Map(shown.pages.map((p, i) => [lineOf(units.units(p)), i + 1]));
    starts.forEach((start, number) => {
      const end = number + 1 < starts.length ? starts[number + 1] - 1 : text.length;
      if (pages.has(number)) lines.push(make("div", { class: "page" }, `p. ${pages.get(number)}`));
      const line = make("p", { "data-start": start });
      drawLine(line, text, start, end, on[number]);
      lines.push(make("div", { class: "line", "data-line": number + 1 }, line));
    });
    $("source").replaceChildren(...lines);
  }

  function drawLine(line, text, start, end, here) {
    const cuts = new Set([start, end]);
    for (const mark of here) {
      if (mark.start > start && mark.start < end) cuts.add(mark.start);
      if (mark.end > start && mark.end < end) cuts.add(mark.end);
    }
    const order = [...cuts].sort((a, b) => a - b);
    for (let i = 0; i + 1 < order.length; i += 1) {
      const [from, to] = [order[i], order[i + 1]];
      const over = here.filter((m) => m.start <= from && to <= m.end);
      const piece = text.slice(from, to);
      if (!over.length) { put(line, piece); continue; }
      over.sort((a, b) => (a.end - a.start) - (b.end - b.start));
      const main = over.find((m) => m.kind);
      const ids = [...new Set(over.map((m) => m.id))];
      const element = make("span", {
        class: "m" + (main ? " k-" + main.kind : ""), "data-ids": ids.join(" "),
        onclick: () => { if (String(getSelection()).trim() === "") choose((main ?? over[0]).id, true); },
        onmouseenter: () => light(ids, true), onmouseleave: () => light(ids, false),
      });
      put(element, piece);
      line.append(element);
    }
  }

  function light(ids, on) {
    for (const id of ids) {
      document.querySelectorAll(`[data-ids~="${CSS.escape(id)}"]`).forEach((e) => e.classList.toggle("on", on || id === current));
      $(`r-${id}`)?.classList.toggle("hover", on);
    }
  }

  // -- the records --------------------------------------------------------------------------------------------

  const stateOf = (key) => shown.decisions[key]?.action ?? null;

  function wanted(entry) {
    const { kind, policy, record } = entry;
    const [type, instrument, flag, state] = ["by-type", "by-instrument", "by-flag", "by-state"].map((i) => $(i).value);
    if (type && policy.document_type !== type) return false;
    if (instrument && !(kind === "measure" ? record.instrument === instrument : kind === "policy" && policy.measures.some((m) => m.instrument === instrument))) return false;
    if (flag && !record.flags.includes(flag)) return false;
    const decided = stateOf(entry.key);
    if (state === "undecided" && decided) return false;
    if (state === "decided" && !decided) return false;
    if (state === "rejected" && decided !== "reject") return false;
    if (state === "flagged" && !record.flags.length) return false;
    if (state === "refused") return false;
    const wanted = query();
    return !wanted || folded(JSON.stringify(record, (k, v) => (kind === "policy" && (k === "measures" || k === "targets") ? undefined : v))).includes(wanted);
  }

  function drawRecords() {
    const list = inOrder(records().filter(wanted)).map(card);
    const refused = $("by-state").value === "refused" ? shown.refused.map(refusal) : [];
    const empty = list.length + refused.length ? [] : [make("p", {}, say(records().length ? "no-match" : "nothing"))];
    const waiting = shown.waiting ? [make("p", { class: "flag" }, `${shown.waiting} ${say("waiting")}`)] : [];
    $("records").replaceChildren(...waiting, ...list, ...refused, ...empty);
    drawRest();
    mark();
  }

  // The least certain first; of what nobody knows how certain it is, even before. Equals as in the text.
  function inOrder(list) {
    return $("order").value === "certain" ? list.sort((a, b) => (a.record.certain ?? -1) - (b.record.certain ?? -1)) : list;
  }

  // What is left to decide, and what accepting the certain ones of it would cost.
  function drawRest() {
    const every = records().filter((e) => !e.record.rejected && !e.policy.rejected);
    const left = every.filter((e) => !stateOf(e.key));
    $("rest").hidden = !live || !every.some((e) => e.record.certain !== null);
    $("left").max = every.length || 1;
    $("left").value = every.length - left.length;
    const sure = left.filter((e) => e.record.certain !== null && e.record.certain >= Number($("least").value));
    const wrong = sure.reduce((sum, e) => sum + 1 - e.record.certain, 0);
    $("accept-rest").textContent = say("accept-rest").replace("{n}", sure.length).replace("{wrong}", wrong.toLocaleString(language, { maximumFractionDigits: 1 }));
    $("accept-rest").disabled = !sure.length;
  }

  function acceptRest() {
    const name = shown.name, least = Number($("least").value);
    busy = busy.then(async () => {
      const answer = await fetch("accept", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ document: name, least }) });
      const said = await answer.json();
      if (!answer.ok) { tell(said.error, true); if (answer.status === 409) await load(name); return; }
      if (shown.name === name) take(said);
      tell(`${said.accepted} ${say("accepted")}`);
    }).catch((problem) => tell(String(problem), true));
  }

  function certain(record) {
    if (record.certain === null) return null;
    return make("span", { class: "certain" + (record.certain < 0.7 ? " low" : "") }, `${say("certain")} ${record.certain.toFixed(2)}`);
  }

  function card(entry) {
    const { kind, record } = entry;
    const decided = shown.decisions[entry.key];
    const element = make("article", {
      id: `r-${entry.key}`, class: kind + (record.rejected || entry.policy.rejected ? " rejected" : ""), tabindex: "0", "data-id": entry.key,
      "aria-label": `${say(kind)}: ${(record.title ?? place(entry)).text.slice(0, 80)}`,
      onclick: (event) => { if (!event.target.closest("button, select, input, label")) choose(entry.key, true); },
      onfocus: () => choose(entry.key, false),
      onmouseenter: () => light([entry.key], true), onmouseleave: () => light([entry.key], false),
    }, certain(record), heading(entry), facts(entry));
    if (record.flags.length) element.append(make("p", { class: "flag" }, "⚑ " + record.flags.map((f) => label("flags", f)).join(", ")));
    const state = decided ? `${say(decided.action)} · ${decided.who} · ${new Date(decided.at).toLocaleString(language)}` : "";
    if (state) element.append(make("p", { class: "facts state " + decided.action }, visible(state)));
    if (live) element.append(buttons(entry, decided));
    if (live && editing === entry.key) element.append(form(entry));
    return element;
  }

  function heading({ kind, record }) {
    if (kind === "policy") return make("h2", { class: "words" }, record.title ? words(record.title) : say("untitled"), " ");
    if (kind === "measure") return make("h3", { class: "words" }, make("span", { class: "value" }, label("instrument", record.instrument)), " ", words(record.text));
    return make("h3", { class: "words" }, "◎ ", words(record.indicator), ": ", make("span", { class: "value" }, words(record.raw)));
  }

  function facts(entry) {
    const { kind, record } = entry;
    const line = [];
    if (kind === "policy") {
      line.push(label("document_type", record.document_type), record.status && label("status", record.status));
      line.push(...record.issuers.map((o) => o.name.text), record.government_level && label("government_level", record.government_level));
      line.push(record.jurisdiction, record.announced_on && (record.announced_on.value ?? record.announced_on.raw.text));
      if (record.period_start || record.period_end) line.push(`${record.period_start ?? ""}–${record.period_end ?? ""}`);
    } else if (kind === "measure") {
      line.push(label("action_status", record.action_status), ...record.target_groups.map((g) => label("target_groups", g)));
      line.push(...record.technology_fields.map((f) => label("technology_fields", f)), ...record.implementers.map((o) => o.name.text));
    } else {
      const value = record.value === null ? "" : ` ${record.value.toLocaleString(language)}${record.value_max !== null ? "–" + record.value_max.toLocaleString(language) : ""} ${record.unit ?? ""}`;
      line.push(label("comparator", record.comparator) + value, record.deadline && `${say("deadline")} ${record.deadline}`);
    }
    const { page, heading, line: number } = record.place;
    line.push(page ? `p. ${page}` : heading && `“${heading}”`, `${say("line")} ${number}`);
    const facts = make("p", { class: "facts" }, visible(line.filter(Boolean).join(" · ")));
    if (live && page && shown.format === "pdf") {
      facts.append(" ", make("button", { type: "button", class: "on-page", onclick: () => showPages(place(entry)) }, say("on-page")));
    }
    return facts;
  }

  // The pages that a span stands on, as pictures with its words marked.
  async function showPages(span) {
    const name = encodeURIComponent(shown.name);
    const answer = await fetch(`words?name=${name}&start=${span.start}&end=${span.end}`);
    const told = await answer.json();
    if (!answer.ok) { tell(told.error, true); return; }
    const pages = await Promise.all(Object.entries(told.sizes).map(async ([page, [width, height]]) => {
      const picture = make("img", { alt: `p. ${page}`, onload: () => URL.revokeObjectURL(picture.src) });
      picture.src = URL.createObjectURL(await (await fetch(`picture?name=${name}&page=${page}`)).blob());
      const sheet = make("figure", { class: "sheet" }, picture);
      for (const box of told.boxes.filter((b) => b.page === Number(page))) {
        const mark = make("div", { class: "marked" });
        mark.style.left = `${100 * box.x0 / width}%`;
        mark.style.top = `${100 * box.y0 / height}%`;
        mark.style.width = `${100 * (box.x1 - box.x0) / width}%`;
        mark.style.height = `${100 * (box.y1 - box.y0) / height}%`;
        sheet.append(mark);
      }
      return sheet;
    }));
    $("pages").replaceChildren(make("button", { type: "button", onclick: () => $("pages").close() }, say("close")), ...pages);
    $("pages").showModal();
    $("pages").querySelector(".marked")?.scrollIntoView({ block: "center" });
  }

  function refusal(entry) {
    return make("article", { class: "refused" }, make("p", { class: "facts" }, visible(`${say("article")} ${entry.article} · ${entry.field}`)),
      make("code", {}, visible(entry.given)), make("p", {}, visible(entry.reason)));
  }

  function buttons(entry, decided) {
    const press = (action, key) => make("button", { type: "button", "data-action": action, "aria-keyshortcuts": key, onclick: () => act(entry, action) }, say(action));
    const row = make("div", { class: "buttons" }, press("accept", "a"), press("reject", "r"),
      make("button", { type: "button", "data-action": "edit", "aria-keyshortcuts": "e", "aria-expanded": String(editing === entry.key), onclick: () => toggle(entry.key) }, say(editing === entry.key ? "close" : "edit")));
    if (decided) row.append(press("undo", "u"));
    return row;
  }

  function toggle(id) {
    editing = editing === id ? null : id;
    choose(id, false);
    drawRecords();
    const first = editing ? $(`r-${id}`).querySelector("form select, form input, form button") : $(`r-${id}`);
    first?.focus();
  }

  // -- editing ------------------------------------------------------------------------------------------------

  function form(entry) {
    const { kind, record } = entry;
    const box = make("form", { onsubmit: (event) => event.preventDefault() });
    for (const field of data.vocabulary.enums[kind]) {
      const most = data.vocabulary.many[field]?.[kind];
      box.append(...(most ? many(entry, field, most) : one(entry, field)));
    }
    for (const field of data.vocabulary.spans[kind]) {
      const value = field === "announced_on" ? record.announced_on?.raw : field === "deadline" ? record.deadline && { text: record.deadline } : record[field];
      const clear = value && !data.vocabulary.required.includes(field)
        ? make("button", { type: "button", onclick: () => act(entry, "edit", { [field]: null }) }, say("clear")) : null;
      box.append(make("span", {}, say(field)), make("span", {}, value ? words(value) : say("none"), " ", clear));
    }
    return box;
  }

  function one(entry, field) {
    const id = `f-${entry.key}-${field}`;
    const select = make("select", { id, "data-field": field, onchange: (e) => act(entry, "edit", { [field]: e.target.value || null }) });
    if (!data.vocabulary.required.includes(field)) select.append(make("option", { value: "" }, say("none")));
    for (const value of Object.keys(data.vocabulary.labels[field])) {
      select.append(make("option", { value, selected: entry.record[field] === value }, label(field, value)));
    }
    return [make("label", { for: id }, say(field)), select];
  }

  function many(entry, field, most) {
    const boxes = Object.keys(data.vocabulary.labels[field]).map((value) => make("label", {},
      make("input", { type: "checkbox", value, checked: entry.record[field].includes(value), onchange: (event) => {
        const chosen = [...event.target.closest("fieldset").querySelectorAll("input:checked")].map((i) => i.value);
        if (chosen.length <= most) act(entry, "edit", { [field]: chosen }); else event.target.checked = false;
      } }), " ", label(field, value)));
    return [make("fieldset", {}, make("legend", {}, `${say(field)} (≤ ${most})`), ...boxes)];
  }

  document.addEventListener("selectionchange", () => {
    const range = getSelection()?.rangeCount ? getSelection().getRangeAt(0) : null;
    if (!live || !shown || !range || range.collapsed || !$("source").contains(range.commonAncestorContainer)) { return; }
    const start = offset(range.startContainer, range.startOffset), end = offset(range.endContainer, range.endOffset);
    if (start === null || end === null || start >= end) return;
    selection = { start: units.points(start), end: units.points(end) };
    drawChosen();
  });

  // A place in the page as an offset in UTF-16 units of the text.
  function offset(node, at) {
    const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    const line = element.closest("p[data-start]") ?? element.querySelector?.("p[data-start]") ?? element.closest(".line")?.querySelector("p");
    if (!line) return null;
    const before = document.createRange();
    before.selectNodeContents(line);
    if (line.contains(node)) before.setEnd(node, at);
    else if (at === 0) before.collapse(true);
    return Number(line.dataset.start) + before.toString().length;
  }

  function drawChosen() {
    const bar = $("chosen");
    const entry = records().find((e) => e.key === current);
    if (!selection || !entry) { bar.hidden = true; return; }
    const text = shown.text.slice(units.units(selection.start), units.units(selection.end));
    const use = (name, action) => make("button", { type: "button", onclick: action }, say(name));
    const fields = data.vocabulary.spans[entry.kind].map((field) => use(field, () => act(entry, "edit", { [field]: selection })));
    const home = { kind: "policy", policy: entry.policy, record: entry.policy, key: `${entry.policy.id}/${entry.policy.id}` };
    bar.replaceChildren(make("q", {}, visible(text)), say(entry.kind), " · ", say("use"), ...fields,
      use("add-measure", () => act(home, "add", { text: selection }, "measure")), use("add-target", () => act(home, "add", { raw: selection }, "target")),
      use("close", () => { selection = null; drawChosen(); }));
    bar.hidden = false;
  }

  // Saved at once, one after the other; the answer is the document as it is then.
  function act(entry, action, changes = null, kind = null) {
    const name = shown.name;
    busy = busy.then(async () => {
      // What was seen is what the page shows when the wish leaves: the answers before it have come by then.
      const seen = shown.name === name && action !== "add" ? shown.decisions[entry.key]?.at ?? null : null;
      const body = { action, changes, kind, policy_id: entry.policy.id, record_id: entry.record.id, seen };
      const answer = await fetch("correct", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
      const said = await answer.json();
      if (!answer.ok) {
        if (answer.status === 409) await load(name);
        tell(answer.status === 409 ? `${say("conflict")}: ${said.error}` : said.error, true);
        return;
      }
      if (shown.name !== name) return;
      selection = null;
      if (!said.change) take(said, said.key);
      else if (said.change.since === shown.corrections) apply(said);
      else { await load(name); current = said.key; drawRecords(); } // another tab has decided meanwhile
      tell(say("saved"));
    }).catch((problem) => tell(String(problem), true));
    return busy;
  }

  function tell(message, bad = false) {
    $("status").textContent = message;
    $("status").classList.toggle("bad", bad);
  }

  // -- moving about -------------------------------------------------------------------------------------------

  function mark() {
    document.querySelectorAll("article[aria-current]").forEach((e) => e.removeAttribute("aria-current"));
    document.querySelectorAll(".m.on").forEach((e) => e.classList.remove("on"));
    if (current === null) return;
    $(`r-${current}`)?.setAttribute("aria-current", "true");
    document.querySelectorAll(`[data-ids~="${CSS.escape(current)}"]`).forEach((e) => e.classList.add("on"));
  }

  function choose(id, move) {
    if (current !== id) { current = id; mark(); }
    if (selection) drawChosen();
    const element = $(`r-${id}`);
    if (move && element) element.focus({ preventScroll: true });
    element?.scrollIntoView({ block: "nearest" });
    const kind = records().find((e) => e.key === id)?.kind;
    const inSource = document.querySelector(`.k-${kind}[data-ids~="${CSS.escape(id)}"]`) ?? document.querySelector(`[data-ids~="${CSS.escape(id)}"]`);
    if (inSource && !(getSelection() && !getSelection().isCollapsed)) inSource.scrollIntoView({ block: "center" });
  }

  function step(by, open = false) {
    const cards = [...document.querySelectorAll("#records article[data-id]")];
    let at = cards.findIndex((c) => c.dataset.id === current);
    if (open) {
      const rest = [...cards.slice(at + 1), ...cards.slice(0, at + 1)];
      at = cards.indexOf(rest.find((c) => !stateOf(c.dataset.id)));
      if (at < 0) tell(say("all-decided"));
    } else at += by;
    if (cards[at]) choose(cards[at].dataset.id, true);
  }

  const KEYS = { j: () => step(1), k: () => step(-1), n: () => step(1, true), "/": () => $("search").focus(), "?": () => keys() };
  for (const [key, action] of [["a", "accept"], ["r", "reject"], ["u", "undo"]]) {
    KEYS[key] = () => { const entry = live && records().find((e) => e.key === current); if (entry) act(entry, action); };
  }
  KEYS.e = () => { if (live && current) toggle(current); };
  // With a Korean keyboard on, or Caps Lock, `j` arrives as `ㅓ`, `Process` or `J`: then the key's place decides.
  function latin(event) {
    if (/^[A-Za-z]$/.test(event.key)) return event.key.toLowerCase();
    if (/^Key[A-Z]$/.test(event.code)) return event.code[3].toLowerCase();
    return event.code === "Slash" ? (event.shiftKey ? "?" : "/") : event.key;
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { editing = null; selection = null; drawRecords(); drawChosen(); $(`r-${current}`)?.focus(); return; }
    if (event.target.closest("input, select, textarea, dialog") || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = KEYS[event.key] ? event.key : latin(event);
    if (KEYS[key] && shown) { event.preventDefault(); KEYS[key](); }
  });

  function keys() {
    const rows = [["j", "next"], ["k", "previous"], ["n", "next-open"], ["/", "to-search"]];
    if (live) rows.push(["a", "accept"], ["r", "reject"], ["e", "edit"], ["u", "undo"]);
    const list = make("dl", {}, ...rows.flatMap(([key, word]) => [make("dt", {}, make("kbd", {}, key)), make("dd", {}, say(word))]));
    $("keys").replaceChildren(list, live ? make("p", {}, say("select-help")) : "", make("button", { type: "button", onclick: () => $("keys").close() }, say("close")));
    $("keys").showModal();
  }

  let hit = -1;
  // As people search: `５０개` and `50개`, `Ａ` and `a` are one. No sign becomes two, so places stay.
  function folded(text) {
    return text.replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).replace(/\u3000/g, " ").toLowerCase();
  }
  const query = () => folded($("search").value.trim());

  function find() {
    const wanted = query();
    drawRecords();
    if (!wanted || !shown) return;
    const hits = folded(shown.text).split(wanted).length - 1;
    tell(`${hits} ${say("hits")}`);
    findNext();
  }
  function findNext() {
    const wanted = query(), text = folded(shown.text);
    if (!wanted) return;
    hit = text.indexOf(wanted, hit + 1);
    if (hit < 0) hit = text.indexOf(wanted);
    if (hit < 0) return;
    const line = shown.text.slice(0, hit).split("\n").length;
    document.querySelector(`.line[data-line="${line}"]`)?.scrollIntoView({ block: "center" });
  }

  // -- the whole page -----------------------------------------------------------------------------------------

  function options(select, entries, value) {
    select.replaceChildren(...entries.map(([key, text]) => make("option", { value: key, selected: key === value }, text)));
  }

  function drawFrame() {
    document.documentElement.lang = language;
    document.querySelectorAll("[data-say]").forEach((e) => { e.textContent = say(e.dataset.say); });
    document.querySelectorAll("[data-label]").forEach((e) => e.setAttribute("aria-label", say(e.dataset.label)));
    $("language").textContent = say("other");
    const listed = (list) => [["", say("all")], ...Object.keys(data.vocabulary.labels[list]).map((v) => [v, label(list, v)])];
    options($("by-type"), listed("document_type"), $("by-type").value);
    options($("by-instrument"), listed("instrument"), $("by-instrument").value);
    options($("by-flag"), listed("flags"), $("by-flag").value);
    options($("by-state"), [["", say("all")], ...["undecided", "decided", "rejected", "flagged", "refused"].map((s) => [s, say(s)])], $("by-state").value);
    options($("order"), [["", say("in-text")], ["certain", say("least-certain")]], $("order").value);
    drawList();
    tell(live ? `${say("reviewer")}: ${data.who}` : say("readonly"));
  }

  function drawList() {
    options($("document"), data.documents.map((d) => [d.name, d.status === "ok" ? `${d.name} (${d.decided}/${d.records})` : `${d.name}: ${say("failed")}`]), shown?.name ?? "");
  }

  // What a decision changed, into the document on the page: whole records, by policy.
  function apply(said) {
    const { change, entry } = said;
    for (const { gone, ...policy } of change.policies) {
      const mine = shown.policies.find((p) => p.id === policy.id);
      for (const part of ["measures", "targets"]) {
        const other = new Set([...gone[part], ...policy[part].map((r) => r.id)]);
        policy[part] = [...mine[part].filter((r) => !other.has(r.id)), ...policy[part]];
        policy[part].sort((a, b) => a.text.start - b.text.start || (a.id < b.id ? -1 : 1));
      }
      Object.assign(mine, policy);
    }
    for (const [key, decision] of Object.entries(change.decisions)) {
      if (decision) shown.decisions[key] = decision; else delete shown.decisions[key];
    }
    const documents = data.documents.map((d) => entry.find((e) => e.name === d.name) ?? d);
    take({ documents, document: { ...shown, corrections: change.corrections, waiting: change.waiting } }, said.key);
  }

  function take(said, id = null) {
    data.documents = said.documents ?? data.documents;
    shown = said.document ?? said;
    units = counter(shown.text);
    document.title = `${shown.name} · pams`;
    $("name").replaceChildren(visible(shown.name));
    const told = shown.portal;
    const known = told ? [told.title, told.publisher, told.date, told.url].filter(Boolean).join(" · ") : "";
    $("portal").replaceChildren(...(known ? [`${say("portal")}: `, visible(known)] : []));
    const top = $("source").scrollTop;
    drawSource();
    $("source").scrollTop = top;
    if (id) current = id;
    if (!records().some((e) => e.key === current)) current = records()[0]?.key ?? null;
    drawRecords();
    drawList();
    drawChosen();
    if (id) $(`r-${id}`)?.focus({ preventScroll: true });
  }

  async function load(name) {
    const entry = data.documents.find((d) => d.name === name);
    if (entry?.error) { tell(entry.error, true); return; }
    if (!live) { take(data.shown[name]); if (current) choose(current, false); return; }
    const answer = await fetch(`document?name=${encodeURIComponent(name)}`);
    const said = await answer.json();
    if (!answer.ok) { tell(said.error, true); return; }
    const same = shown?.name === name;
    take(said);
    if (current && !same) choose(current, false);
  }

  $("document").addEventListener("change", (event) => { const name = event.target.value; busy = busy.then(() => { current = editing = selection = null; return load(name); }); });
  for (const id of ["by-type", "by-instrument", "by-flag", "by-state", "order"]) $(id).addEventListener("change", () => drawRecords());
  $("search").addEventListener("input", () => { hit = -1; find(); });
  $("search").addEventListener("keydown", (event) => { if (event.key === "Enter") findNext(); });
  $("language").addEventListener("click", () => { language = language === "ko" ? "en" : "ko"; drawFrame(); if (shown) { drawRecords(); drawChosen(); } });
  $("help").addEventListener("click", keys);
  $("least").addEventListener("input", () => { if (shown) drawRest(); });
  $("rest").addEventListener("submit", (event) => { event.preventDefault(); if (shown) acceptRest(); });
  // Another tab may have decided meanwhile.
  document.addEventListener("visibilitychange", () => { if (live && shown && document.visibilityState === "visible") busy = busy.then(() => load(shown.name)); });

  drawFrame();
  // `#document=…&record=policy/record`: an address may name what is to be shown first.
  async function go() {
    const named = new URLSearchParams(location.hash.slice(1));
    const first = data.documents.find((d) => d.name === named.get("document")) ?? data.documents.find((d) => d.status === "ok");
    if (!first) { tell(say("nothing")); return; }
    await load(first.name);
    if (shown && records().some((e) => e.key === named.get("record"))) choose(named.get("record"), true);
  }
  addEventListener("hashchange", () => { busy = busy.then(go); });
  busy = busy.then(go);
})();
