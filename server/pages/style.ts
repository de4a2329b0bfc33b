/**
 * The look of all pages, in light and in dark. System fonts and no pictures: nothing is loaded.
 * Colours of text have at least 4.5:1 against what they stand on (WCAG 2.2, 1.4.3).
 */
export const STYLE = `
:root{color-scheme:light dark;--ink:#1b2330;--soft:#535e6f;--line:#d4dae3;--page:#f2f5f9;--card:#fff;--accent:#0b57a4;--hover:#084580;--on:#fff;--bar:#0b2545;--bar-soft:#b7c9e2;--warn:#6b3a00;--warn-bg:#fff6e6;--warn-line:#d98a1f;--good:#1d7a3e;--bad:#b3261e}
@media (prefers-color-scheme:dark){:root{--ink:#e7ecf3;--soft:#a7b2c2;--line:#364152;--page:#10151c;--card:#181f29;--accent:#8ec1ff;--hover:#b5d7ff;--on:#0b1626;--bar:#0a1a30;--bar-soft:#9fb6d6;--warn:#ffd9a0;--warn-bg:#2f2410;--warn-line:#c98a2b;--good:#6fd08c;--bad:#ff9d94}}
*,::before{box-sizing:border-box}
body{display:flex;flex-direction:column;min-height:100vh;margin:0;background:var(--page);color:var(--ink);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
header{background:var(--bar);color:#fff;border-bottom:3px solid var(--accent)}
header div{display:flex;flex-wrap:wrap;gap:0 1rem;align-items:baseline;justify-content:space-between;width:min(100% - 1.5rem,34rem);margin:0 auto;padding:.85rem 0}
header.wide div{width:min(100% - 1.5rem,46rem)}
.logo{font-size:1.3rem;font-weight:800;letter-spacing:.05em;overflow-wrap:anywhere}
.what{color:var(--bar-soft);font-size:.9rem}
main{width:min(100% - 1.5rem,34rem);margin:2rem auto 1rem;padding:1.75rem clamp(1rem,5vw,2.25rem) 2rem;background:var(--card);border:1px solid var(--line);border-radius:.75rem;box-shadow:0 1px 2px rgb(0 0 0/.05),0 8px 24px rgb(0 0 0/.06)}
main.wide{width:min(100% - 1.5rem,46rem)}
.site{margin:0 0 .15rem;color:var(--soft);font-size:.95rem;font-weight:600}
h1{margin:0 0 1rem;font-size:1.5rem;line-height:1.25;text-wrap:balance}
h2{margin:2rem 0 .5rem;font-size:1.15rem}
p{margin:0 0 1rem}
main>:last-child,li>:last-child{margin-bottom:0}
dl{margin:1.25rem 0;border-top:1px solid var(--line)}
dl div{display:flex;flex-wrap:wrap;gap:.1rem 1rem;padding:.6rem 0;border-bottom:1px solid var(--line)}
dt{flex:0 0 8rem;color:var(--soft)}
dd{flex:1 1 12rem;margin:0;overflow-wrap:anywhere}
.note{margin:1.25rem 0;padding:.75rem 1rem;border-left:4px solid var(--warn-line);border-radius:.25rem .5rem .5rem .25rem;background:var(--warn-bg);color:var(--warn)}
[role=alert].note{border-left-color:var(--bad)}
fieldset{min-width:0;margin:1.25rem 0;padding:.25rem 1rem .5rem;border:1px solid var(--line);border-radius:.5rem}
legend{padding:0 .35rem;color:var(--soft)}
label{display:block;margin:.75rem 0 .3rem}
label.check{display:flex;gap:.6rem;align-items:baseline;margin:.5rem 0}
input{accent-color:var(--accent)}
input[type=text]{width:100%;padding:.65rem .75rem;border:1px solid var(--soft);border-radius:.45rem;background:var(--card);color:inherit;font:inherit}
#code{font-family:ui-monospace,monospace}
.buttons{display:flex;flex-wrap:wrap;gap:.75rem;margin-top:1.5rem}
button,a.button{flex:1 1 10rem;padding:.7rem 1.1rem;border:2px solid var(--accent);border-radius:.5rem;background:transparent;color:var(--accent);font:inherit;font-weight:600;text-align:center;text-decoration:none;cursor:pointer}
a.button{display:inline-block}
button.main,a.main{background:var(--accent);color:var(--on)}
button:hover,a.button:hover{border-color:var(--hover);color:var(--hover)}
button.main:hover,a.main:hover{background:var(--hover);color:var(--on)}
p.go{margin:1.25rem 0}
p.go a{display:block}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
small{color:var(--soft);font-size:.875rem}
a{color:var(--accent);text-underline-offset:.15em}
ol.steps{margin:0;padding:0;list-style:none;counter-reset:step}
ol.steps>li{position:relative;padding:0 0 1.25rem 2.75rem;counter-increment:step}
ol.steps>li::before{content:counter(step);position:absolute;left:0;top:-.1rem;width:1.8rem;height:1.8rem;border:2px solid var(--accent);border-radius:50%;color:var(--accent);font-weight:700;line-height:1.6rem;text-align:center}
ol.steps p.go,ol.steps form{margin:.75rem 0 0}
ol.steps>li:last-child{padding-bottom:0}
ol.steps .buttons{margin-top:1rem}
.waiting{margin:0;display:flex;gap:.75rem;align-items:center}
.waiting[hidden]{display:none}
.waiting::before{content:"";flex:none;width:1.1rem;height:1.1rem;border:2px solid var(--line);border-top-color:var(--accent);border-radius:50%;animation:turn 1.2s linear infinite}
@keyframes turn{to{transform:rotate(1turn)}}
pre{margin:.5rem 0;padding:.75rem;border:1px solid var(--line);border-radius:.5rem;background:var(--page);overflow-x:auto;font:.85rem/1.5 ui-monospace,monospace}
.row{margin:.75rem 0;display:flex;flex-wrap:wrap;gap:.5rem .75rem;align-items:center}
.row pre{flex:1 1 14rem;min-width:0;margin:0}
.row button,.row a.button{flex:0 0 auto;padding:.4rem .9rem;border-width:1px;font-size:.95rem}
.row small{flex:1 1 8rem}
ul.sites{margin:1rem 0;padding:0;list-style:none}
ul.sites li{margin:0 0 .75rem;padding:.85rem 1rem;border:1px solid var(--line);border-radius:.5rem}
ul.sites a{font-size:1.1rem;font-weight:700}
ul.sites small{display:block;overflow-wrap:anywhere}
.state{display:inline-flex;gap:.5rem;align-items:center;font-size:.9rem}
.state[hidden]{display:none}
.state::before{content:"";flex:none;width:.7rem;height:.7rem;border:.35rem solid var(--bad);border-radius:50%}
.state.up::before{border-color:var(--good)}
details{border-bottom:1px solid var(--line)}
details:first-of-type{border-top:1px solid var(--line)}
summary{padding:.7rem .25rem;font-weight:600;cursor:pointer}
details>div{padding:0 .25rem 1rem}
details .row{margin:0}
footer{max-width:46rem;margin:0 auto 2rem;padding:0 1rem;text-align:center;color:var(--soft);font-size:.9rem;overflow-wrap:anywhere}
@media (max-width:30rem){main{margin-top:.75rem}h1{font-size:1.3rem}dt{flex-basis:100%}}
@media (prefers-reduced-motion:reduce){.waiting::before{animation:none}}
@media (forced-colors:active){header{border-bottom-color:CanvasText}button.main,a.main{border-width:4px}.note{border:1px solid CanvasText;border-left-width:4px}.state::before{border-color:CanvasText;background:Canvas}.state.up::before{border-color:Highlight}}
`;
