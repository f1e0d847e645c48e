/// SAML 2.0 messages: what is written, what is read, and every reason to refuse one. Floor 2, pure: no
/// network, no clock of its own, no store; keys and times come from the caller.
///
/// A message that is read goes one way: bytes → [io.postern.saml.xml.SafeXml] (size, depth, no DTD, no
/// comments) → [io.postern.saml.xml.XmlVerifier] (the signature, by keys from configuration) →
/// [io.postern.saml.xml.Verified] (the octets that the signature covers, parsed anew) → a record. Nothing is
/// read from a part that no signature covers where one is demanded, so wrapping gains an attacker nothing.
package io.postern.saml;
