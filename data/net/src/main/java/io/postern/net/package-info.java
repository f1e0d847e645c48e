/// Plumbing of the data plane: event loops, TLS contexts, HTTP/2 set-up, names, and the field rules of
/// RFC 9110 and RFC 9113. Floor 2: it does not know what it carries, so no tenant, application or
/// policy appears here; ALPN ids and certificates are arguments.
package io.postern.net;
