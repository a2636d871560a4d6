// The drill widget: one quiz card at a time. This file is joined to quiz.js, whose `make`,
// `keepKeys` and `Card` it uses.

function renderDrill({ model, el }) {
  const score = make("p", { className: "cw-total", role: "status" });
  const notice = make("p", { className: "cw-notice", role: "status" });
  const holder = make("div");
  const next = make("button", { type: "button", className: "cw-check" }, t("drill.next"));
  const { title } = model.get("drill");
  let card = null;

  function show(focus) {
    const { number, question } = model.get("item");
    card = new Card(question, t("drill.item", { title, n: number }), (id, chosen) => {
      model.set("answers", { ...model.get("answers"), [id]: chosen });
      model.save_changes();
    });
    holder.replaceChildren(card.node);
    restore();
    if (focus) card.rows[0].input.focus();
  }
  function restore() {
    const kept = model.get("answers")[model.get("item").question.id];
    if (kept && kept.length) card.restore(kept);
  }
  function tell() {
    score.textContent = model.get("score");
    notice.textContent = model.get("notice");
  }
  const changed = () => show(root.contains(document.activeElement));

  next.addEventListener("click", () => {
    model.set("wanted", model.get("item").number + 1);
    model.save_changes();
  });
  const root = make("div", { className: "cw-quiz", role: "group", "aria-label": t("drill.group", { title }) },
    notice, holder, make("div", { className: "cw-actions" }, next), score);
  place(root, el);

  const events = [["change:item", changed], ["change:answers", restore], ["change:score change:notice", tell]];
  for (const [name, action] of events) model.on(name, action);
  show(false);
  tell();
  return () => {
    for (const [name, action] of events) model.off(name, action);
  };
}

export default { render: renderDrill };
