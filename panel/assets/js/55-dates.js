// Dates and times are typed as they are shown, «ДД.ММ.ГГГГ» and «ЧЧ:ММ», whatever the browser's language; points and colons come
// by themselves, and a button opens the browser's own calendar.

const isoOf = (text) => text.trim().replace(/^(\d{1,2})\.(\d{1,2})\.(\d{4})$/, (_, day, month, year) => `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`);
const shownOf = (iso) => iso.split("-").reverse().join(".");

/** Puts the separators in while digits are typed at the end. */
const separate = (field, event, separator, places) => {
  if (event.inputType !== "insertText" || field.selectionStart !== field.value.length) return;
  // Who types the separator although it came by itself means it once.
  if (event.data === separator && field.value.endsWith(separator + separator)) {
    field.value = field.value.slice(0, -1);
    return;
  }
  const digits = field.value.replace(/\D/g, "");
  if (field.value.replaceAll(separator, "") !== digits) return;
  const parts = [...field.value];
  if (places.includes(parts.length) && parts.at(-1) !== separator) field.value += separator;
};

const pickDate = (field, label) => {
  const button = document.createElement("button");
  const calendar = Object.assign(document.createElement("input"), { type: "date", tabIndex: -1, className: "dated__calendar" });
  Object.assign(button, { type: "button", className: "dated__pick" });
  button.setAttribute("aria-label", label);
  button.innerHTML = '<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><rect x="3" y="4.5" width="14" height="12.5" rx="1.5"/><path d="M3 8.5h14M7 2.5v4M13 2.5v4"/></svg>';
  calendar.setAttribute("aria-hidden", "true");
  const box = Object.assign(document.createElement("span"), { className: "dated" });
  field.replaceWith(box);
  box.append(field, calendar, button);
  button.addEventListener("click", () => {
    if (field.disabled) return;
    calendar.value = isoOf(field.value);
    calendar.showPicker();
  });
  calendar.addEventListener("input", (event) => {
    event.stopPropagation();
    field.value = shownOf(calendar.value);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
};

onWake((root) => {
  for (const field of all(root, "[data-date]")) {
    pickDate(field, field.closest("[data-pick]")?.dataset.pick ?? "");
    field.addEventListener("input", (event) => separate(field, event, ".", [2, 5]));
  }
  for (const field of all(root, "[data-time]")) field.addEventListener("input", (event) => separate(field, event, ":", [2]));
});
