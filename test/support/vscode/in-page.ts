// These run in the page: no named function inside, to which a compiler would add a call of its own.

/** True if nothing changes for so many milliseconds; false at the first change. */
export function quietFor(ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    let timer = 0;
    const observer = new MutationObserver(() => {
      observer.disconnect();
      clearTimeout(timer);
      resolve(false);
    });
    observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
    timer = window.setTimeout(() => {
      observer.disconnect();
      resolve(true);
    }, ms);
  });
}

/** Where the first such text of the active editor is on screen. A line is many spans; its spaces don't break. */
export function findText(text: string): { x: number; y: number } | null {
  for (const line of document.querySelectorAll('.editor-group-container.active .view-lines .view-line')) {
    const at = line.textContent.replaceAll('\u00a0', ' ').indexOf(text);
    if (at < 0) continue;
    const range = document.createRange();
    const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
    let offset = 0;
    for (let node = walker.nextNode() as Text | null; node; node = walker.nextNode() as Text | null) {
      const from = at - offset;
      const to = from + text.length;
      if (from >= 0 && from < node.length) range.setStart(node, from);
      if (to > 0 && to <= node.length) range.setEnd(node, to);
      offset += node.length;
    }
    const box = range.getBoundingClientRect();
    if (box.width) return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  }
  return null;
}
