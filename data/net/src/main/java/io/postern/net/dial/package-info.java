/// TCP connections outward: every address of a name in a staggered race (RFC 8305), or through an HTTP
/// proxy by CONNECT (RFC 9110 §9.3.6). Knows no TLS and no protocol above; docs/decisions/2026-11-21-ways-out.md
/// says why it is made so.
@org.jspecify.annotations.NullMarked
package io.postern.net.dial;
