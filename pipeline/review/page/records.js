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
  if (state === "disputed" && !inDispute(entry.key)) return false;
  if (state === "decided" && !decided) return false;
  if (state === "rejected" && decided !== "reject") return false;
  if (state === "flagged" && !record.flags.length) return false;
  if (state === "refused") return false;
  const wanted = sifting ? query() : "";
  return !wanted || folded(JSON.stringify(record, (k, v) => (kind === "policy" && ["measures", "targets", "budgets"].includes(k) ? undefined : v))).includes(wanted);
}

function drawRecords() {
  const state = $("by-state").value;
  const known = cards, entries = withRefused(inOrder(records().filter(wanted)));
  cards = new Map();
  const list = entries.map((e) => (e.refused ? refusal(e) : card(e, known, entries.length <= FEW)));
  const empty = list.length ? [] : [make("p", {}, say(records().length || state === "refused" ? "no-match" : "nothing"))];
  const waiting = shown.waiting ? [make("p", { class: "flag" }, `${shown.waiting} ${say("waiting")}`)] : [];
  $("records").replaceChildren(...waiting, ...earlierHere(), checkedHere(), ...list, ...empty);
  drawRest();
  mark();
}

// Refused answers stand behind the record of their policy that is above them in the text.
function withRefused(list) {
  for (const entry of refusedHere()) {
    const start = entry.refused.place?.start ?? -1, policy = nearest(start);
    const at = $("order").value ? -1 : list.findLastIndex((e) => e.refused ? (e.refused.place?.start ?? -1) <= start && nearest(e.refused.place?.start ?? -1) === policy : e.policy === policy && place(e).start <= start);
    list.splice(at + 1, 0, entry);
  }
  return list;
}

// Decisions about an earlier text: those that can be carried over by a key, and why the others cannot.
function earlierHere() {
  const list = shown.earlier ?? [], ready = list.filter((e) => !e.reason);
  const all = live && ready.length ? [make("p", {}, make("button", { type: "button", id: "carry", "aria-keyshortcuts": "w", onclick: carry }, say("carry").replace("{n}", ready.length)))] : [];
  return [...all, ...list.filter((e) => e.reason).map((e) => make("article", { class: "refused earlier" },
    make("p", { class: "facts" }, visible(`${say("earlier")} · ${say(e.kind)} · ${say(e.action)} · ${e.who}`)), make("p", {}, visible(e.words)), make("p", {}, visible(e.reason)),
    live ? make("div", { class: "buttons" }, make("button", { type: "button", onclick: () => { $("search").value = e.words.slice(0, 20); $("search").dispatchEvent(new Event("input")); $("search").focus(); } }, say("find-words")),
      make("button", { type: "button", onclick: () => send({ action: "dismiss", document: shown.name, policy_id: e.policy_id, record_id: e.record_id, text: e.text }) }, say("dismiss"))) : null))];
}

const carry = () => send({ action: "carry", document: shown.name });

function refusedHere() {
  const state = $("by-state").value;
  if (state !== "refused" && (state || $("by-type").value || $("by-instrument").value || $("by-flag").value || (sifting && query()))) return [];
  const targets = new Set(shown.policies.flatMap((p) => p.targets.filter((t) => !t.rejected).map((t) => t.raw.start)));
  const open = shown.refused.map((refused, n) => ({ refused, key: `refused/${n}` }));
  return open.filter(({ refused: { add } }) => !(add && targets.has(add.raw.start))); // what was added since is settled
}

function checkedHere() {
  const said = shown.checked;
  const text = said ? `✓ ${say("checked")} · ${said.who} · ${new Date(said.at).toLocaleString(language)}` : "";
  return make("p", { class: "checked facts" }, text ? visible(text) : "", " ", live ? make("button", { type: "button", "aria-keyshortcuts": "d", onclick: check }, say(said ? "back" : "check")) : "");
}

// The least certain first; of what nobody knows how certain it is, even before. Equals as in the text.
function inOrder(list) {
  return $("order").value ? list.sort((a, b) => (a.record.certain ?? -1) - (b.record.certain ?? -1)) : list;
}

// What is left to decide, and what accepting the certain ones of it would cost.
function drawRest() {
  const every = records().filter((e) => !e.record.rejected && !e.policy.rejected);
  const left = every.filter((e) => !stateOf(e.key));
  const known = every.some((e) => e.record.certain !== null);
  $("rest").hidden = !live || !known;
  $("left").max = every.length || 1;
  $("left").value = every.length - left.length;
  const all = data.documents.reduce((sum, d) => [sum[0] + d.records, sum[1] + d.decided, sum[2] + (d.least !== null)], [0, 0, 0]);
  $("of-run").textContent = live ? say("of-run").replace("{n}", all[0]).replace("{done}", all[1]).replace("{left}", all[2]) : "";
  const sure = left.filter((e) => e.record.certain !== null && e.record.certain >= Number($("least").value));
  if ($("everywhere").checked) { countRest(); return; }
  offerRest(sure.length, sure.reduce((sum, e) => sum + 1 - e.record.certain, 0));
}

function offerRest(count, wrong) {
  $("accept-rest").textContent = say("accept-rest").replace("{n}", count).replace("{wrong}", wrong.toLocaleString(language, { maximumFractionDigits: 1 }));
  $("accept-rest").disabled = !count;
}

// Of all documents the service counts.
async function countRest() {
  const least = $("least").value, answer = await get(`rest?least=${encodeURIComponent(least)}`), said = await answer.json();
  if (answer.ok && $("everywhere").checked && $("least").value === least) offerRest(said.records, said.wrong);
}

function acceptRest() {
  const name = shown.name, least = Number($("least").value), everywhere = $("everywhere").checked;
  busy = busy.then(async () => {
    const answer = await post("accept", { document: name, least, everywhere });
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

// What is in a card is made once it comes near, and a card of which nothing has changed stays as it is.
const FEW = 60;
let cards = new Map(); // by key
const near = new IntersectionObserver((met) => met.filter((m) => m.isIntersecting).forEach((m) => complete(m.target.dataset.id)), { root: $("records"), rootMargin: "1200px" });
window.addEventListener("beforeprint", () => cards.forEach((_, key) => complete(key)));

function card(entry, known, atOnce) {
  const rests = [entry.record, entry.policy, shown.decisions[entry.key], shown.disputes?.[entry.key], editing === entry.key, language];
  const before = known.get(entry.key);
  const same = before && before.rests.every((each, at) => each === rests[at]);
  const made = same ? before : { entry, rests, element: frame(entry), whole: false };
  cards.set(entry.key, made);
  if (atOnce || entry.key === current || entry.key === editing) complete(entry.key); else if (!made.whole) near.observe(made.element);
  return made.element;
}

function frame(entry) {
  const { kind, record } = entry;
  return make("article", {
    id: `r-${entry.key}`, class: kind + (record.rejected || entry.policy.rejected ? " rejected" : ""), tabindex: "0", "data-id": entry.key,
    "aria-label": `${say(kind)}: ${(record.title ?? place(entry)).text.slice(0, 80)}`,
    onclick: (event) => { if (!event.target.closest("button, select, input, label")) choose(entry.key, true); },
    onfocus: () => choose(entry.key, false),
    onmouseenter: () => light([entry.key], true), onmouseleave: () => light([entry.key], false),
  });
}

function complete(key) {
  const made = cards.get(key);
  if (!made || made.whole) return;
  made.whole = true;
  const { entry, element } = made, { record } = entry, decided = shown.decisions[key];
  near.unobserve(element);
  element.append(certain(record) ?? "", heading(entry), facts(entry));
  if (record.flags.length) element.append(make("p", { class: "flag" }, "⚑ " + record.flags.map((f) => label("flags", f)).join(", ")));
  const state = decided ? `${say(decided.action)} · ${decided.who} · ${new Date(decided.at).toLocaleString(language)}` : "";
  if (state) element.append(make("p", { class: "facts state " + decided.action }, visible(state)));
  element.append(...disputed(entry));
  if (live) element.append(buttons(entry, decided));
  if (live && editing === entry.key) element.append(form(entry));
}

const inDispute = (key) => { const said = shown.disputes?.[key]; return said && !said.settled ? said : null; };

// What several people decided differently; a key chooses whose decision is to hold.
function disputed(entry) {
  const said = shown.disputes?.[entry.key];
  if (!said) return [];
  const named = (v) => `${v.who}${v.folder ? ` (${v.folder})` : ""}`;
  if (said.settled) return [make("p", { class: "facts" }, visible(`⚖ ${say("settled")}: ${said.versions.map((v) => `${named(v)} ${say(v.action)}`).join(", ")}`))];
  const choice = (v, n) => make("li", {},
    live ? make("button", { type: "button", "data-version": n + 1, "aria-keyshortcuts": n + 1, onclick: () => send({ action: "settle", policy_id: entry.policy.id, record_id: entry.record.id, chosen: v.key }, entry) }, make("kbd", {}, n + 1), " ", visible(`${named(v)}: ${say(v.action)}`)) : visible(`${named(v)}: ${say(v.action)}`),
    ...Object.entries(v.fields).map(([name, value]) => make("div", { class: "facts" }, `${say(name)}: `, visible(inWords(name, value)))));
  return [make("div", { class: "dispute" }, make("p", { class: "flag" }, `⚖ ${say("disputed")}`), make("ol", {}, ...said.versions.map(choice)))];
}

// A field's value on one line, whatever it is.
function inWords(name, value) {
  if (value === null || value === undefined || value.length === 0) return say("none");
  if (Array.isArray(value)) return value.map((each) => inWords(name, each)).join(", ");
  if (typeof value === "object") return value.text?.split(/\s+/).join(" ") ?? inWords(name, value.name ?? value.title ?? value.raw);
  return label(name, value);
}

function heading({ kind, record }) {
  if (kind === "policy") return make("h2", { class: "words" }, ...(record.title ? [words(record.title)] : [make("span", { class: "soft" }, say("untitled")), " ", words(record.announcement)]));
  if (kind === "measure") return make("h3", { class: "words" }, make("span", { class: "value" }, label("instrument", record.instrument)), " ", words(record.text));
  if (kind === "budget") return make("h3", { class: "words" }, "₩ ", ...(record.purpose ? [words(record.purpose), ": "] : []), make("span", { class: "value" }, words(record.raw)));
  return make("h3", { class: "words" }, "◎ ", words(record.indicator), ": ", make("span", { class: "value" }, words(record.raw)));
}

const years = (record) => record.period_start === record.period_end ? record.period_start : `${record.period_start ?? ""}–${record.period_end ?? ""}`;
const amount = (record) => record.value === null ? null : `${record.value.toLocaleString(language)}${record.value_max !== null ? "–" + record.value_max.toLocaleString(language) : ""} ${record.currency ?? record.unit ?? ""}`;

function facts(entry) {
  const { kind, record } = entry;
  const line = [];
  if (kind === "policy") {
    line.push(label("document_type", record.document_type), record.status && label("status", record.status));
    line.push(...record.issuers.map((o) => o.name.text), record.government_level && label("government_level", record.government_level));
    line.push(record.jurisdiction, record.announced_on && (record.announced_on.value ?? record.announced_on.raw.text));
    line.push(years(record));
  } else if (kind === "measure") {
    line.push(label("action_status", record.action_status), ...record.target_groups.map((g) => label("target_groups", g)));
    line.push(...record.technology_fields.map((f) => label("technology_fields", f)), ...record.implementers.map((o) => o.name.text));
  } else if (kind === "budget") {
    line.push(amount(record), years(record));
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
  const answer = await get(`words?name=${name}&start=${span.start}&end=${span.end}`);
  const told = await answer.json();
  if (!answer.ok) { tell(told.error, true); return; }
  const pages = await Promise.all(Object.entries(told.sizes).map(async ([page, [width, height]]) => {
    const picture = make("img", { alt: `p. ${page}`, onload: () => URL.revokeObjectURL(picture.src) });
    picture.src = URL.createObjectURL(await (await get(`picture?name=${name}&page=${page}`)).blob());
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

// What an answer named and could not be grounded, where it named it; one key makes of it what it can only have meant.
function refusal({ refused, key }) {
  const field = `${refused.kind ? say(refused.kind) : ""} ${refused.target ? say(refused.target) : refused.field}`;
  return make("article", { class: "refused", id: `r-${key}`, "data-id": key, tabindex: "0", "aria-label": `${say("refused")}: ${field}`,
    onfocus: () => { current = key; mark(); showPlace(refused.place); },
    onclick: (event) => { if (!event.target.closest("button")) { $(`r-${key}`).focus(); } } },
  make("p", { class: "facts" }, visible(`${say("article")} ${refused.article} · ${field}`)), make("code", {}, visible(refused.given)), make("p", {}, visible(refused.reason)),
  live && refused.kind ? make("div", { class: "buttons" }, make("button", { type: "button", "data-action": "set-right", "aria-keyshortcuts": "a", onclick: () => setRight(refused) },
    say("set-right"), refused.add ? `: ${shown.text.slice(units.units(refused.add.raw.start), units.units(refused.add.raw.end))}` : "")) : null);
}

function showPlace(place) {
  if (place) lineElement(lineOf(units.units(place.start))).scrollIntoView({ block: "center" });
}

// The policy that a place belongs to: the last one that begins before it.
function nearest(point) {
  const kept = shown.policies.filter((p) => !p.rejected);
  return kept.filter((p) => p.announcement.start <= point).at(-1) ?? kept[0] ?? null;
}

function setRight({ place: unit, kind, target, add }) {
  if (!unit) { tell(say("no-place"), true); return; }
  const policy = nearest(unit.start);
  if (kind !== "policy" && !policy) { tell(say("nothing"), true); return; }
  const entry = policy && { kind: "policy", policy, record: policy, key: `${policy.id}/${policy.id}` };
  const fresh = (kind, changes) => send({ action: "add", kind, document: shown.name, policy_id: policy?.id ?? "", changes });
  if (target === "announcement") fresh("policy", { announcement: unit });
  else if (kind === "measure" && target === "text") fresh("measure", { text: unit });
  else if (kind === "target" && add) fresh("target", add);
  else { // which words are meant, a person must mark
    if (entry) current = entry.key;
    toSource(unit);
    if (kind === "policy" && entry) { pending = { entry, path: data.vocabulary.fields.policy.find((f) => f.name === target)?.many ? `${target}.+` : target }; drawChosen(); }
  }
}

function buttons(entry, decided) {
  const press = (action, key) => make("button", { type: "button", "data-action": action, "aria-keyshortcuts": key, onclick: () => act(entry, action) }, say(action));
  const also = (word, key, work) => make("button", { type: "button", "data-action": word, "aria-keyshortcuts": key, onclick: () => work(entry) }, say(word));
  const row = make("div", { class: "buttons" }, press("accept", "a"), press("reject", "r"),
    make("button", { type: "button", "data-action": "edit", "aria-keyshortcuts": "e", "aria-expanded": String(editing === entry.key), onclick: () => toggle(entry.key) }, say(editing === entry.key ? "close" : "edit")));
  if (entry.kind === "policy") row.append(also("collect", "c", collect), also("merge", "g", merge), also("split", "x", split));
  else if (others(entry).length) row.append(also("move", "v", move));
  if (decided) row.append(press("back", "u"));
  return row;
}

function toggle(id) {
  editing = editing === id ? null : id;
  choose(id, false);
  drawRecords();
  const card = $(`r-${id}`);
  (editing ? card.querySelector("form select") ?? card.querySelector("form input, form button") : card)?.focus();
}

