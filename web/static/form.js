// Keeps each answer on the server as it is given, says when that fails, and warns before a silent page is closed.
// Every page works without it. No answer is ever kept in the browser: tablets are shared.
(() => {
  "use strict";
  const RETRY_MS = 2000, LONGEST_RETRY_MS = 30000, PATIENCE_MS = 10000, TYPING_MS = 1000;
  const show = (box, words) => { if (box) { box.textContent = words; } };
  let heard = Date.now();

  async function post(address, body) {
    const stop = new AbortController();
    const alarm = setTimeout(() => stop.abort(), PATIENCE_MS);
    try {
      const answer = await fetch(address, { method: "POST", body, signal: stop.signal });
      if (answer.status < 500 && answer.status !== 401) { heard = Date.now(); }
      return answer.status;
    } catch {
      return 0;
    } finally {
      clearTimeout(alarm);
    }
  }

  const form = document.querySelector("form[data-keep]");
  if (form) { keepAnswers(form); }
  const leaving = document.getElementById("leaving");
  if (leaving) { warnBeforeTheEnd(leaving); }

  function keepAnswers(form) {
    const told = document.getElementById("kept"), lost = document.getElementById("lost");
    let dirty = false, running = null, typing = 0, wait = RETRY_MS, pressed = null, going = false;

    async function once() {
      dirty = false;
      const body = new FormData(form);
      body.set("do", "keep");
      show(told, form.dataset.keeping);
      const status = await post(form.action, body);
      lost.hidden = true;
      // 422: half written; the page after the button says what is wrong, and nothing is said while somebody writes.
      // Any other refusal is told by the page after the button, too.
      if (status >= 200 && status < 500 && status !== 429) {
        wait = RETRY_MS;
        show(told, status === 204 ? form.dataset.kept : status === 422 ? "" : form.dataset.closed);
        return true;
      }
      dirty = true;
      show(told, "");
      show(lost.querySelector("p"), form.dataset.lost);
      lost.hidden = false;
      setTimeout(keep, wait);
      wait = Math.min(wait * 2, LONGEST_RETRY_MS);
      return false;
    }

    // One call at a time, so that an older answer never arrives after a newer one.
    async function all() {
      let fine = true;
      while (dirty && fine) { fine = await once(); }
      running = null;
      return fine;
    }
    function keep() {
      clearTimeout(typing);
      if (!running && dirty) { running = all(); }
      return running || Promise.resolve(true);
    }

    form.addEventListener("change", () => { dirty = true; keep(); });
    form.addEventListener("input", (event) => {
      if (!event.target.matches("input[type=radio], input[type=checkbox], input[type=file], select")) {
        dirty = true;
        clearTimeout(typing);
        typing = setTimeout(keep, TYPING_MS);
      }
    });
    form.addEventListener("click", (event) => { pressed = event.target.closest("button") || pressed; });
    form.addEventListener("submit", async (event) => {
      if (going) { event.preventDefault(); return; }
      if (!dirty && !running && navigator.onLine !== false) { going = true; return; }
      event.preventDefault();
      going = true;
      dirty = dirty || navigator.onLine === false;
      if (await keep()) { go(); } else { going = false; lost.focus(); }
    });
    function go() {
      const chosen = document.createElement("input");
      chosen.type = "hidden";
      chosen.name = "do";
      chosen.value = pressed ? pressed.value : "next";
      chosen.className = "chosen";
      form.append(chosen);
      form.submit();
    }
    lost.querySelector("button").addEventListener("click", () => { dirty = true; keep(); });
    addEventListener("online", () => keep());
    addEventListener("pageshow", () => {
      going = false;
      form.querySelectorAll(".chosen").forEach((one) => one.remove());
    });
    addEventListener("beforeunload", (event) => { if (dirty && !going) { event.preventDefault(); } });
  }

  function warnBeforeTheEnd(box) {
    const idle = Number(box.dataset.idle) * 1000, warned = Number(box.dataset.warned) * 1000;
    const words = box.querySelector("p"), stay = box.querySelector("button");
    function look() {
      const silent = Date.now() - heard;
      if (silent >= idle) {
        stay.hidden = true;
        show(words, box.dataset.over);
      } else if (silent >= idle - warned) {
        stay.hidden = false;
        show(words, box.dataset.soon);
      }
      box.hidden = silent < idle - warned;
    }
    stay.addEventListener("click", async () => {
      const body = new FormData();
      body.set("csrf_token", box.dataset.token);
      const status = await post(box.dataset.stay, body);
      if (status >= 400) { heard = 0; }
      look();
    });
    setInterval(look, 5000);
    addEventListener("visibilitychange", look);
  }
})();
