// The quiz widget. Grading here mirrors course_lib/quiz/engine.py, which is the authority:
// the kernel grades each answer again, and a test compares the two on random answers.

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** Grade one answer: a list of option numbers, sorted. */
export function grade(question, chosen) {
  const right = question.options.filter((o) => o.correct).length;
  const wrong = question.options.length - right;
  const hits = chosen.filter((n) => question.options[n].correct).length;
  const misses = chosen.length - hits;
  if (!chosen.length) return { points: 0, verdict: "unanswered", message: t("quiz.not-answered") };
  const points =
    question.kind === "single" ? hits : Math.max(0, hits / right - (wrong ? misses / wrong : 0));
  const verdict = points === 1 ? "right" : points > 0 ? "partly" : "wrong";
  if (verdict === "right") return { points, verdict, message: t("quiz.is-right") };
  if (question.kind === "single") return { points, verdict, message: t("quiz.is-wrong") };
  const why = t("quiz.options", { hits, right, n: misses });
  return { points, verdict, message: verdict === "partly" ? t("quiz.partly-because", { why }) : t("quiz.wrong-because", { why }) };
}

/** Sum points by objective, in the order of the questions. */
export function byObjective(questions, answers) {
  const groups = new Map();
  for (const q of questions) {
    const group = groups.get(q.objective) || { objective: q.objective, points: 0, outOf: 0 };
    group.points += grade(q, answers[q.id] || []).points;
    group.outOf += 1;
    groups.set(q.objective, group);
  }
  return [...groups.values()];
}

/** Turn the kernel's [kind, text] pairs into nodes. */
function rich(spans) {
  return spans.length ? english(...spans.map(([kind, text]) => (kind === "text" ? text : make(kind, {}, text)))) : [];
}

function number(points) {
  return String(Number(points.toFixed(2)));
}

const MARKS = { right: "\u2713", partly: "\u25D0", wrong: "\u2717", unanswered: "" };

/** One line of the feedback: which option, right or not, and why. */
function reason(question, n) {
  const option = question.options[n];
  return make(
    "li", {},
    make("span", { className: "cw-letter" }, LETTERS[n]), " ",
    make("strong", {}, option.correct ? t("quiz.right-why") : t("quiz.wrong-why")), " ",
    ...rich(option.why),
  );
}

function source(question) {
  const { text, url } = question.source;
  const name = url ? make("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, ...english(text)) : make("span", {}, ...english(text));
  return make("p", { className: "cw-source" }, t("quiz.source"), " ", name);
}

/** One question. `onCheck(id, chosen)` is called with every checked answer. */
class Card {
  constructor(question, kicker, onCheck) {
    this.question = question;
    this.onCheck = onCheck;
    this.rows = question.options.map((option, n) => this.row(option, n));
    this.feedback = make("div", { className: "cw-feedback", role: "status" });
    this.more = make("div", { className: "cw-more" });
    this.hintText = make("p", { className: "cw-hint", hidden: true }, ...rich(question.hint));
    this.check = make("button", { type: "submit", className: "cw-check" }, t("quiz.check"));
    this.hint = this.button(t("quiz.hint"), () => this.toggleHint());
    this.again = this.button(t("quiz.again"), () => this.reset());
    this.reveal = this.button(t("quiz.show"), () => this.showAnswer());
    this.hint.hidden = !question.hint.length;
    this.hint.setAttribute("aria-expanded", "false");
    const how = question.kind === "multiple" ? make("span", { className: "cw-how" }, " ", t("quiz.how.multiple")) : "";
    this.node = make(
      "form", { className: "cw-card", noValidate: true },
      make(
        "fieldset", {},
        make("legend", {},
          make("span", { className: "cw-kicker" }, kicker), " ",
          make("span", { className: "cw-stem" }, ...rich(question.stem), how)),
        ...this.rows.map((row) => row.node),
      ),
      make("div", { className: "cw-actions" }, this.check, this.hint, this.again, this.reveal),
      this.hintText, this.feedback, this.more,
    );
    this.node.addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
    this.node.addEventListener("change", () => this.clear());
    this.clear();
  }

  row(option, n) {
    const input = make("input", {
      type: this.question.kind === "single" ? "radio" : "checkbox", name: "answer", value: String(n),
    });
    const mark = make("span", { className: "cw-mark" });
    const label = make("label", {}, input, make("span", { className: "cw-letter" }, LETTERS[n]), " ",
      make("span", { className: "cw-text" }, ...rich(option.text)));
    return { node: make("div", { className: "cw-option" }, label, mark), input, mark };
  }

  button(text, action) {
    const node = make("button", { type: "button", className: "cw-quiet" }, text);
    node.addEventListener("click", action);
    return node;
  }

  get chosen() {
    return this.rows.flatMap((row, n) => (row.input.checked ? [n] : []));
  }

  submit() {
    const chosen = this.chosen;
    if (!chosen.length) {
      this.clear();
      this.feedback.replaceChildren(make("p", { className: "cw-verdict" }, t("quiz.choose-first")));
      return;
    }
    this.show(chosen);
    this.onCheck(this.question.id, chosen);
  }

  /** Show the kept answer, unless it is the one that was checked here last. */
  restore(kept) {
    if (String(kept) !== this.checked) this.show(kept);
  }

  show(chosen) {
    this.checked = String(chosen);
    const { verdict, message } = grade(this.question, chosen);
    this.clear();
    this.rows.forEach((row, n) => { row.input.checked = chosen.includes(n); });
    this.node.dataset.verdict = verdict;
    this.say(verdict, message, chosen);
    this.mark(verdict === "right" ? this.everyOption() : chosen);
    if (verdict === "right") this.addMore(this.everyOption().filter((n) => !chosen.includes(n)));
    this.again.hidden = false;
    this.reveal.hidden = verdict === "right";
  }

  showAnswer() {
    const key = this.everyOption().filter((n) => this.question.options[n].correct);
    const names = key.map((n) => LETTERS[n]).join(", ");
    this.node.dataset.verdict = "shown";
    this.say("unanswered", t("quiz.answer-is", { names, n: key.length }), key);
    this.mark(this.everyOption());
    this.addMore(this.everyOption().filter((n) => !key.includes(n)));
    this.reveal.hidden = true;
    this.again.focus();
  }

  everyOption() {
    return this.rows.map((_, n) => n);
  }

  say(verdict, message, reasons) {
    const mark = make("span", { className: "cw-sign", "aria-hidden": "true" }, MARKS[verdict]);
    this.feedback.replaceChildren(
      make("p", { className: "cw-verdict" }, MARKS[verdict] ? mark : "", message),
      make("ul", {}, ...reasons.map((n) => reason(this.question, n))),
    );
  }

  mark(options) {
    for (const n of options) {
      const { correct } = this.question.options[n];
      const { node, mark, input } = this.rows[n];
      if (!correct && !input.checked) continue;
      node.dataset.mark = correct ? "right" : "wrong";
      mark.replaceChildren(
        make("span", { "aria-hidden": "true" }, MARKS[node.dataset.mark]), " ", correct ? t("quiz.right") : t("quiz.wrong"));
    }
  }

  addMore(others) {
    const rest = make("details", {}, make("summary", {}, t("quiz.others")),
      make("ul", {}, ...others.map((n) => reason(this.question, n))));
    this.more.replaceChildren(
      this.question.explanation.length ? make("p", {}, ...rich(this.question.explanation)) : "",
      others.length ? rest : "", source(this.question));
  }

  /** Take the feedback away; the choice stays. */
  clear() {
    delete this.node.dataset.verdict;
    this.feedback.replaceChildren();
    this.more.replaceChildren();
    this.again.hidden = this.reveal.hidden = true;
    for (const { node, mark } of this.rows) {
      delete node.dataset.mark;
      mark.replaceChildren();
    }
  }

  reset() {
    this.node.reset();
    this.clear();
    this.rows[0].input.focus();
  }

  toggleHint() {
    this.hintText.hidden = !this.hintText.hidden;
    this.hint.setAttribute("aria-expanded", String(!this.hintText.hidden));
  }
}

/** The closing table: points by objective. */
function resultTable(questions, answers) {
  const head = make("tr", {}, make("th", { scope: "col" }, t("quiz.objective")), make("th", { scope: "col" }, t("quiz.points")));
  const rows = byObjective(questions, answers).map((group) =>
    make("tr", {}, make("th", { scope: "row" }, ...english(group.objective)),
      make("td", {}, t("quiz.points-of", { points: number(group.points), out_of: group.outOf }))));
  return make("table", {}, make("caption", {}, t("quiz.by-objective")),
    make("thead", {}, head), make("tbody", {}, ...rows));
}

function render({ model, el }) {
  const { title, whole, questions } = model.get("quiz");
  const notice = make("p", { className: "cw-notice", role: "status" });
  const count = make("span");
  const bar = make("progress", { max: questions.length });
  const total = make("p", { className: "cw-total", role: "status" });
  const table = make("div");

  const cards = questions.map((question, n) =>
    new Card(question, whole ? t("quiz.number", { n: n + 1, count: questions.length }) : t("quiz.yourself"), (id, chosen) => {
      model.set("answers", { ...model.get("answers"), [id]: chosen });
      model.save_changes();
    }));

  // Brings the page to the model's state: kept answers, and answers given in another view of this quiz.
  function refresh() {
    const answers = model.get("answers");
    for (const card of cards) {
      const kept = answers[card.question.id];
      if (kept && kept.length) card.restore(kept);
    }
    const done = questions.filter((q) => (answers[q.id] || []).length).length;
    count.textContent = t("quiz.count", { done, n: questions.length });
    bar.value = done;
    if (whole && done === questions.length) {
      const points = questions.reduce((sum, q) => sum + grade(q, answers[q.id]).points, 0);
      total.textContent = t("quiz.all", { points: number(points), n: questions.length });
      table.replaceChildren(resultTable(questions, answers));
    }
  }
  function tell() {
    notice.textContent = model.get("notice");
  }

  const root = make("div", { className: "cw-quiz", role: "group", "aria-label": t("quiz.group", { title }) });
  if (whole) {
    root.append(make("div", { className: "cw-head" }, make("p", { className: "cw-title" }, ...english(title)),
      make("label", { className: "cw-progress" }, count, bar)));
  }
  root.append(notice, ...cards.map((card) => card.node));
  if (whole) root.append(make("div", { className: "cw-result" }, total, table));
  place(root, el);

  model.on("change:answers", refresh);
  model.on("change:notice", tell);
  refresh();
  tell();
  return () => {
    model.off("change:answers", refresh);
    model.off("change:notice", tell);
  };
}

export default { render };
