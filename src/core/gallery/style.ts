/** Sizes that the page offers, in pixels; the radio button with this id sets it. */
export const SIZES = [
  { id: 'small', title: 'Small', pixels: 56 },
  { id: 'medium', title: 'Medium', pixels: 112 },
  { id: 'large', title: 'Large', pixels: 192 },
  { id: 'huge', title: 'Huge', pixels: 320 },
] as const;

const sizeRules = SIZES.map(({ id, pixels }) => `:root:has(#${id}:checked) { --size: ${pixels}px; }`).join('\n');

/** The page's look, in the light or dark that the reader's system has. */
export const STYLE = `
:root { color-scheme: light dark; --size: 112px; --page: #fff; --text: #1f2328; --dim: #59636e; --line: #d8dee4; --chosen: #0969da; }
@media (prefers-color-scheme: dark) {
  :root { --page: #1e1e1e; --text: #d8d8d8; --dim: #a0a7ae; --line: #3c3c3c; --chosen: #56b4e9; }
}
${sizeRules}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 24px; max-width: 1600px; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 4px; overflow-wrap: anywhere; }
p { margin: 4px 0 12px; max-width: 90ch; overflow-wrap: anywhere; }
.dim { color: var(--dim); }
fieldset { display: flex; flex-wrap: wrap; gap: 4px 16px; margin: 0 0 20px; padding: 0; border: 0; }
legend { float: left; margin-right: 16px; padding: 0; color: var(--dim); }
main { display: grid; grid-template-columns: repeat(auto-fill, minmax(var(--size), 1fr)); gap: 12px; }
figure { margin: 0; width: var(--size); min-width: 0; break-inside: avoid; content-visibility: auto; contain-intrinsic-size: var(--size) calc(var(--size) + 20px); }
figure > a { display: block; border-radius: 3px; }
img { display: block; width: var(--size); height: var(--size); object-fit: contain; border-radius: 3px; background: var(--line); cursor: zoom-in; }
a:focus-visible, input:focus-visible { outline: 2px solid var(--chosen); outline-offset: 2px; }
figcaption { margin-top: 2px; font-size: 12px; line-height: 1.35; overflow-wrap: anywhere; }
figcaption b { font-weight: 400; color: var(--dim); font-variant-numeric: tabular-nums; }
.back { display: none; }
figure:target { grid-column: 1 / -1; width: auto; padding: 12px 0; border: solid var(--line); border-width: 1px 0; }
figure:target img { width: min(100%, 512px); height: auto; aspect-ratio: 1; cursor: default; }
figure:target figcaption { font-size: 15px; }
figure:target .back { display: inline-block; margin-left: 12px; padding: 0 8px; color: var(--chosen); text-decoration: none; font-size: 18px; }
footer { margin-top: 32px; padding-top: 12px; border-top: 1px solid var(--line); font-size: 13px; }
@media print { body { max-width: none; padding: 0; } fieldset, .back { display: none; } }
`;
