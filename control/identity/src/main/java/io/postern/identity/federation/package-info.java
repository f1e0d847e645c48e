/// Sign-in at other identity providers: the browser is sent there and comes back with their word, which is checked
/// before anybody is let in. A federated first factor is a step of the sign-in like the password.
package io.postern.identity.federation;
