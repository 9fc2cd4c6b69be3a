/** The only style of the page; its hash stands in the content security policy, so no other can apply. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --line: #e2e5ea; --text: #1c2430; --soft: #5b6675; --accent: #2f5d8a; --shade: #f1f3f6;
  --critical: #a8201a; --high: #c2571a; --medium: #8f6a00; --low: #2d7186; --negligible: #6b7785; --unknown: #6b7785;
  --good: #2c7a4b; --bad-back: #fbeceb; --warn-back: #fdf5e2;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12161c; --card: #1a2029; --line: #2c3542; --text: #e4e8ee; --soft: #9aa6b5; --accent: #8bb8e6; --shade: #212936;
    --critical: #ff8b83; --high: #f5a25d; --medium: #e3c15a; --low: #7cc3d9; --negligible: #9aa6b5; --unknown: #9aa6b5;
    --good: #7dcf9b; --bad-back: #3a2022; --warn-back: #352d18;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 40px 24px 64px; }
h1 { font-size: 26px; line-height: 1.25; font-weight: 650; margin: 4px 0 6px; overflow-wrap: anywhere; letter-spacing: -.01em; }
h2 { font-size: 17px; font-weight: 650; margin: 0 0 14px; }
.eyebrow { color: var(--soft); font-size: 13px; letter-spacing: .04em; text-transform: uppercase; margin: 0; }
code, .mono { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .88em; overflow-wrap: anywhere; }
.soft { color: var(--soft); }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 14px 22px; margin: 22px 0 0; }
.facts dt { color: var(--soft); font-size: 13px; }
.facts dd { margin: 0; overflow-wrap: anywhere; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 22px 24px; margin: 20px 0 0; }
.banner { border-radius: 10px; padding: 14px 18px; margin: 20px 0 0; background: var(--warn-back); border: 1px solid var(--line); }
.banner.bad { background: var(--bad-back); }
.banner strong { display: block; }
.verdict { display: grid; grid-template-columns: minmax(200px, 1fr) 2.4fr; gap: 28px; align-items: center; }
.verdict p { margin: 0; }
.verdict .number { font-size: 46px; line-height: 1.1; font-weight: 650; letter-spacing: -.02em; }
.verdict .clean { color: var(--good); font-size: 22px; font-weight: 650; line-height: 1.3; }
svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--text); font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; }
svg .label { fill: var(--soft); }
svg .track { fill: var(--shade); }
svg .rest { opacity: .45; }
.fill-critical { fill: var(--critical); } .fill-high { fill: var(--high); } .fill-medium { fill: var(--medium); }
.fill-low { fill: var(--low); } .fill-unknown { fill: var(--unknown); }
details { margin: 14px 0 0; }
summary { cursor: pointer; color: var(--accent); }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 14px; }
th, td { text-align: left; vertical-align: top; padding: 9px 14px 9px 0; border-bottom: 1px solid var(--line); }
thead th { color: var(--soft); font-weight: 500; font-size: 13px; white-space: nowrap; }
tbody tr:last-child td { border-bottom: 0; }
td { overflow-wrap: anywhere; min-width: 90px; }
td.package { min-width: 150px; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
td.wide { min-width: 220px; }
td.whole { overflow-wrap: normal; white-space: nowrap; }
td small { display: block; color: var(--soft); font-size: 12.5px; }
.level { font-weight: 600; white-space: nowrap; }
.level::before { content: ""; display: inline-block; width: 9px; height: 9px; border-radius: 50%; background: currentColor; margin-right: 8px; }
.critical { color: var(--critical); } .high { color: var(--high); } .medium { color: var(--medium); } .low { color: var(--low); }
.negligible { color: var(--negligible); } .unknown { color: var(--unknown); }
.tag { display: inline-block; border: 1px solid var(--line); border-radius: 20px; padding: 0 9px; font-size: 12px; color: var(--soft); white-space: nowrap; }
.tag.hot { color: var(--critical); border-color: currentColor; }
.fix { color: var(--good); }
thead button { all: unset; cursor: pointer; color: inherit; border-radius: 3px; }
thead button:focus-visible, summary:focus-visible, input:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
th[aria-sort] button { color: var(--text); }
th[aria-sort=ascending] button::after { content: " \\2191"; }
th[aria-sort=descending] button::after { content: " \\2193"; }
.find { width: 100%; max-width: 340px; margin: 0 0 12px; padding: 7px 12px; font: inherit; color: inherit; background: var(--page); border: 1px solid var(--line); border-radius: 7px; }
[hidden] { display: none; }
footer { color: var(--soft); font-size: 13px; margin: 26px 2px 0; }
@media (max-width: 720px) { main { padding: 24px 14px 40px; } section { padding: 18px 16px; } .verdict { grid-template-columns: 1fr; } }
@media print { body { background: none; font-size: 11px; } section { break-inside: auto; border: 0; padding: 0; } .find { display: none; } }
`;
