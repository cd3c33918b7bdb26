"use strict";
document.documentElement.classList.add("js");
const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
const numbers = (element) => (element.dataset.e ? element.dataset.e.split(" ") : []);

function show() {
  const wanted = decodeURIComponent(location.hash.slice(1));
  const pages = all("section.page");
  const page = pages.find((p) => p.id === wanted) || pages[0];
  pages.forEach((p) => p.classList.toggle("here", p === page));
  all("nav a").forEach((a) => {
    const here = a.hash === "#" + page.id;
    a.classList.toggle("here", here);
    if (here) a.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
  close();
  scrollTo(0, 0);
}

function filter(section) {
  const state = section.querySelector(".filters button[aria-pressed=true]").dataset.state;
  const kind = section.querySelector(".filters select").value;
  const everything = state === "all" && !kind;
  const kept = new Set();
  all(".records ol > li", section).forEach((li) => {
    const keep = (state === "all" || li.dataset.state === state) && (!kind || li.dataset.kind === kind);
    li.hidden = !keep;
    if (keep) kept.add(li.dataset.n);
  });
  all(".row:not(.head)", section).forEach((row) => {
    row.hidden = !everything && !numbers(row).some((n) => kept.has(n));
  });
  all("mark", section).forEach((mark) => {
    mark.classList.toggle("dim", !everything && !numbers(mark).some((n) => kept.has(n)));
  });
  section.querySelector(".filters output").textContent =
    kept.size + (kept.size === 1 ? " record" : " records") + (everything ? "" : "; only their lines are shown");
}

function detail(section, chosen) {
  const box = document.querySelector("#detail > div");
  box.replaceChildren();
  all("mark.on").forEach((mark) => mark.classList.remove("on"));
  all("mark", section).forEach((mark) => {
    if (numbers(mark).some((n) => chosen.includes(n))) mark.classList.add("on");
  });
  chosen.forEach((n) => {
    const li = section.querySelector('.records ol > li[data-n="' + n + '"]');
    const one = document.createElement("div");
    one.className = "one";
    one.append(...Array.from(li.cloneNode(true).childNodes));
    box.append(one);
  });
  document.getElementById("detail").hidden = false;
}

function close() {
  document.getElementById("detail").hidden = true;
  all("mark.on").forEach((mark) => mark.classList.remove("on"));
}

all("section.document").forEach((section) => {
  all(".filters button", section).forEach((button) => {
    button.addEventListener("click", () => {
      all(".filters button", section).forEach((b) => b.setAttribute("aria-pressed", String(b === button)));
      filter(section);
    });
  });
  section.querySelector(".filters select").addEventListener("change", () => filter(section));
  section.querySelector(".text").addEventListener("click", (event) => {
    const mark = event.target.closest("mark");
    if (mark) detail(section, numbers(mark));
  });
  const list = section.querySelector(".records ol");
  const open = (event) => {
    const li = event.target.closest("ol > li");
    if (!li) return;
    detail(section, [li.dataset.n]);
    const mark = all("mark.on", section).find((m) => m.offsetParent);
    if (mark) mark.scrollIntoView({ block: "center" });
  };
  list.addEventListener("click", open);
  list.addEventListener("keydown", (event) => {
    if (event.key === "Enter") open(event);
  });
  filter(section);
});
document.querySelector("#detail button").addEventListener("click", close);
addEventListener("keydown", (event) => {
  if (event.key === "Escape") close();
});
addEventListener("hashchange", show);
show();
