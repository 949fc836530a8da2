import { html, type Markup, trusted } from './html.js';
import { style } from './style.js';

/** What stands on a page. */
export interface PageContent {
  readonly title: string;
  /** What kind of page it is, for the title of the window: `training report`. */
  readonly kind: string;
  /** A line below the title. */
  readonly introduction: Markup;
  readonly main: Markup;
  /** What the numbers are. */
  readonly footer: string;
}

/** Whatever a name might smuggle in, the browser is told to run no script and to load nothing. */
const policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

/** An HTML document that is whole in itself, light and dark. */
export function pageOf({ title, kind, introduction, main, footer }: PageContent): Markup {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – ${kind}</title>
<style>${trusted(style)}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p>${introduction}</p>
</header>
<main>
${main}
</main>
<footer>Made by revela. ${footer}</footer>
</body>
</html>
`;
}
