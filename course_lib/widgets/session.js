// A sitting of a quiz, put behind quiz.js, whose helpers it uses. The kernel grades: the page
// holds no key. Each kind of question is a small field with `node`, `value` and `set`.

function named(text, control, ...after) {
  control.id = fresh("field");
  return make("p", { className: "cw-field" }, make("label", { htmlFor: control.id }, text), " ", control, ...after);
}

function choiceField(question) {
  const name = fresh("choice");
  const type = question.kind === "single" ? "radio" : "checkbox";
  const inputs = question.options.map((_, n) => make("input", { type, name, value: String(n) }));
  const rows = question.options.map((text, n) =>
    make("div", { className: "cw-option" }, make("label", {}, inputs[n],
      make("span", { className: "cw-letter" }, LETTERS[n]), " ", make("span", { className: "cw-text" }, ...rich(text)))));
  return {
    node: make("div", {}, ...rows),
    value: () => inputs.flatMap((input, n) => (input.checked ? [n] : [])),
    set: (given) => inputs.forEach((input, n) => { input.checked = given.includes(n); }),
  };
}

function numberField(question) {
  const input = make("input", { type: "text", inputMode: "decimal", autocomplete: "off" });
  return {
    node: named(t("session.your-number"), input, ...(question.unit ? [" ", ...english(question.unit)] : [])),
    value: () => input.value.trim(),
    set: (given) => { input.value = String(given); },
  };
}

function codeField(question, advise) {
  const input = make("input", { type: "text", autocomplete: "off", spellcheck: false, maxLength: 10 });
  const advice = make("p", { className: "cw-advice", role: "status", id: fresh("advice") });
  input.setAttribute("aria-describedby", advice.id);
  let wait;
  input.addEventListener("input", () => {
    advice.textContent = "";
    clearTimeout(wait);
    wait = setTimeout(() => advise(input.value), 150);
  });
  return {
    node: make("div", {}, named(t("session.your-code"), input), advice),
    value: () => input.value.trim(),
    set: (given) => { input.value = given; },
    advised: (text) => { advice.textContent = text; },
  };
}

function matchingField(question) {
  const selects = question.rows.map(() =>
    make("select", {}, make("option", { value: "" }, t("session.choose")),
      ...question.choices.map((text, n) => make("option", { value: String(n) }, `${LETTERS[n]} ${text}`))));
  return {
    node: make("div", { className: "cw-pairs" }, ...question.rows.map((text, n) => {
      selects[n].id = fresh("row");
      return make("p", { className: "cw-field" }, make("label", { htmlFor: selects[n].id }, ...rich(text)), " ", selects[n]);
    })),
    value: () => (selects.some((s) => s.value === "") ? [] : selects.map((s) => Number(s.value))),
    set: (given) => given.forEach((n, row) => { selects[row].value = String(n); }),
    ask: t("session.every-row"),
  };
}

function orderingField(question) {
  let order = question.items.map((_, n) => n);
  const list = make("ol", { className: "cw-order" });
  const said = make("p", { className: "cw-moved", role: "status" });
  const plain = (n) => question.items[n].map(([, text]) => text).join("");
  const rows = question.items.map((text, n) => {
    const button = (words, label, by) => {
      const node = make("button", { type: "button", className: "cw-quiet", "aria-label": label }, words);
      node.addEventListener("click", () => move(n, by, node));
      return node;
    };
    const item = plain(n);
    const up = button(t("session.up"), t("session.up-item", { item }), -1);
    const down = button(t("session.down"), t("session.down-item", { item }), 1);
    return { node: make("li", {}, make("span", { className: "cw-text" }, ...rich(text)), " ", up, " ", down), up, down };
  });
  // A button that cannot go further stays in the Tab order, so the focus is never lost.
  function draw() {
    list.replaceChildren(...order.map((n) => rows[n].node));
    order.forEach((n, at) => {
      rows[n].up.setAttribute("aria-disabled", String(at === 0));
      rows[n].down.setAttribute("aria-disabled", String(at === order.length - 1));
    });
  }
  function move(n, by, button) {
    const from = order.indexOf(n), to = from + by;
    if (to < 0 || to >= order.length) return;
    [order[from], order[to]] = [order[to], order[from]];
    draw();
    button.focus();
    said.textContent = t("session.moved", { item: plain(n), n: to + 1, count: order.length });
    list.dispatchEvent(new Event("change", { bubbles: true }));
  }
  draw();
  return { node: make("div", {}, list, said), value: () => order, set: (given) => { order = [...given]; draw(); } };
}

function scenarioField(question, advise) {
  const parts = question.parts.map((part) => ({ id: part.id, field: fieldFor(part, (text) => advise(text, part.id)), part }));
  return {
    node: make("div", {}, ...parts.map(({ field, part }, n) =>
      make("fieldset", { className: "cw-part" },
        make("legend", {}, t("quiz.part", { n: n + 1 }), " ", ...rich(part.stem), " ", part.how), field.node))),
    value: () => Object.fromEntries(parts.map(({ id, field }) => [id, field.value()]).filter(([, v]) => v.length)),
    set: (given) => parts.forEach(({ id, field }) => { if (id in given) field.set(given[id]); }),
    advised: (text, id) => parts.find((p) => p.id === id)?.field.advised(text),
  };
}

function fieldFor(question, advise) {
  const fields = { numeric: numberField, code: codeField, matching: matchingField, ordering: orderingField, scenario: scenarioField };
  return (fields[question.kind] || choiceField)(question, advise);
}

/** One question of a sitting. `send` tells the kernel what the learner did. */
class SessionCard {
  constructor(question, kicker, exam, hintCost, send) {
    this.question = question;
    this.exam = exam;
    this.field = fieldFor(question, (text, part) => send({ do: "advise", id: question.id, part: part || "", text }));
    this.feedback = make("div", { className: "cw-feedback", role: "status" });
    this.more = make("div", { className: "cw-more" });
    this.hintText = make("p", { className: "cw-hint", hidden: true });
    this.check = make("button", { type: "submit", className: "cw-check" }, exam ? t("session.save") : t("quiz.check"));
    this.hint = make("button", { type: "button", className: "cw-quiet", hidden: !question.hasHint },
      t("session.hint", { percent: Math.round(hintCost * 100) }));
    this.hint.addEventListener("click", () => send({ do: "hint", id: question.id }));
    this.node = make("form", { className: "cw-card", noValidate: true, autocomplete: "off" },
      make("fieldset", {},
        make("legend", {}, make("span", { className: "cw-kicker" }, kicker), " ",
          make("span", { className: "cw-stem" }, ...rich(question.stem), question.how ? ` ${question.how}` : "")),
        this.field.node),
      make("div", { className: "cw-actions" }, this.check, this.hint), this.hintText, this.feedback, this.more);
    this.node.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.check.disabled) return;
      const answer = this.field.value();
      if (!answer.length && !Object.keys(answer).length) this.say("", this.field.ask || t("session.answer-first"), []);
      else {
        this.seen = ""; // the same answer again is told again
        this.edited = false;
        this.ticket += 1;
        send({ do: "answer", id: question.id, answer, ticket: this.ticket });
      }
    });
    this.ticket = 0; // counts the answers sent from here, so that a late reply is known
    this.edited = false;
    for (const kind of ["change", "input"]) {
      this.node.addEventListener(kind, () => { this.edited = true; this.clear(); });
    }
  }

  clear() {
    delete this.node.dataset.verdict;
    this.feedback.replaceChildren();
    this.more.replaceChildren();
  }

  say(verdict, message, reasons) {
    const sign = MARKS[verdict] ? make("span", { className: "cw-sign", "aria-hidden": "true" }, MARKS[verdict]) : "";
    const lines = reasons.map((r) => make("li", {}, make("span", { className: "cw-letter" }, r.label), " ",
      make("strong", {}, r.right ? t("quiz.right-why") : t("quiz.wrong-why")), " ", ...rich(r.why)));
    this.feedback.replaceChildren(make("p", { className: "cw-verdict" }, sign, message), lines.length ? make("ul", {}, ...lines) : "");
  }

  /** Bring the card to the kernel's state; only what changed is written, so nothing is said twice. */
  refresh(state) {
    const { id } = this.question;
    const now = JSON.stringify([state.answers[id], state.marks[id], state.told[id]]);
    // A reply to an older answer must not overwrite what the learner has typed since.
    const late = !state.done && this.ticket > 0 && (this.edited || state.tickets[id] !== this.ticket);
    if (now !== this.seen && !late) {
      if (id in state.answers && !state.told[id]) this.field.set(state.answers[id]);
      this.clear();
      const mark = state.marks[id];
      if (state.told[id]) this.say("", state.told[id], []);
      else if (mark) {
        this.node.dataset.verdict = mark.verdict;
        this.say(mark.verdict, mark.message, mark.reasons);
        this.more.replaceChildren(mark.explanation.length ? make("p", {}, ...rich(mark.explanation)) : "", source(mark));
      } else if (id in state.answers) this.say("", t("session.saved"), []);
    }
    if (!late) this.seen = now;
    this.check.disabled = state.closed.includes(id);
    if (id in state.hints) {
      this.hintText.replaceChildren(...rich(state.hints[id]));
      this.hintText.hidden = false;
      this.hint.hidden = true;
    }
    if (state.done) this.hint.hidden = true;
  }
}

function clockText(seconds) {
  const left = Math.max(0, Math.round(seconds));
  return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
}

/** The timer: it can be paused and hidden, and it never takes the page away. */
function timer(minutes, used, over) {
  const face = make("span", { className: "cw-clock", role: "timer" });
  const pause = make("button", { type: "button", className: "cw-quiet" }, t("session.pause"));
  const hide = make("button", { type: "button", className: "cw-quiet" }, t("session.timer-off"));
  const status = make("p", { className: "cw-time-up", role: "status" });
  let seconds = used, running = true, told = false;
  const draw = () => { face.textContent = t("session.time-left", { clock: clockText(minutes * 60 - seconds) }); };
  const tick = setInterval(() => {
    if (!running) return;
    seconds += 1;
    draw();
    if (seconds >= minutes * 60 && !told) {
      told = true;
      status.textContent = t("session.time-up");
      over();
    }
  }, 1000);
  pause.addEventListener("click", () => {
    running = !running;
    pause.textContent = running ? t("session.pause") : t("session.go-on");
  });
  hide.addEventListener("click", () => {
    running = false;
    face.hidden = pause.hidden = hide.hidden = true;
    status.textContent = t("session.timer-is-off");
  });
  draw();
  return { node: make("div", { className: "cw-timer" }, face, " ", pause, " ", hide, status), used: () => seconds, stop: () => clearInterval(tick) };
}

function reportNode(report) {
  const head = make("tr", {}, ...[t("quiz.objective"), t("quiz.points"), t("session.reread")].map((text) => make("th", { scope: "col" }, text)));
  const rows = report.rows.map((row) => make("tr", {}, make("th", { scope: "row" }, ...english(row.objective)),
    make("td", {}, t("quiz.points-of", { points: number(row.points), out_of: row.outOf })), make("td", {}, ...(row.reread.length ? english(row.reread.join("; ")) : [t("session.nothing")]))));
  return make("table", {}, make("caption", {}, t("quiz.by-objective")), make("thead", {}, head), make("tbody", {}, ...rows));
}

function passWords(points, outOf, percent) {
  const mark = { percent: number(percent) };
  return 100 * points >= percent * outOf ? t("session.reached", mark) : t("session.not-reached", mark);
}

function renderSession({ model, el }) {
  const { title, exam, minutes, hintCost, questions, about, passPercent } = model.get("view");
  const single = questions.length === 1 && !exam; // a check in a lesson: nothing to count, nothing to finish
  const notice = make("p", { className: "cw-notice", role: "status" });
  const count = make("span");
  const bar = make("progress", { max: questions.length });
  const total = make("p", { className: "cw-total", role: "status" });
  const table = make("div");
  const clock = minutes ? timer(minutes, model.get("state").seconds, () => send({ do: "time" })) : null;
  const send = (message) => model.send({ ...message, seconds: clock ? clock.used() : 0 });
  const cards = questions.map((question, n) =>
    new SessionCard(question, single ? t("quiz.yourself") : t("quiz.number", { n: n + 1, count: questions.length }),
      exam, hintCost, send));
  const finish = make("button", { type: "button", className: "cw-check" }, exam ? t("session.finish-exam") : t("session.finish"));
  finish.addEventListener("click", () => send({ do: "finish" }));

  function refresh() {
    const state = model.get("state");
    cards.forEach((card) => card.refresh(state));
    const done = Object.keys(state.answers).length;
    count.textContent = t("quiz.count", { done, n: questions.length });
    bar.value = done;
    finish.hidden = single || state.done;
    if (!state.done) return;
    if (clock) { clock.stop(); clock.node.hidden = true; }
    const { points, outOf, answered, seconds } = state.report;
    const score = { points: number(points), out_of: outOf, answered };
    total.textContent = (seconds ? t("session.total", { ...score, clock: clockText(seconds) }) : t("quiz.total", score))
      + (passPercent === null ? "" : ` ${passWords(points, outOf, passPercent)}`);
    table.replaceChildren(reportNode(state.report));
  }
  function tell() {
    notice.textContent = model.get("notice");
  }
  function advised(message) {
    cards.find((card) => card.question.id === message.id)?.field.advised?.(message.text, message.part);
  }

  const root = make("div", { className: "cw-quiz cw-session", role: "group", "aria-label": exam ? t("session.exam", { title }) : t("quiz.group", { title }) },
    single ? "" : make("div", { className: "cw-head" }, make("p", { className: "cw-title" }, ...english(title)),
      make("label", { className: "cw-progress" }, count, bar)),
    ...about.map((text) => make("p", { className: "cw-about" }, ...english(text))),
    notice, clock ? clock.node : "", ...cards.map((card) => card.node), finish,
    make("div", { className: "cw-result" }, total, table));
  place(root, el);
  model.on("change:state", refresh);
  model.on("change:notice", tell);
  model.on("msg:custom", advised);
  refresh();
  tell();
  return () => {
    if (clock) clock.stop();
    model.off("change:state", refresh);
    model.off("change:notice", tell);
    model.off("msg:custom", advised);
  };
}

export default { render: renderSession };
