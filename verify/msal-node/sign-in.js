// A public client of MSAL for Node.js. Reads commands, one JSON object a line, and answers each by one line.
// usage: node sign-in.js FOLDER-OF-node_modules
const path = require('node:path');
const dns = require('node:dns');
const readline = require('node:readline');
const { createRequire } = require('node:module');

// names below localhost are loopback (RFC 6761), whatever this machine's resolver says
const lookup = dns.lookup;
dns.lookup = (host, options, done) => lookup(host.endsWith('.localhost') ? '127.0.0.1' : host, options, done);

const { PublicClientApplication } = createRequire(path.join(process.argv[2], 'x.js'))('@azure/msal-node');
let client;

const work = {
  async start({ clientId, authority }) {
    client = new PublicClientApplication({
      auth: { clientId, authority, knownAuthorities: [new URL(authority).host], protocolMode: 'OIDC' },
    });
    return {};
  },
  async url(request) {
    return { url: await client.getAuthCodeUrl({ ...request, codeChallengeMethod: 'S256' }) };
  },
  async code(request) {
    return said(await client.acquireTokenByCode(request));
  },
  async silent({ scopes, forceRefresh }) {
    const [account] = await client.getTokenCache().getAllAccounts();
    return said(await client.acquireTokenSilent({ account, scopes, forceRefresh }));
  },
};

function said(result) {
  return { accessToken: result.accessToken, username: result.account.username, fromCache: result.fromCache };
}

readline.createInterface({ input: process.stdin }).on('line', async (line) => {
  const { command, number, ...request } = JSON.parse(line);
  try {
    console.log(`answer ${number} ${JSON.stringify(await work[command](request))}`);
  } catch (fault) {
    console.log(`answer ${number} ${JSON.stringify({ fault: String(fault) })}`);
  }
});
console.log('ready');
