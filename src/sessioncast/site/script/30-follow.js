// Chapters and transcript: a click seeks, and what is being said is marked and kept in sight until the reader scrolls away.

if (player) {
  const transcript = find("#transcript");
  const chapters = all("#chapters [data-t]");
  const sentences = transcript ? all("span[data-t]", transcript) : [];
  let following = true;
  let current = null;

  const go = (event) => {
    if (!plain(event)) return;
    const link = event.target.closest("a[data-t]");
    const spoken = link ?? event.target.closest("#transcript [data-t]");
    if (!spoken || (!link && (event.target.closest("a") || !getSelection().isCollapsed))) return;
    event.preventDefault();
    following = true;
    player.seek(Number(spoken.dataset.t));
    player.play();
  };
  for (const part of [find("#chapters"), transcript]) part?.addEventListener("click", go);

  const last = (parts) => parts.findLast((p) => Number(p.dataset.t) <= player.now + 0.05);
  const mark = (part, was, value) => {
    if (part === was) return part;
    was?.removeAttribute("aria-current");
    part?.setAttribute("aria-current", value);
    return part;
  };

  let chapter = null;
  const follow = make("button", { type: "button", class: "follow button quiet", ".hidden": true, onclick: () => show((following = true)) }, say("follow"));
  transcript?.before(follow);

  function show() {
    follow.hidden = true;
    if (!current) return;
    current.scrollIntoView({ block: "center", behavior: calm() ? "instant" : "smooth" });
  }

  function visible(element) {
    const { top, bottom } = element.getBoundingClientRect();
    return bottom > 0 && top < innerHeight;
  }

  player.watch(() => {
    const began = player.ready;
    chapter = mark(began ? last(chapters) : null, chapter, "true");
    const before = current;
    current = mark(began ? last(sentences) : null, current, "true");
    if (!current || current === before || player.audio.paused) return;
    const { top, bottom } = current.getBoundingClientRect();
    const inSight = top > 0 && bottom < innerHeight * 0.85;
    if (following && !inSight && visible(transcript)) show();
    follow.hidden = following || inSight;
  });

  const leave = () => (following = false);
  addEventListener("wheel", leave, { passive: true });
  addEventListener("touchmove", leave, { passive: true });
  addEventListener("pointerdown", (event) => event.target === document.documentElement && leave()); // the scroll bar
  addEventListener("keydown", (event) => event.key === " " && event.target === document.body && leave());
  addEventListener("keydown", (event) => ["PageUp", "PageDown", "Home", "End", "ArrowUp", "ArrowDown"].includes(event.key) && leave());
}
