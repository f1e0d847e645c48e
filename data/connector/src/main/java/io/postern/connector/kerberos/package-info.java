/// Kerberos constrained delegation (KCD): tickets of an application's users, got with the connector's own account
/// by S4U2Self and S4U2Proxy, before a request goes to its backend. Everything that asks a KDC or a directory
/// waits, on virtual threads, bounded in number and time.
@org.jspecify.annotations.NullMarked
package io.postern.connector.kerberos;
