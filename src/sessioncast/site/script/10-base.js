// The pages work without this script; with it they play, follow, search and share better. One module, made of the files of
// this folder in order. No request leaves the site, and nothing is kept but positions and speed, on this device.

const words = JSON.parse(document.getElementById("words")?.textContent || "{}");
const find = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

/** A phrase of the show's language with its facts in place. */
const say = (name, facts = {}) => (words[name] ?? name).replace(/\{(\w+)\}/g, (_, key) => facts[key] ?? "");

/** An element with attributes, properties (.name), handlers (onname) and children; text stays text. */
function make(tag, facts = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(facts)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name.startsWith(".")) element[name.slice(1)] = value;
    else if (value !== false && value != null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/** Seconds as a clock shows them: 4:05, 1:04:05. */
function clock(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  const two = (n) => String(n).padStart(2, "0");
  return s >= 3600 ? `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}` : `${Math.floor(s / 60)}:${two(s % 60)}`;
}

/** Seconds from what people write in an address: 754, 12:34, 1:02:03, 12m34s; NaN for anything else. */
function seconds(text) {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  if (/^\d+(:\d{1,2}){1,2}$/.test(text)) return text.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
  const parts = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text);
  return parts && text ? Number(parts[1] || 0) * 3600 + Number(parts[2] || 0) * 60 + Number(parts[3] || 0) : NaN;
}

/** What this device remembers; where it may not (private windows, blocked storage) nothing is, and nothing breaks. */
const memory = {
  get(name) {
    try {
      return JSON.parse(localStorage.getItem(`sessioncast.${name}`));
    } catch {
      return null;
    }
  },
  set(name, value) {
    try {
      localStorage.setItem(`sessioncast.${name}`, JSON.stringify(value));
    } catch {
      // not ours to force
    }
  },
};

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

let status;
/** Say it to those who can't see it; sparingly, since it interrupts. */
function announce(text) {
  status ??= document.body.appendChild(make("p", { role: "status", class: "unseen" }));
  status.textContent = text;
}

/** A plain click that the page may answer; one that opens a tab or a window is the browser's. */
const plain = (event) => !(event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
