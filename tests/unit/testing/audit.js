// What is wrong with the page as it stands: faint words, controls without a name, ids used twice, scrolling sideways.
() => {
  const colour = (text) => {
    const [r, g, b, alpha = 1] = text.match(/[\d.]+/g).map(Number);
    const scale = text.startsWith("color(") ? 255 : 1;
    return [r * scale, g * scale, b * scale, alpha];
  };
  const over = (top, under) => [0, 1, 2].map((part) => top[part] * top[3] + under[part] * (1 - top[3])).concat(1);
  const ground = (element) => {
    const below = element.parentElement ? ground(element.parentElement) : [255, 255, 255, 1];
    return over(colour(getComputedStyle(element).backgroundColor), below);
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.slice(0, 3).map((part) => (part / 255 <= 0.03928 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const isSeen = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const faint = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement;
    const words = walk.currentNode.textContent.trim();
    if (!words || element.tagName === "OPTION" || !isSeen(element)) continue;
    const style = getComputedStyle(element);
    const under = ground(element);
    const ink = over(colour(element instanceof SVGElement ? style.fill : style.color), under);
    const [most, least] = [light(ink), light(under)].sort((one, other) => other - one);
    if ((most + 0.05) / (least + 0.05) < 4.5) faint.push(words);
  }
  const textOf = (id) => document.getElementById(id)?.textContent ?? "";
  const name = (element) =>
    element.getAttribute("aria-label") ||
    (element.getAttribute("aria-labelledby") ?? "").split(" ").map(textOf).join("").trim() ||
    [...(element.labels ?? [])].map((label) => label.textContent).join("").trim() ||
    (element.matches("button, a") && element.textContent.trim());
  const controls = "button, select, input:not([type=file]), textarea, a[href], [role=img], [role=radiogroup], dialog[open]";
  const nameless = [...document.querySelectorAll(controls)].filter((element) => isSeen(element) && !name(element));
  const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
  return [
    ...faint.map((words) => `faint: ${words}`),
    ...nameless.map((element) => `nameless: ${element.outerHTML}`),
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `twice: ${id}`),
    ...(document.documentElement.scrollWidth > innerWidth ? ["wider than the window"] : []),
  ];
}
