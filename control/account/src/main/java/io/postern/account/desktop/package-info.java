/// Sign-in by the Kerberos ticket of a computer in the domain: keys of the service, and who a ticket names.
package io.postern.account.desktop;
