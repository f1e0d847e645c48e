package io.postern.saml.xml;

import org.w3c.dom.Element;

/// An element that a signature of a configured key covers: the very octets that were digested, parsed anew.
/// Only [XmlVerifier] makes one, so what is read from it was signed, wherever in the message it stood.
public final class Verified {
    private final Element element;
    private final SignatureAlgorithm algorithm;

    Verified(Element element, SignatureAlgorithm algorithm) {
        this.element = element;
        this.algorithm = algorithm;
    }

    /// Root of a document of its own, without the signature.
    public Element element() {
        return element;
    }

    public SignatureAlgorithm algorithm() {
        return algorithm;
    }
}
