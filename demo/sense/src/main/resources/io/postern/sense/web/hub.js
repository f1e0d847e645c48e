const spark = seed => {
  let d = '';
  for (let x = 0; x <= 20; x++) d += `${x ? ' L' : 'M'}${x * 16} ${46 + Math.sin(x / 2 + seed) * 16 + Math.sin(x * 1.7 + seed * 3) * 8}`;
  return `<svg viewBox="0 0 320 92" preserveAspectRatio="none" aria-hidden="true"><path d="${d} L320 92 L0 92Z" fill="var(--s${seed})" opacity=".18"/><path d="${d}" fill="none" stroke="var(--s${seed})" stroke-width="2.5"/></svg>`;
};
const [apps, about] = await Promise.all(['/api/hub/v1/apps', '/api/hub/about'].map(u => fetch(u).then(r => r.json())));
const list = document.getElementById('apps');
list.replaceChildren(...apps.map((app, i) => {
  const item = document.createElement('li');
  const link = item.appendChild(document.createElement('a'));
  link.className = 'tile';
  link.href = `/sense/app/${app.qDocId}`;
  link.innerHTML = spark(i + 1) + '<div><b></b><span></span></div>';
  link.querySelector('b').textContent = app.qTitle;
  link.querySelector('span').textContent = app.qMeta.description;
  return item;
}));
document.getElementById('about').textContent = `${about.product} on node ${about.node}`;
