// -- decisions, saved at once, one after the other ------------------------------------------------------------------

function act(entry, action, changes = null) {
  return send({ action, changes, policy_id: entry.policy.id, record_id: entry.record.id }, entry);
}

// The answer is what has changed, or the document as it is then. `entry`: of which the page shows a decision.
function send(wish, entry = null) {
  const name = shown.name;
  busy = busy.then(async () => {
    // What was seen is what the page shows when the wish leaves: the answers before it have come by then.
    const seen = entry && shown.name === name ? (entry.key ? shown.decisions[entry.key] : shown.checked)?.at ?? null : null;
    const answer = await post("correct", { ...wish, seen });
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

// Nothing is missing in this document; said again, it is taken back.
function check() {
  return send({ action: "check", document: shown.name }, { key: "" });
}

function tell(message, bad = false) {
  $("status").textContent = message;
  $("status").classList.toggle("bad", bad);
}

// What a decision changed, into the document on the page: whole records, by policy.
function apply(said) {
  const { change, entry } = said;
  for (const { gone, ...policy } of change.policies) {
    const at = shown.policies.findIndex((p) => p.id === policy.id), mine = shown.policies[at];
    for (const part of ["measures", "targets", "budgets"]) {
      const other = new Set([...gone[part], ...policy[part].map((r) => r.id)]);
      policy[part] = [...mine[part].filter((r) => !other.has(r.id)), ...policy[part]];
      policy[part].sort((a, b) => (a.raw ?? a.text).start - (b.raw ?? b.text).start || (a.id < b.id ? -1 : 1));
    }
    shown.policies[at] = { ...mine, ...policy };
  }
  for (const [key, decision] of Object.entries(change.decisions)) {
    if (decision) shown.decisions[key] = decision; else delete shown.decisions[key];
  }
  const documents = data.documents.map((d) => entry.find((e) => e.name === d.name) ?? d);
  take({ documents, document: { ...shown, corrections: change.corrections, waiting: change.waiting, checked: change.checked, disputes: change.disputes } }, said.key);
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
  const top = $("source").scrollTop, held = document.activeElement?.dataset?.path, at = document.activeElement?.closest("article")?.id;
  drawSource();
  $("source").scrollTop = top;
  if (id) current = id;
  if (!current?.startsWith("refused/") && !records().some((e) => e.key === current)) current = records()[0]?.key ?? null;
  drawRecords();
  drawList();
  drawChosen();
  const card = id && $(`r-${id}`);
  // Who works in the form stays in it.
  if (!id && at) $(at)?.focus({ preventScroll: true });
  if (card) (held && card.querySelector(`[data-path="${CSS.escape(held)}"]`) || card).focus({ preventScroll: true });
}

async function load(name) {
  const entry = data.documents.find((d) => d.name === name);
  if (entry?.error) { tell(entry.error, true); return; }
  if (!live) { take(data.shown[name]); if (current) choose(current, false); return; }
  const same = shown?.name === name, said = await whole(name, same ? "" : "&at_once");
  if (!said) return;
  take(said);
  if (!same) performance.mark("shown"); // how long a reader waits
  if (current && !same) choose(current, false);
  if (!shown.outlined) outline(name);
}

async function whole(name, more = "") {
  const answer = await get(`document?name=${encodeURIComponent(name)}${more}`), said = await answer.json();
  if (!answer.ok) tell(said.error, true);
  return answer.ok ? said : null;
}

// A long text is shown before its outline is known; what rests on that comes behind it, and nothing waits for it.
function outline(name) {
  $("records").setAttribute("aria-busy", "true");
  requestAnimationFrame(() => setTimeout(async () => {
    let said = await whole(name);
    busy = busy.then(async () => {
      if (said && shown.name === name && said.document.corrections !== shown.corrections) said = await whole(name);
      if (said && shown.name === name) take(said);
    }).catch((problem) => tell(String(problem), true)).finally(() => $("records").removeAttribute("aria-busy"));
  }));
}
