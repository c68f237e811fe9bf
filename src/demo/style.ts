// The one stylesheet of the demo's outsiders, as text: served at /demo.css by each. Plain on purpose, so that nobody takes
// these pages for the gateway's.

export const stylesheet = `
:root { --ink: #1a1a1c; --soft: #5a5a64; --line: #8c8c99; --pale: #f3f4f7; --accent: #0b5d4e; --on: #fff; }
body.direct { --accent: #0b5d4e; --pale: #eef6f3; }
body.portal { --accent: #2f3c9e; --pale: #f0f2fb; }
body.mail { --accent: #6b3f12; --pale: #f8f3ec; }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; color: var(--ink); background: #fff; font: 16px/1.7 "Noto Sans JP", "Noto Sans CJK JP", "Hiragino Sans", Meiryo, sans-serif;
  overflow-wrap: anywhere; }
a { color: var(--accent); text-underline-offset: 3px; }
:focus-visible, [tabindex]:focus { outline: 3px solid #1a1a1c; outline-offset: 2px; box-shadow: 0 0 0 5px #ffd43d; }
.skip { position: absolute; left: -9999px; }
.skip:focus { left: 8px; top: 8px; background: #fff; padding: 8px 12px; z-index: 1; }
header { background: var(--accent); color: var(--on); }
.bar, main, footer, .strip { max-width: 1024px; margin: 0 auto; padding: 0 24px; }
.bar { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 4px 24px; min-height: 64px; }
.brand { color: var(--on); font-weight: 700; font-size: 20px; text-decoration: none; padding: 8px 0; }
nav { display: flex; gap: 8px; }
nav a { color: var(--on); padding: 8px 6px; min-height: 44px; display: inline-flex; align-items: center; }
nav a[aria-current] { font-weight: 700; text-decoration: none; border-bottom: 3px solid currentColor; }
.strip { background: #ffd43d; color: #1a1a1c; max-width: none; margin: 0; padding: 6px 24px; text-align: center; font-size: 14px; }
main { padding-top: 8px; padding-bottom: 48px; }
.screen { text-align: right; font-size: 14px; color: var(--soft); margin: 8px 0 0; }
h1 { font-size: 28px; line-height: 1.4; margin: 0 0 16px; word-break: auto-phrase; text-wrap: balance; }
h2 { font-size: 20px; line-height: 1.5; margin: 40px 0 8px; }
p { margin: 0 0 16px; }
.note { color: var(--soft); font-size: 14px; }
.alert, .notice { border: 2px solid #b3261e; border-left-width: 10px; border-radius: 8px; padding: 16px 20px; margin: 0 0 24px; background: #fff; }
.notice { border-color: var(--accent); background: var(--pale); }
.alert p:last-child, .notice p:last-child { margin: 0; }
form { margin: 0 0 24px; }
.field { margin: 0 0 20px; max-width: 26em; }
label { font-weight: 700; display: block; }
.need { color: #b3261e; font-weight: 400; font-size: 14px; margin-left: 8px; }
.hint { font-size: 14px; color: var(--soft); margin: 0 0 4px; }
input[type=text], input[type=password], input[type=search], input[type=date] { font: inherit; width: 100%; height: 48px; padding: 0 12px; border: 1px solid var(--line); border-radius: 8px;
  background: #fff; color: inherit; }
.wrong { color: #b3261e; font-weight: 700; margin: 4px 0 0; }
.alert ul { margin: 8px 0 0; padding-left: 20px; }
input[aria-invalid] { border: 2px solid #b3261e; }
button, .button { font: inherit; font-weight: 700; min-height: 48px; min-width: 10em; padding: 8px 20px; border-radius: 8px; border: 2px solid var(--accent); cursor: pointer;
  background: #fff; color: var(--accent); display: inline-flex; align-items: center; justify-content: center; text-decoration: none; text-align: center; }
button.main, .button.main { background: var(--accent); color: var(--on); }
button:hover, .button:hover { text-decoration: underline; }
.row { display: flex; flex-wrap: wrap; gap: 12px 16px; align-items: center; }
.choices { list-style: none; margin: 0; padding: 0; border-top: 1px solid #d0d3dc; }
.choices li { display: grid; grid-template-columns: 16em 1fr; gap: 4px 20px; align-items: center; padding: 12px 0; border-bottom: 1px solid #d0d3dc; }
.choices p { margin: 0; font-size: 15px; }
dl { display: grid; grid-template-columns: 11em 1fr; margin: 0 0 24px; border-top: 1px solid #d0d3dc; }
dt, dd { padding: 10px 12px 10px 0; border-bottom: 1px solid #d0d3dc; margin: 0; }
dt { font-weight: 700; }
code, pre, .code { font-family: "Noto Sans Mono CJK JP", ui-monospace, Menlo, Consolas, monospace; font-size: 14px; }
pre { background: var(--pale); border: 1px solid #d0d3dc; border-radius: 8px; padding: 12px 16px; white-space: pre-wrap; margin: 0 0 24px; }
table { border-collapse: collapse; width: 100%; font-size: 15px; margin: 0 0 24px; }
caption { text-align: left; font-size: 14px; color: var(--soft); padding: 0 0 8px; }
th, td { text-align: left; vertical-align: top; padding: 9px 12px 9px 0; border-bottom: 1px solid #d0d3dc; }
td time { white-space: nowrap; }
p, li { text-wrap: pretty; }
thead th { border-bottom: 2px solid var(--line); }
details { margin: 0 0 24px; }
summary { cursor: pointer; min-height: 44px; font-weight: 700; color: var(--accent); }
search form { display: flex; flex-wrap: wrap; gap: 12px; align-items: end; }
search .field { margin: 0; flex: 1 1 16em; }
footer { border-top: 1px solid #d0d3dc; padding-top: 16px; padding-bottom: 32px; font-size: 14px; color: var(--soft); }
footer p { margin: 0; }
@media (max-width: 640px) {
  .bar, main, footer { padding-left: 16px; padding-right: 16px; }
  .strip { padding: 6px 16px; }
  .brand { font-size: 17px; }
  .bar { gap: 0 8px; }
  nav { gap: 4px; }
  h1 { font-size: 24px; }
  dl { display: block; }
  dt { border: 0; padding-bottom: 0; }
  dd { padding-top: 0; }
  .choices li { grid-template-columns: 1fr; }
  button, .button { width: 100%; }
  .field { max-width: none; }
  table, caption, tbody, tr, td, th[scope=row] { display: block; }
  thead { display: none; }
  tr { border: 1px solid #d0d3dc; border-radius: 8px; padding: 8px 12px; margin: 0 0 12px; }
  td, th[scope=row] { border: 0; padding: 2px 0; }
  td[data-label] { display: grid; grid-template-columns: 96px 1fr; }
  td[data-label]::before { content: attr(data-label); color: var(--soft); font-size: 14px; }
}
@media (forced-colors: active) { .alert, .notice, button, .button { border-color: CanvasText; } }
`;
