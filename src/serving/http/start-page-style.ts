/** The start page's style sheet; it follows the reader's light or dark setting. */
export const START_PAGE_STYLE = `
:root { color-scheme: light dark; --ink: #1c2024; --soft: #5b6470; --line: #d9dee4; --page: #fbfcfd; --good: #18794e; --warn: #ad5700; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8eaed; --soft: #a0a8b2; --line: #363c44; --page: #16191d; --good: #4cc38a; --warn: #ffb224; }
}
body { font: 16px/1.55 system-ui, sans-serif; color: var(--ink); background: var(--page); margin: 0 auto; padding: 2rem 1.25rem; max-width: 46rem; }
header { display: flex; align-items: baseline; gap: 1rem; border-bottom: 1px solid var(--line); }
h1 { font-size: 1.5rem; margin: 0 0 .5rem; }
h2 { font-size: 1.125rem; margin: 1.75rem 0 .75rem; overflow-wrap: anywhere; }
.state { margin: 0; font-weight: 600; color: var(--warn); }
.state[data-state="serving"] { color: var(--good); }
.trouble { border-left: 4px solid var(--warn); padding-left: .75rem; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.25rem; margin: 0 0 1rem; }
dt, time, caption { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; margin: 0 0 1rem; }
caption { text-align: left; padding-bottom: .25rem; }
th { font-weight: 400; text-align: left; }
th, td { border-top: 1px solid var(--line); padding: .2rem 1.5rem .2rem 0; }
td { font-variant-numeric: tabular-nums; text-align: right; }
pre, code { font: .875em ui-monospace, monospace; }
pre { overflow-x: auto; padding: .75rem; border: 1px solid var(--line); }
a { color: inherit; }
`
