/// Proving who one is: name and password, lockout, throttling, the pages of it.
package io.postern.identity.signin;
