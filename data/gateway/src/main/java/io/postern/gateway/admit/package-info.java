/// Enforcement: session or bearer token to subject, policy asked, proof of admission or the answer.
package io.postern.gateway.admit;
