/// The demo backend: a hub, an app with a live chart over a WebSocket that speaks a small part of the
/// engine's JSON-RPC, a WebSocket tester, and endpoints that try a proxy (streams, slow answers,
/// uploads, echo). Plain HTTP/1.1 on one event loop; knows nothing of Postern.
package io.postern.sense;
