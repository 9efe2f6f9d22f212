// «Проверить соединение» tests what is saved: with unsaved changes it rests, and its old outcome is forgotten (PT-044, PT-D53).

onWake((root) =>
  all(root, "form[data-mail]").forEach((form) => {
    form.addEventListener("input", () => {
      const button = document.querySelector("[data-check]");
      if (!button) return;
      button.disabled = true;
      button.classList.remove("button--good", "button--bad");
      button.textContent = button.dataset.check;
      document.querySelector("[data-check-outcome]")?.remove();
      document.querySelector("[data-check-hint]")?.removeAttribute("hidden");
    });
  }),
);
