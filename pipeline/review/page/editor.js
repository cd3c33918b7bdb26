// -- one editor for every record, made of the schema's fields -------------------------------------------------------

function form(entry) {
  const box = make("form", { class: "fields", onsubmit: (event) => event.preventDefault() });
  for (const field of data.vocabulary.fields[entry.kind]) box.append(...row(entry, field, field.name, valueOf(entry.record, field.name)));
  return box;
}

// What a field shows: its words, and what was computed of them.
function valueOf(record, name) {
  if (name === "announced_on") return record.announced_on && { ...record.announced_on.raw, computed: record.announced_on.value };
  if (name === "period_basis" || name === "years") return record[name] ? { ...record[name], computed: years(record) } : years(record) && { text: String(years(record)) };
  if (name === "deadline") return record.deadline && { text: record.deadline };
  if (name === "raw" && "currency" in record) return { ...record.raw, computed: amount(record) };
  if (name === "raw" && record.value !== null) return { ...record.raw, computed: `${record.value.toLocaleString(language)} ${record.unit ?? ""}` };
  if (name === "jurisdiction_basis") return record.jurisdiction_basis ? { ...record.jurisdiction_basis, computed: record.jurisdiction } : record.jurisdiction && { text: record.jurisdiction };
  return record[name];
}

function row(entry, field, path, value) {
  if (field.form === "enum") return field.many ? [terms(entry, field, path, value)] : term(entry, field, path, value);
  if (field.many) return [list(entry, field, path, value)];
  if (field.form === "canonical") return named(entry, path, value);
  if (field.form === "link") return linked(entry, path, value);
  return words_(entry, field, path, value);
}

const set = (entry, path, value) => act(entry, "edit", { [path]: value });
const button = (word, action, facts = {}) => make("button", { type: "button", onclick: action, ...facts }, say(word));

function words_(entry, field, path, value) {
  const clear = value && !field.required ? button("clear", () => set(entry, path, null)) : null;
  const computed = value?.computed ? make("span", { class: "value" }, ` = ${value.computed}`) : null;
  const mark = button("mark", () => markFor(entry, path), { "data-path": path, "aria-label": `${say("mark")}: ${pathInWords(path)}` });
  return [make("span", {}, say(field.name)), make("span", {}, value ? words(value) : say("none"), computed, " ", mark, " ", clear)];
}

function term(entry, field, path, value) {
  const id = `f-${entry.key}-${path}`;
  const select = make("select", { id, "data-field": field.name, "data-path": path, onchange: (e) => set(entry, path, e.target.value || null) });
  if (!field.required) select.append(make("option", { value: "" }, say("none")));
  for (const each of field.terms) select.append(make("option", { value: each, selected: value === each }, label(field.name, each)));
  return [make("label", { for: id }, say(field.name)), select];
}

function terms(entry, field, path, value) {
  const boxes = field.terms.map((each) => make("label", {},
    make("input", { type: "checkbox", value: each, checked: value.includes(each), "data-path": `${path}=${each}`, onchange: (event) => {
      const chosen = [...event.target.closest("fieldset").querySelectorAll("input:checked")].map((i) => i.value);
      if (chosen.length <= field.most) set(entry, path, chosen); else event.target.checked = false;
    } }), " ", label(field.name, each)));
  return make("fieldset", {}, make("legend", {}, `${say(field.name)} (≤ ${field.most})`), ...boxes);
}

function list(entry, field, path, value) {
  const more = button("more", () => markFor(entry, `${path}.+`), { "data-path": `${path}.+`, "aria-label": `${say("more")}: ${say(field.name)}` });
  const items = value.map((item, at) => {
    const own = `${path}.${at}`, main = field.main ? item[field.main] : item;
    const parts = (field.parts ?? []).filter((p) => p.name !== field.main && (p.form !== "enum" || p.terms.length > 1));
    return make("div", { class: "item" }, make("b", {}, words(main)), " ",
      button("mark", () => markFor(entry, own), { "data-path": own, "aria-label": `${say("mark")}: ${main.text}` }), " ",
      button("remove", () => set(entry, own, null), { "aria-label": `${say("remove")}: ${main.text}` }),
      make("div", { class: "fields" }, ...parts.flatMap((p) => row(entry, p, `${own}.${p.name}`, item[p.name]))));
  });
  return make("fieldset", { class: "list" }, make("legend", {}, say(field.name)), ...items, more);
}

// A name of the table of organisations: found by a part of any spelling, never typed.
function named(entry, path, value) {
  const id = `f-${entry.key}-${path}`;
  const known = make("datalist", { id: `${id}-known` });
  const look = async (query) => (await (await get(`names?q=${encodeURIComponent(query)}`)).json()).names;
  let waiting = null;
  const input = make("input", {
    id, list: `${id}-known`, value: value ?? "", placeholder: say("search-names"), autocomplete: "off", "data-path": path,
    oninput: () => {
      clearTimeout(waiting);
      waiting = setTimeout(async () => known.replaceChildren(...(await look(input.value)).map((n) => make("option", { value: n.name }, n.spellings.join(", ")))), 120);
    },
    onchange: async () => {
      const typed = input.value.trim();
      if (!typed) { set(entry, path, null); return; }
      const hit = (await look(typed)).find((n) => n.name === typed || n.spellings.includes(folded(typed)));
      if (hit) set(entry, path, hit.name); else { tell(`${say("no-name")}: ${typed}`, true); input.value = value ?? ""; }
    },
  });
  return [make("label", { for: id }, say("canonical")), make("span", {}, input, known)];
}

function linked(entry, path, value) {
  const id = `f-${entry.key}-${path}`;
  const select = make("select", { id, "data-path": path, onchange: (e) => set(entry, path, e.target.value || null) }, make("option", { value: "" }, say("none")));
  for (const m of entry.policy.measures.filter((m) => !m.rejected)) {
    select.append(make("option", { value: m.id, selected: m.id === value }, m.text.text.replace(/\s+/g, " ").slice(0, 80)));
  }
  return [make("label", { for: id }, say("measure_id")), select];
}

// -- policies that are one, two, or hold another one's measures -------------------------------------------------------

function ask(title, ...content) {
  const close = () => { $("ask").close(); $(`r-${current}`)?.focus(); };
  $("ask").replaceChildren(make("h2", {}, say(title)), ...content, make("p", {}, button("cancel", close)));
  if (!$("ask").open) $("ask").showModal();
}

const nameOf = (policy) => (policy.title ?? policy.announcement).text.replace(/\s+/g, " ").slice(0, 100);
const others = (entry) => shown.policies.filter((p) => p.id !== entry.policy.id && !p.rejected);
const settle = (work) => () => { $("ask").close(); work(); };

function choosePolicy(entry, title, work) {
  const listed = others(entry);
  if (!listed.length) { tell(say("no-other"), true); return; }
  ask(title, make("ul", { class: "choices" }, ...listed.map((p) => make("li", {}, make("button", { type: "button", onclick: settle(() => work(p.id)) }, nameOf(p))))));
}

function merge(entry) {
  choosePolicy(entry, "which-whole", (into) => send({ action: "merge", policy_id: entry.policy.id, record_id: entry.policy.id, into }, entry));
}

function move(entry) {
  if (entry.kind === "policy") { merge(entry); return; }
  choosePolicy(entry, "which-policy", (into) => send({ action: "move", policy_id: entry.policy.id, into, records: [entry.record.id] }));
}

function split(entry) {
  if (!selection) { tell(say("mark-first"), true); toSource(entry.policy.announcement); return; }
  const span = selection;
  const boxes = entry.policy.measures.filter((m) => !m.rejected).map((m) => make("label", { class: "choice" },
    make("input", { type: "checkbox", value: m.id, checked: m.text.start >= span.start }), " ", words(m.text)));
  const go = settle(() => {
    const chosen = boxes.map((b) => b.querySelector("input")).filter((i) => i.checked).map((i) => i.value);
    send({ action: "split", policy_id: entry.policy.id, records: chosen, changes: { announcement: span } });
  });
  const text = shown.text.slice(units.units(span.start), units.units(span.end));
  ask("which-measures", make("p", {}, `${say("new-announcement")}: `, make("q", {}, visible(text))), ...boxes, make("p", {}, button("split", go)));
}

// Who has decided about how much; computed from this folder, and told to nobody else.
async function whoDidWhat() {
  const answer = await get("people"), told = await answer.json();
  if (!answer.ok) { tell(told.error, true); return; }
  const cells = (name, ...values) => make("tr", {}, ...values.map((v) => make(name, {}, visible(String(v)))));
  const done = (p) => Object.entries(p.actions).map(([action, n]) => `${say(action)} ${n}`).join(", ");
  ask("people", make("table", {}, make("thead", {}, cells("th", say("person"), say("decisions"), "", say("documents"), say("minutes"), say("last-time"))),
    make("tbody", {}, ...told.people.map((p) => cells("td", p.who, p.decisions, done(p), p.documents, p.minutes, new Date(p.last).toLocaleString(language))))), make("p", { class: "facts" }, say("here-only")));
}

// What was reviewed teaches: `pams learn` at work, what it finds before and after, and whether the next run uses it.
async function learn(wish = null) {
  const answer = await (wish ? post("learn", { do: wish }) : get("lesson"));
  const told = await answer.json();
  if (!answer.ok) { tell(told.error, true); return; }
  const shares = ["measures", "goals", "deadlines", "indicators", "titles", "instrument"];
  const line = (name, said) => make("tr", {}, ...[name, `${said.found}/${said.reporting}`, `${said.empty}/${said.silent}`, ...shares.map((k) => said[k] === null ? "–" : said[k].toFixed(3))].map((v) => make("td", {}, v)));
  const head = make("tr", {}, ...["", "policy-found", "kept-empty", ...shares].map((w) => make("th", {}, w && say(w))));
  const found = told.state === "done" ? [make("table", {}, make("thead", {}, head), make("tbody", {}, ...told.before.map((l) => line(say("before"), l)), ...told.after.map((l) => line(say("after"), l)))), make("p", { id: "moved" }, told.moved.length ? `${say("moved")} ${told.moved.map((p) => say(`part-${p}`)).join(", ")}` : say("not-moved")), ...told.after.length ? [] : [make("p", { class: "facts" }, say("only-one"))], ...told.left_out.map((r) => make("p", { class: "flag" }, visible(r)))] : [];
  const state = told.state === "running" ? [make("p", { role: "status" }, say("running"))] : told.state === "failed" ? [make("p", { class: "flag" }, visible(told.error))] : found;
  const doing = told.state === "running" ? [] : [button("learn-begin", () => learn("begin"))];
  if (told.state === "done") doing.push(" ", button("learned-use", () => learn("use")));
  if (told.used) state.push(make("p", { id: "used" }, say("learned-used"), " ", button("learned-leave", () => learn("leave"))));
  ask("learn", ...state, make("p", {}, ...doing));
  if (told.state === "running") setTimeout(() => { if ($("ask").open && $("ask").querySelector("[role=status]")) learn(); }, 2000);
}
