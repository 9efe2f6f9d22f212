// `data-ticks` on the form of a list: the server keeps a tick as soon as it is set. Without script the next button takes the
// ticks along.
onWake((root) =>
  all(root, "form[data-ticks]").forEach((form) => {
    const boxes = [...form.elements].filter((field) => field.name === "ticked");
    const page = document.querySelector("[data-tick-page]");
    const show = () => {
      const ticked = boxes.filter((box) => box.checked).length;
      page.checked = ticked === boxes.length;
      page.indeterminate = ticked > 0 && ticked < boxes.length;
    };
    // One after the other: what was ticked last is what stays.
    let kept = Promise.resolve();
    const keep = () => {
      show();
      const body = new URLSearchParams(new FormData(form));
      kept = kept.then(() => swap(form.action, { method: "POST", body }, "#chosen", false));
    };
    boxes.forEach((box) => box.addEventListener("change", keep));
    page.hidden = false;
    page.addEventListener("change", () => {
      boxes.forEach((box) => (box.checked = page.checked));
      keep();
    });
    show();
  }),
);

// A menu of buttons closes when one looks elsewhere or has chosen.
addEventListener("click", (event) => {
  document.querySelectorAll("details.menu-button[open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
    else if (event.target.closest("button")) setTimeout(() => (menu.open = false));
  });
});
addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details.menu-button[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
