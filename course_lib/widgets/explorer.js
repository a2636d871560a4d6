// The code explorer. The kernel has the book; the browser asks for one level of the tree, one page of
// results or one card at a time, and drops an answer that it no longer waits for.

/** Questions to the kernel. A newer question of a kind makes the older one stale; each level is a kind. */
class Line {
  constructor(model, prefix, onSilence) {
    this.model = model;
    this.prefix = prefix;
    this.onSilence = onSilence;
    this.count = 0;
    this.waiting = new Map();
    this.receive = this.receive.bind(this);
    model.on("msg:custom", this.receive);
  }

  ask(ask, value, then, start = 0) {
    const kind = ask === "children" ? `${ask} ${value}` : ask;
    const id = `${this.prefix}-${(this.count += 1)}`;
    this.forget(kind);
    const timer = setTimeout(this.onSilence, 6000);
    this.waiting.set(kind, { id, then, timer });
    this.model.send({ id, ask, value, start });
  }

  forget(kind) {
    clearTimeout(this.waiting.get(kind)?.timer);
    this.waiting.delete(kind);
  }

  receive(message) {
    for (const [kind, { id, then }] of this.waiting) {
      if (id !== message.id) continue;
      this.forget(kind);
      then(message.found, message.problem);
    }
  }

  close() {
    this.model.off("msg:custom", this.receive);
    [...this.waiting.keys()].forEach((kind) => this.forget(kind));
  }
}

/** The tree, after the ARIA pattern: one Tab stop, arrows, Home, End, Enter, and typing to find. */
class Tree {
  constructor(rows, line, onOpen, onProblem) {
    this.line = line;
    this.onOpen = onOpen;
    this.onProblem = onProblem;
    this.typed = { text: "", at: 0 };
    this.node = make("ul", { className: "cw-tree", role: "tree", "aria-label": t("explorer.tree") });
    this.fill(this.node, rows, 1);
    this.items()[0].tabIndex = 0;
    this.node.addEventListener("keydown", (event) => this.key(event));
    this.node.addEventListener("click", (event) => this.click(event));
  }

  fill(list, rows, level) {
    list.replaceChildren(...rows.map((row, n) => this.item(row, level, n + 1, rows.length)));
  }

  item(row, level, position, size) {
    const item = make("li", {
      role: "treeitem", tabIndex: -1, "aria-level": level, "aria-posinset": position, "aria-setsize": size,
      "aria-selected": "false", "aria-label": `${row.name} ${row.title}, ${row.tag}`,
    });
    if (!row.leaf) item.setAttribute("aria-expanded", "false");
    item.dataset.code = row.code;
    item.dataset.find = `${row.code} ${row.title}`.toLowerCase();
    item.append(make("div", { className: "cw-node" },
      make("span", { className: "cw-twist", "aria-hidden": "true" }),
      make("span", { className: "cw-code" }, row.name), " ",
      make("span", { className: "cw-name" }, ...english(row.title)),
      row.billable ? make("span", { className: "cw-tag" }, t("explorer.billable")) : ""));
    return item;
  }

  /** Every item that is in sight, top to bottom. */
  items() {
    return [...this.node.querySelectorAll('[role="treeitem"]')].filter((item) => !item.closest("[hidden]"));
  }

  group(item) {
    return item.querySelector(":scope > ul");
  }

  parent(item) {
    return item.parentElement.closest('[role="treeitem"]');
  }

  byCode(code) {
    return this.node.querySelector(`[data-code="${CSS.escape(code)}"]`);
  }

  focus(item) {
    if (!item) return;
    this.stop(item);
    item.focus({ preventScroll: true });
    this.reveal(item);
  }

  /** Make an item the tree's one Tab stop. */
  stop(item) {
    this.node.querySelectorAll('[tabindex="0"]').forEach((other) => { other.tabIndex = -1; });
    item.tabIndex = 0;
  }

  /** Scroll the tree, and only the tree, until an item is in sight. */
  reveal(item) {
    const box = this.node.getBoundingClientRect();
    const row = item.firstElementChild.getBoundingClientRect();
    if (row.top < box.top) this.node.scrollTop -= box.top - row.top + 4;
    else if (row.bottom > box.bottom) this.node.scrollTop += row.bottom - box.bottom + 4;
  }

  expand(item) {
    const group = this.group(item);
    item.setAttribute("aria-expanded", "true");
    if (group) {
      group.hidden = false;
      return;
    }
    item.setAttribute("aria-busy", "true");
    this.line.ask("children", item.dataset.code, (found, problem) => {
      item.removeAttribute("aria-busy");
      if (problem) this.onProblem(problem);
      else if (!this.group(item)) this.grow(item, found.rows);
    });
  }

  grow(item, rows) {
    const list = make("ul", { role: "group" });
    this.fill(list, rows, Number(item.getAttribute("aria-level")) + 1);
    list.hidden = item.getAttribute("aria-expanded") === "false";
    item.append(list);
  }

  collapse(item) {
    const group = this.group(item);
    item.setAttribute("aria-expanded", "false");
    if (!group) return;
    group.hidden = true;
    if (group.querySelector('[tabindex="0"]')) this.stop(item);
  }

  /** Open the levels down to a code and mark it as the one on the card. */
  select(code, levels) {
    for (const { code: above, rows } of levels) {
      if (!above) continue;
      const item = this.byCode(above);
      item.setAttribute("aria-expanded", "true");
      item.removeAttribute("aria-busy");
      if (this.group(item)) this.group(item).hidden = false;
      else this.grow(item, rows);
    }
    this.node.querySelectorAll('[aria-selected="true"]')
      .forEach((other) => other.setAttribute("aria-selected", "false"));
    const item = this.byCode(code);
    item.setAttribute("aria-selected", "true");
    if (!this.node.contains(document.activeElement)) this.stop(item);
    this.reveal(item);
  }

  click(event) {
    const item = event.target.closest('[role="treeitem"]');
    if (!item) return;
    this.focus(item);
    const twist = event.target.closest(".cw-twist");
    const open = item.getAttribute("aria-expanded");
    if (open === "false") this.expand(item);
    else if (open === "true" && twist) this.collapse(item);
    if (!twist) this.onOpen(item.dataset.code);
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const item = event.target.closest('[role="treeitem"]');
    const items = this.items();
    const at = items.indexOf(item);
    const open = item.getAttribute("aria-expanded");
    const finding = event.key === " " && Date.now() - this.typed.at < 700;
    const actions = {
      ArrowDown: () => this.focus(items[at + 1]),
      ArrowUp: () => this.focus(items[at - 1]),
      Home: () => this.focus(items[0]),
      End: () => this.focus(items.at(-1)),
      ArrowRight: () => {
        if (open === "false") this.expand(item);
        else if (open === "true") this.focus(this.group(item)?.firstElementChild);
      },
      ArrowLeft: () => (open === "true" ? this.collapse(item) : this.focus(this.parent(item))),
      Enter: () => this.onOpen(item.dataset.code),
      " ": () => this.onOpen(item.dataset.code),
    };
    if (event.shiftKey && event.key === "Enter") return;
    if (actions[event.key] && !finding) actions[event.key]();
    else if (event.key.length === 1) this.find(event.key, items, at);
    else return;
    event.preventDefault();
  }

  /** Go to the next item whose code or title begins with what was typed. */
  find(character, items, at) {
    const now = Date.now();
    const text = (now - this.typed.at < 700 ? this.typed.text : "") + character.toLowerCase();
    this.typed = { text, at: now };
    const from = text.length > 1 ? at : at + 1; // more letters may still mean this item
    const around = [...items.slice(from), ...items.slice(0, from)];
    this.focus(around.find(({ dataset }) =>
      dataset.find.startsWith(text) || dataset.find.slice(dataset.code.length + 1).startsWith(text)));
  }
}

/** Put text on the clipboard; pages without the newer interface have the older one. */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = make("textarea", { value: text, className: "cw-away" });
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}

/** The card of one code. `go(code)` opens another. */
function drawCard(card, go, back, say) {
  const button = (text, code, more = {}) => {
    const node = make("button", { type: "button", className: "cw-link", ...more }, ...[text].flat());
    node.addEventListener("click", () => go(code));
    return node;
  };
  const entry = (row) => make("li", {}, row.code === card.code
    ? make("span", { className: "cw-here", "aria-current": "true" },
        make("span", { className: "cw-code" }, row.name), " ", ...english(row.title), " ", t("explorer.this-one"))
    : button([make("span", { className: "cw-code" }, row.name), " ", ...english(row.title)], row.code),
    row.billable ? make("span", { className: "cw-tag" }, t("explorer.billable")) : "");
  const list = (title, rows, open) => make("details", { open },
    make("summary", {}, t("explorer.list", { title, count: rows.length })),
    make("ul", { className: "cw-rows" }, ...rows.map(entry)));

  const heading = make("p", { className: "cw-heading", role: "heading", "aria-level": "3", tabIndex: -1 },
    make("span", { className: "cw-code" }, card.name), " ", ...english(card.title));
  const path = make("nav", { "aria-label": t("explorer.path", { name: card.name }) }, make("ol", { className: "cw-path" },
    ...card.path.map((row) => make("li", {}, button(row.name, row.code, { title: row.title })))));
  const node = make("section", { className: "cw-card", "aria-label": t("explorer.card", { name: card.name }) });
  if (back) {
    const undo = make("button", { type: "button", className: "cw-quiet cw-back" }, t("explorer.back", { name: back.name }));
    undo.addEventListener("click", back.go);
    node.append(undo);
  }
  if (card.path.length) node.append(path);
  node.append(heading, make("p", { className: "cw-state", "data-billable": String(card.billable) },
    make("span", { "aria-hidden": "true" }, card.billable ? "\u2713 " : "\u25CB "), card.state));

  if (card.below.length) node.append(list(t("explorer.below"), card.below, true));
  if (card.seventh.length) node.append(seventhTable(card, button));
  node.append(...card.notes.map((group) => drawNotes(group, button)));
  if (card.neighbours.length > 1) node.append(list(t("explorer.neighbours"), card.neighbours, false));
  node.append(drawSnippet(card, say), make("p", { className: "cw-edition" }, card.edition));
  return { node, heading };
}

function seventhTable(card, button) {
  const head = [t("explorer.seventh"), t("explorer.meaning"), t("explorer.code")].map((text) => make("th", { scope: "col" }, text));
  const linked = card.seventh.some((s) => s.code);
  const rows = card.seventh.map(({ char, meaning, code }) => {
    const here = code === card.code;
    const cell = code && !here ? button(code, code) : here ? `${code} ${t("explorer.this-one")}` : "";
    return make("tr", here ? { "aria-current": "true" } : {}, make("th", { scope: "row" }, char),
      make("td", {}, ...english(meaning)), linked ? make("td", {}, cell) : "");
  });
  return make("table", {}, make("caption", {}, t("explorer.sevenths")),
    make("thead", {}, make("tr", {}, ...(linked ? head : head.slice(0, 2)))), make("tbody", {}, ...rows));
}

/** The words of a note. A code keeps its brackets and its comma: a button alone would let them part. */
function linked(spans, button) {
  const parts = [];
  let opened = "";
  for (const [kind, text, code] of spans) {
    if (kind === "ref") {
      parts.push(make("span", { className: "cw-whole" }, opened, button(text, code)));
      opened = "";
    } else {
      const [, closing, words, opening] = /^([),;.]*)(.*?)(\(?)$/s.exec(text);
      const before = parts[parts.length - 1];
      if (before instanceof Element) before.append(closing);
      else parts.push(opened, closing);
      parts.push(words);
      opened = opening;
    }
  }
  return [...parts, opened];
}

function drawNotes(group, button) {
  const places = group.places.map((place) => make("div", { className: "cw-place" },
    make("p", { className: "cw-origin" }, t("explorer.at"), " ",
      place.own ? t("explorer.this-entry", { name: place.name }) : button(place.name, place.code, { title: place.title }),
      ...(place.own ? [] : [" ", ...english(place.title)])),
    make("ul", {}, ...place.items.map((item) =>
      make("li", { className: item.indent ? "cw-indent" : "" }, ...english(...linked(item.spans, button)))))));
  return make("div", { className: "cw-notes" },
    make("p", { className: "cw-kind", role: "heading", "aria-level": "4" }, ...english(group.heading)), ...places);
}

function drawSnippet(card, say) {
  const text = make("pre", { tabIndex: 0, role: "group", "aria-label": t("explorer.pandas") },
    make("code", {}, card.snippet));
  const button = make("button", { type: "button", className: "cw-quiet" }, t("explorer.copy"));
  button.addEventListener("click", async () => {
    say((await copy(card.snippet)) ? t("explorer.copied", { name: card.name })
      : t("explorer.not-copied"));
  });
  return make("div", { className: "cw-pandas" }, text, button);
}

function render({ model, el }) {
  const { edition, count, chapters, opened, found } = model.get("start");
  const id = fresh("explorer");
  const status = make("p", { className: "cw-status", role: "status" });
  const say = (text) => { status.textContent = text; };
  const line = new Line(model, id, () =>
    say(t("explorer.silence")));
  const field = make("input", { id, type: "search", autocomplete: "off", spellcheck: false,
    placeholder: t("explorer.example") });
  const results = make("ol", { className: "cw-results", "aria-label": t("explorer.results") });
  const more = make("button", { type: "button", className: "cw-quiet", hidden: true }, t("explorer.more"));
  const holder = make("div", { className: "cw-side" });
  const past = []; // the codes that were open before this one
  let current = null;
  let timer = 0;

  function open(code, { focus = false, returning = false } = {}) {
    line.ask("open", code, (answer, problem) => {
      if (problem) return say(problem);
      if (current && !returning && current.code !== answer.card.code) past.push(current);
      showCard(answer);
      say(t("explorer.opened", { name: answer.card.name, state: answer.card.state }));
      if (focus) holder.querySelector(".cw-heading").focus();
    });
  }

  function showCard({ card, levels }) {
    const last = past.at(-1);
    const back = last && { name: last.name,
      go: () => { past.pop(); open(last.code, { focus: true, returning: true }); } };
    current = card;
    tree.select(card.code, levels);
    holder.replaceChildren(drawCard(card, (code) => open(code, { focus: true }), back, say).node);
    root.dataset.open = card.code;
  }

  function showResults({ rows, summary, start, more: further }) {
    const items = rows.map((row) => {
      const button = make("button", { type: "button", className: "cw-result" },
        make("span", { className: "cw-code" }, row.name), " ",
        make("span", { className: "cw-name" }, ...english(row.title)), " ",
        make("span", { className: "cw-tag", "data-billable": String(row.billable) }, row.tag), " ",
        make("span", { className: "cw-why" }, ...english(row.why)));
      button.addEventListener("click", () => open(row.code, { focus: true }));
      return make("li", {}, button);
    });
    if (start) results.append(...items);
    else results.replaceChildren(...items);
    if (start) items[0]?.querySelector("button").focus();
    else results.scrollTop = 0;
    results.hidden = !results.children.length;
    more.hidden = !further;
    say(summary);
  }

  function search(start = 0) {
    const query = field.value.trim();
    if (query) {
      line.ask("search", query,
        (answer, problem) => (problem ? say(problem) : showResults(answer)), start);
    } else {
      line.forget("search");
      showResults({ rows: [], summary: "", start: 0, more: false });
    }
  }

  const tree = new Tree(chapters, line, (code) => open(code), say);
  const root = make("div", { className: "cw-explorer", role: "group", "aria-label": t("explorer.title") },
    make("p", { className: "cw-title" }, t("explorer.title")),
    make("p", { className: "cw-edition" }, t("explorer.edition", { edition, count: count.toLocaleString("en") })),
    make("div", { className: "cw-search" }, make("label", { htmlFor: id }, t("explorer.search")), field),
    status,
    make("div", { className: "cw-panes" },
      make("div", { className: "cw-main" }, results, more, tree.node,
        make("p", { className: "cw-help" }, t("explorer.keys"))),
      holder));
  results.hidden = true;
  holder.append(make("p", { className: "cw-empty" },
    t("explorer.empty")));

  field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(search, 150); });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey) {
      clearTimeout(timer);
      search();
    } else if (event.key === "ArrowDown" && results.children.length) {
      event.preventDefault();
      results.querySelector("button").focus();
    }
  });
  results.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const buttons = [...results.querySelectorAll("button")];
    event.preventDefault();
    (buttons[buttons.indexOf(event.target) + step] || (step < 0 ? field : event.target)).focus();
  });
  more.addEventListener("click", () => search(results.children.length));
  place(root, el);
  if (found) {
    field.value = found.query;
    showResults(found);
  }
  if (opened) showCard(opened);
  // Nothing has a size before it is in the page; only then can the tree scroll to the open code.
  const placed = new ResizeObserver(() => {
    const chosen = tree.node.querySelector('[aria-selected="true"]');
    if (tree.node.clientHeight) placed.disconnect();
    if (chosen) tree.reveal(chosen);
  });
  placed.observe(tree.node);
  return () => {
    placed.disconnect();
    clearTimeout(timer);
    line.close();
  };
}

export default { render };
