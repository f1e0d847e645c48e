/// The connector end of tunnels: dials one connection, answers the hello, keeps the list of backends,
/// and hands each exchange to a handler. How many tunnels there are and when to dial again is the
/// caller's business.
package io.postern.tunnel.dial;
