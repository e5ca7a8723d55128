/** The look of the drift page: system fonts, light and dark by the reader's setting, ready for print. */
export const REPORT_STYLE = `
:root{--page:#fbfbfa;--ink:#1c1e21;--soft:#62676e;--line:#e3e4e6;--card:#fff;--ref:#a3a8b0;--cur:#2a6fc9;--bad:#b3261e;--badbg:#fbe9e7;--warn:#8a5a00;--warnbg:#fdf1d8;--good:#1b6e3c}
@media (prefers-color-scheme:dark){:root{--page:#16181b;--ink:#e8e9eb;--soft:#a0a5ad;--line:#2e3237;--card:#1d2024;--ref:#767c86;--cur:#6aa9f4;--bad:#ff8a80;--badbg:#44211f;--warn:#f3c062;--warnbg:#3c2f14;--good:#7fd1a0}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans KR",sans-serif}
main{max-width:1180px;margin:0 auto;padding:2.5rem 1.5rem 4rem}
.kind{margin:0;color:var(--soft);letter-spacing:.02em}
h1{margin:.1rem 0 .3rem;font-size:2rem;line-height:1.2;font-weight:650}
h1.good{color:var(--good)}h1.bad{color:var(--bad)}
.lead{margin:0 0 1.5rem;color:var(--soft)}
dl{display:flex;flex-wrap:wrap;gap:.75rem;margin:0 0 1.75rem}
dl div{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.6rem 1rem;min-width:7.5rem}
dt{color:var(--soft);font-size:.85rem}dd{margin:0;font-size:1.45rem;font-weight:600;font-variant-numeric:tabular-nums}
.scroll{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:8px}
table{border-collapse:collapse;width:100%}
th,td{padding:.55rem .9rem;text-align:left;vertical-align:middle;border-bottom:1px solid var(--line)}
tbody tr:last-child>*{border-bottom:0}
thead th{font-size:.8rem;font-weight:600;color:var(--soft);white-space:nowrap}
tbody th{font-weight:600;overflow-wrap:anywhere;min-width:11rem}
td:last-child{min-width:14rem}
small{display:block;font-weight:400;color:var(--soft)}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
svg{display:block}
.ref{fill:var(--ref);background:var(--ref)}.cur{fill:var(--cur);background:var(--cur)}
.chip{display:inline-block;padding:.1rem .55rem;border-radius:999px;font-size:.85rem;white-space:nowrap;border:1px solid var(--line);color:var(--soft)}
.chip.bad{background:var(--badbg);color:var(--bad);border-color:transparent}.chip.warn{background:var(--warnbg);color:var(--warn);border-color:transparent}
.legend{margin-top:1.5rem;color:var(--soft);font-size:.9rem;max-width:60rem}.legend p{margin:.4rem 0}
.swatch{display:inline-block;width:.8rem;height:.8rem;border-radius:2px;vertical-align:-.05rem;margin-left:.2rem}
@media print{main{max-width:none;padding:0}.scroll{overflow:visible;border:0}tr{break-inside:avoid}}
`
