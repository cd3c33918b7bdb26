// -- marking words of the source, by mouse or by keyboard ---------------------------------------------------------

let pending = null; // what the next marked words are for: a field ({ entry, path }), or measures ({ entry, collect })
let candidates = []; // words that may be meant by it

document.addEventListener("selectionchange", () => {
  const range = getSelection()?.rangeCount ? getSelection().getRangeAt(0) : null;
  drawCaret(range);
  if (!live || !shown || !range || range.collapsed || !$("source").contains(range.commonAncestorContainer)) return;
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

// An offset in UTF-16 units as a place in the page.
function spot(unit) {
  const line = lineElement(lineOf(unit));
  let rest = unit - Number(line.dataset.start);
  const walk = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    if (rest <= walk.currentNode.length) return [walk.currentNode, rest];
    rest -= walk.currentNode.length;
  }
  return [line, line.childNodes.length];
}

// Selects words of the source by their code points.
function select(start, end) {
  const [first, last] = [spot(units.units(start)), spot(units.units(end))];
  getSelection().setBaseAndExtent(...first, ...last);
  selection = { start, end };
  drawChosen();
  (first[0].parentElement ?? first[0]).scrollIntoView({ block: "nearest" });
}

// Where a record that the keyboard begins from stands, as the unit there.
function unitAt(point) {
  let found = 0;
  for (let i = 0; i < shown.units.length && shown.units[i][0] <= point; i += 1) {
    if (point < shown.units[i][1] || found === 0) found = i;
  }
  return found;
}

function toSource(span = null) {
  const entry = records().find((e) => e.key === current);
  const from = span ?? (entry ? place(entry) : { start: 0 });
  const unit = shown.units[unitAt(from.start)];
  $("source").focus({ preventScroll: true });
  if (unit) select(unit[0], unit[1]);
}

// The unit above or below; `more`: as well.
function stepUnit(by, more) {
  const list = shown.units;
  if (!list.length) return;
  if (!selection) { toSource(); return; }
  let at = list.findIndex((u) => u[0] === selection.start && u[1] === selection.end);
  if (at < 0) at = unitAt(by > 0 && more ? selection.end - 1 : selection.start);
  const next = list[Math.min(list.length - 1, Math.max(0, at + by))];
  if (more) select(Math.min(selection.start, next[0]), Math.max(selection.end, next[1]));
  else select(next[0], next[1]);
}

// As in any text: arrows move, Shift selects, Control goes by words.
function stepText(key, { shiftKey, ctrlKey, altKey }) {
  const by = key === "Home" || key === "End" ? "lineboundary" : ctrlKey || altKey ? "word" : "character";
  const way = key === "ArrowRight" || key === "End" ? "forward" : "backward";
  if (!shiftKey) { selection = null; drawChosen(); }
  getSelection().modify(shiftKey ? "extend" : "move", way, by);
}

function drawCaret(range) {
  const box = range?.collapsed && document.activeElement === $("source") && $("source").contains(range.startContainer) ? range.getClientRects()[0] : null;
  $("caret").hidden = !box;
  if (!box) return;
  $("caret").style.left = `${box.left}px`;
  $("caret").style.top = `${box.top}px`;
  $("caret").style.height = `${box.height}px`;
}

const HERE = {
  Enter: () => {
    if (!selection) { const range = getSelection().rangeCount ? getSelection().getRangeAt(0) : null; if (range) { const at = offset(range.startContainer, range.startOffset); if (at !== null) toSource({ start: units.points(at) }); } return; }
    if (pending) useMarked(); else $("chosen").querySelector("button")?.focus();
  },
  m: () => addMarked("measure"), t: () => addMarked("target"), p: () => addMarked("policy"), b: () => addMarked("budget"),
};

// A key while the source has the focus; true where it was for marking.
function keyInSource(event) {
  if (!live || !shown) return false;
  const key = KEYS[event.key] || HERE[event.key] ? event.key : latin(event);
  if (event.key === "ArrowUp" || event.key === "ArrowDown") stepUnit(event.key === "ArrowDown" ? 1 : -1, event.shiftKey);
  else if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) stepText(event.key, event);
  else if (HERE[key] && !event.ctrlKey && !event.metaKey) HERE[key]();
  else return false;
  return true;
}

// What a field is set by: the next words that are marked.
async function markFor(entry, path) {
  pending = { entry, path };
  candidates = [];
  const kind = path.split(".")[0];
  toSource(entry.kind === "policy" && entry.record.announcement);
  const answer = await get(`candidates?name=${encodeURIComponent(shown.name)}&field=${kind}&start=${place(entry).start}`);
  if (answer.ok && pending?.path === path) { candidates = (await answer.json()).spans; drawChosen(); }
}

function collect(entry) {
  pending = { entry, collect: true };
  tell(say("collecting"));
  toSource(entry.record.announcement);
}

function useMarked(span = selection) {
  const { entry, path, collect: picking } = pending;
  if (picking) { addMarked("measure"); return; }
  pending = null;
  act(entry, "edit", { [path]: span }).then(() => focusOn(path));
}

function policyOf(entry) {
  return { kind: "policy", policy: entry.policy, record: entry.policy, key: `${entry.policy.id}/${entry.policy.id}` };
}

// Marked words become a record; the source keeps the focus, so that the next one is a key away.
async function addMarked(kind) {
  const span = selection;
  const home = span && nearest(span.start);
  const entry = pending?.entry ?? records().find((e) => e.key === current) ?? (home && { policy: home });
  if (!span) { tell(say("select-help"), true); return; }
  const field = { measure: "text", target: "raw", budget: "raw", policy: "announcement" }[kind];
  if (kind !== "policy" && !entry) { tell(say("nothing"), true); return; }
  const here = document.activeElement === $("source");
  await send({ action: "add", kind, document: shown.name, policy_id: entry?.policy.id ?? "", record_id: entry?.policy.id ?? "", changes: { [field]: span } });
  if (here) { $("source").focus({ preventScroll: true }); select(span.start, span.end); }
}

$("source").addEventListener("click", () => {
  if (!pending?.collect || !getSelection().isCollapsed || !getSelection().rangeCount) return;
  const range = getSelection().getRangeAt(0), at = offset(range.startContainer, range.startOffset);
  if (at === null) return;
  const unit = shown.units[unitAt(units.points(at))];
  if (unit) { select(unit[0], unit[1]); addMarked("measure"); }
});

function drawChosen() {
  const bar = $("chosen");
  const entry = records().find((e) => e.key === current);
  bar.hidden = !(selection || pending);
  if (bar.hidden) return;
  const text = selection ? shown.text.slice(units.units(selection.start), units.units(selection.end)) : "";
  const use = (name, action, key) => make("button", { type: "button", onclick: action, "aria-keyshortcuts": key, "data-key": key }, key ? make("kbd", {}, key) : null, key ? " " : null, name);
  const parts = [make("q", {}, visible(text))];
  if (pending && !pending.collect) {
    parts.push(`${say("marking")}: ${pathInWords(pending.path)}`, use(say("put"), () => useMarked(), "Enter"));
    parts.push(...candidates.slice(0, 9).map((span, i) => use(span.text, () => useMarked({ start: span.start, end: span.end }), String(i + 1))));
  } else if (entry) {
    const fields = data.vocabulary.fields[entry.kind].filter((f) => f.form === "span" || f.form === "entry");
    parts.push(say(entry.kind), " · ", say("use"));
    parts.push(...fields.map((f, i) => use(say(f.name), () => act(entry, "edit", { [f.many ? `${f.name}.+` : f.name]: selection }), i < 10 ? String((i + 1) % 10) : null)));
    parts.push(use(say("add-measure"), () => addMarked("measure"), "m"), use(say("add-target"), () => addMarked("target"), "t"), use(say("add-budget"), () => addMarked("budget"), "b"));
  }
  if (!pending) parts.push(use(say("add-policy"), () => addMarked("policy"), "p"));
  bar.replaceChildren(...parts, use(say("close"), leaveMarking));
}

const pathInWords = (path) => path.split(".").filter((part) => !/^(\d+|\+)$/.test(part)).map(say).join(" · ");

// Nothing is marked any more; the focus goes back to where it came from.
function leaveMarking() {
  const path = pending?.path;
  pending = selection = null;
  candidates = [];
  getSelection().removeAllRanges();
  drawRecords();
  drawChosen();
  focusOn(path);
}

// The control of a field in the record in hand, else the record.
function focusOn(path) {
  const card = current && $(`r-${current}`);
  (card?.querySelector(`[data-path="${CSS.escape(path ?? "")}"]`) ?? card)?.focus({ preventScroll: true });
}
