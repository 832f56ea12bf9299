import { html, Markup } from './markup.ts';

/** Nothing is fetched and nothing is run, wherever the page is opened. */
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

/** An HTML file that needs nothing else: no script, no other file, no network. `style`: CSS. */
export function htmlDocument(title: string, style: string, body: Markup): string {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <title>${title}</title>
        <style>
          ${new Markup(style)}
        </style>
      </head>
      <body>
        ${body}
      </body>
    </html>`;
  return `${page.text.trim()}\n`;
}
