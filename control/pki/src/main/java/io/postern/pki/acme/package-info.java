/// Orders certificates from an ACME server (RFC 8555).
package io.postern.pki.acme;
