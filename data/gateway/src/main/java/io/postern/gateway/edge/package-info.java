/// Listeners, TLS by name and protocol, HTTP/1.1 and HTTP/2 codecs, limits against abuse. What leaves
/// this room is well formed and has one reading; what it means is decided elsewhere.
package io.postern.gateway.edge;
