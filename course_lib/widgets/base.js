// What every widget of the course shares. `LANGUAGE` and `LABELS` are put before this file.

/** A label with its values filled in; course_lib/labels.py has the same function. */
export function t(key, values = {}) {
  const label = LABELS[key];
  const forms = { 0: "zero", 1: "one" };
  const text = typeof label === "string" ? label : label[forms[values.n]] || label.other;
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** The course's content is English: say so inside labels of another language. */
function english(...children) {
  return LANGUAGE === "en" ? children : [make("span", { lang: "en" }, ...children)];
}

const own = Math.random().toString(36).slice(2);
let made = 0;

/** An id that nothing else on the page has. JupyterLab gives each widget a copy of this file, so counting is not enough. */
function fresh(word) {
  return `cw-${word}-${own}-${(made += 1)}`;
}

/** Make an element; children are nodes or strings, never HTML. */
function make(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name in node) node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

// JupyterLab reads its command keys while an event bubbles: an arrow moves the cell, "d d" deletes it.
// Keys for the whole notebook (run the cell, save, leave) still get through.
function keepKeys(event) {
  const forNotebook =
    event.ctrlKey || event.metaKey || event.altKey || event.key === "Tab" || event.key === "Escape" ||
    (event.shiftKey && event.key === "Enter");
  if (!forNotebook) event.stopPropagation();
}

/** Put a widget's root in its place. */
function place(root, el) {
  if (LANGUAGE !== (document.documentElement.lang || "en").split("-")[0]) root.lang = LANGUAGE;
  root.addEventListener("keydown", keepKeys);
  el.append(root);
}

