/** The style sheet of the page. Everything with a colour takes it from the variables, of which dark pages have others. */
export const style = `
:root {
  color-scheme: light dark;
  --page: #fbfbfa; --card: #ffffff; --text: #1d2126; --muted: #5c6570; --line: #d5d9de; --grid: #eceef0;
  --accent: #0b5cad; --mark: #fff3cd; --mark-text: #6b4e00; --good: #1b7a3d;
  --run-0: #0072b2; --run-1: #d55e00; --run-2: #009e73; --run-3: #b0569a;
  --run-4: #b8860b; --run-5: #3a9bdc; --run-6: #a4243b; --run-7: #5b5b5b;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171a; --card: #1c2024; --text: #e6e9ec; --muted: #9aa4ae; --line: #3a4149; --grid: #2a2f35;
    --accent: #6cb2ff; --mark: #443a17; --mark-text: #f5dc93; --good: #63c987;
    --run-0: #56b4e9; --run-1: #f28e4b; --run-2: #34c79b; --run-3: #dd91c8;
    --run-4: #e8c34a; --run-5: #8fd0ff; --run-6: #f2788c; --run-7: #b9bec4;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
header, main, footer { max-width: 1280px; margin: 0 auto; padding: 0 24px; }
header { padding-top: 40px; }
h1 { margin: 0; font-size: 30px; line-height: 1.2; font-weight: 650; letter-spacing: -0.01em; overflow-wrap: anywhere; }
h2 { margin: 48px 0 16px; font-size: 20px; font-weight: 650; }
h3 { margin: 24px 0 8px; font-size: 16px; font-weight: 600; overflow-wrap: anywhere; }
header p, .fine, footer { color: var(--muted); font-size: 14px; }
header p { margin: 8px 0 0; }
footer { padding-top: 32px; padding-bottom: 48px; }
small { color: var(--muted); font-size: 12.5px; }
.wide { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
.wide:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
table { width: 100%; border-collapse: collapse; font-size: 14px; }
th, td { padding: 10px 12px; text-align: left; vertical-align: top; border-top: 1px solid var(--grid); }
thead th { border-top: 0; color: var(--muted); font-weight: 500; white-space: nowrap; }
tbody th { font-weight: 600; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.run, .line { white-space: nowrap; }
.swatch { margin-right: 8px; vertical-align: 1px; overflow: visible; }
.state { display: inline-block; padding: 0 9px; border: 1px solid var(--line); border-radius: 99px; font-size: 12.5px; white-space: nowrap; }
.done { color: var(--good); border-color: currentColor; }
.notice { padding: 10px 14px; background: var(--mark); color: var(--mark-text); border-radius: 10px; font-size: 14px; }
.legend { display: flex; flex-wrap: wrap; gap: 8px 24px; align-items: center; padding-bottom: 12px; font-size: 14px; }
.legend ul { display: flex; flex-wrap: wrap; gap: 4px 20px; margin: 0; padding: 0; list-style: none; }
fieldset { display: flex; gap: 14px; align-items: center; margin: 0; padding: 4px 14px; border: 1px solid var(--line); border-radius: 99px; background: var(--card); }
legend { float: left; padding: 0; color: var(--muted); }
label { display: flex; gap: 5px; align-items: center; cursor: pointer; }
input { accent-color: var(--accent); margin: 0; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 480px), 1fr)); gap: 16px; }
figure { min-width: 0; margin: 0; }
.charts figure { padding: 16px 18px 12px; background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
.charts figcaption { margin-bottom: 10px; font-weight: 600; font-size: 15px; }
.charts svg { display: block; width: 100%; height: auto; }
.charts td svg, .charts th svg { display: inline; width: 28px; height: 10px; }
.charts .wide { margin-top: 8px; border-radius: 6px; }
.charts details { margin-top: 8px; font-size: 13px; color: var(--muted); }
summary { cursor: pointer; width: fit-content; }
summary:hover { color: var(--text); }
@media screen {
  :root:has(#against-step:checked) .against-time, :root:has(#against-time:checked) .against-step { display: none; }
}
.pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 260px), 1fr)); gap: 16px; }
.pictures figure { max-width: 560px; }
.scatters figure { max-width: 640px; }
.thumbnails { grid-template-columns: repeat(auto-fill, minmax(min(100%, 150px), 1fr)); margin-bottom: 20px; }
.thumbnails .score { width: 100%; font-size: 12.5px; }
.pictures img { display: block; width: 100%; height: auto; border-radius: 8px; background: var(--grid); }
.pictures figcaption { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 12px; margin-top: 6px; font-size: 14px; }
.score { color: var(--muted); font-variant-numeric: tabular-nums; }
.strip p { margin: 14px 0 6px; font-size: 13px; color: var(--muted); }
.strip ol { display: flex; gap: 8px; overflow-x: auto; margin: 0; padding: 0 0 4px; list-style: none; font-size: 12px; color: var(--muted); text-align: center; }
.strip img { display: block; width: 112px; height: auto; border-radius: 5px; }
.settings th[scope=row] { font-weight: 500; font-family: ui-monospace, monospace; font-size: 13px; }
.settings td { overflow-wrap: anywhere; }
.different th, .different td { background: var(--mark); color: var(--mark-text); }
.differs { margin-left: 6px; padding: 0 7px; border: 1px solid currentColor; border-radius: 99px; font: 11px/1.6 system-ui, sans-serif; }
.none { color: var(--muted); }
.settings ul { margin: 6px 0 0; padding-left: 18px; }
pre { margin: 0 0 8px; padding: 12px 14px; background: var(--card); border: 1px solid var(--line); border-radius: 10px; font-size: 13px; white-space: pre-wrap; overflow-wrap: anywhere; }
@media print { header, main, footer { max-width: none; } figure, tr { break-inside: avoid; } fieldset { display: none; } }
`;
