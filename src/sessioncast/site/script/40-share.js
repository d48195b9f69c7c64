// Copying and sharing: a link that begins at a moment, a citation, the code that embeds the player.

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // No clipboard outside https: the old way, through a field nobody sees.
    const field = document.body.appendChild(make("textarea", { class: "unseen", "aria-hidden": "true", tabindex: "-1", ".value": text }));
    field.select();
    document.execCommand("copy");
    field.remove();
  }
}

function copier(label, text) {
  const button = make("button", { type: "button", class: "copy" }, label);
  button.addEventListener("click", async () => {
    await copy(text());
    button.textContent = say("copied");
    announce(say("copied"));
    setTimeout(() => (button.textContent = label), 2000);
  });
  return button;
}

for (const element of all("[data-copy]")) element.after(copier(say("copy"), () => element.dataset.copy));

const share = find("[data-share]:not([data-player])");
if (share && player) {
  const address = () => {
    const url = new URL(find("link[rel=canonical]")?.href ?? location.href);
    url.hash = "";
    if (from.checked) url.searchParams.set("t", Math.floor(player.now));
    return url.href;
  };
  const from = make("input", { type: "checkbox" });
  const at = make("span");
  player.watch(() => {
    const text = ` ${say("share_at", { time: clock(player.now) })}`;
    if (at.textContent !== text) at.textContent = text;
  });
  const embed = () => {
    const url = new URL(find("link[rel=canonical]")?.href ?? location.href);
    url.pathname = url.pathname.replace(/\/episodes\/([^/]+\/index\.html)$/, "/embed/$1");
    const frame = make("iframe", { src: url.href, width: share.dataset.width, height: share.dataset.height, title: player.title, loading: "lazy", allow: "autoplay" });
    return frame.outerHTML;
  };
  share.append(copier(say("copy_link"), address));
  if (navigator.share) {
    const native = () => navigator.share({ title: player.title, url: address() }).catch(() => {});
    share.append(make("button", { type: "button", class: "copy", onclick: native }, say("share")));
  }
  share.append(copier(say("copy_embed"), embed), make("label", {}, from, at));
}

// A page that has moved: the moment that was shared goes along.
const moved = find("a[data-moved]");
if (moved) location.replace(moved.href + location.search + location.hash);

// On Android podcast apps answer to another word than on an iPhone.
if (/android/i.test(navigator.userAgent)) {
  for (const link of all('a[href^="podcast:"]')) link.href = link.href.replace(/^podcast:/, "pcast:");
}
