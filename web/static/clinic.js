// Copies a text when its button is pressed. Without it the button is not there, and the text can be marked by hand.
(() => {
  "use strict";
  for (const button of document.querySelectorAll("button[data-copy]")) {
    const text = document.getElementById(button.dataset.copy), told = button.parentElement.querySelector("[aria-live]");
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(text.value);
        told.textContent = button.dataset.done;
      } catch {
        text.focus();
        text.select();
        told.textContent = button.dataset.failed;
      }
    });
  }
})();
