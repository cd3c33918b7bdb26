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
  options($("by-state"), [["", say("all")], ...["undecided", "decided", "rejected", "flagged", "refused", "disputed"].map((s) => [s, say(s)])], $("by-state").value);
  options($("order"), [["", say("in-text")], ["certain", say("least-certain")], ...(live ? [["run", say("in-run")]] : [])], $("order").value);
  options($("triage"), [["", say("all")], ["open", say("open")], ["none", say("no-policy")], ["unnamed", say("only-unnamed")], ["least", say("least")], ["disputed", say("disputed")]], $("triage").value);
  drawList();
  tell(live ? `${say("reviewer")}: ${data.who}` : say("readonly"));
}

// The documents to be looked through.
function listed() {
  const kind = $("triage").value;
  if (!kind) return data.documents;
  const chosen = data.documents.filter((d) => d.status === "ok" && (kind === "open" ? d.least !== null : kind === "least" || (kind === "disputed" ? d.disputed > 0 : d.triage === kind)));
  if (kind === "none") return chosen.sort((a, b) => (b.overlooked ?? 0) - (a.overlooked ?? 0));
  return kind === "least" ? chosen.sort((a, b) => (a.least ?? 2) - (b.least ?? 2)) : chosen;
}

function drawList() {
  const list = listed(), here = data.documents.find((d) => d.name === shown?.name);
  options($("document"), (here && !list.includes(here) ? [here, ...list] : list).map((d) => [d.name, d.status === "ok" ? `${d.checked ? "✓ " : ""}${d.disputed ? "⚖ " : ""}${d.name} (${d.decided}/${d.records})${d.triage === "none" && d.overlooked !== null ? ` ${say("may-report")} ${d.overlooked.toFixed(2)}` : ""}` : `${d.name}: ${say("failed")}`]), shown?.name ?? "");
}

$("document").addEventListener("change", (event) => { const name = event.target.value; busy = busy.then(() => { current = editing = selection = pending = null; return load(name); }); });
$("triage").addEventListener("change", () => { drawList(); if (!listed().some((d) => d.name === shown?.name)) nextDocument(1); });
$("everywhere").addEventListener("change", () => { if (shown) drawRest(); });
for (const id of ["by-type", "by-instrument", "by-flag", "by-state", "order"]) $(id).addEventListener("change", () => drawRecords());
$("search").addEventListener("input", () => { hit = -1; sifting = true; find(); });
// Enter takes the words found as if they were marked; once more, the next ones.
$("search").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !shown) return;
  if (hit >= 0 && selection?.start === units.points(hit)) findNext();
  if (!live || event.shiftKey || hit < 0) { findNext(); return; }
  sifting = false;
  drawRecords();
  $("source").focus({ preventScroll: true });
  select(units.points(hit), units.points(hit + query().length));
});
$("language").addEventListener("click", () => { language = language === "ko" ? "en" : "ko"; drawFrame(); if (shown) { drawRecords(); drawChosen(); } });
$("help").addEventListener("click", keys);
$("more").addEventListener("click", () => $("more").setAttribute("aria-expanded", String(document.querySelector("header").classList.toggle("open"))));
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
