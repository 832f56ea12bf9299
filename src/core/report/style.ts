/** The page's look: as wide as its pictures need, in the light or dark that the reader's system has, and on paper. */
export const STYLE = `
:root { color-scheme: light dark; --page: #fff; --text: #1f2328; --dim: #59636e; --line: #d8dee4; --card: #f6f8fa; --bar: #0072b2; --good: #d4efe2; }
@media (prefers-color-scheme: dark) {
  :root { --page: #1e1e1e; --text: #d8d8d8; --dim: #a0a7ae; --line: #3c3c3c; --card: #262626; --bar: #56b4e9; --good: #1f4a39; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 24px; max-width: 1120px; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 4px; }
h2 { font-size: 19px; margin: 40px 0 8px; padding-top: 16px; border-top: 1px solid var(--line); }
h3 { font-size: 15px; margin: 0; }
p { margin: 4px 0 12px; max-width: 75ch; }
.dim { color: var(--dim); }
.side { display: flex; flex-wrap: wrap; gap: 24px; align-items: flex-start; }
.side > * { flex: 0 1 auto; min-width: 0; }
.grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(240px, 1fr)); gap: 20px; }
.charts figure { background: var(--page); }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(480px, 100%), 1fr)); gap: 20px; }
figure { margin: 0; padding: 12px; background: var(--card); border: 1px solid var(--line); border-radius: 6px; min-width: 0; break-inside: avoid; }
figure p { margin: 4px 0 0; font-size: 13px; }
img { display: block; max-width: 100%; height: auto; border-radius: 3px; }
.grid img { width: 100%; image-rendering: auto; }
figcaption { margin-top: 8px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 4px 14px 4px 0; text-align: left; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; }
td.number, th.number { text-align: right; }
td.best { background: var(--good); font-weight: 600; }
.bar { display: inline-block; height: 10px; background: var(--bar); border-radius: 2px; min-width: 1px; }
code { font: 12.5px/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
pre { margin: 8px 0; padding: 10px; background: var(--card); border: 1px solid var(--line); border-radius: 4px; white-space: pre-wrap; overflow-wrap: anywhere; font: 12.5px/1.6 ui-monospace, monospace; }
.key { display: inline-flex; align-items: center; gap: 6px; margin-right: 18px; }
.ramp { display: inline-block; width: 90px; height: 10px; border-radius: 2px; }
@media print { body { max-width: none; padding: 0; } }
`;
