// Times: the reader's own beside the show's where they differ, and what is over by the reader's clock.

const language = document.documentElement.lang || undefined;

for (const element of all("time[data-local]")) {
  const moment = new Date(element.dateTime);
  if (Number.isNaN(moment.getTime())) continue;
  const told = (zone) => {
    try {
      return new Intl.DateTimeFormat(language, { weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit", timeZone: zone }).format(moment);
    } catch {
      return "";
    }
  };
  const here = told(undefined);
  if (here && here !== told(document.documentElement.dataset.zone)) {
    element.after(make("span", { class: "yours" }, ` (${say("your_time", { time: here })})`));
  }
}

for (const session of all("[data-ends]")) {
  if (!(Date.parse(session.dataset.ends) < Date.now())) continue;
  const list = session.closest("#coming ol");
  const held = find("#held ol");
  for (const invitation of all('a[href$=".ics"]', session)) invitation.hidden = true;
  if (session.closest("#held")) continue;
  if (session.closest(".next")) continue;
  if (list && held) held.prepend(session);
  else find(".facts", session)?.append(make("strong", { class: "past" }, ` · ${say("past")}`));
}
// Home tells of what is to come alone, the next ones; more of them lie ready than it shows.
for (const next of all(".next")) {
  const sessions = all("[data-ends]", next);
  const most = sessions.filter((session) => !session.hidden).length;
  const coming = sessions.filter((session) => !(Date.parse(session.dataset.ends) < Date.now()));
  for (const session of sessions) session.hidden = !coming.slice(0, most).includes(session);
  next.hidden = !coming.length;
}
for (const coming of all("#coming")) coming.hidden = !find("li", coming);
