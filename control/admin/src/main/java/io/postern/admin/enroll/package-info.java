/// Registration of connectors (docs/protocol/tunnel.md §6): a token once, a certificate for it.
package io.postern.admin.enroll;
