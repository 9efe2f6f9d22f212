// «Программа поддержки»: the calendar's keys and free space, and the form «Создать задание» with its live dates.

// `data-task`: each button of the form is a step that the server answers; in a window the answer is shown in its place.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form[data-task]") || event.defaultPrevented) return;
  const isSaving = !/^(preview|keep|ask-|add-|remove-)/.test(event.submitter?.value ?? "save");
  if (isSaving && !form.closest("dialog")) return;
  event.preventDefault();
  if (form.dataset.busy) return;
  form.dataset.busy = "yes";
  form.setAttribute("aria-busy", "true");
  const answer = await fetchPage(...formRequest(form, event.submitter), "task");
  delete form.dataset.busy;
  form.removeAttribute("aria-busy");
  if (answer) showTask(form, answer, event.submitter?.value);
});

/** Shows the window's next face, or closes it over the calendar that the server has led to. */
const showTask = (form, { page, response }, act) => {
  const old = form.closest("#task");
  const fresh = page.getElementById("task");
  const calendar = page.getElementById("programme");
  if (fresh) {
    old.replaceWith(document.adoptNode(fresh));
    wake(fresh);
    const target = fresh.querySelector("[aria-invalid=true], .notice--error") ?? focusAfter(fresh, act);
    target?.focus();
    if (act === "continue" && target?.matches("textarea")) target.select();
  } else if (calendar && document.getElementById("programme")) {
    document.getElementById("programme").replaceWith(document.adoptNode(calendar));
    wake(calendar);
    history.pushState({ swap: true }, "", response.url);
    moved = true;
    old.closest("dialog")?.close();
  } else {
    return location.assign(response.url);
  }
  for (const box of page.querySelectorAll("#toasts > .toast")) {
    document.getElementById("toasts").append(document.adoptNode(box));
    letGo(box);
  }
};

const focusAfter = (task, act) => {
  if (act === "add-exclusion") return [...task.querySelectorAll("[name=exclusion_first]")].at(-1);
  if (act?.startsWith("remove-exclusion")) return task.querySelector("#f-add-exclusion");
  if (act === "ask-delete") return task.querySelector("button[value=keep]");
  return task.querySelector("[name=text]");
};

// The dates beside the form follow what is typed.
onWake((root) =>
  all(root, "form[data-task]").forEach((form) => {
    all(form, "[data-off]").forEach((part) => part.removeAttribute("data-off"));
    nameDialog(form.closest("dialog"));
    if (!form.querySelector("#preview")) return;
    if (form.elements.kind.value && !form.elements.text.value) setTimeout(() => form.elements.text.focus());
    chooseEnd(form);
    followNow(form);
    let timer;
    let chosenDay = weekdayOf(form.elements.start_date.value);
    const follow = (event) => {
      form.dataset.dirty = "yes";
      if (event.target.name === "end_by") chooseEnd(form, true);
      if (event.target.name === "now" || event.target.name === "repetition") followNow(form);
      if (event.target.name === "start_date") chosenDay = followWeekday(form, chosenDay);
      if (event.target.name === "text") return;
      clearTimeout(timer);
      timer = setTimeout(() => showDates(form), 300);
    };
    form.addEventListener("input", follow);
    form.addEventListener("change", (event) => event.target.matches("select, [type=radio], [type=checkbox]") && follow(event));
  }),
);

let datesAsked = 0;
const showDates = async (form) => {
  const mine = ++datesAsked;
  const body = new URLSearchParams(new FormData(form));
  body.set("act", "preview");
  const answer = await fetchPage(new URL(form.getAttribute("action"), location.href), { method: "POST", body }, "preview");
  const fresh = answer?.page.getElementById("preview");
  const old = form.querySelector("#preview");
  if (mine === datesAsked && fresh && old) old.replaceChildren(...document.adoptNode(fresh).childNodes);
};

/** Only the chosen end is sent: a number of repetitions or a date (PT-164). */
const chooseEnd = (form, isChosen = false) => {
  for (const field of form.querySelectorAll("[data-end]")) {
    field.disabled = field.dataset.end !== form.elements.end_by.value;
    if (isChosen && !field.disabled) field.focus();
  }
};

/** «Сейчас» needs neither date nor time. */
const followNow = (form) => {
  const part = form.querySelector("[data-shown-unless=now]");
  const now = form.querySelector("[name=now]");
  part.hidden = Boolean(now?.checked) && form.elements.repetition.value === "none";
};

const weekdayOf = (date) => {
  const noon = new Date(`${isoOf(date)}T12:00:00Z`);
  return Number.isNaN(noon.getTime()) ? "" : String(noon.getUTCDay() || 7);
};

/** While only the start's weekday is chosen, it moves with the start (PT-158). */
const followWeekday = (form, before) => {
  const boxes = [...form.querySelectorAll("[name=weekdays]")];
  const chosen = boxes.filter((box) => box.checked).map((box) => box.value);
  const day = weekdayOf(form.elements.start_date.value);
  if (!day || chosen.length !== 1 || chosen[0] !== before) return before;
  boxes.forEach((box) => (box.checked = box.value === day));
  return day;
};

const nameDialog = (dialog) => {
  if (!dialog || dialog.hasAttribute("aria-labelledby")) return;
  dialog.setAttribute("aria-labelledby", "task-title");
  // A slip of the mouse must not lose what was typed.
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog && dialog.querySelector("form[data-dirty]")) event.stopPropagation();
  });
};

// A click on the free space of a day opens the form with its date (PT-145).
document.addEventListener("click", (event) => {
  const day = event.target.closest?.("td[data-day]");
  if (day && !event.target.closest("a, button")) day.querySelector(".day__add")?.click();
});

// ← and → move by a period, t leads to today.
const calendarKeys = { ArrowLeft: "left", ArrowRight: "right", KeyT: "t" };
addEventListener("keydown", (event) => {
  const link = calendarKeys[event.code] && document.querySelector(`[data-key=${calendarKeys[event.code]}]`);
  if (!link || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || document.querySelector("dialog[open]")) return;
  if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
  event.preventDefault();
  link.click();
});
