const data = JSON.parse(document.getElementById("data").textContent);
const live = data.who !== null;
const $ = (id) => document.getElementById(id);

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
    parent.append(byCode(part));
  }
}

function visible(text) {
  const place = make("bdi");
  put(place, text);
  return place;
}

const words = (span) => visible(span.text.split(/\s+/).join(" ").trim());


// What the service says is in the language of the page.
function get(address) {
  return fetch(address, { headers: { "Accept-Language": language } });
}

function post(address, wish) {
  return fetch(address, { method: "POST", headers: { "Accept-Language": language, "Content-Type": "application/json" }, body: JSON.stringify(wish) });
}
