package io.postern.saml;

import io.postern.saml.xml.Elements;
import io.postern.saml.xml.Markup;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/// Takes a signed message apart and puts it together as an attacker would.
final class Forgery {
    static final String EVIL = "admin@contoso.example";
    private final Document document;
    final Element root;

    Forgery(Element signed) {
        document = signed.getOwnerDocument();
        root = signed;
    }

    String field() {
        return Base64.getEncoder()
                .encodeToString(Markup.write(document.getDocumentElement()).getBytes(StandardCharsets.UTF_8));
    }

    /// Of the document as it is now.
    Element root() {
        return document.getDocumentElement();
    }

    /// The first element of that name.
    Element the(String localName) {
        return Elements.descendants(document.getDocumentElement()).stream()
                .filter(e -> e.getLocalName().equals(localName))
                .findFirst()
                .orElseThrow();
    }

    static Element signatureOf(Element element) {
        return Elements.children(element, SamlNames.DSIG, "Signature").getFirst();
    }

    /// A copy without its signature that says what the attacker wants.
    Element evil(Element of) {
        Element copy = (Element) of.cloneNode(true);
        Elements.children(copy, SamlNames.DSIG, "Signature").forEach(copy::removeChild);
        copy.setAttributeNS(null, "ID", "_evil");
        for (Element element : Elements.descendants(copy)) {
            if (element.getLocalName().equals("NameID")) {
                element.setTextContent(EVIL);
            }
            if (element.getLocalName().equals("Assertion")) {
                element.setAttributeNS(null, "ID", "_evil2");
            }
        }
        return copy;
    }

    /// Takes the signature out and gives it back.
    Element unsign(Element signed) {
        Element signature = signatureOf(signed);
        signed.removeChild(signature);
        return signature;
    }

    /// Wrappings 1 to 8 of "On Breaking SAML" (USENIX Security 2012), and 9: signed and forged side by side.
    ///
    /// @param target the signed element
    Forgery wrap(int wrapping, Element target) {
        Element evil = evil(target);
        Node parent = target.getParentNode();
        switch (wrapping) {
            case 1 -> {
                Element signature = unsign(target);
                parent.replaceChild(evil, target);
                evil.appendChild(signature);
                signature.appendChild(target);
            }
            case 2 -> {
                Element signature = unsign(target);
                parent.replaceChild(evil, target);
                evil.appendChild(target);
                evil.appendChild(signature);
            }
            case 3 -> {
                if (parent instanceof Document) {
                    parent.replaceChild(evil, target);
                    evil.insertBefore(target, evil.getFirstChild());
                } else {
                    parent.insertBefore(evil, target);
                }
            }
            case 4 -> {
                parent.replaceChild(evil, target);
                evil.appendChild(target);
            }
            case 5 -> {
                Element signature = unsign(target);
                parent.replaceChild(evil, target);
                evil.appendChild(signature);
                document.getDocumentElement().appendChild(target);
            }
            case 6 -> {
                Element signature = unsign(target);
                parent.replaceChild(evil, target);
                evil.appendChild(signature);
                Elements.children(signature, SamlNames.DSIG, "KeyInfo")
                        .getFirst()
                        .appendChild(target);
            }
            case 7 -> {
                Element extensions = document.createElementNS(SamlNames.PROTOCOL, "samlp:Extensions");
                extensions.appendChild(evil);
                root.insertBefore(extensions, root.getFirstChild());
            }
            case 8 -> {
                Element signature = unsign(target);
                Element object = document.createElementNS(SamlNames.DSIG, "ds:Object");
                parent.replaceChild(evil, target);
                signature.appendChild(object);
                object.appendChild(target);
                evil.appendChild(signature);
            }
            default -> {
                if (parent instanceof Document) {
                    target.appendChild(evil);
                } else {
                    parent.appendChild(evil);
                }
            }
        }
        return this;
    }
}
