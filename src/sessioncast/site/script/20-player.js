// The player: the browser's own audio element, with better controls around it.

const SPEEDS = [0.75, 1, 1.25, 1.5, 1.75, 2];
const BACK = 15;
const FORWARD = 30;
const KEPT = 100; // positions remembered on this device

const box = find("[data-player]");
const player = box && new (class {
  audio = find("audio", box);
  title = box.dataset.title;
  name = `${box.dataset.show}\n${box.dataset.slug}`;
  wanted = 0; // where playing begins, until the browser knows the file
  ready = false;
  watchers = [];

  get length() {
    return this.audio.duration > 0 && Number.isFinite(this.audio.duration) ? this.audio.duration : Number(box.dataset.duration) || 0;
  }

  get now() {
    return this.ready ? this.audio.currentTime : this.wanted;
  }

  /** Move to a second; before the file is known it is remembered. */
  seek(second) {
    // How long an imported recording is may be known only once it is loaded.
    const to = Math.max(0, this.length > 0 ? Math.min(second, this.length - 0.1) : second);
    this.wanted = to;
    if (this.ready) this.audio.currentTime = to;
    this.tell();
  }

  play() {
    // A refusal (no sound yet, autoplay forbidden) leaves the button as it was.
    return this.audio.play().catch(() => this.tell());
  }

  toggle() {
    return this.audio.paused ? this.play() : this.audio.pause();
  }

  get speed() {
    return this.audio.playbackRate;
  }

  set speed(rate) {
    this.audio.defaultPlaybackRate = this.audio.playbackRate = rate;
    memory.set("speed", rate);
  }

  /** The next faster or slower speed. */
  step(by) {
    const at = SPEEDS.findIndex((s) => s >= this.speed - 0.001);
    this.speed = SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, (at < 0 ? SPEEDS.length - 1 : at) + by))];
    announce(`${say("speed")} ${this.speed}×`);
  }

  watch(told) {
    this.watchers.push(told);
    told();
  }

  tell() {
    for (const told of this.watchers) told();
  }
})();

function positions() {
  const found = memory.get("positions");
  return found && typeof found === "object" ? found : {};
}

/** Remember how far this episode was heard; what was heard to the end, or hardly begun, is not remembered. */
function remember() {
  const kept = positions();
  delete kept[player.name];
  if (player.now > 5 && player.now < player.length - 15) kept[player.name] = Math.floor(player.now);
  const names = Object.keys(kept);
  for (const old of names.slice(0, Math.max(0, names.length - KEPT))) delete kept[old];
  memory.set("positions", kept);
}

/** The second the address asks for: ?t=754, #t=12:34, #t754; NaN where it asks for none. */
function asked() {
  const hash = /^#t=?([\dhms:.]+)$/.exec(location.hash);
  const query = new URLSearchParams(location.search).get("t");
  return hash ? seconds(hash[1]) : query == null ? NaN : seconds(query);
}

function controls() {
  const { audio } = player;
  const button = (name, label, text, act) =>
    make("button", { type: "button", class: name, "aria-label": label, title: label, onclick: act }, text);
  const play = button("play", say("play"), make("span", { class: "sign", "aria-hidden": "true" }), () => player.toggle());
  const back = button("back", say("back"), `−${BACK}`, () => player.seek(player.now - BACK));
  const forward = button("forward", say("forward"), `+${FORWARD}`, () => player.seek(player.now + FORWARD));
  const mute = button("mute", say("mute"), make("span", { class: "sign", "aria-hidden": "true" }), () => (audio.muted = !audio.muted));
  const speed = make(
    "select",
    { class: "speed", "aria-label": say("speed"), title: say("speed"), onchange: () => (player.speed = Number(speed.value)) },
    ...SPEEDS.map((s) => make("option", { value: s }, `${s}×`)),
  );
  const position = make("span", { class: "position" });
  const seek = make("input", {
    type: "range", class: "seek", min: 0, max: Math.max(1, Math.floor(player.length)), step: 1, value: 0,
    "aria-label": say("position"), oninput: () => player.seek(Number(seek.value)),
  });
  const wave = find(".waveform", box);
  const track = make("div", { class: "track", dir: "ltr" });
  if (wave) track.append(wave);
  track.append(make("span", { class: "done" }), seek);
  for (const mark of all("#chapters [data-t]")) {
    const at = Number(mark.dataset.t);
    if (at > 0 && at < player.length) {
      const tick = track.appendChild(make("span", { class: "mark", "aria-hidden": "true" }));
      tick.style.left = `${(100 * at) / player.length}%`;
    }
  }
  const bar = make("div", { class: "controls", role: "group", "aria-label": say("controls") }, track, make("div", { class: "row" }, back, play, forward, position, mute, speed));
  audio.controls = false;
  audio.hidden = true;
  box.append(bar);
  box.classList.add("enhanced");

  let heard = false; // on this visit; before, the button says where listening goes on
  player.watch(() => {
    const at = Math.floor(player.now);
    const playing = !audio.paused && !audio.ended;
    heard ||= playing;
    const label = playing ? say("pause") : !heard && at > 0 ? say("resume", { time: clock(at) }) : say("play");
    if (play.getAttribute("aria-label") !== label) {
      play.setAttribute("aria-label", label);
      play.title = label;
    }
    box.classList.toggle("playing", playing);
    mute.setAttribute("aria-pressed", audio.muted);
    const text = `${clock(at)} / ${clock(player.length)}`;
    if (position.textContent !== text) {
      position.textContent = text;
      seek.max = Math.max(1, Math.floor(player.length));
      seek.value = at;
      seek.setAttribute("aria-valuetext", text);
      track.style.setProperty("--done", `${player.length ? (100 * at) / player.length : 0}%`);
    }
    if (Number(speed.value) !== player.speed) speed.value = String(player.speed);
  });
  return bar;
}

/** Keys of the keyboard, the telephone and the headset. */
function keys() {
  // In a frame of somebody else's page the keys are theirs, but in the player.
  let everywhere = memory.get("keys") !== false && !document.body.classList.contains("embedded");
  const choice = make("input", {
    type: "checkbox", ".checked": everywhere, onchange: () => memory.set("keys", (everywhere = choice.checked)),
  });
  box.append(
    make("details", { class: "keys" }, make("summary", {}, say("keys")), make("p", {}, say("keys_words")), make("label", {}, choice, ` ${say("keys_everywhere")}`)),
  );
  const acts = {
    k: () => player.toggle(), j: () => player.seek(player.now - BACK), l: () => player.seek(player.now + FORWARD),
    ArrowLeft: () => player.seek(player.now - BACK), ArrowRight: () => player.seek(player.now + FORWARD),
    ",": () => player.step(-1), ".": () => player.step(1), m: () => (player.audio.muted = !player.audio.muted),
  };
  document.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const inside = target instanceof Element && target.closest("[data-player], #chapters, #transcript");
    const range = target.type === "range" || target.type === "checkbox";
    if (target.isContentEditable || (target.closest?.("input, textarea, select") && !range)) return;
    if (!inside && !everywhere) return;
    // Space scrolls the page and presses buttons; only on the seek bar is it free.
    if (key === " " && target.type === "range") player.toggle();
    // Arrows scroll and move the seek bar; they are ours where neither is meant.
    else if (key.startsWith("Arrow") && (range || !inside)) return;
    else if (acts[key]) acts[key]();
    else return;
    event.preventDefault();
  });
}

function mediaSession() {
  const session = navigator.mediaSession;
  if (!session || typeof MediaMetadata === "undefined") return;
  const artwork = box.dataset.art ? [{ src: new URL(box.dataset.art, location.href).href }] : [];
  const metadata = () => (session.metadata = new MediaMetadata({ title: player.title, artist: box.dataset.show, album: box.dataset.show, artwork }));
  const chapter = (by) => {
    const starts = all("#chapters [data-t]").map((c) => Number(c.dataset.t));
    const at = starts.findLastIndex((t) => t <= player.now + 0.5);
    if (starts[at + by] !== undefined) player.seek(starts[at + by]);
  };
  const handlers = {
    play: () => player.play(), pause: () => player.audio.pause(), stop: () => player.audio.pause(),
    seekbackward: (d) => player.seek(player.now - (d.seekOffset || BACK)),
    seekforward: (d) => player.seek(player.now + (d.seekOffset || FORWARD)),
    seekto: (d) => player.seek(d.seekTime),
    ...(find("#chapters") ? { previoustrack: () => chapter(-1), nexttrack: () => chapter(1) } : {}),
  };
  for (const [name, act] of Object.entries(handlers)) {
    try {
      session.setActionHandler(name, act);
    } catch {
      // an older browser doesn't know this key
    }
  }
  player.audio.addEventListener("play", metadata);
  player.watch(() => {
    if (!player.ready || !session.setPositionState || !(player.length > 0)) return;
    session.setPositionState({ duration: player.length, playbackRate: player.speed || 1, position: Math.min(player.now, player.length) });
  });
}

/** Below the page when the player is out of sight, so that it can always be stopped. */
function dock(bar) {
  if (!("IntersectionObserver" in window) || document.body.classList.contains("embedded")) return;
  let heard = false;
  let seen = true;
  const settle = () => {
    const docked = heard && !seen;
    if (docked === bar.classList.contains("docked")) return;
    box.style.minHeight = docked ? `${box.offsetHeight}px` : "";
    bar.classList.toggle("docked", docked);
    document.body.classList.toggle("has-dock", docked);
  };
  player.audio.addEventListener("play", () => settle((heard = true)));
  new IntersectionObserver(([entry]) => settle((seen = entry.isIntersecting))).observe(box);
}

if (player) {
  const { audio } = player;
  for (const track of audio.textTracks) track.mode = "disabled"; // the transcript is on the page
  const bar = controls();
  const rate = Number(memory.get("speed"));
  if (SPEEDS.includes(rate)) audio.defaultPlaybackRate = audio.playbackRate = rate;
  const begin = asked();
  player.seek(Number.isNaN(begin) ? Number(positions()[player.name]) || 0 : begin);
  audio.addEventListener("loadedmetadata", () => {
    player.ready = true;
    if (player.wanted > 0) audio.currentTime = Math.min(player.wanted, player.length);
    player.tell();
  });
  for (const name of ["play", "pause", "ended", "timeupdate", "seeked", "ratechange", "volumechange", "durationchange"]) {
    audio.addEventListener(name, () => player.tell());
  }
  audio.addEventListener("error", () => {
    if (!find(".trouble", box)) box.append(make("p", { class: "trouble", role: "alert" }, say("cannot_play")));
  });
  let saved = 0;
  audio.addEventListener("timeupdate", () => {
    if (Math.abs(player.now - saved) >= 5) remember((saved = player.now));
  });
  audio.addEventListener("pause", remember);
  audio.addEventListener("ended", remember);
  addEventListener("pagehide", () => player.ready && remember());
  addEventListener("hashchange", () => Number.isNaN(asked()) || player.seek(asked()));
  keys();
  mediaSession();
  dock(bar);
}
