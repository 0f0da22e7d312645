// Loads the page anew when something has arrived since it was drawn; without scripts the page works all the same.
const watched = document.currentScript.dataset.watch;
let seen = null;
setInterval(async () => {
  try {
    const text = await (await fetch(watched)).text();
    if (seen !== null && text !== seen) location.reload();
    seen = text;
  } catch { /* the simulator is being restarted */ }
}, 2000);
