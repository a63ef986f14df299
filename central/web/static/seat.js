// Keys and freshness of the seat. Keys travel as codes; the server decides what they mean.
(() => {
  const STALE_AFTER_MS = 15000;
  const CODES = /^(Key[A-Z]|Digit[0-9]|Numpad[0-9]|Slash|Escape|BracketLeft|BracketRight)$/;
  const isTyping = (target) =>
    target instanceof Element &&
    (target.isContentEditable || target.closest("input, select, textarea, [contenteditable]") !== null);

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.repeat) return;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (isTyping(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const code = event.key === "?" ? "Slash" : event.code;
    if (!CODES.test(code) || (code === "Slash" && event.key !== "?")) return;
    if (code !== "Escape") event.preventDefault();
    emitEvent("gw-key", code);
  });

  let mark;
  let markedAt = performance.now();
  const check = () => {
    const beat = document.getElementById("gw-beat")?.dataset.beat;
    if (beat !== mark) {
      mark = beat;
      markedAt = performance.now();
    }
    // A beat came through the socket, so a socket that is not connected now has been lost.
    const isLost = mark !== undefined && !window.socket?.connected;
    document.body.classList.toggle("gw-stale", isLost || performance.now() - markedAt > STALE_AFTER_MS);
  };
  setInterval(check, 500);
})();
