/* What a key press means, whatever the keyboard's language. */

const TEXT =
  "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable=true]";

/** True where a letter belongs to the text that the person is writing. */
export const isTyping = (target) => target instanceof Element && target.matches(TEXT);

/** The Latin letter on a key: the typed one, or the key's place when the layout is Persian or Turkish. */
export const letter = (event) => {
  if (/^[a-z]$/i.test(event.key)) return event.key.toLowerCase();
  if (event.key === "؟") return "?";
  if (event.code.startsWith("Key") && event.key.length === 1) return event.code.slice(3).toLowerCase();
  return event.key;
};

/** -1 or 1 along the reading direction for a left or right arrow, else 0. */
export const alongReading = (event) => {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key] ?? 0;
  return document.dir === "rtl" ? -step : step;
};

/** The neighbour of `current` in a list that goes round. */
export const neighbour = (list, current, step) => {
  const index = list.indexOf(current);
  return index < 0 ? list.at(step > 0 ? 0 : -1) : list.at((index + step) % list.length);
};
