// What every widget of the course shares.

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

