// Which line of an open list the arrows have reached: said to those who see it and to those who hear it.

export function markOption(field, options, chosen) {
  for (const option of options) option.setAttribute("aria-selected", String(option === chosen));
  if (chosen) {
    field.setAttribute("aria-activedescendant", chosen.id);
    chosen.scrollIntoView({ block: "nearest" });
  } else field.removeAttribute("aria-activedescendant");
}
