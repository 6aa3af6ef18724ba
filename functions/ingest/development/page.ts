import type { Example } from '../protocols/protocol.ts';

/** The page: a request for each protocol, and what the collector made of the last ones. */
export function renderPage(examples: readonly Example[], url: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>nextclick: the collector</title>
<style>${STYLE}</style>
<main>
<h1>nextclick: the collector</h1>
<p>Copy a request, send it, and see below what became of it. This page is here in development only.</p>
${examples.map((example) => section(example, url)).join('\n')}
<h2>What came in</h2>
<p id="state" role="status">Connecting …</p>
<ol id="events" reversed></ol>
</main>
<script>${SCRIPT}</script>
</html>
`;
}

function section(example: Example, url: string): string {
  return `<section>
<h2>${escaped(example.title)}</h2>
<button type="button">Copy</button><pre>${escaped(curlOf(example, url))}</pre>
<button type="button">Copy</button><pre>${escaped(example.snippet)}</pre>
</section>`;
}

/** The request as a command for a POSIX shell. */
export function curlOf({ path, headers, body }: Example, url: string): string {
  const lines = [
    `curl -i ${quoted(url + path)}`,
    ...Object.entries(headers).map(([name, value]) => `  -H ${quoted(`${name}: ${value}`)}`),
    `  -d ${quoted(body)}`,
  ];
  return lines.join(' \\\n');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
main { max-width: 60rem; margin: 0 auto; padding: 1rem }
h2 { margin: 2rem 0 .5rem; font-size: 1.1rem }
pre { overflow-x: auto; margin: 0 0 .5rem; padding: .75rem; border: 1px solid #8886; border-radius: .4rem; font-size: .85rem }
button { float: right; margin: .4rem; font: inherit; font-size: .8rem }
li { margin: .5rem 0 }
.rejected { color: #c22 }
`;

const SCRIPT = `
for (const button of document.querySelectorAll('button')) {
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(button.nextElementSibling.textContent);
    button.textContent = 'Copied';
    setTimeout(() => { button.textContent = 'Copy'; }, 1500);
  });
}
const state = document.getElementById('state');
const list = document.getElementById('events');
const source = new EventSource('/debug/events');
source.onopen = () => { state.textContent = 'Watching.'; };
source.onerror = () => { state.textContent = 'The collector does not answer; trying again …'; };
source.onmessage = ({ data }) => {
  const { at, protocol, status, error, events } = JSON.parse(data);
  for (const event of events ?? [{ status: 'refused', message: error }]) {
    const item = document.createElement('li');
    const said = event.status === 'accepted' ? event.event_id : [event.path, event.message].filter(Boolean).join(': ');
    item.textContent = [at.slice(11, 19), protocol, status, event.status, said].join(' · ');
    if (event.status !== 'accepted') item.className = 'rejected';
    if (event.event) {
      const body = document.createElement('pre');
      body.textContent = JSON.stringify(event.event, null, 1);
      item.append(body);
    }
    list.prepend(item);
  }
  while (list.children.length > 100) list.lastChild.remove();
};
`;
