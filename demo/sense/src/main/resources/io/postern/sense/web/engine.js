// A small client of the engine's JSON-RPC: calls are answered by id, changes come as notifications.
export class Engine extends EventTarget {
  #socket; #next = 1; #calls = new Map();

  // Newer releases ask for a token of the session on the upgrade.
  static async open(appId) {
    const answer = await fetch('/qps/csrftoken');
    return new Engine(appId, answer.headers.get('qlik-csrf-token') ?? '');
  }

  constructor(appId, token = '') {
    super();
    const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
    this.#socket = new WebSocket(`${scheme}//${location.host}/app/${appId}${token ? `?qlik-csrf-token=${token}` : ''}`);
    this.#socket.onopen = () => this.dispatchEvent(new Event('open'));
    this.#socket.onmessage = e => this.#receive(JSON.parse(e.data));
    this.#socket.onclose = e => {
      for (const call of this.#calls.values()) call.reject(new Error('socket closed'));
      this.#calls.clear();
      this.dispatchEvent(new CustomEvent('closed', { detail: { code: e.code, reason: e.reason } }));
    };
  }

  get extensions() { return this.#socket.extensions; }

  call(method, ...params) {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#calls.set(id, { resolve, reject });
      this.#socket.send(JSON.stringify({ jsonrpc: '2.0', id, handle: -1, method, params }));
    });
  }

  close(code = 1000) { this.#socket.close(code); }

  #receive(message) {
    const call = this.#calls.get(message.id);
    if (call) {
      this.#calls.delete(message.id);
      message.error ? call.reject(new Error(message.error.message)) : call.resolve(message.result);
    } else if (message.method) {
      this.dispatchEvent(new CustomEvent(message.method, { detail: message }));
    }
  }
}
