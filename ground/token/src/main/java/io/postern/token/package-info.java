/// Sealed values (cookies, state), the key ring that seals them, and JSON Web Tokens on Nimbus. Pure:
/// the caller gives the time. Floor 2.
package io.postern.token;
