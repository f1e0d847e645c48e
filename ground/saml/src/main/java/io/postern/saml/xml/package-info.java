/// XML for messages of strangers: one hardened parser, one writer, signatures and encryption.
package io.postern.saml.xml;
