// Brings the quizzes of a page to life without a kernel: a model that the browser keeps.
import widget, { t } from "./quiz-widget.js";

/** The answers of one quiz on this device; a browser that keeps nothing still lets you answer. */
function kept(id) {
  const key = `crosswalk-quiz:${id}`;
  return {
    read() {
      try {
        const answers = JSON.parse(localStorage.getItem(key) || "{}");
        return answers && typeof answers === "object" && !Array.isArray(answers) ? answers : {};
      } catch {
        return {};
      }
    },
    write(answers) {
      try {
        localStorage.setItem(key, JSON.stringify(answers));
        return "";
      } catch {
        return t("quiz.not-kept");
      }
    },
  };
}

/** Only answers that still fit their question: a new release may have changed it. */
function fitting(answers, questions) {
  const fits = (q, a) => Array.isArray(a) && a.length && a.every((n) => Number.isInteger(n) && n in q.options);
  return Object.fromEntries(questions.filter((q) => fits(q, answers[q.id])).map((q) => [q.id, answers[q.id]]));
}

function model(id, quiz) {
  const store = kept(id);
  const state = { quiz, answers: fitting(store.read(), quiz.questions), notice: "" };
  const listeners = {};
  const tell = (name) => (listeners[`change:${name}`] || []).forEach((f) => f());
  return {
    get: (name) => state[name],
    set(name, value) { state[name] = value; },
    save_changes() {
      // A page may show one quiz in several places: each writes over the newest.
      state.notice = store.write({ ...store.read(), ...state.answers });
      tell("answers");
      tell("notice");
    },
    on(name, f) { (listeners[name] ||= []).push(f); },
    off(name, f) { listeners[name] = (listeners[name] || []).filter((g) => g !== f); },
  };
}

for (const place of document.querySelectorAll(".cw-live")) {
  const { id, quiz } = JSON.parse(place.querySelector("script").textContent);
  place.replaceChildren();
  widget.render({ model: model(id, quiz), el: place });
}
