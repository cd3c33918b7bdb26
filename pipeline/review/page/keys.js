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
  complete(id);
  const element = $(`r-${id}`);
  if (move && element) element.focus({ preventScroll: true });
  element?.scrollIntoView({ block: "nearest" });
  const entry = records().find((e) => e.key === id), kind = entry?.kind;
  if (entry) lineElement(lineOf(units.units(place(entry).start))); // drawn, so that it can be shown
  const inSource = document.querySelector(`.k-${kind}[data-ids~="${CSS.escape(id)}"]`) ?? document.querySelector(`[data-ids~="${CSS.escape(id)}"]`);
  if (inSource && !(getSelection() && !getSelection().isCollapsed)) inSource.scrollIntoView({ block: "center" });
}

function step(by, open = false) {
  if (open && $("order").value === "run") { leastOfAll(); return; }
  const cards = [...document.querySelectorAll("#records article[data-id]")];
  let at = cards.findIndex((c) => c.dataset.id === current);
  if (open) {
    const rest = [...cards.slice(at + 1), ...cards.slice(0, at + 1)];
    at = cards.indexOf(rest.find((c) => !c.matches(".refused, .rejected") && !stateOf(c.dataset.id)));
    if (at < 0) tell(say("all-decided"));
  } else at += by;
  if (cards[at]) choose(cards[at].dataset.id, true);
}

// The record of the whole run that is least certain and nobody has decided about.
function leastOfAll() {
  const open = data.documents.filter((d) => d.least !== null).sort((a, b) => a.least - b.least);
  if (!open.length) { tell(say("run-done")); return; }
  busy = busy.then(async () => {
    if (open[0].name !== shown.name) { current = null; await load(open[0].name); }
    const next = inOrder(records().filter((e) => !e.record.rejected && !e.policy.rejected && !stateOf(e.key)))[0];
    if (next) choose(next.key, true);
  });
}

// The next document of those that were chosen to be looked through.
function nextDocument(by) {
  const names = listed().map((d) => d.name), at = names.indexOf(shown?.name);
  const name = names[at < 0 ? 0 : at + by];
  if (name) busy = busy.then(() => { current = editing = selection = pending = null; return load(name); });
}

const KEYS = { j: () => step(1), k: () => step(-1), n: () => step(1, true), "/": () => { $("search").focus(); $("search").select(); }, "?": () => keys() };
for (const [key, action] of [["a", "accept"], ["r", "reject"], ["u", "back"]]) {
  KEYS[key] = () => {
    const entry = live && records().find((e) => e.key === current);
    if (entry) act(entry, action);
    else if (key === "a" && live && current?.startsWith("refused/")) setRight(shown.refused[Number(current.slice(8))]);
  };
}
KEYS.e = () => { if (live && current) toggle(current); };
for (const [key, work] of [["c", collect], ["g", merge], ["x", split], ["v", move]]) {
  KEYS[key] = () => { const entry = live && records().find((e) => e.key === current); if (entry) work("cgx".includes(key) ? policyOf(entry) : entry); };
}
KEYS["]"] = () => nextDocument(1);
KEYS["["] = () => nextDocument(-1);
// The next record that people decided differently about.
KEYS.y = () => {
  const keys = records().map((e) => e.key), at = keys.indexOf(current);
  const next = [...keys.slice(at + 1), ...keys.slice(0, at + 1)].find((key) => inDispute(key) && $(`r-${key}`));
  if (next) choose(next, true); else tell(say("none-disputed"));
};
KEYS.d = () => { if (live) check(); };
KEYS.w = () => { if (live && (shown.earlier ?? []).some((e) => !e.reason)) carry(); };
KEYS.l = () => { if (live && data.teaches) learn(); };
KEYS.i = () => { if (live) whoDidWhat(); };
KEYS.s = () => { if (live) toSource(); };
// With a Korean keyboard on, or Caps Lock, `j` arrives as `ㅓ`, `Process` or `J`: then the key's place decides.
function latin(event) {
  if (/^[A-Za-z]$/.test(event.key)) return event.key.toLowerCase();
  if (/^Key[A-Z]$/.test(event.code)) return event.code[3].toLowerCase();
  if (event.code === "BracketLeft" || event.code === "BracketRight") return event.code === "BracketLeft" ? "[" : "]";
  return event.code === "Slash" ? (event.shiftKey ? "?" : "/") : event.key;
}
document.addEventListener("keydown", (event) => {
  if (!shown || event.target.closest("dialog")) return;
  if (event.key === "Escape") { if (!selection && !pending) editing = null; leaveMarking(); return; }
  if (event.target === $("source") && keyInSource(event)) { event.preventDefault(); return; }
  if (event.target.closest("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
  const numbered = /^[0-9]$/.test(event.key) && !$("chosen").hidden && $("chosen").querySelector(`[data-key="${event.key}"]`);
  if (numbered) { event.preventDefault(); numbered.click(); return; }
  const version = /^[1-9]$/.test(event.key) && current && $(`r-${current}`)?.querySelector(`[data-version="${event.key}"]`);
  if (version) { event.preventDefault(); version.click(); return; }
  const key = KEYS[event.key] ? event.key : latin(event);
  if (KEYS[key] && shown) { event.preventDefault(); KEYS[key](); }
});

function keys() {
  const rows = [["j", "next"], ["k", "previous"], ["n", "next-open"], ["/", "to-search"]];
  if (live) rows.push(["a", "accept"], ["r", "reject"], ["e", "edit"], ["u", "back"], ["s", "to-source"], ["c", "collect"], ["g", "merge"], ["x", "split"], ["v", "move"], ["d", "check"], ["] [", "next-document"], ["i", "people"], ["y", "next-disputed"], ...(data.teaches ? [["l", "learn"]] : []), ["m t b p", "in-source"], ["1–9", "by-number"]);
  const list = make("dl", {}, ...rows.flatMap(([key, word]) => [make("dt", {}, make("kbd", {}, key)), make("dd", {}, say(word))]));
  $("keys").replaceChildren(list, live ? make("p", {}, say("source-keys")) : "", live ? make("p", {}, say("select-help")) : "", make("button", { type: "button", onclick: () => $("keys").close() }, say("close")));
  $("keys").showModal();
}

let hit = -1;
let sifting = true; // what is looked for sifts the records too, until its words are taken
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
  lineElement(lineOf(hit)).scrollIntoView({ block: "center" });
}

