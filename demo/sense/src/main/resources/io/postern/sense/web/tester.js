import { Engine } from '/engine.js';

const rows = document.getElementById('rows');
const state = document.getElementById('state');
const row = (name, value, is = '') => {
  const line = rows.appendChild(document.createElement('tr'));
  const th = line.appendChild(document.createElement('th'));
  th.scope = 'row'; th.textContent = name;
  const td = line.appendChild(document.createElement('td'));
  td.textContent = value; td.dataset.is = is;
};
const opened = engine => new Promise((resolve, reject) => {
  engine.addEventListener('open', resolve, { once: true });
  engine.addEventListener('closed', e => reject(new Error(`closed with ${e.detail.code}${e.detail.code === 1006 ? ': refused; is this host in the allow list?' : ''}`)), { once: true });
});

async function run() {
  rows.replaceChildren();
  state.dataset.is = ''; state.lastElementChild.textContent = 'running';
  try {
    const hub = await fetch('/hub', { redirect: 'manual' });
    row('Hub', hub.status === 200 ? 'answers' : 'asks for a sign-in', hub.status === 200 ? 'good' : 'bad');
    const engine = await Engine.open('engineData');
    const told = new Promise(r => engine.addEventListener('OnAuthenticationInformation', e => r(e.detail.params), { once: true }));
    await opened(engine);
    row('WebSocket connected', 'yes', 'good');
    const who = await told;
    row('Authentication', who.mustAuthenticate ? 'sign-in needed' : `${who.userDirectory}\\${who.userId}`, who.mustAuthenticate ? 'bad' : 'good');
    row('Engine version', (await engine.call('EngineVersion')).qVersion.qComponentVersion);
    row('Apps', (await engine.call('GetDocList')).qDocList.map(d => d.qTitle).join(', '));
    const origin = await engine.call('DemoOrigin');
    row('Origin of this page', location.origin);
    row('Origin seen by the backend', origin.origin || 'none', origin.origin === location.origin ? 'good' : '');
    row('Node', origin.node);
    row('Compression negotiated', engine.extensions || 'none');
    const trips = [];
    for (let i = 0; i < 20; i++) {
      const start = performance.now();
      await engine.call('EngineVersion');
      trips.push(performance.now() - start);
    }
    trips.sort((a, b) => a - b);
    row('Round trip, 20 calls', `median ${trips[10].toFixed(1)} ms, slowest ${trips[19].toFixed(1)} ms`);
    const big = (await engine.call('DemoBigAnswer', 10 * 1024 * 1024)).filler.length;
    row('Answer of 10 MiB', big === 10 * 1024 * 1024 ? 'complete' : `${big} bytes`, big === 10 * 1024 * 1024 ? 'good' : 'bad');
    const closed = new Promise(r => engine.addEventListener('closed', e => r(e.detail), { once: true }));
    engine.call('DemoClose', 4001, 'tester').catch(() => {});
    const end = await closed;
    row('Close code 4001 passed through', `${end.code} ${end.reason}`, end.code === 4001 ? 'good' : 'bad');
    const bad = [...rows.querySelectorAll('[data-is=bad]')].length;
    state.dataset.is = bad ? 'bad' : 'good';
    state.lastElementChild.textContent = bad ? `${bad} check(s) failed` : 'all checks passed';
  } catch (e) {
    row('Stopped', e.message, 'bad');
    state.dataset.is = 'bad'; state.lastElementChild.textContent = 'failed';
  }
}
document.getElementById('again').onclick = run;
document.getElementById('copy').onclick = () => navigator.clipboard.writeText(
  [...rows.rows].map(r => `${r.cells[0].textContent}: ${r.cells[1].textContent}`).join('\n'));
run();
