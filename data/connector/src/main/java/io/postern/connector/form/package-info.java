/// Signs users in at applications that know them by a name and a password of their own: through the sign-on
/// form, as a browser would, or by HTTP Basic. The cookies of such a sign-in stay here. Knows no tunnel's
/// frames and no policy; what it waits for, it waits for on virtual threads of its own, never on an event loop.
@org.jspecify.annotations.NullMarked
package io.postern.connector.form;
