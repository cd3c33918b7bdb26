// -- the source ---------------------------------------------------------------------------------------------

function records() {
  const entry = (kind, policy, record) => ({ kind, policy, record, key: `${policy.id}/${record.id}` });
  return shown.policies.flatMap((p) => [
    entry("policy", p, p),
    ...[...p.measures.map((m) => entry("measure", p, m)), ...p.targets.map((t) => entry("target", p, t)), ...p.budgets.map((b) => entry("budget", p, b))]
      .sort((a, b) => place(a).start - place(b).start),
  ]);
}

const place = (entry) => entry.kind === "policy" ? entry.record.announcement : entry.record.raw ?? entry.record.text;

function marks() {
  const found = [];
  const add = (span, entry, main) => span && found.push({ start: units.units(span.start), end: units.units(span.end), id: entry.key, kind: main ? entry.kind : "" });
  for (const entry of records()) {
    const r = entry.record;
    if (entry.kind === "policy") {
      add(r.announcement, entry, true); add(r.title, entry, true); add(r.title_original, entry); add(r.objective, entry);
      add(r.announced_on?.raw, entry); add(r.period_basis, entry);
      for (const o of r.issuers) add(o.name, entry);
      for (const e of r.evidence) add(e, entry);
    } else if (entry.kind === "measure") {
      add(r.text, entry, true); add(r.label, entry); add(r.pillar, entry);
      for (const o of r.implementers) add(o.name, entry);
    } else if (entry.kind === "budget") {
      add(r.raw, entry, true); add(r.purpose, entry); add(r.years, entry);
    } else {
      add(r.raw, entry, true); add(r.indicator, entry); add(r.text, entry);
    }
  }
  return found;
}

// The source is drawn in blocks of lines: those that are seen, and the others once they come near.
const BLOCK = 100, AT_ONCE = 20;
let starts = []; // offset of every line
let over = []; // marks by line
let ranks = new Map(); // line → level of the heading on it
let sheets = new Map(); // line → page that begins on it
let blocks = [];
let drawn = null; // the text that the blocks are of
let outlined = null; // whether its headings are known
const watch = new IntersectionObserver((seen) => seen.filter((s) => s.isIntersecting).forEach((s) => fill(Number(s.target.dataset.block))), { root: $("source"), rootMargin: "1200px" });

function lineOf(unit) {
  let low = 0, high = starts.length;
  while (low < high) { const middle = (low + high) >> 1; if (starts[middle] <= unit) low = middle + 1; else high = middle; }
  return low - 1;
}

function drawSource() {
  const text = shown.text, same = drawn === text && outlined === shown.outlined;
  if (!same) {
    starts = [0];
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
    ranks = new Map(shown.units.filter((u) => u[2] === "heading").map((u) => [lineOf(units.units(u[0])), u[3]]));
    sheets = new Map(shown.pages.map((p, i) => [lineOf(units.units(p)), i + 1]));
    blocks = Array.from({ length: Math.ceil(starts.length / BLOCK) }, (_, i) => make("div", { class: "block", "data-block": i }));
    for (const block of blocks) block.style.minHeight = `${1.6 * BLOCK}em`;
    watch.disconnect();
    $("source").replaceChildren(...blocks);
    drawn = text;
    outlined = shown.outlined;
  }
  over = starts.map(() => null);
  for (const mark of marks()) {
    for (let line = lineOf(mark.start); line <= lineOf(Math.max(mark.start, mark.end - 1)); line += 1) (over[line] ??= []).push(mark);
  }
  blocks.forEach((block, i) => { if (same ? block.hasChildNodes() : blocks.length <= AT_ONCE) fill(i, true); else if (!same) watch.observe(block); });
}

function fill(number, anew = false) {
  const block = blocks[number], lines = [];
  if (block.hasChildNodes() && !anew) return;
  for (let line = number * BLOCK; line < Math.min(starts.length, (number + 1) * BLOCK); line += 1) {
    const start = starts[line], end = line + 1 < starts.length ? starts[line + 1] - 1 : drawn.length;
    if (sheets.has(line)) lines.push(make("div", { class: "page" }, `p. ${sheets.get(line)}`));
    const words = make("p", { "data-start": start });
    const kind = drawn[start] === "|" ? " row" : ranks.has(line) ? ` h h${Math.min(4, ranks.get(line))}` : "";
    drawLine(words, start, end, over[line] ?? [], kind === " row");
    lines.push(make("div", { class: "line" + kind, "data-line": line + 1 }, words));
  }
  block.style.minHeight = "";
  block.replaceChildren(...lines);
  watch.unobserve(block);
  if (current !== null) block.querySelectorAll(`[data-ids~="${CSS.escape(current)}"]`).forEach((e) => e.classList.add("on"));
}

// The words of a line, drawn by now.
function lineElement(line) {
  fill(Math.floor(line / BLOCK));
  return $("source").querySelector(`.line[data-line="${line + 1}"] > p`);
}

window.addEventListener("beforeprint", () => blocks.forEach((_, i) => fill(i)));

// Signs of layout stay in the text and are not shown: `##` before a heading, the strokes of a table.
const LAYOUT = /^(?:#{1,6}[ \t]+|\|[ \t:|-]*$)/;

function drawLine(line, start, end, here, isRow) {
  const layout = LAYOUT.exec(drawn.slice(start, end))?.[0].length ?? 0;
  if (layout) line.append(make("span", { class: "markup" }, drawn.slice(start, start + layout)));
  if (!isRow || layout === end - start) { drawPieces(line, start + layout, end, here); return; }
  for (let at = start; at < end;) { // a stroke, and the cell behind it
    line.append(make("span", { class: "markup" }, drawn[at]));
    const stroke = drawn.indexOf("|", at + 1), stop = stroke < 0 || stroke > end ? end : stroke;
    if (stop > at + 1) { const cell = make("span", { class: "cell" }); drawPieces(cell, at + 1, stop, here); line.append(cell); }
    at = stop;
  }
}

function drawPieces(line, start, end, here) {
  const cuts = new Set([start, end]);
  for (const mark of here) {
    if (mark.start > start && mark.start < end) cuts.add(mark.start);
    if (mark.end > start && mark.end < end) cuts.add(mark.end);
  }
  const order = [...cuts].sort((a, b) => a - b);
  for (let i = 0; i + 1 < order.length; i += 1) {
    const [from, to] = [order[i], order[i + 1]];
    const above = here.filter((m) => m.start <= from && to <= m.end);
    const piece = drawn.slice(from, to);
    if (!above.length) { put(line, piece); continue; }
    above.sort((a, b) => (a.end - a.start) - (b.end - b.start));
    const main = above.find((m) => m.kind);
    const ids = [...new Set(above.map((m) => m.id))];
    const element = make("span", {
      class: "m" + (main ? " k-" + main.kind : ""), "data-ids": ids.join(" "),
      onclick: () => { if (!pending?.collect && String(getSelection()).trim() === "") choose((main ?? above[0]).id, true); },
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

