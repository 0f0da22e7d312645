// Says how many patients have answered since the list was looked at. No row moves: who wants to see them follows the link.
// Asks only while somebody is at the page, so that no forgotten screen keeps its session alive. The list works without it.
(() => {
  "use strict";
  const EVERY_MS = 60000, AT_THE_PAGE_MS = 300000;
  const box = document.querySelector("[data-news]");
  if (!box) { return; }
  const words = box.querySelector("a");
  let moved = Date.now();
  async function look() {
    if (document.hidden || Date.now() - moved > AT_THE_PAGE_MS) { return; }
    try {
      const answer = await fetch(box.dataset.news, { headers: { Accept: "application/json" } });
      if (!answer.ok || answer.redirected) { return; }
      const told = await answer.json();
      if (told.words !== words.textContent) { words.textContent = told.words; }
      box.hidden = !told.words;
    } catch {
      // Without a connection nothing is news; the next look tries again.
    }
  }
  for (const act of ["pointermove", "keydown", "touchstart"]) {
    addEventListener(act, () => { moved = Date.now(); }, { passive: true });
  }
  setInterval(look, EVERY_MS);
  addEventListener("visibilitychange", look);
})();
