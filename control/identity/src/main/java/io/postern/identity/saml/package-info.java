/// The SAML identity provider (3.4) and WS-Federation beside it: one class for each endpoint. Messages are read and
/// written by `io.postern.saml`; who may sign in is asked of `signin` and `access`, what is said of him of the claims
/// policy.
package io.postern.identity.saml;
