import { Engine } from '/engine.js';

const appId = location.pathname.split('/')[3];
const state = document.getElementById('state');
const say = (is, text) => { state.dataset.is = is; state.lastElementChild.textContent = text; };
const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const facts = document.getElementById('facts');
const canvas = document.getElementById('chart');
let layout;

function draw() {
  if (!layout) return;
  const scale = devicePixelRatio || 1, w = canvas.clientWidth, h = canvas.clientHeight;
  canvas.width = w * scale; canvas.height = h * scale;
  const g = canvas.getContext('2d');
  g.scale(scale, scale);
  g.font = '12px system-ui, sans-serif';
  const top = 10, bottom = h - 24, left = 34, right = w - 8, max = 160;
  const y = v => bottom - (bottom - top) * v / max, x = i => left + (right - left) * i / 59;
  g.strokeStyle = css('--line'); g.fillStyle = css('--soft'); g.lineWidth = 1;
  for (let v = 0; v <= max; v += 40) {
    g.beginPath(); g.moveTo(left, y(v)); g.lineTo(right, y(v)); g.stroke();
    g.fillText(v, 4, y(v) + 4);
  }
  g.fillText('60 s ago', left, h - 6);
  g.textAlign = 'right'; g.fillText('now', right, h - 6); g.textAlign = 'left';
  layout.series.forEach((s, n) => {
    g.strokeStyle = css(`--s${n + 1}`); g.lineWidth = 2.25; g.lineJoin = 'round';
    g.beginPath();
    s.values.forEach((v, i) => i ? g.lineTo(x(i), y(v)) : g.moveTo(x(i), y(v)));
    g.stroke();
    const last = s.values.length - 1;
    g.fillStyle = css(`--s${n + 1}`);
    g.beginPath(); g.arc(x(last), y(s.values[last]), 3.5, 0, 7); g.fill();
  });
}

function show() {
  if (facts.children.length === 0) {
    layout.series.forEach((s, n) => {
      const fact = facts.appendChild(document.createElement('div'));
      fact.className = 'fact';
      fact.innerHTML = `<span><i class="swatch" style="background:var(--s${n + 1})"></i></span><b></b>`;
      fact.firstChild.append(s.name);
    });
  }
  layout.series.forEach((s, n) => { facts.children[n].lastChild.textContent = s.values.at(-1); });
  document.getElementById('node').textContent = `Orders a second, from node ${layout.node}`;
  draw();
}

let wait = 500;
async function connect() {
  const engine = await Engine.open(appId).catch(() => new Engine(appId));
  const refresh = async () => { layout = (await engine.call('GetLayout')).qLayout; show(); };
  engine.addEventListener('open', async () => {
    wait = 500;
    say('good', 'live');
    const docs = (await engine.call('GetDocList')).qDocList;
    document.getElementById('title').textContent = docs.find(d => d.qDocId === appId)?.qTitle ?? 'Unknown app';
    document.title = `${document.getElementById('title').textContent} · Sense demo`;
    await engine.call('OpenDoc', appId);
    await engine.call('CreateSessionObject', { qInfo: { qType: 'chart' } });
    await refresh();
  });
  engine.addEventListener('OnChange', refresh);
  engine.addEventListener('closed', e => {
    say('bad', `connection closed (${e.detail.code}), trying again`);
    setTimeout(connect, wait = Math.min(wait * 2, 10_000));
  });
}
addEventListener('resize', draw);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
connect();
