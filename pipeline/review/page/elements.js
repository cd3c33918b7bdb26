// Elements, and signs that a reader would not see: for the pages of the review and of the library.

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

// Such a sign is shown by its code and stays where it is.
function byCode(sign) {
  const code = "U+" + sign.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
  return make("span", { class: "hidden-character", "data-code": code }, sign);
}

