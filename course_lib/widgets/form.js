// A form and its result. The questions come as data; the kernel answers with a sentence for the
// status line and with HTML that it made and escaped itself.

function input(field, id) {
  const { kind, least, most } = field;
  if (kind === "select") {
    return make("select", { id }, ...field.options.map(([value, text]) => make("option", { value }, text)));
  }
  const node = make("input", { id, type: kind, autocomplete: "off" });
  if (kind === "number") {
    node.step = "any";
    if (least !== null) node.min = String(least);
    if (most !== null) node.max = String(most);
  }
  return node;
}

function row(field, id) {
  const control = input(field, id);
  const parts = [make("label", { htmlFor: id }, ...(field.content ? english(field.label) : [field.label])), control];
  if (field.kind === "checkbox") parts.reverse();
  if (field.help) {
    // Above the control, so that the controls of a row stand on one line.
    parts.splice(1, 0, make("span", { id: `${id}-help`, className: "cw-help" }, ...(field.content ? english(field.help) : [field.help])));
    control.setAttribute("aria-describedby", `${id}-help`);
  }
  return { control, node: make("div", { className: `cw-field cw-${field.kind}` }, ...parts) };
}

function render({ model, el }) {
  const form = model.get("form");
  const prefix = fresh("form");
  const controls = new Map();
  let timer = 0;

  const groups = form.groups.map((group) => {
    const rows = group.fields.map((field) => {
      const made = row(field, `${prefix}-${field.id}`);
      controls.set(field.id, made.control);
      return made.node;
    });
    const set = make("fieldset", {}, make("legend", {}, group.legend),
      make("div", { className: "cw-fields" }, ...rows));
    return group.folded ? make("details", {}, make("summary", {}, group.legend), set) : set;
  });
  const status = make("p", { className: "cw-status", role: "status" });
  const result = make("div", { className: "cw-answer", lang: "en" });
  const button = form.live ? "" : make("button", { type: "submit" }, form.button);
  const node = make("form", { className: "cw-card", noValidate: true }, ...groups, button);
  const root = make("div", { className: "cw-form", role: "group", "aria-label": form.title },
    make("p", { className: "cw-title" }, form.title), make("p", { className: "cw-intro" }, form.intro),
    node, status, result);

  function read() {
    return Object.fromEntries([...controls].map(([id, control]) =>
      [id, control.type === "checkbox" ? control.checked : control.value]));
  }
  function ask() {
    model.set("values", read());
    model.set("asked", model.get("asked") + 1);
    model.save_changes();
    if (!form.live) status.textContent = t("form.working");
    clearTimeout(timer);
    timer = setTimeout(() => { status.textContent = t("form.silence"); }, 15000);
  }
  function fill() {
    for (const [id, value] of Object.entries(model.get("values"))) {
      const control = controls.get(id);
      if (control && control.type === "checkbox") control.checked = value;
      else if (control) control.value = value;
    }
  }
  function show() {
    clearTimeout(timer);
    const problem = model.get("problem");
    status.replaceChildren(...english(problem || model.get("summary")));
    status.dataset.problem = String(Boolean(problem));
    result.hidden = Boolean(problem);
    result.innerHTML = model.get("html");
  }
  const changes = ["answered", "problem", "summary", "html"].map((name) => `change:${name}`).join(" ");

  node.addEventListener("submit", (event) => { event.preventDefault(); ask(); });
  if (form.live) node.addEventListener("change", ask);
  place(root, el);
  model.on(changes, show);
  model.on("change:values", fill);
  fill();
  show();
  return () => {
    clearTimeout(timer);
    model.off(changes, show);
    model.off("change:values", fill);
  };
}

export default { render };
