/// The browser session at the identity provider: one row, one opaque cookie.
package io.postern.identity.session;
